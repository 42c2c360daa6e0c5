"""The grammar of lengths of time: in a fortnight, a week on Thursday, two days before, three weeks ago."""
from clinic.booking.when.cursor import Cursor, Item, Result, attempt
from clinic.booking.when.days import ANY_DAY, WEEK, Ahead, Soon, Unknown, Weekday
from clinic.booking.when.lengths import DAYS, MINUTES, MONTHS, VAGUE, Span, span_at
from clinic.booking.when.related import Shifted

LENGTHS = {**MINUTES, **{unit: days * 24 * 60 for unit, days in DAYS.items()}}
"""In minutes."""


def read_span(cursor: Cursor) -> Result:
    return attempt(cursor, _since, _last, _in, _soon, _counted)


def _since(cursor: Cursor) -> Result:
    """since Tuesday; for three weeks: said of the past, or a length."""
    if not cursor.take("for"):
        return None
    cursor.skip("the", "around", "about", "over", "at")
    past = bool(cursor.take("past", "last"))
    return Item("gone") if span_at(cursor, past) else None


def _last(cursor: Cursor) -> Result:
    """last week; the past few days; over the last month."""
    cursor.skip("over", "in", "during", "the", "within")
    if not cursor.take("last", "past", "previous"):
        return None
    counted = cursor.peek().kind != "unit"
    found = span_at(cursor, True)
    of_month = cursor.peek().kind in ("in", "of") and "month" in (cursor.peek(1).kind, cursor.peek(2).kind)
    if found and cursor.peek().kind != "of" and not of_month:
        at = cursor.at
        cursor.skip("on")
        cursor.at = cursor.at + 1 if cursor.peek().kind in ("weekday", "weekend") else at
        return Item("gone") if counted else Item("bygone", day=Ahead(-WEEK))
    return None


def _in(cursor: Cursor) -> Result:
    """in a fortnight, in two hours, in 2-3 weeks' time."""
    before = cursor.items[-1] if cursor.items else Item("stop")
    come_in = cursor.peek(-1).kind == "wish" and cursor.peek(-1).text.endswith(" in")  # "can I come in 90 mins"
    if not cursor.take("in") and not come_in:
        return None
    cursor.skip("around", "about")
    length = span_at(cursor)
    behind = cursor.peek()
    if length is None or (come_in and behind.kind in ("day", "on", "from")) or (
            length.unit in MINUTES and behind.name in ("weak", "things")):
        return None  # "fit me in two weeks today", "book in a 60 min appointment"
    cursor.skip("wholeday", "from", "sometime")
    if length.unit in MINUTES and (before.kind in ("gone", "routine") or before.text == "it"):
        return Item("gone")  # "I run 10k in 50 minutes", "can you do it in 30"
    return _ahead(cursor, length)


def _ahead(cursor: Cursor, length: Span) -> Result:
    if length.unit in MINUTES:
        if length.first == VAGUE:
            return Item("day", day=Unknown())
        return Item("instant", text=str(length.first * MINUTES[length.unit]))
    return Item("day", day=length.ahead(1, Ahead(0)))


def _soon(cursor: Cursor) -> Result:
    """within two weeks; in the next few days."""
    bare = cursor.peek().kind == "next" and cursor.peek(1).kind in ("number", "few")
    if not (cursor.take("within") or ((cursor.take("the") or bare) and cursor.take("next"))):
        return None
    within = cursor.peek(-1).kind == "within"
    cursor.skip("the", "next") if within else None
    counted = cursor.peek().kind in ("number", "few", "a")
    if cursor.peek().kind == "unit" and cursor.peek().text.endswith("s") and within and (
            cursor.peek().name in ("day", "week")):
        return Item("day", day=Soon(WEEK if (cursor.take("unit") or cursor.peek()).name == "day" else 2 * WEEK))
    length = span_at(cursor, True)
    if length is None or not (counted or within):
        return None
    if length.unit not in DAYS:
        return Item("day", day=ANY_DAY if length.unit in MONTHS else Ahead(0))
    first = 3 if length.first == VAGUE else max(length.first, length.last)
    return Item("day", day=Soon(min(DAYS[length.unit] * max(first, 1), 60)))


def _counted(cursor: Cursor) -> Result:
    length = span_at(cursor)
    if length is None:
        return None
    if cursor.take("ago"):
        return Item("bygone", day=Ahead(-1))
    cursor.skip("of")
    if cursor.peek().kind in ("before", "after") and length.unit in MINUTES:
        return Item("day", day=Unknown()) if cursor.peek(1).kind in ("pronoun", "the", "event") else Item("gone")
    if cursor.peek().kind in ("before", "after"):
        sign = -1 if cursor.peek().kind == "before" else 1
        cursor.at += 1
        return Item("relative", build=lambda day: length.ahead(sign, day))
    if cursor.take("later", "earlier"):
        sign = 1 if cursor.peek(-1).kind == "later" else -1
        return Item("shift", text=str(sign * length.first * LENGTHS.get(length.unit, 0)))
    if found := attempt(cursor, lambda place: _on(place, length)):
        return found
    if cursor.take("wholeday"):
        return _ahead(cursor, length)
    return Item("gone")


def _on(cursor: Cursor, length: Span) -> Result:
    """a week on Thursday; two weeks today; ten days from tomorrow."""
    way = cursor.take("on", "from")
    cursor.skip("this", "coming")
    how = "next" if cursor.take("next") else "coming"
    token = cursor.take("day", "weekday")
    if way and way.kind == "from" and token is None and cursor.peek().text in ("now", "today"):
        cursor.at += 1
        return _ahead(cursor, length)
    if token and token.kind == "day" and length.unit in MONTHS:
        return Item("day", day=length.ahead(1, Ahead(token.number)))
    if token is None or length.first == VAGUE or (length.days is None and not (way and way.kind == "from")):
        return None
    if length.unit not in DAYS or (length.unit == "day" and not (way and way.kind == "from")):
        return None
    days = length.days or 0
    if token.kind == "weekday" and days % WEEK == 0:
        return Item("day", day=Weekday(token.number, how, days // WEEK))
    return Item("day", day=Shifted(Ahead(token.number) if token.kind == "day" else Weekday(token.number), days))
