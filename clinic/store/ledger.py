"""The book as staff read it: any appointment, whatever became of it."""
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.booking.appointment import STANDS, Appointment
from clinic.booking.opening import AppointmentUnknown
from clinic.store.appointments import REAL, ROW, appointment_of, appointments
from clinic.store.booking_tables import AppointmentChangeRow
from clinic.store.tables import table_of

CHANGE = table_of(AppointmentChangeRow)
KEPT = ("requested", "booked", "blocked", "attended", "missed")
"""States of what a copy of the book holds: no holds, and nothing that was called off."""


class Ledger:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, reference: str) -> Appointment:
        """Raises AppointmentUnknown."""
        row = (await self._connection.execute(appointments().where(ROW.c.reference == reference.upper()))).first()
        if row is None:
            raise AppointmentUnknown(f"There is no appointment {reference.upper()}.")
        return appointment_of(row)

    async def requested(self, with_cli: bool = False) -> list[Appointment]:
        """What waits for staff to confirm it; the soonest first."""
        query = appointments().where(ROW.c.state == "requested").order_by(ROW.c.starts)
        if not with_cli:
            query = query.where(REAL)
        return [appointment_of(row) for row in await self._connection.execute(query)]

    async def standing(self, now: datetime) -> list[Appointment]:
        """What stands and is to come; the soonest first."""
        query = appointments().where(REAL, ROW.c.state.in_(STANDS), ROW.c.starts > now).order_by(ROW.c.starts)
        return [appointment_of(row) for row in await self._connection.execute(query)]

    async def kept(self, earliest: datetime | None = None) -> list[Appointment]:
        """All that a copy of the book holds, what begins from *earliest* on; the soonest first."""
        query = appointments().where(REAL, ROW.c.state.in_(KEPT)).order_by(ROW.c.starts, ROW.c.id)
        if earliest is not None:
            query = query.where(ROW.c.starts >= earliest)
        return [appointment_of(row) for row in await self._connection.execute(query)]

    async def was_booked(self, appointment: int) -> bool:
        """Whether it ever stood as booked, so that calendars may have it."""
        return await self._connection.scalar(
            select(CHANGE.c.id).where(CHANGE.c.appointment == appointment, CHANGE.c.state == "booked").limit(1)
        ) is not None

    async def history(self, reference: str) -> list[tuple[datetime, str, str, datetime]]:
        """When, by whom, to which state, at which time; the oldest first."""
        found = await self._connection.execute(
            select(CHANGE.c.at, CHANGE.c.by, CHANGE.c.state, CHANGE.c.starts)
            .join(ROW, ROW.c.id == CHANGE.c.appointment).where(ROW.c.reference == reference.upper())
            .order_by(CHANGE.c.id))
        return [(at, by, state, starts) for at, by, state, starts in found]
