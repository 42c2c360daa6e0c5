"""The book as staff change it. Whatever they do to a visitor's appointment, the visitor hears of it."""
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from clinic.booking import spoken
from clinic.booking.appointment import STANDS, Appointment, Details, State
from clinic.booking.availability import Availability
from clinic.booking.contact import ContactUnusable, find_contact
from clinic.booking.opening import NotPossible, Opening, OpeningTaken
from clinic.booking.tidings import Tidings
from clinic.knowledge.practice import ClinicFacts, Person, Service
from clinic.records import Records

NOTHING = timedelta(0)


class StaffBook:
    """One clinic's book in one transaction. Methods raise AppointmentUnknown, OpeningTaken or NotPossible, with a text
    for staff; then nothing was done."""

    def __init__(self, clinic: ClinicFacts, records: Records, tidings: Tidings, now: datetime,
                 by: str = "staff") -> None:
        self._clinic, self._records, self._tidings, self._now = clinic, records, tidings, now
        self._by = by

    def service(self, named: str) -> Service:
        """By its id, or its name. Raises NotPossible."""
        for service in self._clinic.services:
            if named.casefold() in (service.id.casefold(), service.name.casefold()):
                return service
        known = ", ".join(service.id for service in self._clinic.services)
        raise NotPossible(f"There is no service {named!r} in clinic.yml. There are: {known}.")

    def therapist(self, named: str) -> Person:
        """By their id, or their name. Raises NotPossible."""
        for person in self._clinic.people:
            if named.casefold() in {person.id.casefold(), person.name.casefold()} - {""}:
                return person
        known = ", ".join(person.id for person in self._clinic.people)
        raise NotPossible(f"There is nobody called {named!r} in clinic.yml. There are: {known}.")

    async def confirm(self, reference: str) -> Appointment:
        """What was asked for is booked; also what was declined or cancelled before, where its time is still free."""
        return await self._settle(reference, "booked", ("requested", "declined", "cancelled"), "confirmed")

    async def decline(self, reference: str) -> Appointment:
        return await self._settle(reference, "declined", ("requested",), "declined")

    async def cancel(self, reference: str) -> Appointment:
        return await self._settle(reference, "cancelled", STANDS, "cancelled")

    async def note(self, reference: str, state: State) -> Appointment:
        """Who came (`attended`) and who did not (`missed`), once it has begun; nobody is told."""
        appointment = await self._records.ledger.get(reference)
        if appointment.starts > self._now:
            raise NotPossible(f"{appointment.reference} begins only on {self._when(appointment)}.")
        return await self._settle(reference, state, ("booked", "attended", "missed"), None)

    def where(self, opening: Opening, named: str = "", before: str = "") -> str:
        """The id of the place where *opening* is: the one that is *named*, else where its therapist works then, else
        where it was *before*, else the only one where they work. Raises NotPossible; empty at a clinic with one."""
        places = [place.id for place in self._clinic.places]
        if named and named not in places:
            known = f"There are: {', '.join(places)}." if places else "It has one address, and no `places`."
            raise NotPossible(f"There is no place {named!r} in clinic.yml. {known}")
        theirs = list(dict.fromkeys(there.place for there in self.therapist(opening.therapist).at))
        works = Availability(self._clinic).where(opening.therapist, opening.starts, opening.ends)
        found = named or works or (before if before in theirs else theirs[0] if len(theirs) == 1 else "")
        if places and not found:
            raise NotPossible(f"{opening.therapist} does not work then, by clinic.yml, so nobody knows where it would "
                              f"be. Say it: {', '.join(theirs)}.")
        return found

    async def move(self, reference: str, starts: datetime, therapist: str | None = None,
                   place: str = "") -> Appointment:
        """To another time, as long as before; with somebody else or at another place, where one is named."""
        before = await self._allowed(reference, STANDS)
        who = self.therapist(therapist).id if therapist else before.therapist
        opening = Opening(starts, starts + (before.ends - before.starts), who, before.service or "")
        opening = replace(opening, place=self.where(opening, place, before.place))
        try:
            moved = await self._records.book.move(before.reference, opening, self._needs(opening), self._by, self._now)
        except OpeningTaken:
            raise await self._taken(opening) from None
        about = "moved" if moved.state == "booked" else "moved_request"
        await self._tidings.tell(self._records, moved, about, self._now)
        return moved

    async def add(self, service: Service, therapist: Person, starts: datetime, details: Details,
                  place: str = "", conversation: UUID | None = None) -> Appointment:
        """An appointment that somebody made at the desk or by phone. A mail confirms it, where there is an address.
        *conversation*: where it was agreed on; its visitor hears of it there too, and can change it there."""
        if service.by and therapist.id not in service.by:
            raise NotPossible(f"{therapist.id} does not give {service.id}, by clinic.yml.")
        opening = Opening(starts, starts + timedelta(minutes=service.length_minutes), therapist.id, service.id)
        opening = replace(opening, place=self.where(opening, place))
        try:
            added = await self._records.book.add(opening, service.takes, details, "booked", self._now,
                                                 conversation=conversation)
        except OpeningTaken:
            raise await self._taken(opening) from None
        await self._tidings.tell(self._records, added, "booked", self._now)
        return added

    async def block(self, therapist: Person, starts: datetime, ends: datetime, why: str) -> Appointment:
        """Time in which nobody can book the therapist."""
        if starts >= ends:
            raise NotPossible("The end has to come after the start.")
        opening = Opening(starts, ends, therapist.id, "")
        try:
            return await self._records.book.add(opening, NOTHING, Details("", "", wish=why), "blocked", self._now)
        except OpeningTaken:
            raise await self._taken(opening) from None

    async def unblock(self, reference: str) -> Appointment:
        return await self._settle(reference, "cancelled", ("blocked",), None)

    async def _settle(self, reference: str, state: State, frm: Sequence[State], about: str | None) -> Appointment:
        before = await self._allowed(reference, (*frm, state))
        try:
            settled = await self._records.book.settle(before.reference, state, self._by, self._now)
        except OpeningTaken:
            raise await self._taken(before.opening) from None
        if about and before.state != state:
            await self._tidings.tell(self._records, settled, about, self._now)
        return settled

    async def _allowed(self, reference: str, states: Sequence[State]) -> Appointment:
        appointment = await self._records.ledger.get(reference)
        if appointment.state not in states:
            raise NotPossible(f"{appointment.reference} is {appointment.state}; this is only for what is "
                              f"{' or '.join(dict.fromkeys(states))}.")
        return appointment

    async def _taken(self, opening: Opening) -> OpeningTaken:
        """The error, with who has the time."""
        until = opening.starts + self._needs(opening)
        there = [one for one in await self._records.book.between(opening.starts, until)
                 if one.therapist == opening.therapist]
        has = "; ".join(f"{one.reference or 'no reference'}, {one.state}, {self._when(one)}" for one in there)
        return OpeningTaken(f"{opening.therapist} is not free then: {has or 'something is too close to it'}.")

    def _needs(self, opening: Opening) -> timedelta:
        """How long the therapist can't be had: with what the service needs afterwards."""
        buffer = next((one.buffer_minutes for one in self._clinic.services if one.id == opening.service), 0)
        return opening.ends - opening.starts + timedelta(minutes=buffer)

    def _when(self, appointment: Appointment) -> str:
        return spoken.in_short(appointment.starts, self._clinic.zone)


def usable(contact: str) -> str:
    """*contact* in the form to keep; empty stays empty. Raises NotPossible."""
    try:
        found = find_contact(contact) if contact.strip() else ""
    except ContactUnusable as error:
        raise NotPossible(f"{contact!r} can't be used as a contact: {error}.") from None
    if found is None:
        raise NotPossible(f"{contact!r} is neither a phone number nor a mail address.")
    return found
