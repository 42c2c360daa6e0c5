"""Taking a copy into the book: all of it or nothing, with every entry named that can't be."""
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import get_args

from clinic.booking.appointment import Appointment, Details, State
from clinic.booking.copies import CopyUnusable, Entry, EntryUnusable, entry_of
from clinic.booking.opening import AppointmentUnknown, NotPossible, Opening, OpeningTaken
from clinic.booking.reference import find_reference
from clinic.booking.staff import StaffBook, usable
from clinic.knowledge.practice import Service
from clinic.records import Records

TAKEN_IN: tuple[State, ...] = ("requested", "booked", "blocked", "attended", "missed")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What an entry that does not say is about."""

    therapist: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    added: int
    known: int
    """Entries that were in the book already, just so."""


class Importer:
    def __init__(self, book: StaffBook, records: Records, now: datetime, defaults: Defaults) -> None:
        self._book, self._records, self._now, self._defaults = book, records, now, defaults

    async def take(self, entries: Iterable[Entry], file: str) -> Imported:
        """Put *entries* into the book; nobody is told. Raises CopyUnusable, and then the transaction has to end: the
        entries before the wrong one are in it."""
        added, known, wrong = 0, 0, []
        for entry in entries:
            try:
                if await self._is_known(entry):
                    known += 1
                else:
                    await self._add(entry)
                    added += 1
            except (EntryUnusable, NotPossible, OpeningTaken) as error:
                wrong.append(f"{file}:{entry.line}: {error}")
        if wrong:
            raise CopyUnusable("\n".join([*wrong, "Nothing was imported. Mend these lines, and import it again."]))
        return Imported(added, known)

    async def _is_known(self, entry: Entry) -> bool:
        if not entry.reference or entry.wrong:
            return False
        try:
            there = await self._records.ledger.get(entry.reference)
        except AppointmentUnknown:
            return False
        if _told(entry_of(there, 0)) != _told(entry):
            raise EntryUnusable(f"{there.reference} is in the book already, and not like this")
        return True

    async def _add(self, entry: Entry) -> Appointment:
        if entry.wrong:
            raise EntryUnusable(entry.wrong)
        if entry.reference and find_reference(entry.reference) != entry.reference.upper():
            raise EntryUnusable(f"{entry.reference!r} is no reference of ours; leave it out to get one")
        therapist = self._book.therapist(entry.therapist or self._defaults.therapist)
        named = entry.service or ("" if entry.state == "blocked" else self._defaults.service)
        service = self._book.service(named) if named else None
        state = _state(entry.state or ("booked" if service else "blocked"))
        opening = _opening(entry, therapist.id, service)
        if service:
            opening = replace(opening, place=self._book.where(opening, entry.place))
        needs = opening.ends - opening.starts + timedelta(minutes=service.buffer_minutes if service else 0)
        name = entry.name or ("" if state == "blocked" else entry.why)
        details = Details(name, usable(entry.contact), wish=entry.why)
        return await self._in(opening, needs, details, state, entry.reference.upper())

    async def _in(self, opening: Opening, needs: timedelta, details: Details, state: State,
                  reference: str) -> Appointment:
        try:
            return await self._records.book.add(opening, needs, details, state, self._now, reference)
        except OpeningTaken:
            there = await self._records.book.between(opening.starts, opening.starts + needs)
            has = ", ".join(f"{one.reference} ({one.state})" for one in there if one.therapist == opening.therapist)
            raise EntryUnusable(f"{opening.therapist} is not free then: {has or 'something is too close'}") from None


def _state(written: str) -> State:
    if written not in TAKEN_IN:
        known = ", ".join(TAKEN_IN)
        raise EntryUnusable(f"{written!r} is no state of an appointment; there are {known}"
                            if written not in get_args(State) else f"{written} is nothing to import; there are {known}")
    return written  # type: ignore[return-value]


def _opening(entry: Entry, therapist: str, service: Service | None) -> Opening:
    if entry.starts is None:
        raise EntryUnusable("it has no start")
    ends = entry.ends or (entry.starts + timedelta(minutes=service.length_minutes) if service else None)
    if ends is None:
        raise EntryUnusable("it has neither an end nor a service, so nobody knows how long it is")
    if ends <= entry.starts:
        raise EntryUnusable("it ends before it begins")
    return Opening(entry.starts, ends, therapist, service.id if service else "")


def _told(entry: Entry) -> tuple[object, ...]:
    return (entry.therapist, entry.service, entry.starts, entry.ends, entry.state, entry.name, entry.contact,
            entry.place)
