"""What a calendar of somebody else's says is taken: events that repeat told one by one, and nothing but their times."""
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

from clinic.booking.copy_ical import moment
from clinic.booking.ical import is_ours
from clinic.booking.opening import Taken
from clinic.errors import ClinicError

MOST = 20_000
"""Times in one calendar's look ahead; a diary has a few hundred."""
TOO_OFTEN = re.compile(r"^RRULE[^\r\n]*(FREQ=(SECONDLY|MINUTELY)|BY(SECOND|MINUTE)=\d+,)", re.I | re.M)
"""A rule by which something happens several times an hour: told one by one, a million of them would be."""
FOLDED = re.compile(r"\r?\n[ \t]")
"""A long line goes on in the next (RFC 5545, 3.1)."""


class FeedUnreadable(ClinicError):
    """A calendar that could not be had, or that is none; the text says why, without its address."""


def busy_in(texts: Sequence[str], therapist: str, between: tuple[datetime, datetime], zone: ZoneInfo) -> list[Taken]:
    """The times that the calendars *texts* take of *therapist* between two instants, joined where they touch. Not what
    is cancelled, shown as free, or came from our own book. Raises FeedUnreadable."""
    events = [event for text in texts for event in _events(text, *between)]
    if len(events) > MOST:
        raise FeedUnreadable(f"it has more than {MOST:,} events ahead")
    spans = sorted((moment(event.start, zone), moment(event.end, zone)) for event in events if _takes_time(event))
    return [Taken(therapist, starts, ends) for starts, ends in _joined(spans)]


def _events(text: str, earliest: datetime, latest: datetime) -> list[Event]:
    if TOO_OFTEN.search(FOLDED.sub("", text)):
        raise FeedUnreadable("it has an event that repeats every minute")
    try:
        calendar = Calendar.from_ical(text)
        found = recurring_ical_events.of(calendar, skip_bad_series=True).between(earliest, latest)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError) as error:
        raise FeedUnreadable(f"it is no calendar that can be read ({type(error).__name__})") from None
    return [event for event in found if isinstance(event, Event)]


def _takes_time(event: Event) -> bool:
    return (str(event.get("TRANSP", "")).upper() != "TRANSPARENT" and not is_ours(str(event.get("UID", "")))
            and str(event.get("STATUS", "")).upper() != "CANCELLED")


def _joined(spans: list[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    open_from = open_until = None
    for starts, ends in spans:
        if starts >= ends:
            continue
        if open_from is not None and open_until is not None and starts <= open_until:
            open_until = max(open_until, ends)
            continue
        if open_from is not None and open_until is not None:
            yield open_from, open_until
        open_from, open_until = starts, ends
    if open_from is not None and open_until is not None:
        yield open_from, open_until
