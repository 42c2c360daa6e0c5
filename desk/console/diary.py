"""Requests and appointments: confirm, decline, move, cancel, add."""
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clinic import summary
from clinic.booking.appointment import Appointment, Details
from clinic.booking.availability import Availability
from clinic.booking.contact import ContactUnusable, find_contact
from clinic.booking.opening import BookingError, Opening
from clinic.booking.staff import StaffBook
from clinic.booking.tidings import Tidings
from clinic.knowledge.practice import ClinicFacts, Service
from clinic.store.threads import Thread
from clinic.store.unit import Unit
from desk.console.door import Door
from desk.console.room import Guest, Room, go
from desk.console.settling import STEPS, add, move, settle
from desk.console.thread import thread_of

BOOK = "/desk/book"
AHEAD = timedelta(days=14)
"""How far ahead times are offered to move to."""
LONGEST = 100


class Diary:
    def __init__(self, room: Room, door: Door, tidings: Tidings) -> None:
        self._room, self._door, self._tidings = room, door, tidings

    def routes(self) -> list[Route]:
        page, form, one = self._door.page, self._door.form, "/book/{reference:str}"
        return [Route("/book", page(self.show, "book")), Route("/book/add", page(self.add_page, "book")),
                Route("/book/add", form(self.add, "book"), methods=["POST"]),
                Route(f"{one}/move", page(self.move_page, "book")),
                Route(f"{one}/move", form(self.move, "book"), methods=["POST"]),
                Route(f"{one}/done", form(self.done, "book"), methods=["POST"]),
                Route(f"{one}/{{step:str}}", form(self.settle, "book"), methods=["POST"])]

    async def show(self, request: Request, guest: Guest) -> Response:
        return await self._shown(guest)

    async def _shown(self, guest: Guest, wrong: str = "", status: int = 200) -> Response:
        clinic, now = self._clinic, self._room.clock()
        today = now.astimezone(clinic.zone).date()
        async with self._room.store.begin() as unit:
            coming = await unit.book.between(_instant(today, clinic), _instant(today + timedelta(days=7), clinic))
            requested = await unit.ledger.requested()
            in_line = await unit.waiting_list.everybody()
            wishes = [wish for wish in await unit.requests.newest(200) if wish.state == "open"]
        kept = [one for one in coming if one.state in ("booked", "attended", "missed", "blocked")]
        week = [(day, on) for day, on in _by_day(kept, clinic) if today < day <= today + timedelta(days=6)]
        return self._room.page(
            "book.html", guest, status, wrong=wrong, requested=requested, wishes=wishes, week=week, in_line=in_line,
            today=[one for one in kept if one.starts.astimezone(clinic.zone).date() == today],
            services={service.id: service.name for service in clinic.services},
            people={person.id: person.name or person.role for person in clinic.people}, place_of=clinic.name_of)

    async def settle(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        step = request.path_params["step"]
        if step not in STEPS:
            return self._room.refuse(guest, 404, "There is no such step.")
        try:
            async with self._room.store.begin() as unit:
                seen = await unit.ledger.get(request.path_params["reference"])
                await settle(self._book(unit, guest), seen, step)
        except BookingError as error:
            return await self._shown(guest, f"Nothing was changed: {error}", 409)
        return go(BOOK)

    async def done(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        """A wish that the clinic has arranged by other means."""
        async with self._room.store.begin() as unit:
            await unit.requests.settle(request.path_params["reference"])
        return go(BOOK)

    async def move_page(self, request: Request, guest: Guest) -> Response:
        try:
            async with self._room.store.begin() as unit:
                appointment = await unit.ledger.get(request.path_params["reference"])
                service = self._service(appointment.service)
                days = await self._openings(unit, service) if service else []
        except BookingError:
            return self._room.refuse(guest, 404, "There is no appointment by that reference.")
        return self._choose(guest, days, appointment=appointment, service=service)

    async def move(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        reference = request.path_params["reference"]
        try:
            async with self._room.store.begin() as unit:
                service = self._service((await unit.ledger.get(reference)).service)
                opening = await self._chosen(unit, service, given.get("opening", ""))
                if opening is None:
                    return self._room.refuse(guest, 409, "That time is not free any more.")
                await move(self._book(unit, guest), reference, opening)
        except BookingError as error:
            return await self._shown(guest, f"Nothing was changed: {error}", 409)
        return go(BOOK)

    async def add_page(self, request: Request, guest: Guest) -> Response:
        service = self._service(request.query_params.get("service")) or self._clinic.services[0]
        async with self._room.store.begin() as unit:
            days = await self._openings(unit, service)
            thread = await _thread(unit, request.query_params.get("thread", ""))
            cases = await unit.cases.of(thread.id) if thread else []
        known = summary.slots(thread.events) if thread else {}
        contact = known.get("contact") or next((case.contact for case in cases if case.contact), None)
        return self._choose(guest, days, service=service, thread=thread, details=Details(known.get("name", ""),
                                                                                         contact or ""))

    async def add(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        service, name = self._service(given.get("service")), given.get("name", "").strip()[:LONGEST]
        try:
            contact = find_contact(given.get("contact", ""))
        except ContactUnusable:
            contact = None
        if service is None or not name or contact is None:
            return self._room.refuse(guest, 400, "A name, and a phone number or mail address that exists, are needed.")
        try:
            async with self._room.store.begin() as unit:
                opening = await self._chosen(unit, service, given.get("opening", ""))
                if opening is None:
                    return self._room.refuse(guest, 409, "That time is not free any more.")
                thread = await _thread(unit, given.get("thread", ""))
                await add(self._book(unit, guest), opening, Details(name, contact), thread.id if thread else None)
        except BookingError as error:
            return await self._shown(guest, f"Nothing was written: {error}", 409)
        return go(f"/desk/threads/{thread.id}#end" if thread else BOOK)

    def _choose(self, guest: Guest, days: list[Any], *, service: Service | None,
                appointment: Appointment | None = None, **agreed: Any) -> Response:
        """*agreed*: of a new one, what is known of who comes, and the thread that it is written in from."""
        people = {person.id: person.name or person.role for person in self._clinic.people}
        return self._room.page("openings.html", guest, days=days, service=service, appointment=appointment,
                               services=self._clinic.services, people=people, place_of=self._clinic.name_of,
                               **agreed)

    async def _openings(self, unit: Unit, service: Service) -> list[tuple[date, list[Opening]]]:
        now, availability = self._room.clock(), Availability(self._clinic)
        days = (now.astimezone(self._clinic.zone).date(), (now + AHEAD).astimezone(self._clinic.zone).date())
        taken = await unit.book.taken(now, now + AHEAD + timedelta(days=2), now)
        return _by_day(availability.openings(service, taken, now, days=days), self._clinic)

    async def _chosen(self, unit: Unit, service: Service | None, key: str) -> Opening | None:
        """The opening of that *key*, among those that are offered: nothing else can be booked by a form."""
        days = await self._openings(unit, service) if service else []
        return next((opening for _, openings in days for opening in openings if opening.key == key), None)

    def _book(self, unit: Unit, guest: Guest) -> StaffBook:
        return StaffBook(self._clinic, unit, self._tidings, self._room.clock(), f"staff: {guest.colleague.name}")

    def _service(self, key: str | None) -> Service | None:
        return next((service for service in self._clinic.services if service.id == key), None)

    @property
    def _clinic(self) -> ClinicFacts:
        return self._room.library.current.content.clinic


async def _thread(unit: Unit, named: str) -> Thread | None:
    """The conversation that an appointment is written in from, where it goes on now; None where from none. Raises
    HTTPException 404."""
    if not named:
        return None
    try:
        key = UUID(named)
    except ValueError:
        raise HTTPException(404, "There is no such conversation.") from None
    return await thread_of(unit, await unit.continuations.moved(key) or key)


def _instant(day: date, clinic: ClinicFacts) -> datetime:
    return datetime.combine(day, time.min, clinic.zone)


def _by_day(all_of_them: Any, clinic: ClinicFacts) -> list[tuple[date, list[Any]]]:
    days: dict[date, list[Any]] = defaultdict(list)
    for one in all_of_them:
        days[one.starts.astimezone(clinic.zone).date()].append(one)
    return sorted(days.items())
