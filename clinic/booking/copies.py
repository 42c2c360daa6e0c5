"""A copy of the book in a file: what an entry holds, whatever the file is written in. What visitors told about their
health is in no copy."""
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from clinic.booking.appointment import Appointment
from clinic.errors import ClinicError


class CopyUnusable(ClinicError):
    """A file that the book can't be read from; the text names every line and what is wrong with it."""


class EntryUnusable(ClinicError):
    """One entry of such a file; the text says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line or event of a file: words as written, instants in UTC. Empty for what is not given."""

    line: int
    therapist: str = ""
    service: str = ""
    starts: datetime | None = None
    ends: datetime | None = None
    state: str = ""
    name: str = ""
    contact: str = ""
    why: str = ""
    reference: str = ""
    place: str = ""
    wrong: str = ""
    """Why it can't be read at all."""


def entry_of(appointment: Appointment, line: int) -> Entry:
    return Entry(line, appointment.therapist, appointment.service or "", appointment.starts, appointment.ends,
                 appointment.state, appointment.name or "", appointment.contact or "", appointment.wish or "",
                 appointment.reference, appointment.place)


def instant(written: str, zone: ZoneInfo) -> datetime | None:
    """A moment such as 2026-12-03T17:00, at the clinic unless it says where; None for none. Raises EntryUnusable."""
    if not written.strip():
        return None
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        raise EntryUnusable(f"{written!r} is no moment; write one such as 2026-12-03T17:00") from None
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    there = moment.replace(tzinfo=zone)
    back = there.astimezone(UTC).astimezone(zone)
    if back.replace(tzinfo=None) != moment:
        raise EntryUnusable(f"{written} is in the hour that the clocks leave out")
    return there.astimezone(UTC)
