"""The one place where the console changes an appointment: whoever has to hear of it hears of it from here."""
from uuid import UUID

from clinic.booking.appointment import Appointment, Details
from clinic.booking.opening import NotPossible, Opening
from clinic.booking.staff import StaffBook

STEPS = {"confirm": ("requested",), "decline": ("requested",), "cancel": ("requested", "booked"),
         "attended": ("booked",), "missed": ("booked",)}
"""What can be done, and in which states somebody was shown it."""


async def settle(book: StaffBook, seen: Appointment, step: str) -> Appointment:
    """Do *step* to the appointment. Raises NotPossible where it is no longer as it was shown, and what the book
    raises."""
    if seen.state not in STEPS[step]:
        raise NotPossible(f"{seen.reference} has changed meanwhile: it is {seen.state}.")
    if step == "confirm":
        return await book.confirm(seen.reference)
    if step == "decline":
        return await book.decline(seen.reference)
    if step == "cancel":
        return await book.cancel(seen.reference)
    return await book.note(seen.reference, "attended" if step == "attended" else "missed")


async def move(book: StaffBook, reference: str, opening: Opening) -> Appointment:
    """Another time for it."""
    return await book.move(reference, opening.starts, opening.therapist, opening.place)


async def add(book: StaffBook, opening: Opening, details: Details, conversation: UUID | None = None) -> Appointment:
    """Write it into the book; *conversation*: where it was agreed on."""
    return await book.add(book.service(opening.service), book.therapist(opening.therapist), opening.starts, details,
                          opening.place, conversation)
