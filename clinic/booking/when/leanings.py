"""What somebody prefers to something else, and hours left open: "I'd prefer Thursday to Friday", "at 7, am or pm"."""
from dataclasses import replace

from clinic.booking.when.cursor import FEW, Cursor, Item, Result, attempt
from clinic.booking.when.dates import read_date
from clinic.booking.when.days import WEEK, Either, Weekday
from clinic.booking.when.events import BREAKS
from clinic.booking.when.parts import part_at
from clinic.booking.when.related import Through
from clinic.booking.when.times import AM, NO_HALF, PM, After, Any, At, Before, Part, Time
from clinic.booking.when.weekdays import read_weekday

PREFER, LIMIT = "prefer", 9
"""LIMIT: from this hour on, "9am or pm" is a time or an afternoon, and no hour of both halves."""
OVER = ("to", "during")
BETWEEN = ("comma", "filler", "in", "the", "dash", "open")
MORNING = "morning"


def read_preferred(cursor: Cursor) -> Result:
    """I'd prefer Thursday to Friday, mornings over evenings; Thursday is preferable to Friday."""
    if not _prefers(cursor):
        return None
    if cursor.peek().kind in OVER and cursor.items[-1].name == PREFER:
        cursor.at += 1
        return Item("gone") if attempt(cursor, read_date, read_weekday, part_at) else None
    first = attempt(cursor, part_at, read_date, read_weekday)
    if first is None or first.kind not in ("day", "time") or not (way := cursor.take(*OVER)):
        return None
    cursor.skip("the", "on")
    second = attempt(cursor, part_at, read_date, read_weekday)
    if second is None or second.kind != first.kind:
        return None
    if way.kind == "to" and first.day and second.day and not _next_day(first, second):
        return replace(first, day=Either(first.day, Through(first.day, second.day), PREFER))
    return first


def _prefers(cursor: Cursor) -> bool:
    for item in reversed(cursor.items[-FEW:]):
        if item.name == PREFER:
            return True
        if item.kind in BREAKS:
            return False
    return False


def _next_day(first: Item, second: Item) -> bool:
    """Whether the one follows the other, which nobody says of a stretch of days."""
    one, other = first.day, second.day
    return isinstance(one, Weekday) and isinstance(other, Weekday) and (other.number - one.number) % WEEK == 1


def read_either_half(cursor: Cursor) -> Result:
    """At 7, am or pm; at 8, in the morning or the evening: that hour in both halves of the day."""
    last = cursor.items[-1] if cursor.items else Item("stop")
    time = last.time
    if last.kind != "time" or not isinstance(time, At | After | Before) or time.clock.hour >= LIMIT or (
            time.clock.exact or time.clock.half == PM):
        return None
    if time.clock.half == NO_HALF:
        cursor.skip(*BETWEEN)
        first = attempt(cursor, part_at)
        if first is None or not isinstance(first.time, Part):
            return None
    else:
        first = Item("time", time=Part(MORNING))
    second = attempt(cursor, part_at) if cursor.take("or") else None
    if second is None or second.recurs or not _halves(first.time, second.time):
        return None
    early, late = (replace(time, clock=replace(time.clock, half=half)) for half in (AM, PM))
    cursor.items[-1] = replace(last, time=Any((early, late)))
    return Item("filler")


def _halves(first: Time | None, second: Time | None) -> bool:
    return isinstance(first, Part) and isinstance(second, Part) and {first.half, second.half} == {AM, PM}
