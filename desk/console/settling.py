"""The one place where the console changes an appointment: whoever has to be told of it is told from here."""
from datetime import datetime

from clinic.booking.appointment import Appointment, State
from clinic.booking.opening import AppointmentUnknown, Opening
from clinic.knowledge.practice import Service
from clinic.store.unit import Unit

STEPS: dict[str, tuple[tuple[State, ...], State]] = {
    "confirm": (("requested",), "booked"), "decline": (("requested",), "declined"),
    "cancel": (("booked",), "cancelled"), "attended": (("booked",), "attended"), "missed": (("booked",), "missed"),
}
"""By what is done: the states in which it can be, and the one that follows."""


async def settle(unit: Unit, reference: str, step: str, by: str, now: datetime) -> Appointment:
    """*by* does *step* to the appointment. Raises AppointmentUnknown where it is no longer as *by* saw it."""
    before, after = STEPS[step]
    if (await unit.book.named(reference)).state not in before:
        raise AppointmentUnknown(f"{reference} has changed meanwhile.")
    return await unit.book.settle(reference, after, f"staff: {by}", now)


async def move(unit: Unit, reference: str, opening: Opening, service: Service, by: str, now: datetime) -> Appointment:
    """Another time for it. Raises OpeningTaken, AppointmentUnknown."""
    return await unit.book.move(reference, opening, service.takes, f"staff: {by}", now)
