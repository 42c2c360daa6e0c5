"""What a clock shows: 17:30, half six, quarter to 7, 6 o'clock."""
from clinic.booking.when.cursor import Cursor
from clinic.booking.when.times import Clock
from clinic.booking.when.tokens import Token

COUNTED = frozenset({"unit", "measure", "month", "ordinal", "event", "routine", "existing", "number", "date"})
"""What follows a number that is no hour: 5 days, 3 marathons, 5 April."""
NO_HOUR_AFTER = COUNTED | {"word", "noise", "was", "health", "quarter", "few", "of"}
NO_HOUR_BEFORE = frozenset({"word", "noise", "ageword", "month", "health", "was", "the", "number", "measure", "few",
                            "event", "routine", "any", "this", "next", "last", "pronoun", "a", "for", "of",
                            "in", "since", "having"})
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
    if hour is not None and hour.number < 24 and (cursor.take("oclock") or _in_hours(cursor)):
        minutes = cursor.peek(-1).kind == "unit" and cursor.peek().number in (15, 30, 45)
        cursor.at += minutes
        return Clock(hour.number, cursor.peek(-1).number if minutes else 0)
    if hour is None or not 0 < hour.number <= 12:
        return None
    if cursor.peek().kind == "dash" and hour.name != "digits":
        cursor.at += 1  # five-thirty
    minute = cursor.take("number")
    if minute is None or minute.number not in (15, 20, 30, 40, 45, 25, 10, 50) or cursor.peek().kind in COUNTED:
        return None
    return Clock(hour.number, minute.number)


def _in_hours(cursor: Cursor) -> bool:
    """At 10 hours: a clock time, where no length is said."""
    return cursor.peek(-2).kind == "at" and cursor.peek().name == "hour" and bool(cursor.take("unit"))


def _after_date(cursor: Cursor) -> bool:
    """6 April 2026 1745, 6 April 1030: what stands behind a whole date."""
    before, earlier = cursor.peek(-1), cursor.peek(-2)
    return (before.kind == "number" and before.number in LIKELY_YEARS and before.name == "digits") or (
        before.kind == "month" and earlier.kind in ("number", "ordinal", "of"))


def _bare(cursor: Cursor, firm: bool) -> Clock | None:
    dated, before = _after_date(cursor), cursor.peek(-1)
    token, behind = cursor.take("number"), cursor.peek()
    if token is None or (token.glued and before.kind in ("word", "noise")) or behind.kind in COUNTED:
        return None
    if behind.glued and behind.kind not in ("stop", "comma", "dash", "or", "onwards", "close", "ish", "part", "colon"):
        return None
    asked = before.kind == "pronoun" and behind.kind == "wish" and behind.name == "wish"  # "is 3 free"
    many = dated and token.name == "digits" and len(token.text) > 2 and behind.kind != "word"
    if not firm and not asked and not many and (before.kind in NO_HOUR_BEFORE or behind.kind in NO_HOUR_AFTER):
        return None
    if (firm and behind.kind == "word" and behind.text.endswith("s")) or behind.name == "things":
        return None
    return _number_alone(cursor, token, before, firm, many)


def _number_alone(cursor: Cursor, token: Token, before: Token, firm: bool, many: bool) -> Clock | None:
    """The hour that a number by itself is; *many*: its three or four digits stand behind a date."""
    number, digits, behind = token.number, token.text, cursor.peek()
    if token.name == "digits" and len(digits) == 4 and number // 100 < 24 and number % 100 < 60:
        return None if not firm and number in LIKELY_YEARS else Clock(number // 100, number % 100, 0, True)
    beside = many or before.kind in ("weekday", "day")  # "Tuesday 815"
    three = len(digits) == 3 and token.name == "digits" and number // 100 in range(1, 13) and number % 100 < 60
    if (firm or beside) and three:
        return Clock(number // 100, number % 100)
    righted = [item.kind for item in cursor.items[-2:]] == ["time", "not"]  # "at three no four"
    led = righted or before.kind in ("weekday", "day", "tonight", "or")
    led = led or (behind.kind in ("weekday", "day") and number > 1)
    if 0 < number <= 12 and (token.name == "digits" or firm or led):
        return Clock(number, 0, 0, digits.startswith("0"))
    return Clock(number, 0, 0, True) if firm and number < 24 else None
