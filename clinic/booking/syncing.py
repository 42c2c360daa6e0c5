"""Which of the book and a therapist's calendar is to follow the other, event by event.

The book decides. A calendar is written after it; what somebody changed there is told from what we wrote by the
server's mark, and only a new start is taken over, where the book did not change meanwhile. Nothing is cancelled because
an event is gone: a person looks at that."""
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from clinic.booking.appointment import Appointment
from clinic.booking.caldav import Object
from clinic.booking.copy_ical import moment
from clinic.booking.ical import is_ours


@dataclass(frozen=True, slots=True)
class There:
    """An event of ours as it is in the calendar."""

    reference: str
    starts: datetime
    sequence: int
    object: Object


@dataclass(frozen=True, slots=True)
class Written:
    """What we last wrote for an appointment."""

    etag: str
    """The server's mark for it; empty where it told none."""
    version: int
    gone: bool
    """Somebody took it out, and staff know."""


@dataclass(frozen=True, slots=True)
class Put:
    appointment: Appointment
    over: There | None


@dataclass(frozen=True, slots=True)
class TakeOut:
    there: There


@dataclass(frozen=True, slots=True)
class Adopt:
    """It is there as it should be, under a mark that we did not know."""

    appointment: Appointment
    there: There


@dataclass(frozen=True, slots=True)
class Follow:
    """It was moved there: the book follows, if it can."""

    appointment: Appointment
    there: There


@dataclass(frozen=True, slots=True)
class Missing:
    """It was taken out there."""

    appointment: Appointment


Step = Put | TakeOut | Adopt | Follow | Missing


def steps(kept: Sequence[Appointment], there: Sequence[There], written: Mapping[int, Written],
          over: Sequence[str], now: datetime) -> Iterator[Step]:
    """What is to be done. *kept*: what the therapist has ahead; *written*: by the appointment's number; *over*: of
    those *there*, the references that the book has no longer for this therapist."""
    found = {one.reference: one for one in there}
    for appointment in kept:
        if step := _step(appointment, found.get(appointment.reference), written.get(appointment.id), now):
            yield step
    yield from (TakeOut(found[reference]) for reference in over)


def _step(one: Appointment, there: There | None, known: Written | None, now: datetime) -> Step | None:
    changed_here = known is None or known.version != one.version
    if there is None:
        if changed_here:
            return Put(one, None)
        return None if known and known.gone else Missing(one)
    if known and known.etag == there.object.etag:
        return Put(one, there) if changed_here else None
    if there.starts == one.starts:
        return Adopt(one, there) if there.sequence == one.version - 1 else Put(one, there)
    if changed_here or there.starts <= now:
        return Put(one, there)
    return Follow(one, there)


def ours(objects: Sequence[Object], zone: ZoneInfo) -> list[There]:
    """Our own events among what a calendar holds; what can't be read is somebody else's."""
    return [there for one in objects if (there := _ours(one, zone))]


def _ours(one: Object, zone: ZoneInfo) -> There | None:
    try:
        events = [event for event in Calendar.from_ical(one.text).walk("VEVENT") if isinstance(event, Event)]
        if not events or not is_ours(known_as := str(events[0].get("UID", ""))):
            return None
        return There(known_as.partition("@")[0], moment(events[0].start, zone), int(events[0].get("SEQUENCE", 0)), one)
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
