"""Times and prices as they are said to a visitor, in the clinic's zone."""
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic.booking.choosing import Interval


def in_full(moment: datetime, zone: ZoneInfo) -> str:
    """`Thursday 3 December at 17:00`; *moment* is an instant."""
    there = moment.astimezone(zone)
    return f"{there:%A} {there.day} {there:%B} at {there:%H:%M}"


def in_short(moment: datetime, zone: ZoneInfo) -> str:
    """`Thu 3 Dec, 17:00`: fits on a button."""
    there = moment.astimezone(zone)
    return f"{there:%a} {there.day} {there:%b}, {there:%H:%M}"


def there(when: str, place: str) -> str:
    """*when*, and where: `Thursday 3 December at 17:00, Leith`. *place*: a name, empty where there is but one."""
    return f"{when}, {place}" if place else when


def of_a_wish(intervals: Sequence[Interval]) -> str:
    """One of several ways to take a wish, for a button: `Fri 4 Dec`, `Fri 4 Dec, 17:00`, `Fri 4 Dec, 12:00-17:00`,
    `Fri 4 Dec, from 17:00`."""
    begins, ends = intervals[0][0], intervals[-1][1]
    day = f"{begins:%a} {begins.day} {begins:%b}"
    if begins == ends:
        return f"{day}, {begins:%H:%M}"
    last = ends - timedelta(minutes=1)
    if last.date() != begins.date():
        return f"{day} - {last:%a} {last.day} {last:%b}"
    if begins.time() == time.min and ends.time() == time.min:
        return day
    return f"{day}, from {begins:%H:%M}" if ends.time() == time.min else f"{day}, {begins:%H:%M}-{ends:%H:%M}"
