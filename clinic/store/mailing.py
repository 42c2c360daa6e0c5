"""Mail to visitors about their appointment, as a job: what it says is read when it goes, so none is out of date."""
from clinic.booking.letter import letter
from clinic.booking.opening import AppointmentUnknown
from clinic.booking.tidings import Tidings
from clinic.clock import Clock
from clinic.library import Library
from clinic.post import Mailbox
from clinic.store.unit import Store


class Mailing:
    def __init__(self, store: Store, library: Library, tidings: Tidings, mailbox: Mailbox, clock: Clock) -> None:
        self._store, self._library, self._tidings = store, library, tidings
        self._mailbox, self._clock = mailbox, clock

    async def run(self, about: str, reference: str, version: int) -> None:
        """Write to the visitor; nothing where the appointment changed since: that has a mail of its own. Raises where
        the mail did not get there."""
        async with self._store.begin() as unit:
            try:
                appointment = await unit.ledger.get(reference)
            except AppointmentUnknown:  # what was kept of its visitor has been deleted meanwhile
                return
            link = await self._tidings.link(unit, reference)
            was_booked = await unit.ledger.was_booked(appointment.id)
        if appointment.version == version and appointment.contact:
            await self._mailbox.post(letter(
                self._library.current.content, about, appointment, sender=self._mailbox.sender, link=link,
                now=self._clock(), was_booked=was_booked))
