"""When a visitor is reminded of what they booked: a day and two hours before, never at night, each once."""
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic.booking.appointment import Appointment

BEFORE = (24, 2)
"""Hours before it starts."""
FARTHEST = timedelta(hours=40)
"""How long before a start its first reminder can be due: a day, and a night that it was moved out of."""
QUIET_FROM, QUIET_TO = time(21), time(8)
EVENING = time(20, 50)
"""When something goes that would be due in the night, so that it is on its way before the quiet begins."""
OF_USE = timedelta(minutes=45)
"""A reminder in the morning comes at least so long before the start; else it goes the evening before."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """Something booked, when its visitor last heard of it, and which reminders of this start went (by their hours)."""

    appointment: Appointment
    heard: datetime
    went: frozenset[int]


def due(starts: datetime, hours: int, zone: ZoneInfo) -> datetime:
    """The instant at which the reminder *hours* before *starts* goes."""
    moment = (starts - timedelta(hours=hours)).astimezone(zone)
    if moment.time() >= QUIET_FROM:
        return _at(moment.date(), EVENING, zone)
    if moment.time() >= QUIET_TO:
        return moment.astimezone(UTC)
    morning = _at(moment.date(), QUIET_TO, zone)
    return morning if starts - morning >= OF_USE else _at(moment.date() - timedelta(days=1), EVENING, zone)


def ready(reminded: Reminded, now: datetime, zone: ZoneInfo) -> list[int]:
    """The reminders to send at *now*, by their hours: said as one, and none of them again. One that was due before the
    visitor last heard of the appointment is left out."""
    if is_quiet(now, zone):
        return []
    starts = reminded.appointment.starts
    return [hours for hours in BEFORE if hours not in reminded.went
            and reminded.heard <= due(starts, hours, zone) <= now < starts]


def is_quiet(now: datetime, zone: ZoneInfo) -> bool:
    clock = now.astimezone(zone).time()
    return clock >= QUIET_FROM or clock < QUIET_TO


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
