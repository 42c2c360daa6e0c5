"""What stands in the book and would no longer be given, after the clinic changed its hours, days off or services."""
from collections.abc import Iterable

from clinic.booking.appointment import Appointment
from clinic.booking.availability import Availability
from clinic.knowledge.practice import ClinicFacts, Service


def stranded(appointments: Iterable[Appointment], clinic: ClinicFacts) -> list[tuple[Appointment, str]]:
    """Those of *appointments* that don't fit the clinic's facts, and why, for staff."""
    availability = Availability(clinic)
    found = ((one, _why(one, clinic, availability)) for one in appointments)
    return [(one, why) for one, why in found if why]


def _why(appointment: Appointment, clinic: ClinicFacts, availability: Availability) -> str:
    person, service = clinic.person(appointment.therapist), clinic.service(appointment.service)
    if person is None:
        return f"{appointment.therapist} is not in `people` any more"
    if service is None:
        return f"{appointment.service} is not in `services` any more"
    if service.by and person.id not in service.by:
        return f"{person.id} does not give {service.id} any more"
    day = appointment.starts.astimezone(clinic.zone).date()
    if person.is_off(day):
        return f"{person.id} has that day off"
    works_at = availability.where(person.id, appointment.starts, appointment.ends)
    if works_at is None:
        return f"{person.id} does not work then"
    return _wrong_place(appointment, service, clinic, works_at)


def _wrong_place(appointment: Appointment, service: Service, clinic: ClinicFacts, works_at: str) -> str:
    place = clinic.place(appointment.place)
    if place is None:
        return f"{appointment.place} is not in `places` any more" if appointment.place else ""
    if service.at and place.id not in service.at:
        return f"{service.id} is not given at {place.id} any more"
    return f"it is at {place.id}, and {appointment.therapist} works at {works_at} then" if works_at != place.id else ""
