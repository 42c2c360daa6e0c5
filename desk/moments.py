"""When staff mean: read as a visitor's words are (docs/when.md). A doubt is shown, never guessed."""
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from clinic.booking import spoken
from clinic.booking.copies import EntryUnusable, instant
from clinic.booking.when import Interval, read
from clinic.errors import ClinicError


class WhenUnclear(ClinicError):
    """A time that can be read in several ways, or in none; the text shows which."""


def moment(written: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The instant that *written* names. Raises WhenUnclear."""
    begins, ends = span(written, now, zone)
    if begins != ends:
        raise WhenUnclear(f"{written!r} is a span of time. Say at which hour, such as {written!r} at 15:00.")
    return begins


def span(written: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when until when *written* is, as instants; a clock time has both alike. Raises WhenUnclear."""
    if exact := _as_written(written, zone):
        return exact, exact
    reading = read(written, now, zone)
    if reading.choices:
        ways = "; ".join(spoken.of_a_wish(way) for way in reading.choices)
        raise WhenUnclear(f"{written!r} can be read in several ways: {ways}. Say which.")
    if len(reading.intervals) != 1:
        why = {"impossible": "never comes", "none": "names no time"}.get(reading.reading, "names several times")
        raise WhenUnclear(f"{written!r} {why}. Write a time such as 'friday at 15:00' or 2026-12-03T15:00.")
    return _instants(reading.intervals[0], zone)


def day(written: str | None, now: datetime, zone: ZoneInfo) -> datetime:
    """The midnight at the clinic with which that day begins; without one, today's. Raises WhenUnclear."""
    begins = now if written is None else span(written, now, zone)[0]
    return datetime.combine(begins.astimezone(zone).date(), time.min, zone)


def _as_written(written: str, zone: ZoneInfo) -> datetime | None:
    """A moment as computers write it, also one that is over."""
    if not (written[:4].isdigit() and ":" in written):
        return None
    try:
        return instant(written, zone)
    except EntryUnusable as error:
        raise WhenUnclear(f"{error}.") from None


def _instants(interval: Interval, zone: ZoneInfo) -> tuple[datetime, datetime]:
    begins, ends = (local.replace(tzinfo=zone).astimezone(UTC) for local in interval)
    return begins, ends
