"""`frontdesk book ...`: the appointment book as staff read and change it."""
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from rich.console import Console

from bootstrap import House, open_house
from clinic.booking import links, spoken
from clinic.booking.appointment import Appointment, Details
from clinic.booking.availability import Availability
from clinic.booking.elsewhere import lacking
from clinic.booking.opening import Taken
from clinic.booking.staff import StaffBook, usable
from clinic.clock import Clock, utc_now
from clinic.knowledge.practice import ClinicFacts, Person
from clinic.settings import Settings
from clinic.store.unit import Unit
from desk.listing import console_for, table
from desk.moments import day, moment, span

DAY = timedelta(days=1)
STATES = {"held": "held while somebody decides", "requested": "to confirm", "attended": "came",
          "missed": "did not come"}


@dataclass(frozen=True, slots=True)
class Desk:
    """The open book: one transaction, and what is needed to read and change it."""

    house: House
    clinic: ClinicFacts
    unit: Unit
    book: StaffBook
    now: datetime

    def when(self, appointment: Appointment) -> str:
        """And where, at a clinic with several places."""
        return spoken.there(spoken.in_full(appointment.starts, self.clinic.zone),
                            self.clinic.name_of(appointment.place) if appointment.service else "")


@asynccontextmanager
async def at_desk(settings: Settings, clock: Clock = utc_now) -> AsyncIterator[Desk]:
    """The book, beside a running server or without one; all of what is done in it, or nothing."""
    async with open_house(settings, clock=clock) as house, house.store.begin() as unit:
        clinic, now = house.library.current.content.clinic, clock()
        yield Desk(house, clinic, unit, StaffBook(clinic, unit, house.tidings, now), now)


async def show(settings: Settings, date: str | None, days: int, everything: bool = False,
               clock: Clock = utc_now) -> None:
    """Print a day, or the week around it, therapist by therapist. Raises WhenUnclear."""
    async with at_desk(settings, clock) as desk:
        first = day(date, desk.now, desk.clinic.zone)
        first -= DAY * (first.weekday() if days > 1 else 0)
        last = first + DAY * days  # a wall clock's days: one on which the clocks change is as good as any
        there = await desk.unit.book.between(first, last, with_cli=everything)
        elsewhere = await desk.unit.feeds.between(first, last)
        looks = await desk.unit.feeds.looks()
    console = console_for()
    for person in _people(desk.clinic, there):
        mine = [one for one in there if one.therapist == person.id]
        _print(console, desk.clinic, person, (first, last),
               [*mine, *(one for one in elsewhere if one.therapist == person.id)])
    for line in lacking([person.id for person in desk.clinic.people if person.elsewhere], looks, desk.now):
        console.print(f"Beware: {line}.")


def _people(clinic: ClinicFacts, there: Iterable[Appointment]) -> list[Person]:
    """Those of clinic.yml, and whoever is still in the book."""
    known = {person.id for person in clinic.people}
    gone = sorted({one.therapist for one in there} - known)
    return [*clinic.people, *(Person(key, "not in clinic.yml any more", "", "", "") for key in gone)]


def _print(console: Console, clinic: ClinicFacts, person: Person, span: tuple[datetime, datetime],
           rows: list[Appointment | Taken]) -> None:
    first, last = span
    title = f"{person.id}, {person.role}: {first:%A} {first.day} {first:%B %Y}"
    if last - first > DAY:
        until = last - DAY
        title += f" to {until:%A} {until.day} {until:%B}"
    several = len(clinic.places) > 1
    listed = table(title, "When", *(["Where"] if several else []), "State", "Reference", "Service", "Name", "Contact",
                   "Said")
    for one in sorted(rows, key=lambda row: row.starts):
        when = f"{spoken.in_short(one.starts, clinic.zone)}–{one.ends.astimezone(clinic.zone):%H:%M}"
        if isinstance(one, Taken):
            listed.add_row(when, *([""] if several else []), "taken in their own calendar", "", "", "", "", "")
        else:
            where = clinic.name_of(one.place) if one.service else ""
            listed.add_row(when, *([where] if several else []), STATES.get(one.state, one.state), one.reference,
                           one.service or "", one.name or "", one.contact or "", one.wish or "")
    console.print(listed)
    if not rows:
        console.print("  nothing")


async def add(settings: Settings, service: str, therapist: str, start: str, details: Details,
              clock: Clock = utc_now, *, place: str = "") -> None:
    """Write an appointment into the book. Raises WhenUnclear, NotPossible, OpeningTaken."""
    async with at_desk(settings, clock) as desk:
        starts = moment(start, desk.now, desk.clinic.zone)
        whom = desk.book.therapist(therapist)
        details = Details(details.name.strip(), usable(details.contact))
        added = await desk.book.add(desk.book.service(service), whom, starts, details, place)
        beware = await _odd(desk, added)
    print(f"{added.reference}: {added.name}, {desk.when(added)}, with {added.therapist}.{_told(settings, added)}")
    _say(beware)


async def settle(settings: Settings, reference: str, deed: str, clock: Clock = utc_now) -> None:
    """Confirm, decline, cancel, came, missed, unblock. Raises AppointmentUnknown, NotPossible, OpeningTaken."""
    async with at_desk(settings, clock) as desk:
        if deed in ("attended", "missed"):
            done = await desk.book.note(reference, "attended" if deed == "attended" else "missed")
        else:
            done = await getattr(desk.book, deed)(reference)
        beware = await _odd(desk, done) if deed == "confirm" else []
    told = "" if deed in ("attended", "missed", "unblock") else _told(settings, done)
    print(f"{done.reference}: {STATES.get(done.state, done.state)}, {desk.when(done)}, with {done.therapist}.{told}")
    _say(beware)


async def move(settings: Settings, reference: str, when: str, therapist: str | None, clock: Clock = utc_now, *,
               place: str = "") -> None:
    """To another time. Raises WhenUnclear, AppointmentUnknown, NotPossible, OpeningTaken."""
    async with at_desk(settings, clock) as desk:
        moved = await desk.book.move(reference, moment(when, desk.now, desk.clinic.zone), therapist, place)
        beware = await _odd(desk, moved)
    print(f"{moved.reference}: now {desk.when(moved)}, with {moved.therapist}.{_told(settings, moved)}")
    _say(beware)


async def block(settings: Settings, therapist: str, begin: str, end: str, why: str, clock: Clock = utc_now) -> None:
    """Time that nobody can book; a day as the end is that whole day. Raises WhenUnclear, OpeningTaken."""
    async with at_desk(settings, clock) as desk:
        starts, ends = (span(begin, desk.now, desk.clinic.zone)[0], span(end, desk.now, desk.clinic.zone)[1])
        blocked = await desk.book.block(desk.book.therapist(therapist), starts, ends, why)
    until = spoken.in_full(blocked.ends, desk.clinic.zone)
    print(f"{blocked.reference}: {blocked.therapist} is blocked from {desk.when(blocked)} to {until}. "
          f"`frontdesk book unblock {blocked.reference}` frees it.")


async def history(settings: Settings, reference: str) -> None:
    """What happened to an appointment, when, and by whom. Raises AppointmentUnknown."""
    async with at_desk(settings) as desk:
        appointment = await desk.unit.ledger.get(reference)
        changes = await desk.unit.ledger.history(appointment.reference)
    listed = table(f"{appointment.reference}, {appointment.service or 'blocked time'}, with {appointment.therapist}",
                   "Changed", "By", "To", "For")
    for at, by, state, starts in changes:
        listed.add_row(spoken.in_short(at, desk.clinic.zone), by, STATES.get(state, state),
                       spoken.in_full(starts, desk.clinic.zone))
    console_for().print(listed)


async def addresses(settings: Settings, renew: bool) -> None:
    """Print where the book can be subscribed to. With *renew*, the old addresses end."""
    async with at_desk(settings) as desk:
        secret = await (desk.unit.secrets.renew if renew else desk.unit.secrets.of)(links.OF_THE_BOOK)
    print(f"everybody: {links.of_book(settings.public_url, secret)}")
    for person in desk.clinic.people:
        print(f"{person.id}: {links.of_book(settings.public_url, secret, person.id)}")
    print("Whoever has an address reads the book: share it as you would a key. --renew ends all of these.")


async def _odd(desk: Desk, appointment: Appointment) -> list[str]:
    """What staff may have overlooked; the book lets them."""
    return [line for holds, line in (
        (not Availability(desk.clinic).works(appointment.therapist, appointment.starts, appointment.ends),
         f"{appointment.therapist} does not work then, by clinic.yml"),
        (await desk.unit.book.elsewhere(appointment.therapist, appointment.starts, appointment.ends),
         f"{appointment.therapist} has something in their own calendar then"),
        (appointment.starts < desk.now, "that is in the past")) if holds]


def _say(beware: list[str]) -> None:
    for line in beware:
        print(f"Beware: {line}.")


def _told(settings: Settings, done: Appointment) -> str:
    by_mail = settings.smtp_url is not None and "@" in (done.contact or "")
    told = [way for way, is_one in (("in the chat", done.conversation is not None), ("by mail", by_mail)) if is_one]
    return f" The visitor is told {' and '.join(told)}." if told else " Nobody is told: please call them."
