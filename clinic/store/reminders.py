"""Reminders that went. The row is written in the transaction that says it, so that each goes once."""
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.booking.reminding import Reminded
from clinic.store.book import ROW as APPOINTMENT
from clinic.store.book import appointment_of, appointments
from clinic.store.tables import AppointmentChangeRow, ReminderRow, table_of

ROW, CHANGE = table_of(ReminderRow), table_of(AppointmentChangeRow)


class Reminders:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def ahead(self, now: datetime, until: datetime) -> list[Reminded]:
        """What is booked to start between two instants, with when its visitor last heard of it and what went."""
        heard = (select(func.max(CHANGE.c.at)).where(CHANGE.c.appointment == APPOINTMENT.c.id)
                 .correlate(APPOINTMENT).scalar_subquery().label("heard"))
        went = (select(func.array_agg(ROW.c.hours)).where(ROW.c.appointment == APPOINTMENT.c.id,
                                                          ROW.c.starts == APPOINTMENT.c.starts)
                .correlate(APPOINTMENT).scalar_subquery().label("went"))
        rows = await self._connection.execute(
            appointments().add_columns(heard, went).where(
                APPOINTMENT.c.state == "booked", APPOINTMENT.c.starts > now, APPOINTMENT.c.starts <= until)
            .order_by(APPOINTMENT.c.starts))
        return [Reminded(appointment_of(row), row.heard or row.created_at, frozenset(row.went or ())) for row in rows]

    async def went(self, appointment: int, hours: int, starts: datetime, now: datetime) -> bool:
        """Note it; False if it had gone already, and then it must not go again."""
        done = await self._connection.execute(
            upsert(ROW).values(appointment=appointment, hours=hours, starts=starts, at=now).on_conflict_do_nothing())
        return bool(done.rowcount)
