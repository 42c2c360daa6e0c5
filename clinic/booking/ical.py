"""Appointments as iCalendar (RFC 5545). Times are instants, so that every calendar shows them right.

A visitor's calendar says where and when, and nothing of why: it may hang on a kitchen wall."""
from collections.abc import Iterable
from datetime import datetime

from icalendar import Calendar, Event, vCalAddress

from clinic.booking.appointment import Appointment
from clinic.knowledge.content import Content
from clinic.knowledge.practice import ClinicFacts

MAKER = "-//Frontdesk//Appointment book//EN"
OURS = "@frontdesk"
STATUS = {"held": "TENTATIVE", "requested": "TENTATIVE", "cancelled": "CANCELLED", "declined": "CANCELLED"}
PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"


def uid(reference: str) -> str:
    """The same for as long as the appointment exists, whatever becomes of it."""
    return reference + OURS


def is_ours(known_as: str) -> bool:
    """Whether an event in somebody's calendar is one that came from this book."""
    return known_as.endswith(OURS)


def for_visitor(appointment: Appointment, content: Content, now: datetime) -> bytes:
    """The appointment as its visitor keeps it, as it is now."""
    return _calendar([_for_visitor(appointment, content, now)], PUBLISH, content.clinic.name)


def invitation(appointment: Appointment, content: Content, sender: str, method: str, now: datetime) -> bytes:
    """The same for a mail: *method* REQUEST where it is made or moved, CANCEL where it is off (RFC 5546)."""
    event = _for_visitor(appointment, content, now)
    organizer = vCalAddress(f"mailto:{sender}")
    organizer.params["CN"] = content.clinic.name
    event["organizer"] = organizer
    attendee = vCalAddress(f"mailto:{appointment.contact}")
    attendee.params.update({"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION",
                            "RSVP": "FALSE"})
    event.add("attendee", attendee, encode=False)
    return _calendar([event], method, content.clinic.name)


def for_therapist(appointment: Appointment, clinic: ClinicFacts, now: datetime) -> str:
    """One appointment for the therapist's own calendar, which keeps it (RFC 4791: without a method)."""
    return _calendar([_for_staff(appointment, clinic, now)], None, "").decode()


def for_staff(appointments: Iterable[Appointment], clinic: ClinicFacts, now: datetime) -> bytes:
    """The book to subscribe to. Names are in it only where the clinic says so (`calendar_names`)."""
    return _calendar([_for_staff(one, clinic, now) for one in appointments], PUBLISH, clinic.name)


def event_of(appointment: Appointment, now: datetime) -> Event:
    """What every calendar gets of an appointment."""
    event = Event()
    event.add("uid", uid(appointment.reference))
    event.add("dtstamp", now)
    event.add("dtstart", appointment.starts)
    event.add("dtend", appointment.ends)
    event.add("sequence", appointment.version - 1)
    event.add("status", STATUS.get(appointment.state, "CONFIRMED"))
    event.add("class", "PRIVATE")
    return event


def _for_visitor(appointment: Appointment, content: Content, now: datetime) -> Event:
    event, clinic = event_of(appointment, now), content.clinic
    event.add("summary", content.words.said["calendar_title"].format(clinic=clinic.name))
    event.add("location", _where(appointment, clinic))
    event.add("description", content.words.said["calendar_text"].format(
        reference=appointment.reference, clinic=clinic.name, phone=clinic.phone, mail=clinic.mail))
    return event


def _for_staff(appointment: Appointment, clinic: ClinicFacts, now: datetime) -> Event:
    event = event_of(appointment, now)
    service = next((one.name for one in clinic.services if one.id == appointment.service), appointment.service)
    named = appointment.name if clinic.booking.calendar_names else None
    told = [appointment.therapist, service or appointment.state, named,
            appointment.reference if appointment.state != "blocked" else None]
    event.add("summary", " · ".join(part for part in told if part))
    event.add("categories", [appointment.therapist, appointment.state])
    if len(clinic.places) > 1 and appointment.state != "blocked":
        event.add("location", _where(appointment, clinic))
    return event


def _where(appointment: Appointment, clinic: ClinicFacts) -> str:
    name, address = clinic.name_of(appointment.place), clinic.address_of(appointment.place)
    return f"{name}, {address}" if name else address


def _calendar(events: Iterable[Event], method: str | None, name: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical()
