"""Therapists' calendars on CalDAV servers: read, and written after the book. No transaction waits for a server."""
import logging
from collections.abc import Callable
from datetime import datetime

from clinic.booking import ical
from clinic.booking.appointment import Appointment
from clinic.booking.caldav import CalDav, ChangedThere, Object
from clinic.booking.opening import BookingError
from clinic.booking.staff import StaffBook
from clinic.booking.syncing import Adopt, Follow, Missing, Put, Step, TakeOut, ours, steps
from clinic.booking.tidings import Tidings
from clinic.clock import Clock
from clinic.handoff import Handoff
from clinic.knowledge.practice import Person
from clinic.library import Library
from clinic.store.unit import Store

log = logging.getLogger("frontdesk.rounds")
Login = Callable[[str], tuple[str, str] | None]


class Sync:
    def __init__(self, store: Store, library: Library, tidings: Tidings, handoff: Handoff, clock: Clock,
                 login: Login) -> None:
        self._store, self._library, self._tidings, self._handoff = store, library, tidings, handoff
        self._clock, self._login = clock, login

    async def keep(self, person: Person, earliest: datetime, latest: datetime) -> list[Object]:
        """Bring the calendar of *person* and the book together between two instants; all that is in the calendar.

        Raises FeedUnreadable; what was done until then is done, and the next round goes on."""
        calendar, zone = CalDav(person.caldav, self._login(person.id)), self._library.current.content.clinic.zone
        now = self._clock()
        objects = await calendar.between(earliest, latest)
        there = ours(objects, zone)
        async with self._store.begin() as unit:
            wanted = await unit.calendar_copies.wanted(person.id, now, latest)
            written = await unit.calendar_copies.written(person.id)
            over = await unit.calendar_copies.over(person.id, [one.reference for one in there])
        for step in steps(wanted, there, written, over, now):
            try:
                await self._do(step, calendar, person)
            except ChangedThere:
                log.info("an event in the calendar of %s changed while we wrote; again in the next round", person.id)
        return objects

    async def _do(self, step: Step, calendar: CalDav, person: Person) -> None:
        match step:
            case Put(appointment, over):
                text = ical.for_therapist(appointment, self._library.current.content.clinic, self._clock())
                etag = await calendar.put(f"{appointment.reference}.ics", text, over.object if over else None)
                await self._note(person, appointment, etag)
            case Adopt(appointment, there):
                await self._note(person, appointment, there.object.etag)
            case TakeOut(there):
                await calendar.delete(there.object)
                async with self._store.begin() as unit:
                    await unit.calendar_copies.forget(person.id, there.reference)
            case Follow():
                await self._follow(step, person)
            case Missing(appointment):
                async with self._store.begin() as unit:
                    await unit.calendar_copies.note(person.id, appointment, "", appointment.version, gone=True)
                    await self._handoff.tell(unit, "", "gone_from_a_calendar", appointment.reference)

    async def _note(self, person: Person, appointment: Appointment, etag: str) -> None:
        async with self._store.begin() as unit:
            await unit.calendar_copies.note(person.id, appointment, etag, appointment.version)

    async def _follow(self, step: Follow, person: Person) -> None:
        """Move it in the book as it was moved there. Where that can't be, staff hear of it, and the next round puts it
        back: an older version is known for it, under the mark that is there now."""
        appointment, etag = step.appointment, step.there.object.etag
        clinic = self._library.current.content.clinic
        async with self._store.begin() as unit:
            book = StaffBook(clinic, unit, self._tidings, self._clock(), by="calendar")
            try:
                if appointment.stands:
                    await book.move(appointment.reference, step.there.starts)
                else:
                    await self._handoff.tell(unit, "", "moved_in_a_calendar", appointment.reference)
            except BookingError:
                await self._handoff.tell(unit, "", "moved_in_a_calendar", appointment.reference)
            await unit.calendar_copies.note(person.id, appointment, etag, appointment.version - 1)
