"""The book as a calendar (RFC 5545): ours with all that an entry holds, and what another program wrote, as far as it
goes. An event that repeats is refused: nobody knows how often it was meant."""
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from clinic.booking.copies import Entry, EntryUnusable
from clinic.booking.ical import MAKER, is_ours, uid

OWN = {"therapist": "X-FRONTDESK-THERAPIST", "service": "X-FRONTDESK-SERVICE", "state": "X-FRONTDESK-STATE",
       "name": "X-FRONTDESK-NAME", "contact": "X-FRONTDESK-CONTACT", "why": "X-FRONTDESK-WHY",
       "place": "X-FRONTDESK-PLACE"}


def write(entries: Iterable[Entry], now: datetime) -> str:
    """The calendar; what `read` makes of it is *entries* again, but for the line numbers."""
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    for entry in entries:
        event = Event()
        event.add("uid", uid(entry.reference))
        event.add("dtstamp", now)
        event.add("dtstart", entry.starts)
        event.add("dtend", entry.ends)
        event.add("summary", " · ".join(filter(None, (entry.therapist, entry.service or entry.state, entry.name))))
        for name, known_as in OWN.items():
            if value := getattr(entry, name):
                event.add(known_as, value)
        calendar.add_component(event)
    return calendar.to_ical().decode()


def read(text: str, zone: ZoneInfo) -> Iterator[Entry]:
    """Its events. Raises EntryUnusable where it is no calendar at all."""
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip().upper() == "BEGIN:VEVENT"]
    try:
        events = [event for event in Calendar.from_ical(text).walk("VEVENT") if isinstance(event, Event)]
    except ValueError as error:
        raise EntryUnusable(f"it is no calendar: {error}") from None
    for number, event in enumerate(events):
        line = lines[number] if number < len(lines) else 0
        try:
            yield _entry(event, line, zone)
        except (EntryUnusable, KeyError, AttributeError, TypeError, ValueError) as error:
            yield Entry(line, wrong=str(error) if isinstance(error, EntryUnusable) else "its times can't be read")


def _entry(event: Event, line: int, zone: ZoneInfo) -> Entry:
    if "RRULE" in event or "RDATE" in event:
        raise EntryUnusable("it repeats; write each time as an event of its own")
    own = {name: str(event.get(known_as, "")) for name, known_as in OWN.items()}
    known_as = str(event.get("UID", ""))
    if is_ours(known_as):
        own["reference"] = known_as.partition("@")[0]
    else:
        own["why"] = own["why"] or str(event.get("SUMMARY", ""))
    return Entry(line, starts=moment(event.start, zone), ends=moment(event.end, zone), **own)


def moment(given: date, zone: ZoneInfo) -> datetime:
    """A day, or a clock time without a zone, is one at the clinic."""
    if not isinstance(given, datetime):
        return datetime.combine(given, time.min, zone).astimezone(UTC)
    return (given if given.tzinfo else given.replace(tzinfo=zone)).astimezone(UTC)
