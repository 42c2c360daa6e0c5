"""The waiting list: who would like a time that is not free now, and which of those that come free is for whom."""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic.booking.choosing import Interval, fits
from clinic.booking.opening import Opening, read_key

State = Literal["waiting", "offered", "booked", "left", "over"]
ON_IT: tuple[State, ...] = ("waiting", "offered")
"""States in which somebody still hears of a time that comes free."""
MOST = 3
"""Places on the list that one conversation may have."""
LEAST = timedelta(minutes=15)
"""A time is kept at least so long for whoever is told of it; what can't be is offered to nobody on the list."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody waits for. `times` are local minutes at the clinic, as in `Wish`; `words` are the visitor's own."""

    service: str
    times: tuple[Interval, ...]
    words: str
    gender: str | None = None
    name: str | None = None
    contact: str | None = None
    at: tuple[str, ...] = ()
    """Ids of the places where it may be; none for any."""
    moving: str | None = None
    """The reference of the appointment that is to have the time instead of its own; None for a new one."""

    def until(self, zone: ZoneInfo) -> datetime:
        """The instant at which the last day that was wished for is over."""
        last = max(ends if ends > begins else begins + timedelta(minutes=1) for begins, ends in self.times)
        day = (last - timedelta(minutes=1)).date()
        return datetime.combine(day + timedelta(days=1), time.min, zone)


@dataclass(frozen=True, slots=True)
class InLine:
    """A place on the list. `opening` is the key of the time that is offered just now, kept until `offered_until`."""

    id: int
    conversation: UUID
    channel: str
    wanted: Wanted
    state: State
    since: datetime
    until: datetime
    seen: frozenset[str] = frozenset()
    """Keys of openings that were free already when it was looked at last: none of them has come free."""
    passed: frozenset[str] = frozenset()
    """Keys of those that were offered here and not taken: not again, and nothing that overlaps them."""
    opening: str | None = None
    offered_until: datetime | None = None
    alarmed: bool = False
    """A red flag was raised in the conversation that nobody has released: a person arranges any appointment."""


def fitting(wanted: Wanted, free: Iterable[Opening], zone: ZoneInfo) -> list[Opening]:
    """Those of *free* that are what is wished for, in their order."""
    return [opening for opening in free if fits(opening, wanted.times, zone)]


def come_free(place: InLine, fit: Sequence[Opening]) -> Opening | None:
    """The first of the openings that *fit* which was not free before, nor lies in a time that was offered to them."""
    return next((one for one in fit if one.key not in place.seen and not _was_offered(place, one)), None)


def _was_offered(place: InLine, opening: Opening) -> bool:
    """Whether it is one that they passed on, or the same some minutes later."""
    length = opening.ends - opening.starts
    passed = [read_key(key) for key in place.passed]
    return any(one.therapist == opening.therapist and abs(one.starts - opening.starts) < length for one in passed)


def kept_until(opening: Opening, now: datetime, minutes: int, lead_hours: float) -> datetime | None:
    """Until when *opening* is kept for whoever is told of it at *now*; None where there is not time enough."""
    until = min(now + timedelta(minutes=minutes), opening.starts - timedelta(hours=lead_hours))
    return until if until - now >= LEAST else None
