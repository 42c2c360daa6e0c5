"""Mail to visitors about their appointment, as a job: what it says is read when it goes, so none is out of date."""
import logging
from datetime import datetime

from clinic.booking.appointment import Appointment
from clinic.booking.letter import letter
from clinic.booking.opening import AppointmentUnknown
from clinic.booking.tidings import Tidings
from clinic.clock import Clock
from clinic.handoff import Handoff
from clinic.library import Library
from clinic.post import UNDELIVERABLE, Mailbox, Undeliverable
from clinic.store.unit import Store

log = logging.getLogger("frontdesk.mailing")


class Mailing:
    def __init__(self, store: Store, library: Library, tidings: Tidings, mailbox: Mailbox, handoff: Handoff,
                 clock: Clock) -> None:
        self._store, self._library, self._tidings = store, library, tidings
        self._mailbox, self._handoff, self._clock = mailbox, handoff, clock

    async def run(self, about: str, reference: str, version: int) -> None:
        """Write to the visitor; nothing where that would be untrue by now. Raises where the mail did not get there, and
        may yet; where it never will, staff are told."""
        async with self._store.begin() as unit:
            try:
                appointment = await unit.ledger.get(reference)
            except AppointmentUnknown:  # what was kept of its visitor has been deleted meanwhile
                return
            link = await self._tidings.link(unit, reference)
            was_booked = await unit.ledger.was_booked(appointment.id)
        now = self._clock()
        if not _is_true(about, appointment, version, now):
            return
        try:
            await self._mailbox.post(letter(
                self._library.current.content, about, appointment, sender=self._mailbox.sender, link=link, now=now,
                was_booked=was_booked))
        except Undeliverable as error:
            log.warning("the mail about %s (%s) can't be delivered: %s. Please call its visitor.", reference, about,
                        error)
            async with self._store.begin() as unit:
                await self._handoff.tell(unit, "", UNDELIVERABLE, reference)


def _is_true(about: str, appointment: Appointment, version: int, now: datetime) -> bool:
    """Whether it can still be said. What changed since has a mail of its own; nobody is reminded of what has begun."""
    begun = about == "reminder" and appointment.starts <= now
    return appointment.version == version and bool(appointment.contact) and not begun
