"""The grammar of clock times: 17:30, half six, quarter to 7, 6 o'clock, after 5, 2-4pm, tenish."""
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
    Time,
)
from clinic.booking.when.tokens import Token

COUNTED = frozenset({"unit", "measure", "month", "ordinal", "event", "routine", "existing", "number", "date"})
"""What follows a number that is no hour: 5 days, 3 marathons, 5 April."""
NO_HOUR_AFTER = COUNTED | {"word", "noise", "was", "health", "quarter", "few", "of"}
NO_HOUR_BEFORE = frozenset({"word", "noise", "ageword", "month", "health", "was", "the", "number", "measure", "few",
                            "event", "routine", "any", "this", "next", "last", "pronoun", "a", "for", "of",
                            "in", "since", "having"})
EARLIEST = "earliest"
LIKELY_YEARS = range(2020, 2060)


def clock_at(cursor: Cursor, firm: bool) -> Clock | None:
    """The clock time here. *firm*: the words before it leave no doubt that a number is an hour."""
    at = cursor.at
    for rule in (_shown, _slashed, _half, _past, _worded, _bare):
        found = rule(cursor, firm)
        if found is not None:
            cursor.clock = found
            return found
        cursor.at = at
    return None


def _shown(cursor: Cursor, firm: bool) -> Clock | None:
    token = cursor.take("clock")
    if token is None or (not token.numbers[2] and cursor.peek().kind == "measure"):
        return None
    cursor.skip("oclock")
    hour, minute, half, exact = token.numbers
    return Clock(hour, minute, half if hour <= 12 else 0, bool(exact))


def _slashed(cursor: Cursor, firm: bool) -> Clock | None:
    """After 6/7: from the first of the two on."""
    token = cursor.take("date") if firm else None
    return Clock(token.number, 0) if token and token.name == "short" and max(token.numbers[:2]) <= 12 else None


def _half(cursor: Cursor, firm: bool) -> Clock | None:
    if not cursor.take("half"):
        return None
    cursor.skip("dash", "past")
    hour = _hour(cursor)
    return None if hour is None or cursor.peek().kind in COUNTED else Clock(hour[0], 30, hour[1])


def _past(cursor: Cursor, firm: bool) -> Clock | None:
    firm = firm and cursor.peek(-1).kind not in ("from", "between")
    quarter, number = cursor.take("quarter"), None
    if quarter is None:
        number = cursor.take("number")
        if number is None or not 0 < number.number < 30:
            return None
        if cursor.peek().kind == "unit" and cursor.peek().name == "minute":
            quarter = cursor.take("unit")
    minutes = number.number if number else 15
    way = cursor.take("past", "to")
    hour = _hour(cursor) if way else None
    worded = number is not None and number.name != "digits" and minutes in (5, 10, 20, 25)
    sayable = quarter or worded or minutes in (20, 25) or firm or (way and way.kind == "past")
    if way is None or hour is None or not sayable:
        return None
    if way.kind == "past":
        return Clock(hour[0], minutes, hour[1])
    return Clock((hour[0] - 2) % 12 + 1, 60 - minutes, hour[1])


def _hour(cursor: Cursor) -> tuple[int, int] | None:
    token = cursor.take("number", "clock")
    if token is None or not 0 < token.number <= 12 or (token.kind == "clock" and token.numbers[1]):
        return None
    cursor.skip("oclock")
    return token.number, token.numbers[2] if token.kind == "clock" else 0


def _worded(cursor: Cursor, firm: bool) -> Clock | None:
    """six thirty; 6 30; 6 o'clock."""
    hour = cursor.take("number")
    if hour is not None and hour.number < 24 and cursor.take("oclock"):
        return Clock(hour.number, 0)
    if hour is None or not 0 < hour.number <= 12:
        return None
    if cursor.peek().kind == "dash" and hour.name != "digits":
        cursor.at += 1  # five-thirty
    minute = cursor.take("number")
    if minute is None or minute.number not in (15, 20, 30, 40, 45, 25, 10, 50) or cursor.peek().kind in COUNTED:
        return None
    return Clock(hour.number, minute.number)


def _bare(cursor: Cursor, firm: bool) -> Clock | None:
    before, token, behind = cursor.peek(-1), cursor.take("number"), cursor.peek()
    if token is None or (token.glued and before.kind in ("word", "noise")) or behind.kind in COUNTED:
        return None
    if behind.glued and behind.kind not in ("stop", "comma", "dash", "or", "onwards", "close", "ish", "part", "colon"):
        return None
    asked = before.kind == "pronoun" and behind.kind == "wish" and behind.name == "wish"  # "is 3 free"
    if not firm and not asked and (before.kind in NO_HOUR_BEFORE or behind.kind in NO_HOUR_AFTER):
        return None
    if (firm and behind.kind == "word" and behind.text.endswith("s")) or behind.name == "things":
        return None
    number, digits = token.number, token.text
    if token.name == "digits" and len(digits) == 4 and number // 100 < 24 and number % 100 < 60:
        return None if not firm and number in LIKELY_YEARS else Clock(number // 100, number % 100, 0, True)
    if firm and len(digits) == 3 and token.name == "digits" and number // 100 in range(1, 13) and number % 100 < 60:
        return Clock(number // 100, number % 100)
    led = behind.kind in ("weekday", "day") and number > 1  # "eight Friday"
    if 0 < number <= 12 and (token.name == "digits" or firm or led or before.kind in ("weekday", "day", "tonight", "or")):
        return Clock(number, 0, 0, digits.startswith("0"))
    return Clock(number, 0, 0, True) if firm and number < 24 else None


def read_clock(cursor: Cursor) -> Result:
    """A wish that is told by clock times."""
    return attempt(cursor, _after_that, _between, _after, _before, _around, _range, _at)


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
    if clock is None:
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
