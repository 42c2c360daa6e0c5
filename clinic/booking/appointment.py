"""An appointment, from the moment that somebody holds its time."""
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from clinic.booking.opening import Opening

State = Literal["held", "requested", "booked", "cancelled", "declined", "attended", "missed", "blocked"]
TAKES_TIME: tuple[State, ...] = ("held", "requested", "booked", "blocked", "attended", "missed")
"""States in which nobody else can have the time: the database's constraint has the same list."""
STANDS: tuple[State, ...] = ("requested", "booked")
"""States in which the visitor has something to look up, move or cancel."""


@dataclass(frozen=True, slots=True)
class Details:
    """Who comes, how to reach them, and what the check before it came to (`Checkup.record`; for staff only)."""

    name: str
    contact: str
    screening: dict[str, Any] | None = None
    wish: str = ""
    """The time in the visitor's own words."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """`starts` and `ends` are instants in UTC, those of the treatment."""

    id: int
    reference: str
    """Six characters; empty while it is only held."""
    state: State
    service: str | None
    therapist: str
    starts: datetime
    ends: datetime
    name: str | None = None
    contact: str | None = None
    conversation: UUID | None = None
    held_until: datetime | None = None
    """Until when a hold lasts; None for whatever is more than held."""
    wish: str | None = None
    """The time in the visitor's own words."""
    screening: dict[str, Any] | None = None
    """What the check before it came to; for staff only."""
    version: int = 1
    """Counts the changes of time: a calendar takes the highest (RFC 5545, SEQUENCE)."""
    place: str = ""
    """Where, by its id; empty at a clinic with one place."""

    @property
    def stands(self) -> bool:
        return self.state in STANDS

    @property
    def opening(self) -> Opening:
        """The time that it takes."""
        return Opening(self.starts, self.ends, self.therapist, self.service or "", self.place)

    def is_over(self, now: datetime) -> bool:
        """Whether a hold has run out at *now*; anything else never does."""
        return self.held_until is not None and self.held_until <= now
