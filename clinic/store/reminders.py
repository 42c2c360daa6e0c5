"""Reminders that went. The row is written in the transaction that says it, so that each goes once."""
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.booking.appointment import Appointment
from clinic.booking.reminding import Reminded
from clinic.store.appointments import REAL, appointment_of, appointments
from clinic.store.appointments import ROW as APPOINTMENT
from clinic.store.booking_tables import AppointmentChangeRow
from clinic.store.calendar_tables import ReminderRow
from clinic.store.tables import table_of

ROW, CHANGE = table_of(ReminderRow), table_of(AppointmentChangeRow)


class Reminders:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def ahead(self, now: datetime, until: datetime) -> list[Reminded]:
        """What is booked to start between two instants, with when its visitor last heard of it and what went."""
        rows = await self._connection.execute(
            _reminded().where(
                REAL, APPOINTMENT.c.state == "booked", APPOINTMENT.c.starts > now, APPOINTMENT.c.starts <= until)
            .order_by(APPOINTMENT.c.starts))
        return [_as_reminded(row) for row in rows]

    async def take(self, reference: str) -> Reminded | None:
        """One of them, ours alone until commit; None where somebody else has it now, or it is not booked any more."""
        query = _reminded().where(APPOINTMENT.c.reference == reference, APPOINTMENT.c.state == "booked")
        mine = await self._connection.scalar(
            select(APPOINTMENT.c.id).where(APPOINTMENT.c.reference == reference).with_for_update(skip_locked=True))
        row = (await self._connection.execute(query)).first() if mine else None
        return _as_reminded(row) if row else None

    async def went(self, appointment: Appointment, hours: Sequence[int], now: datetime) -> None:
        """Note it. Once more is an error of ours, and rolls back what was about to be said."""
        await self._connection.execute(insert(ROW), [
            {"appointment": appointment.id, "hours": each, "starts": appointment.starts, "at": now} for each in hours])


def _reminded() -> Select[Any]:
    heard = (select(func.max(CHANGE.c.at)).where(CHANGE.c.appointment == APPOINTMENT.c.id)
             .correlate(APPOINTMENT).scalar_subquery().label("heard"))
    went = (select(func.array_agg(ROW.c.hours)).where(ROW.c.appointment == APPOINTMENT.c.id,
                                                      ROW.c.starts == APPOINTMENT.c.starts)
            .correlate(APPOINTMENT).scalar_subquery().label("went"))
    return appointments().add_columns(heard, went)


def _as_reminded(row: Any) -> Reminded:
    return Reminded(appointment_of(row), row.heard or row.created_at, frozenset(row.went or ()))
