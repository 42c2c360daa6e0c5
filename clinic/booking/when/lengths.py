"""Lengths of time as they are counted: two weeks, a fortnight, an hour and a half, a few days."""
from clinic.booking.when.cursor import Cursor
from clinic.booking.when.days import WEEK, Day, Unknown
from clinic.booking.when.related import All, Moved

DAYS = {"day": 1, "week": WEEK, "fortnight": 2 * WEEK}
MONTHS = {"month": 1, "year": 12}
MINUTES = {"minute": 1, "hour": 60}
NO_COUNT = frozenset({"the", "weekday", "mid", "this", "next", "coming", "following", "that"})
"""What stands before a week that is not one week's length."""
QUARTERS = (15, 30, 45)
VAGUE = -1
MOST = 4000


class Span:
    """A count of a unit; two counts in "two or three days"; VAGUE for "a few"."""

    def __init__(self, unit: str, first: int, last: int) -> None:
        self.unit, self.first, self.last = unit, first, last

    @property
    def days(self) -> int | None:
        return DAYS[self.unit] * self.first if self.unit in DAYS else None

    def ahead(self, sign: int, day: Day) -> Day:
        """That long before (*sign* -1) or after (1) *day*."""
        if self.first == VAGUE:
            return Unknown()
        if self.unit in MONTHS:
            return Moved(day, months=sign * self.first * MONTHS[self.unit])
        lengths = range(DAYS[self.unit] * self.first, DAYS[self.unit] * self.last + 1)
        days = tuple(Moved(day, sign * length) if length else day for length in lengths)
        return days[0] if len(days) == 1 else All(days)


def span_at(cursor: Cursor, lone: bool = False) -> Span | None:
    """The length of time here; with *lone* a unit needs no count ("within the week")."""
    cursor.skip("the") if lone else None
    first, last = _count(cursor), None
    if first is None and not lone and not _weeks_on(cursor):
        return None
    half = first is not None and first == 0
    more = first is not None and [cursor.peek(ahead).kind for ahead in range(3)] == ["and", "a", "half"]
    if more and first and cursor.peek(3).name == "hour":
        cursor.at += 4
        return Span("minute", 60 * first + 30, 60 * first + 30)
    unit = cursor.take("unit")
    if unit is None and cursor.take("or", "to", "dash"):
        last = _count(cursor)
        unit = cursor.take("unit") if last else None
    elif unit is not None and cursor.peek().kind == "or" and cursor.peek(1).name in ("2", "3") and (
            cursor.peek(2).kind not in ("unit", "oclock")):
        cursor.at += 1
        last = _count(cursor)
    if unit is None or (half and unit.name != "hour"):
        return None
    first = 1 if first is None else first
    if half:
        return Span("minute", 30, 30)
    if unit.name == "hour" and [cursor.peek(ahead).kind for ahead in range(3)] == ["and", "a", "half"]:
        cursor.at += 3
        return Span("minute", 60 * first + 30, 60 * first + 30)
    if unit.name == "hour" and last is None and (minutes := _minutes(cursor)):
        return Span("minute", 60 * first + minutes, 60 * first + minutes)
    return Span(unit.name, min(first, MOST), min(max(first, last or 0), MOST, first + 21))


def _minutes(cursor: Cursor) -> int:
    """... 30, and 20 minutes: what is said behind the hours."""
    at = cursor.at
    cursor.skip("and")
    number = cursor.take("number")
    told = cursor.peek().kind == "unit" and cursor.peek().name == "minute"
    if number and number.number < 60 and (told or (number.number in QUARTERS and cursor.peek(-2).kind == "unit")):
        cursor.at += told
        return number.number
    cursor.at = at
    return 0


def _weeks_on(cursor: Cursor) -> bool:
    """week on Tuesday, fortnight today: one, though nobody counts it."""
    unit, behind, before = cursor.peek(), cursor.peek(1), cursor.peek(-1)
    if unit.kind != "unit" or unit.name not in ("week", "fortnight") or before.kind in NO_COUNT:
        return False
    told = behind.kind == "from" and cursor.peek(2).kind in ("weekday", "day")
    return behind.kind == "day" or told or (behind.kind == "on" and cursor.peek(2).kind == "weekday")


def _count(cursor: Cursor) -> int | None:
    if cursor.take("half"):
        cursor.skip("a")
        return 0
    article = cursor.take("a")
    number = cursor.take("number")
    if number is None and cursor.take("few"):
        return VAGUE
    if number is None:
        return 1 if article else None
    return number.number
