"""Turns of phrase that stand for a day or an event: once I'm back, this or next Friday, the next one, my 10k."""
from clinic.booking.when.cursor import Cursor, Item, Result
from clinic.booking.when.days import ANY_DAY, Dated, Either, Feast, Month, Numbered, Unknown, Week, Weekday, Weekend
from clinic.booking.when.events import ONCE
from clinic.booking.when.related import All, From, UpTo
from clinic.booking.when.times import Outside, Part
from clinic.booking.when.tokens import Token

BETWEEN = frozenset({"pronoun", "the", "a", "filler", "word", "was", "event", "routine", "having", "on", "of", "from",
                     "this", "measure"})
"""What may stand between "once" and "back": once we are all safely back."""
REACH = 6
CLOSING = frozenset({"nothing", "stop", "comma", "wish", "filler", "close", "or", "and", "at", "but", "because", "dash",
                     "bad", "after", "before", "around", "open"})
"""What may stand behind "next" where it is next of what was just named."""
CLOCKS = frozenset({"at", "around", "number", "clock", "half", "quarter"})
AFTER_HALF = CLOSING | {"on", "weekday", "this", "day", "last"}
"""What stands behind "the half" where it is a race."""
ENDED = frozenset({"was", "during", "bad"})
HERE = "here"


def read_once(cursor: Cursor) -> Result:
    """Once I'm back: a day that only the visitor knows. Once my race is done: after that event."""
    way = cursor.take("because", "after", "anytime")
    if way is None or (way.kind == "because" and way.name != "once"):
        return None
    owned, event = False, False
    for ahead in range(REACH):
        token, behind = cursor.peek(ahead), cursor.peek(ahead + 1)
        back = token.kind == "word" and token.name == "back" and not owned
        ended = way.kind == "because" and token.kind in ENDED and behind.kind in CLOSING
        back = back or (token.name == HERE and behind.kind in CLOSING)
        back = back or (token.kind == "finish" and token.name == "back" and behind.kind not in CLOCKS)
        if event and (back or ended) and ahead:
            cursor.tokens[cursor.at + ahead] = Token("filler", text=token.text)
            return Item("after", text=way.text)
        if (back or ended) and (ahead or token.kind == "finish" or way.name == "once"):
            cursor.at += ahead + 1
            return Item("day", day=Unknown(), text=ONCE)
        if token.kind not in BETWEEN:
            return None
        event = event or token.kind == "event"
        owned = token.text == "my" or (owned and token.kind == "filler")
    return None


def read_from_then(cursor: Cursor) -> Result:
    """Back on the 12th, any time after: that day or the next, and on."""
    before, day = cursor.items[-1] if cursor.items else Item("stop"), cursor.day
    if before.kind not in ("anytime", "wish") or not cursor.take("after"):
        return None
    cursor.skip("that")
    at = next((at for at in range(len(cursor.items) - 1, -1, -1) if cursor.items[at].kind == "day"), None)
    if cursor.peek().kind not in ("nothing", "stop") or at is None or cursor.items[at].day != day or not isinstance(
            day, Weekday | Dated | Numbered | Feast):
        return None
    if any(item.kind in ("time", "event") for item in cursor.items):
        return None
    cursor.items[at] = Item("day", day=Either(From(day), From(day, 1), ONCE))
    return Item("filler")


def read_race(cursor: Cursor) -> Result:
    """a 10k, my half, the 5 mile: a race by its length; "my marathons on the 12th"."""
    if cursor.peek().name == "events" and cursor.peek(1).kind in ("on", "weekday", "ordinal", "next", "this"):
        cursor.at += 1
        return None if cursor.peek(-2).kind in ("number", "few") else Item("event", text=cursor.peek(-1).text)
    if cursor.peek(-1).kind != "a" and cursor.peek(-1).kind != "the" and cursor.peek(-1).text != "my":
        return None
    if cursor.take("half"):
        bare = cursor.peek(-3).kind != "and" and cursor.peek().kind in AFTER_HALF
        return Item("event", text="half") if bare else None
    number, unit = cursor.take("number"), cursor.take("measure")
    if number is None or unit is None or unit.name != "race":
        return None
    cursor.skip("event", "routine")
    return Item("event", text=unit.text)


def read_other_day(cursor: Cursor) -> Result:
    """Another day: any but the one that was spoken of before."""
    token = cursor.take("otherday")
    if token is None:
        return None
    if cursor.known:
        return Item("otherday")
    return Item("day", day=ANY_DAY, recurs=True) if token.name == "any" else Item("filler", text=token.text)


def read_either_next(cursor: Cursor) -> Result:
    """This or next Friday; this week or next; this weekend and the next one."""
    this = cursor.take("this")
    if this is None or not cursor.take("or", "and") or not cursor.take("next"):
        return None
    token = cursor.take("weekday", "weekend", "unit")
    if token is None:
        return None
    if token.kind == "weekday":
        return Item("day", day=All((Weekday(token.number, "soonest"), Weekday(token.number, "soonest", 1))))
    if token.kind == "weekend":
        return Item("day", day=All((Weekend(), Weekend(weeks=1))))
    if token.name == "week":
        return Item("day", day=All((Week(0), Week(1))))
    return Item("day", day=All((Month(0, 0), Month(0, 1)))) if token.name == "month" else None


def read_next_one(cursor: Cursor) -> Result:
    """"not this Thursday but the one after"; "this weekend or next"."""
    cursor.skip("the")
    said = cursor.take("thatone")
    if said is None:
        if isinstance(cursor.day, Weekday) and cursor.take("this") and cursor.peek().name == "1" and (
                cursor.peek(1).kind in CLOSING):
            cursor.at += 1
            return Item("day", day=Weekday(cursor.day.number, "this"))
        said = cursor.take("next", "following")
        if said is None or cursor.day is None or cursor.peek(-2).kind == "after":
            return None
        if cursor.peek().name == "1" and cursor.peek(1).kind in CLOSING:
            cursor.at += 1
        if cursor.peek().kind not in CLOSING:
            return None
    day = cursor.day
    if isinstance(day, Weekday):
        return Item("day", day=Weekday(day.number, day.how, day.weeks + 1))
    if isinstance(day, Weekend):
        return Item("day", day=Weekend(day.how, day.weeks + 1))
    if isinstance(day, Week):
        return Item("day", day=Week(day.weeks + 1, day.first, day.last), text="next one")
    if isinstance(day, Month) and not day.number:
        return Item("day", day=Month(0, day.months + 1, day.first, day.last))
    if said.kind != "thatone":
        return None
    return Item("relative", build=lambda day: day, text="the one after") if day is None else Item("day", day=Unknown())


def up_to_part(cursor: Cursor, item: Item, day: Item) -> Result:
    """By Tuesday lunchtime: all days before that one, and of that one what is before the time said."""
    if day.day is None or not isinstance(item.time, Part):
        return None
    cursor.items += [Item("day", day=UpTo(day.day)), Item("or"), Item("day", day=day.day)]
    return Item("time", time=Outside(item.time, False))
