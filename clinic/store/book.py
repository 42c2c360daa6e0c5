"""The appointment book: what stands in it, what is held in it, and every change to either."""
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, insert, not_, or_, select, true, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.booking.appointment import STANDS, TAKES_TIME, Appointment, Details, State
from clinic.booking.opening import AppointmentUnknown, Opening, OpeningTaken, Taken
from clinic.store import taking
from clinic.store.appointments import REAL, REHEARSAL, RESOURCE, ROW, appointment_of, appointments
from clinic.store.booking_tables import AppointmentChangeRow
from clinic.store.calendar_tables import BusyRow
from clinic.store.references import free_reference
from clinic.store.tables import table_of

CHANGE, BUSY = table_of(AppointmentChangeRow), table_of(BusyRow)


class Book:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def taken(self, earliest: datetime, latest: datetime, now: datetime, but_of: UUID | None = None,
                    moving: str | None = None) -> list[Taken]:
        """What nobody else can have between two instants, by the book and by the therapists' calendars elsewhere;
        without what conversation *but_of* holds, and the time that the appointment *moving* gives up."""
        rehearsal = but_of is not None and await taking.rehearses(self._connection, but_of)
        here = (select(RESOURCE.c.key, func.lower(ROW.c.takes), func.upper(ROW.c.takes))
                .join(RESOURCE, RESOURCE.c.id == ROW.c.resource)
                .where(ROW.c.state.in_(TAKES_TIME), ROW.c.takes.op("&&")(Range(earliest, latest)),
                       not_(taking.run_out(now)), _not_held_by(but_of), true() if rehearsal else REAL,
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
        async with self._alone_in_savepoint():
            await self._release(conversation)
            return await self._keep(conversation, opening, needs, until, now)

    async def hold_beside(self, conversation: UUID, opening: Opening, needs: timedelta, until: datetime,
                          now: datetime) -> Appointment:
        """Keep *opening* as well as what *conversation* holds. Raises OpeningTaken, and then that still is held."""
        async with self._alone_in_savepoint():
            return await self._keep(conversation, opening, needs, until, now)

    async def hold_to_move(self, conversation: UUID, reference: str, opening: Opening, needs: timedelta,
                           until: datetime, now: datetime) -> None:
        """The same for the appointment *reference* that is to be moved to *opening*. Its own time is kept by itself
        until then: only what lies outside of it is held, before it, after it, both, or nothing."""
        async with self._alone_in_savepoint():
            await self._release(conversation)
            takes = taking.taken_by(opening, needs)
            resource = await taking.make_room(self._connection, opening, takes, conversation, now)
            own = await self._connection.scalar(select(ROW.c.takes).where(
                ROW.c.reference == reference, ROW.c.resource == resource, ROW.c.state.in_(STANDS)))
            for piece in taking.without(takes, own):
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
            state=state, reference=await free_reference(self._connection), held_until=None, name=details.name,
            contact=details.contact, screening=details.screening, wish=details.wish))
        return await self._note(hold, "visitor", now)

    async def find(self, reference: str, contact: str, asker: UUID) -> Appointment:
        """The appointment with *reference*, for whoever knows the contact it was made with. Raises AppointmentUnknown,
        alike for a reference that is not there, a contact that is another, and where the conversation *asker* is one
        of the command line's and the appointment a visitor's, or the other way round."""
        rehearsal = await taking.rehearses(self._connection, asker)
        found = await self._one(appointments().where(
            ROW.c.reference == reference.upper(), not_(REAL) if rehearsal else REAL))
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
        async with taking.savepoint(self._connection):
            if before.conversation:
                await self._release(before.conversation)
            takes = taking.taken_by(opening, needs)
            resource = await taking.make_room(self._connection, opening, takes, before.conversation, now)
            await self._connection.execute(update(ROW).where(ROW.c.id == before.id).values(
                resource=resource, starts=opening.starts, ends=opening.ends, service=opening.service,
                place=opening.place or None, takes=takes, version=ROW.c.version + 1))
            return await self._note(before.id, by, now)

    async def settle(self, reference: str, state: State, by: str, now: datetime) -> Appointment:
        """Cancel it, confirm or decline a request, note who came. The same again changes nothing. Raises
        AppointmentUnknown, and OpeningTaken where a time that was given back is somebody else's by now."""
        await self.alone()
        before = await self._locked(reference, standing=False)
        if before.state == state:
            return before
        async with taking.savepoint(self._connection):
            await self._connection.execute(update(ROW).where(ROW.c.id == before.id).values(
                state=state, version=ROW.c.version + 1))
            return await self._note(before.id, by, now)

    async def add(self, opening: Opening, needs: timedelta, details: Details, state: State, now: datetime,
                  reference: str = "", conversation: UUID | None = None) -> Appointment:
        """What staff write into the book themselves; `blocked` for time that is no appointment. *reference*: one that
        it had before; else it gets a new one. *conversation*: where it was agreed on. Raises OpeningTaken."""
        await self.alone()
        async with taking.savepoint(self._connection):
            takes = taking.taken_by(opening, needs)
            resource = await taking.make_room(self._connection, opening, takes, None, now)
            added = await self._connection.execute(insert(ROW).values(
                state=state, service=opening.service or None, resource=resource, starts=opening.starts,
                ends=opening.ends, place=opening.place or None, takes=takes, name=details.name,
                reference=reference or await free_reference(self._connection), contact=details.contact,
                wish=details.wish, conversation=conversation, created_at=now).returning(ROW.c.id))
            return await self._note(added.scalar_one(), "staff", now)

    async def between(self, earliest: datetime, latest: datetime, with_cli: bool = False) -> list[Appointment]:
        """All that takes time between two instants, for staff; the soonest first."""
        return await self._all(appointments().where(
            ROW.c.state.in_(TAKES_TIME), ROW.c.starts < latest, ROW.c.ends > earliest,
            true() if with_cli else REAL).order_by(ROW.c.starts, ROW.c.id))

    async def tidy(self, now: datetime) -> int:
        """Give back the holds that have run out; how many. Only for order: whoever asks next does it as well."""
        await self.alone()
        done = await self._connection.execute(delete(ROW).where(taking.run_out(now)))
        return done.rowcount

    async def alone(self) -> None:
        """Wait until nobody else writes. Outside of any savepoint, and before any row is locked."""
        await taking.alone(self._connection)

    @asynccontextmanager
    async def _alone_in_savepoint(self) -> AsyncIterator[None]:
        await self.alone()
        async with taking.savepoint(self._connection):
            yield

    async def _release(self, conversation: UUID) -> None:
        await self._connection.execute(delete(ROW).where(ROW.c.conversation == conversation, ROW.c.state == "held"))

    async def _keep(self, conversation: UUID, opening: Opening, needs: timedelta, until: datetime,
                    now: datetime) -> Appointment:
        takes = taking.taken_by(opening, needs)
        resource = await taking.make_room(self._connection, opening, takes, conversation, now)
        return await self._get(await self._hold(conversation, resource, opening, takes, opening.ends, until, now))

    async def _hold(self, conversation: UUID, resource: int, opening: Opening, takes: "Range[datetime]",
                    ends: datetime | None, until: datetime, now: datetime) -> int:
        held = await self._connection.execute(insert(ROW).values(
            state="held", service=opening.service, resource=resource, starts=takes.lower, ends=ends, takes=takes,
            place=opening.place or None, conversation=conversation, held_until=until,
            created_at=now).returning(ROW.c.id))
        return held.scalar_one()

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


def _not_held_by(conversation: UUID | None) -> Any:
    """All that is more than a hold of *conversation*'s own; everything where that is None."""
    return or_(ROW.c.state != "held", ROW.c.conversation.is_distinct_from(conversation))
