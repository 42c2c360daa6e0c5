"""What we wrote into therapists' calendars elsewhere."""
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.booking.appointment import Appointment
from clinic.booking.syncing import Written
from clinic.store.appointments import RESOURCE, appointment_of, appointments
from clinic.store.appointments import ROW as APPOINTMENT
from clinic.store.calendar_tables import CalendarCopyRow
from clinic.store.tables import table_of

ROW = table_of(CalendarCopyRow)
SHOWN = ("requested", "booked", "blocked")
"""States in which an appointment stands in its therapist's calendar."""


class CalendarCopies:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def wanted(self, therapist: str, earliest: datetime, latest: datetime) -> list[Appointment]:
        """What is to stand in the calendar of *therapist* between two instants."""
        rows = await self._connection.execute(appointments().where(
            RESOURCE.c.key == therapist, APPOINTMENT.c.state.in_(SHOWN), APPOINTMENT.c.starts > earliest,
            APPOINTMENT.c.starts < latest).order_by(APPOINTMENT.c.starts))
        return [appointment_of(row) for row in rows]

    async def written(self, therapist: str) -> dict[int, Written]:
        """By the appointment's number."""
        rows = await self._connection.execute(select(ROW).where(ROW.c.therapist == therapist))
        return {row.appointment: Written(row.etag, row.version, row.gone) for row in rows}

    async def over(self, therapist: str, references: Sequence[str]) -> list[str]:
        """Those of *references* that are in the book, and not to stand in the calendar of *therapist*."""
        rows = await self._connection.scalars(
            select(APPOINTMENT.c.reference).join(RESOURCE, RESOURCE.c.id == APPOINTMENT.c.resource)
            .where(APPOINTMENT.c.reference.in_(list(references)),
                   (RESOURCE.c.key != therapist) | APPOINTMENT.c.state.in_(("cancelled", "declined"))))
        return list(rows)

    async def note(self, therapist: str, appointment: Appointment, etag: str, version: int, gone: bool = False) -> None:
        """What is there now, as far as we know."""
        values = {"etag": etag, "version": version, "gone": gone}
        await self._connection.execute(
            upsert(ROW).values(appointment=appointment.id, therapist=therapist, **values)
            .on_conflict_do_update(index_elements=[ROW.c.appointment, ROW.c.therapist], set_=values))

    async def forget(self, therapist: str, reference: str) -> None:
        """It is in that calendar no more."""
        mine = select(APPOINTMENT.c.id).where(APPOINTMENT.c.reference == reference)
        await self._connection.execute(delete(ROW).where(ROW.c.therapist == therapist, ROW.c.appointment.in_(mine)))
