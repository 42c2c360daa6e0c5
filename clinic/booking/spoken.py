"""Times and prices as they are said to a visitor, in the clinic's zone."""
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from clinic.booking.choosing import Interval
from clinic.knowledge.practice import ClinicFacts


class AtSomePlace(Protocol):
    """An appointment, an opening, or what its key names."""

    @property
    def starts(self) -> datetime: ...

    @property
    def place(self) -> str: ...


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


def when_and_where(clinic: ClinicFacts, what: AtSomePlace) -> str:
    """`Thursday 3 December at 17:00`, and at a clinic with several places at which."""
    return there(in_full(what.starts, clinic.zone), clinic.name_of(what.place))


def when_and_where_in_short(clinic: ClinicFacts, what: AtSomePlace) -> str:
    """The same for a button or a list: `Thu 3 Dec, 17:00, Leith`."""
    return there(in_short(what.starts, clinic.zone), clinic.name_of(what.place))


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
