"""From the pieces of a message to what it says, in order: days, times, what joins and what takes away."""
from datetime import datetime

from clinic.booking.when.clauses import TRAILING
from clinic.booking.when.clocks import COUNTED, clock_at
from clinic.booking.when.counting import read_counted, read_measure
from clinic.booking.when.cursor import FEW, OWNS, Cursor, Item, Result, attempt
from clinic.booking.when.dates import read_date, read_numbers_between
from clinic.booking.when.days import Ahead, Day, Either, Feast, Unknown, Weekday
from clinic.booking.when.hours import or_beyond, read_clock
from clinic.booking.when.leanings import read_either_half, read_preferred
from clinic.booking.when.order import in_order
from clinic.booking.when.parts import read_part
from clinic.booking.when.related import From, Through, UpTo
from clinic.booking.when.spans import read_span
from clinic.booking.when.times import DAY, After, Exactly
from clinic.booking.when.together import joined
from clinic.booking.when.tokens import Token
from clinic.booking.when.turns import (
    read_either_next,
    read_from_then,
    read_next_one,
    read_once,
    read_other_day,
    read_race,
    up_to_part,
)
from clinic.booking.when.weekdays import read_weekday

EASTER, EASTER_DAY = "easter", "easter sunday"
ENDS = {"before": "without", "by": "with", "upto": "with"}
"""Whether a stretch has its last day; "until Friday" leaves it open."""
RULED_OUT = frozenset({"weekday", "weekdays", "day", "part", "parts", "weekend", "ordinal", "unit"})
"""What stands before "out" where it can't be then: "Monday's out"."""


def items(tokens: list[Token], now: datetime, known: bool = False) -> list[Item]:
    """What *tokens* say, said at *now*. *known*: an earlier wish is spoken of, so "later" is later than that."""
    cursor = Cursor(in_order(tokens), now, known=known)
    while cursor.peek().kind != "nothing":
        found = attempt(cursor, *RULES)
        if found is None:
            token = cursor.peek()
            cursor.at += 1
            named = OWNS if token.owns and token.kind == "word" else token.name
            found = Item("word" if token.kind == "day" else token.kind, text=token.text, name=named)
        else:
            cursor.day = found.day or cursor.day
        cursor.items.append(found)
    return cursor.items


def read_day(cursor: Cursor) -> Result:
    """Days, as one expression: a range, an open end, or a plain day."""
    return attempt(cursor, _range, _open, _plain)


def _plain(cursor: Cursor) -> Result:
    """One day or several, with what it may be told from: two days before Easter."""
    cursor.skip("on")
    found = attempt(cursor, read_span, read_date, read_weekday)
    if found and found.kind == "day" and found.day and not found.recurs:
        if cursor.take("onwards") or or_beyond(cursor, "after", "later"):
            return Item("day", day=From(found.day))
        return Item("day", day=UpTo(found.day, "with")) if cursor.take("backwards") else found
    if found is None or found.kind != "relative" or found.build is None or found.text:
        return found
    at = cursor.at
    cursor.skip("on", "the")
    anchor = attempt(cursor, read_date, read_weekday)
    if anchor and anchor.day and anchor.kind == "day":
        date = attempt(cursor, read_date) if isinstance(anchor.day, Weekday) else None
        day = joined([anchor.day, date.day]) if date and date.day else anchor.day
        if day == Feast(EASTER):  # the Monday after: Easter Monday itself, or the next
            return Item("day", day=Either(found.build(Feast(EASTER_DAY)), found.build(day), EASTER))
        return Item("day", day=found.build(day))
    cursor.at = at
    return found


def _end(cursor: Cursor) -> Day | None:
    """A day that a range may begin or end with."""
    cursor.skip("about", "around", "on")
    found = attempt(cursor, _plain)
    return found.day if found and found.kind == "day" and not found.recurs else None


def _range(cursor: Cursor) -> Result:
    """Monday to Thursday, from the 3rd to the 8th, between Christmas and New Year."""
    between = cursor.take("between", "from")
    if between and cursor.take("now") and cursor.take("and", "to", "until", "dash"):
        last = _end(cursor)
        return Item("day", day=UpTo(last, "either")) if last else None
    if between and between.kind == "between" and (numbers := attempt(cursor, read_numbers_between)):
        return numbers
    first = _end(cursor)
    joins = ("to", "dash", "until", "upto", *(("and",) if between and between.kind == "between" else ()))
    if first is None or not cursor.take(*joins):
        return None
    last = _end(cursor)
    if last in (None, first) or cursor.peek().name == TRAILING:
        return None  # "fri - today I mean"; "sat or sun - sun not before 1"
    return Item("day", day=Through(first, last, isinstance(first, Feast) and isinstance(last, Feast)))


def _open(cursor: Cursor) -> Result:
    """after the 10th, before the weekend, by Friday, from Monday."""
    cursor.skip("any", "wholeday")
    too = bool(cursor.take("on") and cursor.take("or", "and"))
    way = cursor.take("after", "before", "by", "until", "from", "upto")
    cursor.skip("the") if way else None
    too = too or (way is not None and way.kind == "before" and cursor.peek().kind == "end")
    day = _end(cursor) if way else None
    if way is None or day is None:
        return None
    if way.kind != "from" and (time := attempt(cursor, read_part, read_clock)):
        split = up_to_part(cursor, time, Item("day", day=day)) if way.kind in ("before", "by") else None
        return split or Item("day", day=Unknown())  # "after Friday lunchtime": that day, or later ones too: to be asked
    if way.kind == "from":
        cursor.skip("onwards")
        return Item("day", day=day if isinstance(day, Through) else From(day))
    if way.kind == "after":
        return Item("day", day=From(day, 0 if too else 1))
    return Item("day", day=UpTo(day, "with" if too else ENDS.get(way.kind, "either")))


def _not_until(cursor: Cursor) -> Result:
    """can't come until Tuesday, not till after 5: from then on."""
    if not cursor.take("not"):
        return None
    for _ in range(FEW):
        if cursor.peek().kind not in ("wish", "pronoun", "word", "having", "filler", "on", "not", "anytime"):
            break
        cursor.at += 1
    way = cursor.take("until", "before", "after")
    if way is None:
        return None
    past = way.kind == "until" and bool(cursor.take("after", "from"))
    if day := _end(cursor):
        return Item("day", day=UpTo(day, "with") if way.kind == "after" else From(day, int(past)))
    clock = None if way.kind != "until" else clock_at(cursor, True)
    return Item("time", time=After(clock)) if clock else None


def _mention(cursor: Cursor) -> Result:
    """since Tuesday: what began in the past; thanks for Monday."""
    if not cursor.take("since", "thanksfor"):
        return None
    if cursor.peek(-1).kind == "thanksfor":
        cursor.skip("word", "was", "pronoun", "wish")
    cursor.skip("the", "around", "about", "last", "early", "late", "mid", "my", "at", "before", "after")
    if attempt(cursor, _plain) is None:
        attempt(cursor, read_part, read_clock)
    else:
        attempt(cursor, read_part)
    return Item("mention")


def _than(cursor: Cursor) -> Result:
    """Thursday would be better than Friday: not the one behind it."""
    if not cursor.take("than"):
        return None
    cursor.skip("the", "on")
    return Item("except") if attempt(Cursor(cursor.tokens, cursor.now, cursor.at), _plain) else None


def _today_part(cursor: Cursor) -> Result:
    """this evening, tonight, later today: the day; the part is read after it."""
    if cursor.peek().kind == "this" and cursor.peek(1).kind in ("part", "early", "late", "mid") and (
            cursor.peek(1).kind == "part" or cursor.peek(2).kind == "part"):
        cursor.at += 1
        return Item("day", day=Ahead(0), text="today")
    if cursor.peek().kind == "later" and cursor.peek(1).kind in ("day", "tonight"):
        cursor.at += 1
        return attempt(cursor, read_day) or Item("filler")
    if cursor.peek().kind == "tonight":
        part = Token("part", "evening", (), "tonight")
        cursor.tokens[cursor.at] = part
        return Item("day", day=Ahead(0), text="today")
    return None


def _finish(cursor: Cursor) -> Result:
    """I finish work at 5; start work at 9: after the one, before the other."""
    before, token = cursor.peek(-1), cursor.take("finish", "begin")
    if token is None:
        return None
    if token.name == "out" and before.kind in RULED_OUT:
        return Item("bad", text=token.text)
    cursor.skip("around", "about", "pronoun")
    cursor.take("at", "by")
    cursor.tokens.insert(cursor.at, Token("after" if token.kind == "finish" else "before", text="at"))
    found = attempt(cursor, read_clock)
    if found is None:
        del cursor.tokens[cursor.at]
        return Item("word", text=token.text)
    return found


def _anytime(cursor: Cursor) -> Result:
    if cursor.take("vague"):
        return Item("day", day=Unknown())
    beside = cursor.peek(-1).kind in ("weekday", "day") or cursor.peek(1).kind in ("weekday", "day", "on")
    if beside and cursor.take("allday"):
        return Item("time", time=Exactly(0, DAY))
    token = cursor.take("anytime")
    if token is None or (token.text == "earliest" and cursor.peek(-2).kind in COUNTED):
        return None
    return Item("anytime", text=token.text, name=token.name)


RULES = (read_from_then, _not_until, _than, read_once, _mention, read_race, read_measure, read_counted, _today_part,
         _finish, read_other_day, read_either_next, read_either_half, read_preferred, read_day, read_clock, read_part,
         _anytime, read_next_one)
"""What is tried at each place, in this order."""
