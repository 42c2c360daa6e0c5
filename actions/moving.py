"""A move that the book does not allow any more: said as it is, and the appointment left as it stands."""
from rasa_sdk.executor import CollectingDispatcher

from clinic.booking import spoken
from clinic.booking.appointment import Appointment
from clinic.booking.opening import BookingError, TooLate
from clinic.visit import Visit


async def refused(visit: Visit, say: CollectingDispatcher, reference: str, error: BookingError) -> None:
    """The appointment with *reference* can't be moved, by *error*: the terms, or it is called off. What was held
    for it is free again."""
    await visit.records.book.let_go(visit.waiting.conversation)
    there = await visit.records.ledger.get(reference)
    when = spoken.when_and_where(visit.knowledge.content.clinic, there)
    if isinstance(error, TooLate):
        await too_late(visit, say, when)
    else:
        say.utter_message(response="utter_appointment_over", when=when)


def moving_slots(one: Appointment) -> dict[str, str | None]:
    """What stays the same where *one* gets another time."""
    return {"moving": one.reference, "service": one.service, "name": one.name, "contact": one.contact,
            "health_check": "known"}


async def too_late(visit: Visit, say: CollectingDispatcher, when: str) -> None:
    """A person changes the appointment of *when* now."""
    await visit.take_over("late_change")
    clinic = visit.knowledge.content.clinic
    say.utter_message(response="utter_too_late_to_change", when=when, terms=clinic.texts.get("cancellation", ""))
