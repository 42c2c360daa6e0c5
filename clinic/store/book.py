"""The appointment book. That nobody has a time twice is kept by the database (`appointment_never_twice`); here each
write that may clash sits in a savepoint, so that the turn around it goes on with an honest answer. Who writes does so
alone until their transaction ends: two at the same moment would wait for each other in the constraint."""
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, delete, func, insert, not_, or_, select, text, true, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.booking.appointment import STANDS, TAKES_TIME, Appointment, Details, State
from clinic.booking.opening import AppointmentUnknown, Opening, OpeningTaken, Taken
from clinic.booking.reference import new_reference
from clinic.store.calendar_tables import BusyRow
from clinic.store.tables import AppointmentChangeRow, AppointmentRow, ConversationRow, ResourceRow, table_of

ROW, CHANGE = table_of(AppointmentRow), table_of(AppointmentChangeRow)
RESOURCE, TALK, BUSY = table_of(ResourceRow), table_of(ConversationRow), table_of(BusyRow)
CLASH = "appointment_never_twice"
_ALONE = text("select pg_advisory_xact_lock(7005, 0)")
REHEARSAL = "cli/"
"""Before a therapist's name: what the command line books for itself takes nobody's time."""


class Book:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def taken(self, earliest: datetime, latest: datetime, now: datetime, but_of: UUID | None = None,
                    moving: str | None = None) -> list[Taken]:
        """What nobody else can have between two instants, by the book and by the therapists' calendars elsewhere;
        without what conversation *but_of* holds, and the time that the appointment *moving* gives up."""
        rehearses = but_of is not None and await self._rehearses(but_of)
        seen = true() if rehearses else not_(RESOURCE.c.key.startswith(REHEARSAL))
        here = (select(RESOURCE.c.key, func.lower(ROW.c.takes), func.upper(ROW.c.takes))
                .join(RESOURCE, RESOURCE.c.id == ROW.c.resource)
                .where(ROW.c.state.in_(TAKES_TIME), ROW.c.takes.op("&&")(Range(earliest, latest)),
                       not_(_run_out(now)), _not_held_by(but_of), seen,
                       ROW.c.reference.is_distinct_from(moving or "-")))
        elsewhere = (select(BUSY.c.therapist, BUSY.c.starts, BUSY.c.ends)
                     .where(BUSY.c.ends > earliest, BUSY.c.starts < latest))
        found = await self._connection.execute(here.union_all(elsewhere))
        return [Taken(key.removeprefix(REHEARSAL), starts, ends) for key, starts, ends in found]

    async def elsewhere(self, therapist: str, starts: datetime, ends: datetime) -> bool:
        """Whether the therapist's calendar elsewhere has something between two instants."""
        return await self._connection.scalar(
            select(BUSY.c.id).where(BUSY.c.therapist == therapist, BUSY.c.ends > starts, BUSY.c.starts < ends)
            .limit(1)) is not None

    async def hold(self, conversation: UUID, opening: Opening, needs: timedelta, until: datetime,
                   now: datetime) -> Appointment:
        """Keep *opening* for *conversation* until an instant, instead of what it held before. *needs*: how long the
        therapist can't be had. Raises OpeningTaken, and then what was held before still is."""
        async with self._savepoint_alone():
            await self._release(conversation)
            resource = await self._make_room(await self._key(opening, conversation), _takes(opening, needs), now)
            return await self._get(await self._hold(conversation, resource, opening, _takes(opening, needs),
                                                    opening.ends, until, now))

    async def hold_beside(self, conversation: UUID, opening: Opening, needs: timedelta, until: datetime,
                          now: datetime) -> Appointment:
        """Keep *opening* as well as what *conversation* holds. Raises OpeningTaken, and then that still is held."""
        async with self._savepoint_alone():
            resource = await self._make_room(await self._key(opening, conversation), _takes(opening, needs), now)
            return await self._get(await self._hold(conversation, resource, opening, _takes(opening, needs),
                                                    opening.ends, until, now))

    async def hold_to_move(self, conversation: UUID, reference: str, opening: Opening, needs: timedelta,
                           until: datetime, now: datetime) -> None:
        """The same for the appointment *reference* that is to be moved to *opening*. Its own time is kept by itself
        until then: only what lies outside of it is held, before it, after it, both, or nothing."""
        async with self._savepoint_alone():
            await self._release(conversation)
            takes = _takes(opening, needs)
            resource = await self._make_room(await self._key(opening, conversation), takes, now)
            own = await self._connection.scalar(select(ROW.c.takes).where(
                ROW.c.reference == reference, ROW.c.resource == resource, ROW.c.state.in_(STANDS)))
            for piece in _without(takes, own):
                await self._hold(conversation, resource, opening, piece, piece.upper, until, now)

    async def held(self, conversation: UUID) -> Appointment | None:
        """What *conversation* holds, even if its time has run out: as long as nobody took it, it is theirs. Of two
        that are held beside each other the one that was held first."""
        return await self._one(appointments().where(ROW.c.conversation == conversation, ROW.c.state == "held")
                               .order_by(ROW.c.id))

    async def extend(self, conversation: UUID, until: datetime) -> None:
        """Keep what *conversation* holds until an instant, or as long as it was promised where that is longer."""
        await self.alone()
        await self._connection.execute(update(ROW).where(ROW.c.conversation == conversation, ROW.c.state == "held")
                                       .values(held_until=func.greatest(ROW.c.held_until, until)))

    async def let_go(self, conversation: UUID) -> None:
        """Give back what *conversation* holds."""
        await self.alone()
        await self._release(conversation)

    async def confirm(self, hold: int, state: State, details: Details, now: datetime) -> Appointment:
        """Make a hold an appointment; the same again if it already is one. Raises OpeningTaken if it is gone."""
        await self.alone()
        appointment = await self._one(appointments().where(ROW.c.id == hold).with_for_update(of=ROW))
        if appointment is None or not (appointment.stands or appointment.state == "held"):
            raise OpeningTaken("the hold has run out, and somebody else has the time")
        if appointment.stands:
            return appointment
        await self._connection.execute(update(ROW).where(ROW.c.id == hold).values(
            state=state, reference=await self.new_reference(), held_until=None, name=details.name,
            contact=details.contact, screening=details.screening, wish=details.wish))
        return await self._note(hold, "visitor", now)

    async def find(self, reference: str, contact: str, asker: UUID) -> Appointment:
        """The appointment with *reference*, for whoever knows the contact it was made with. Raises AppointmentUnknown,
        alike for a reference that is not there, a contact that is another, and where the conversation *asker* is one
        of the command line's and the appointment a visitor's, or the other way round."""
        rehearsed = RESOURCE.c.key.startswith(REHEARSAL)
        found = await self._one(appointments().where(
            ROW.c.reference == reference.upper(), rehearsed if await self._rehearses(asker) else not_(rehearsed)))
        if found is None or (found.contact or "").casefold() != contact.casefold():
            raise AppointmentUnknown(reference)
        return found

    async def adopt(self, reference: str, conversation: UUID) -> None:
        """The visitor of *conversation* has shown that the appointment is theirs: from now on it belongs there."""
        await self._connection.execute(update(ROW).where(ROW.c.reference == reference)
                                       .values(conversation=conversation))

    async def of(self, conversation: UUID, now: datetime) -> list[Appointment]:
        """What was made in *conversation*, still stands and is to come; the soonest first."""
        return await self._all(appointments().where(ROW.c.conversation == conversation, ROW.c.state.in_(STANDS),
                                                     ROW.c.starts > now).order_by(ROW.c.starts))

    async def move(self, reference: str, opening: Opening, needs: timedelta, by: str, now: datetime) -> Appointment:
        """Give the appointment another time; what its conversation holds of that time makes room. Raises OpeningTaken,
        AppointmentUnknown."""
        await self.alone()
        before = await self._locked(reference)
        async with self._savepoint():
            if before.conversation:
                await self.let_go(before.conversation)
            resource = await self._make_room(await self._key(opening, before.conversation), _takes(opening, needs), now)
            await self._connection.execute(update(ROW).where(ROW.c.id == before.id).values(
                resource=resource, starts=opening.starts, ends=opening.ends, service=opening.service,
                place=opening.place or None, takes=_takes(opening, needs), version=ROW.c.version + 1))
            return await self._note(before.id, by, now)

    async def settle(self, reference: str, state: State, by: str, now: datetime) -> Appointment:
        """Cancel it, confirm or decline a request, note who came. The same again changes nothing. Raises
        AppointmentUnknown, and OpeningTaken where a time that was given back is somebody else's by now."""
        await self.alone()
        before = await self._locked(reference, standing=False)
        if before.state == state:
            return before
        async with self._savepoint():
            await self._connection.execute(update(ROW).where(ROW.c.id == before.id).values(
                state=state, version=ROW.c.version + 1))
            return await self._note(before.id, by, now)

    async def add(self, opening: Opening, needs: timedelta, details: Details, state: State, now: datetime,
                  reference: str = "", conversation: UUID | None = None) -> Appointment:
        """What staff write into the book themselves; `blocked` for time that is no appointment. *reference*: one that
        it had before; else it gets a new one. *conversation*: where it was agreed on. Raises OpeningTaken."""
        await self.alone()
        async with self._savepoint():
            resource = await self._make_room(opening.therapist, _takes(opening, needs), now)
            added = await self._connection.execute(insert(ROW).values(
                state=state, service=opening.service or None, resource=resource, starts=opening.starts,
                ends=opening.ends, place=opening.place or None, takes=_takes(opening, needs),
                reference=reference or await self.new_reference(), name=details.name, contact=details.contact,
                wish=details.wish, conversation=conversation, created_at=now).returning(ROW.c.id))
            return await self._note(added.scalar_one(), "staff", now)

    async def between(self, earliest: datetime, latest: datetime, with_cli: bool = False) -> list[Appointment]:
        """All that takes time between two instants, for staff; the soonest first."""
        query = appointments().outerjoin(TALK, TALK.c.id == ROW.c.conversation).where(
            ROW.c.state.in_(TAKES_TIME), ROW.c.starts < latest, ROW.c.ends > earliest).order_by(ROW.c.starts, ROW.c.id)
        if not with_cli:
            query = query.where(func.coalesce(TALK.c.channel, "") != "cli")
        return await self._all(query)

    async def tidy(self, now: datetime) -> int:
        """Give back the holds that have run out; how many. Only for order: whoever asks next does it as well."""
        await self.alone()
        done = await self._connection.execute(delete(ROW).where(_run_out(now)))
        return done.rowcount

    async def alone(self) -> None:
        """Wait until nobody else writes. Outside of any savepoint, and before any row is locked."""
        await self._connection.execute(_ALONE)

    @asynccontextmanager
    async def _savepoint(self) -> AsyncIterator[None]:
        """A clash in here is an OpeningTaken, with everything in here undone."""
        try:
            async with self._connection.begin_nested():
                yield
        except IntegrityError as error:
            if CLASH in str(error.orig):
                raise OpeningTaken("somebody else has this time") from None
            raise

    @asynccontextmanager
    async def _savepoint_alone(self) -> AsyncIterator[None]:
        await self.alone()
        async with self._savepoint():
            yield

    async def _release(self, conversation: UUID) -> None:
        await self._connection.execute(delete(ROW).where(ROW.c.conversation == conversation, ROW.c.state == "held"))

    async def _hold(self, conversation: UUID, resource: int, opening: Opening, takes: "Range[datetime]",
                    ends: datetime | None, until: datetime, now: datetime) -> int:
        held = await self._connection.execute(insert(ROW).values(
            state="held", service=opening.service, resource=resource, starts=takes.lower, ends=ends, takes=takes,
            place=opening.place or None, conversation=conversation, held_until=until,
            created_at=now).returning(ROW.c.id))
        return held.scalar_one()

    async def _key(self, opening: Opening, conversation: UUID | None) -> str:
        return REHEARSAL * (conversation is not None and await self._rehearses(conversation)) + opening.therapist

    async def _rehearses(self, conversation: UUID) -> bool:
        """Whether it is one of the command line's own."""
        return await self._connection.scalar(select(TALK.c.channel).where(TALK.c.id == conversation)) == "cli"

    async def _make_room(self, therapist: str, takes: "Range[datetime]", now: datetime) -> int:
        """Free what is held there past its time; the therapist's number."""
        resource = await self._resource(therapist)
        await self._connection.execute(delete(ROW).where(_run_out(now), ROW.c.resource == resource,
                                                         ROW.c.takes.op("&&")(takes)))
        return resource

    async def _resource(self, key: str) -> int:
        found = (await self._connection.execute(select(RESOURCE.c.id).where(RESOURCE.c.key == key))).scalar()
        if found is None:
            await self._connection.execute(upsert(RESOURCE).values(key=key).on_conflict_do_nothing())
            found = (await self._connection.execute(select(RESOURCE.c.id).where(RESOURCE.c.key == key))).scalar_one()
        return int(found)

    async def new_reference(self) -> str:
        """Six characters that nobody has."""
        while True:
            reference = new_reference()
            used = await self._connection.execute(
                text("select 1 from appointment where reference = :reference"
                     " union all select 1 from request where reference = :reference"), {"reference": reference})
            if used.first() is None:
                return reference

    async def _locked(self, reference: str, standing: bool = True) -> Appointment:
        found = await self._one(appointments().where(ROW.c.reference == reference.upper()).with_for_update(of=ROW))
        if found is None or (standing and not found.stands):
            raise AppointmentUnknown(reference)
        return found

    async def _note(self, key: int, by: str, now: datetime) -> Appointment:
        appointment = await self._get(key)
        await self._connection.execute(insert(CHANGE).values(
            appointment=key, state=appointment.state, starts=appointment.starts, by=by, at=now))
        return appointment

    async def _get(self, key: int) -> Appointment:
        found = await self._one(appointments().where(ROW.c.id == key))
        assert found
        return found

    async def _one(self, query: Select[Any]) -> Appointment | None:
        row = (await self._connection.execute(query)).first()
        return appointment_of(row) if row else None

    async def _all(self, query: Select[Any]) -> list[Appointment]:
        return [appointment_of(row) for row in await self._connection.execute(query)]


def appointments() -> Select[Any]:
    """Rows that `appointment_of` reads; for the other repositories of the book."""
    return select(ROW, RESOURCE.c.key).join(RESOURCE, RESOURCE.c.id == ROW.c.resource)


def appointment_of(row: Row[Any]) -> Appointment:
    return Appointment(row.id, row.reference or "", row.state, row.service, row.key.removeprefix(REHEARSAL),
                       row.starts, row.ends, row.name, row.contact, row.conversation, row.held_until, row.wish,
                       row.screening, row.version, row.place or "")


def _takes(opening: Opening, needs: timedelta) -> "Range[datetime]":
    return Range(opening.starts, max(opening.ends, opening.starts + needs))


def _without(takes: "Range[datetime]", own: "Range[datetime] | None") -> list["Range[datetime]"]:
    """What lies in *takes* and not in *own*: no piece, one or two."""
    if own is None or not takes.overlaps(own):
        return [takes]
    pieces = (Range(takes.lower, own.lower), Range(own.upper, takes.upper))
    return [piece for piece in pieces if piece.lower and piece.upper and piece.lower < piece.upper]


def _run_out(now: datetime) -> Any:
    return and_(ROW.c.state == "held", ROW.c.held_until <= now)


def _not_held_by(conversation: UUID | None) -> Any:
    """All that is more than a hold of *conversation*'s own; everything where that is None."""
    return or_(ROW.c.state != "held", ROW.c.conversation.is_distinct_from(conversation))
