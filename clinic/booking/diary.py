"""The book as a conversation uses it: what is free for a wish, holding it, and making it an appointment."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from clinic.booking.appointment import Appointment, Details, State
from clinic.booking.availability import Availability
from clinic.booking.choosing import AROUND, Interval, Shown, choose, fits
from clinic.booking.opening import Opening, OpeningTaken, TooLate, read_key
from clinic.booking.pairing import Pairs, side_by_side
from clinic.booking.pairing import in_turn as pairs_in_turn
from clinic.booking.records import Book
from clinic.knowledge.practice import ClinicFacts, Person, Service


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks the book for. `times` are local minutes, none for any; `gender` the therapist's, or None;
    `moving` the reference of the appointment that is to have another time, and gives up its own; `at` the ids of the
    places where it may be, none for any."""

    service: Service
    times: Sequence[Interval] = ()
    gender: str | None = None
    moving: str | None = None
    at: tuple[str, ...] = ()


class Diary:
    """One clinic's book at one moment. Methods that write raise OpeningTaken where somebody was faster."""

    def __init__(self, clinic: ClinicFacts, book: Book, now: datetime) -> None:
        self._clinic, self._book, self._now = clinic, book, now
        self._availability = Availability(clinic)

    def service(self, key: str | None) -> Service | None:
        return self._clinic.service(key)

    def therapist(self, key: str) -> Person | None:
        return self._clinic.person(key)

    def places(self, service: Service) -> set[str]:
        """Ids of the places where somebody gives *service*; none at a clinic with one place."""
        able = {there.place for person in self._clinic.people if person.id in self._availability.who(service)
                for there in person.at}
        return able & set(service.at) if service.at else able

    async def offer(self, wish: Wish, conversation: UUID, page: int = 0) -> Shown:
        """The openings to show for *wish*: around it at first, and as far as the book goes where that has none."""
        earliest, latest = self._availability.window(self._now)
        if wish.times:
            zone = self._clinic.zone
            around = (wish.times[0][0].replace(tzinfo=zone) - AROUND, wish.times[-1][1].replace(tzinfo=zone) + AROUND)
            near = (max(earliest, around[0]), min(latest, around[1]))
            if near[0] < near[1] and (free := await self._free(wish, conversation, *near)):
                return choose(free, wish.times, zone, page)
        return choose(await self._free(wish, conversation, earliest, latest), wish.times, self._clinic.zone, page)

    async def offer_two(self, wish: Wish, conversation: UUID, page: int = 0) -> tuple[Shown, Pairs]:
        """The same for two who come together, with what is beside each opening: at one time where that fits the wish,
        else one after the other. Nothing is shown where no two are free beside each other."""
        free, zone = await self._free(wish, conversation, *self._availability.window(self._now)), self._clinic.zone
        together, in_turn = side_by_side(free), pairs_in_turn(free, wish.service.takes)
        for pairs in (together, in_turn, in_turn | together):
            shown = choose(sorted(pairs), wish.times, zone, page)
            if shown.fits:
                break
        return shown, pairs

    async def hold_beside(self, key: str, conversation: UUID) -> Appointment:
        """Keep another opening for *conversation*, beside what it holds."""
        opening, service = await self._still_free(key)
        return await self._book.hold_beside(conversation, opening, service.takes, self._hold_ends(), self._now)

    async def fitting(self, wish: Wish, conversation: UUID) -> list[Opening]:
        """All that is free and is what was wished for, the soonest first."""
        earliest, latest = self._availability.window(self._now)
        free = await self._free(wish, conversation, earliest, latest)
        return [opening for opening in free if not wish.times or fits(opening, wish.times, self._clinic.zone)]

    def opening(self, key: str) -> Opening:
        """The opening of that *key* (`Opening.key`). Raises OpeningTaken where the clinic has none like it any more."""
        return self._opening(key)[0]

    async def hold(self, key: str, conversation: UUID) -> Appointment:
        """Keep the opening of that *key* (`Opening.key`) while its visitor decides."""
        opening, service = await self._still_free(key)
        return await self._book.hold(conversation, opening, service.takes, self._hold_ends(), self._now)

    async def hold_to_move(self, key: str, conversation: UUID, reference: str) -> Opening:
        """The same for the appointment *reference*, which may overlap its own new time."""
        opening, service = await self._still_free(key)
        await self._book.hold_to_move(conversation, reference, opening, service.takes, self._hold_ends(), self._now)
        return opening

    async def extend(self, conversation: UUID) -> None:
        """A visitor who is still writing keeps what they hold. One that is over begins again if nobody took it and its
        time is still offered: who comes back days later gets none in the past."""
        held = await self._book.held(conversation)
        if held and (not held.is_over(self._now) or self._still_offered(held)):
            await self._book.extend(conversation, self._hold_ends())

    async def confirm(self, key: str, conversation: UUID, details: Details, state: State) -> Appointment:
        """What *conversation* holds becomes an appointment; where its hold was lost or is over too, if it is free
        and still offered."""
        held = await self._book.held(conversation)
        opening, service = self._opening(key)
        await self._check_elsewhere(opening, service)
        if held is None or held.is_over(self._now) or held.opening.key != opening.key:
            held = await self.hold(key, conversation)
        return await self._book.confirm(held.id, state, details, self._now)

    async def move(self, appointment: Appointment, key: str) -> Appointment:
        """Another time for an appointment that its visitor may still change. Raises TooLate as well, and
        AppointmentUnknown where it does not stand any more."""
        if appointment.stands:
            self.check_terms(appointment)
        opening, service = await self._still_free(key)
        return await self._book.move(appointment.reference, opening, service.takes, "visitor", self._now)

    async def cancel(self, appointment: Appointment) -> Appointment:
        """Raises TooLate within the clinic's terms."""
        self.check_terms(appointment)
        return await self._book.settle(appointment.reference, "cancelled", "visitor", self._now)

    def check_terms(self, appointment: Appointment) -> None:
        """Raises TooLate where the clinic's terms leave a change to a person."""
        if appointment.starts - self._now < timedelta(hours=self._clinic.booking.change_hours):
            raise TooLate("a person at the clinic changes it now")

    def _hold_ends(self) -> datetime:
        return self._now + timedelta(minutes=self._clinic.booking.hold_minutes)

    async def _still_free(self, key: str) -> tuple[Opening, Service]:
        """The opening of that *key*, where the clinic works then and no other calendar has the therapist."""
        opening, service = self._opening(key)
        if not self._availability.still_offered(service, opening, self._now):
            raise OpeningTaken("not a time that is offered any more")
        await self._check_elsewhere(opening, service)
        return opening, service

    async def _check_elsewhere(self, opening: Opening, service: Service) -> None:
        """Raises OpeningTaken where the therapist's calendar elsewhere has something by now."""
        if await self._book.elsewhere(opening.therapist, opening.starts, opening.starts + service.takes):
            raise OpeningTaken("the therapist has something in another calendar then")

    async def _free(self, wish: Wish, conversation: UUID, earliest: datetime, latest: datetime) -> list[Opening]:
        taken = await self._book.taken(earliest, latest + wish.service.takes, self._now, but_of=conversation,
                                       moving=wish.moving)
        days = (earliest.astimezone(self._clinic.zone).date(), latest.astimezone(self._clinic.zone).date())
        return self._availability.openings(wish.service, taken, self._now, days=days, at=wish.at,
                                           therapists=self._availability.who(wish.service, wish.gender))

    def _still_offered(self, held: Appointment) -> bool:
        service = self.service(held.service)
        return service is not None and self._availability.still_offered(service, held.opening, self._now)

    def _opening(self, key: str) -> tuple[Opening, Service]:
        named = read_key(key)
        service = self.service(named.service)
        if service is None or self.therapist(named.therapist) is None:
            raise OpeningTaken("the clinic does not offer it any more")
        ends = named.starts + timedelta(minutes=service.length_minutes)
        return Opening(named.starts, ends, named.therapist, service.id, named.place), service
