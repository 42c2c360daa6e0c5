"""The grammar of wishes that are told by clock times: at half six, after 5, 2-4pm, tenish, lunchtime till 3."""
from clinic.booking.when.clocks import clock_at
from clinic.booking.when.cursor import Cursor, Item, Result, attempt
from clinic.booking.when.doubt import View
from clinic.booking.when.parts import part_at
from clinic.booking.when.times import (
    DAY,
    NEAR,
    After,
    Any,
    At,
    Before,
    Between,
    Clock,
    Exactly,
    Outside,
    Part,
    PartTo,
    Time,
)
from clinic.booking.when.tokens import Token

EARLIEST = "earliest"


def read_clock(cursor: Cursor) -> Result:
    """A wish that is told by clock times."""
    return attempt(cursor, _after_that, _part_to, _between, _after, _before, _around, _range, _at)


def _item(time: Time) -> Item:
    return Item("time", time=time)


def _after_that(cursor: Cursor) -> Result:
    way = cursor.take("after", "before")
    if way is None or not cursor.take("that") or cursor.clock is None:
        return None
    last = next((at for at in range(len(cursor.items) - 1, -1, -1) if cursor.items[at].kind == "time"), None)
    if last is not None and isinstance(cursor.items[last].time, At):
        cursor.items[last] = Item("mention")  # "I've the dentist at 2, so after that"
    return _item(After(cursor.clock) if way.kind == "after" else Before(cursor.clock))


def _part_to(cursor: Cursor) -> Result:
    """Lunchtime till 3, late morning to early afternoon."""
    cursor.skip("from")
    first = attempt(cursor, part_at)
    if first is None or first.recurs or not isinstance(first.time, Part) or not cursor.take("to", "until", "dash"):
        return None
    cursor.skip("around")
    part = attempt(cursor, part_at)
    last = part.time if part else clock_at(cursor, True)
    return _item(PartTo(first.time, last)) if isinstance(last, Part | Clock) else None


def _between(cursor: Cursor) -> Result:
    if not cursor.take("between", "from"):
        return None
    cursor.skip("about", "around", "at", "the")
    first = clock_at(cursor, True)
    if first is None or not cursor.take("and", "to", "dash", "until", "or"):
        return None
    cursor.skip("around", "the", "at")
    last = clock_at(cursor, True)
    if last is None:
        return None
    again = attempt(cursor, _or_between)
    return _item(Any((Between(first, last), again.time)) if again and again.time else Between(first, last))


def _or_between(cursor: Cursor) -> Result:
    """Between 10 and 12 or 3 and 5."""
    if not cursor.take("or") or (first := clock_at(cursor, True)) is None or not cursor.take("and"):
        return None
    last = clock_at(cursor, True)
    return None if last is None else _item(Between(first, last))


def _after(cursor: Cursor) -> Result:
    way = cursor.take("after", "past", "from")
    if way is None:
        return None
    cursor.skip("around", "about", "at")
    if (part := attempt(cursor, part_at)) and isinstance(part.time, Part):
        if way.kind == "from":
            return _item(Exactly(part.time.windows(View(cursor.now), 0)[0][0], DAY))
        return _item(Outside(part.time, True))
    clock = clock_at(cursor, True)
    if clock is None:
        return None
    cursor.skip("onwards", "ish")
    return _item(After(clock, 0 if way.kind == "from" else 2))


def _before(cursor: Cursor) -> Result:
    if not cursor.take("before", "by", "until"):
        return None
    cursor.skip("around", "about", "at")
    if (part := attempt(cursor, part_at)) and isinstance(part.time, Part):
        return _item(Outside(part.time, False))
    clock = clock_at(cursor, True)
    cursor.skip("backwards")
    return None if clock is None else _item(Before(clock))


def _around(cursor: Cursor) -> Result:
    cursor.skip("at")
    if not cursor.take("around"):
        return None
    cursor.skip("at")
    if (part := attempt(cursor, part_at)):
        return part
    clock = clock_at(cursor, True)
    cursor.skip("ish")
    if clock is None:
        return None
    other = attempt(cursor, _or_near)
    return _item(Any((At(clock, NEAR), other.time)) if other and other.time else At(clock, NEAR))


def _or_near(cursor: Cursor) -> Result:
    """Around 3 or 4."""
    clock = clock_at(cursor, True) if cursor.take("or") else None
    return _item(At(clock, NEAR)) if clock and cursor.peek().kind not in ("to", "dash", "until", "onwards") else None


def _range(cursor: Cursor) -> Result:
    """2-4pm, 10 till 12."""
    firm = bool(cursor.take("at"))
    first = clock_at(cursor, firm) or _range_start(cursor)
    if first is None or not cursor.take("to", "dash", "until"):
        return None
    last = clock_at(cursor, True)
    return None if last is None else _item(Between(first, last))


def _range_start(cursor: Cursor) -> Clock | None:
    token = cursor.take("number")
    if token is None or not 0 < token.number < 24 or (len(token.text) > 2 and token.name == "digits"):
        return None
    late = token.number <= 12 or (cursor.peek(1).kind == "number" and cursor.peek(1).number < 25)
    return Clock(token.number, 0) if late and cursor.peek().kind in ("to", "dash", "until") else None


def _at(cursor: Cursor) -> Result:
    earliest = _earliest(cursor.peek())
    cursor.at += earliest
    firm = bool(cursor.take("at")) or earliest
    cursor.skip("the" if firm else "around")
    clock = clock_at(cursor, firm) or _ish(cursor)
    if clock is None or "month" in (cursor.peek().kind, cursor.peek(1).kind if cursor.peek().kind == "of" else ""):
        return None
    if earliest or _at_the_earliest(cursor):
        return _item(After(clock))
    cursor.take("dash") if cursor.peek(1).kind == "ish" else None
    if cursor.take("ish"):
        return _item(At(clock, NEAR))
    if cursor.take("onwards") or or_beyond(cursor, "after", "past", "later"):
        return _item(After(clock))
    earlier = cursor.take("backwards") or or_beyond(cursor, "before", "earlier")
    return _item(Before(clock) if earlier else At(clock))


def _earliest(token: Token) -> bool:
    return token.kind == "anytime" and token.text == EARLIEST


def _at_the_earliest(cursor: Cursor) -> bool:
    """4 at the earliest, 4 earliest."""
    ahead = next((ahead for ahead in range(3) if cursor.peek(ahead).kind not in ("at", "the")), 0)
    found = _earliest(cursor.peek(ahead))
    cursor.at += (ahead + 1) * found
    return found


def or_beyond(cursor: Cursor, *ways: str) -> bool:
    """Five or after, with nothing that says after what."""
    found = cursor.peek().kind in ("or", "and") and cursor.peek(1).kind in ways and (
        cursor.peek(2).kind in ("nothing", "stop", "comma", "on", "weekday", "day", "wish", "close"))
    cursor.at += 2 * found
    return found


def _ish(cursor: Cursor) -> Clock | None:
    token = cursor.take("number")
    ahead = 1 if cursor.peek().kind == "dash" else 0
    return Clock(token.number, 0) if token and cursor.peek(ahead).kind == "ish" and 0 < token.number <= 12 else None
