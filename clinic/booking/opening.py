"""A free time in the book, and what stands in its way."""
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from clinic.errors import ClinicError


class BookingError(ClinicError):
    """Something about an appointment that can't be done; the book is as it was."""


class OpeningTaken(BookingError):
    """Somebody else has this time by now, or it is no longer one that the clinic offers."""


class AppointmentUnknown(BookingError):
    """No appointment by that reference with that contact. Said alike for a wrong reference and a wrong contact."""


class TooLate(BookingError):
    """The clinic's terms do not allow this change by oneself any more."""


class NotPossible(BookingError):
    """Staff asked for something that this appointment, or the clinic's facts, don't allow; the text says what."""


class Taken(NamedTuple):
    """Time of one therapist that nobody else can have, from and up to but without two instants."""

    therapist: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """A time at which a service could begin. Instants in UTC; only doors know time zones."""

    starts: datetime
    ends: datetime
    """Of the treatment; what the therapist needs afterwards (`Service.buffer_minutes`) comes on top."""
    therapist: str
    service: str
    place: str = ""
    """Where, by its id; empty at a clinic with one place."""

    @property
    def key(self) -> str:
        """One line that names it, for a choice to carry: `one-hour@therapist-a@2026-12-03T17:00+00:00`, and the place
        after another @ where there are several."""
        where = f"@{self.place}" if self.place else ""
        return f"{self.service}@{self.therapist}@{self.starts.isoformat(timespec='minutes')}{where}"


class Named(NamedTuple):
    """What an opening's key says; the instant as it was written."""

    service: str
    therapist: str
    starts: datetime
    place: str


def read_key(key: str) -> Named:
    """What `Opening.key` wrote."""
    service, therapist, starts, *place = key.split("@")
    return Named(service, therapist, datetime.fromisoformat(starts), place[0] if place else "")
