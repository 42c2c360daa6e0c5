"""What is over its time goes by itself, as `privacy.yml` says for each kind of record."""
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.booking.appointment import STANDS
from clinic.privacy.keeping import Register
from clinic.store.audit import Audit
from clinic.store.booking_tables import AppointmentRow, RequestRow
from clinic.store.data_requests import DataRequests
from clinic.store.desk_tables import SessionRow
from clinic.store.erasing import Erasing
from clinic.store.tables import ConversationRow, FiringRow, MessageRow, ReleaseRow, table_of

TALK, MESSAGE, REQUEST = table_of(ConversationRow), table_of(MessageRow), table_of(RequestRow)
APPOINTMENT, FIRING, RELEASE, SESSION = (table_of(row) for row in (AppointmentRow, FiringRow, ReleaseRow, SessionRow))
LOT = 500
"""Rows of a table that go at a time: nobody waits for a long transaction."""


class Sweeping:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def sweep(self, register: Register, now: datetime) -> dict[str, int]:
        """Delete a lot of each kind of record that is over its time; how many of each. A conversation stays for as long
        as something that was asked for in it is still to come."""
        ends = {record.id: now - record.time for record in register.records}
        return {"conversations": await self._conversations(ends, now),
                "requests": await self._lot(REQUEST, REQUEST.c.created_at < ends["requests"]),
                "appointments": await self._lot(APPOINTMENT, APPOINTMENT.c.ends < ends["appointments"])
                + await Erasing(self._connection).forget_over(now),
                "safety": await self._lot(FIRING, FIRING.c.at < ends["safety"])
                + await self._lot(RELEASE, RELEASE.c.at < ends["safety"]),
                "work": await self._work(ends["work"]),
                "staff": await self._lot(SESSION, SESSION.c.seen_at < ends["staff"]),
                "log": await Audit(self._connection).sweep(ends["log"]),
                "receipts": await DataRequests(self._connection).sweep(ends["receipts"])}

    async def _conversations(self, ends: dict[str, datetime], now: datetime) -> int:
        before = ends["conversations"]
        last = select(MESSAGE.c.at).where(MESSAGE.c.conversation == TALK.c.id).order_by(MESSAGE.c.n.desc()).limit(1)
        to_come = select(APPOINTMENT.c.id).where(APPOINTMENT.c.conversation == TALK.c.id,
                                                 APPOINTMENT.c.state.in_(STANDS), APPOINTMENT.c.ends > now).exists()
        asked = select(REQUEST.c.reference).where(REQUEST.c.conversation == TALK.c.id,
                                                  REQUEST.c.created_at >= ends["requests"]).exists()
        return await self._lot(TALK, TALK.c.created_at < before, ~to_come, ~asked,
                               func.coalesce(last.scalar_subquery(), TALK.c.created_at) < before)

    async def _lot(self, table: Table, *over: ColumnElement[bool]) -> int:
        key = next(iter(table.primary_key.columns))
        chosen = select(key).where(*over).limit(LOT).with_for_update(skip_locked=True)
        done = await self._connection.execute(delete(table).where(key.in_(chosen)))
        return int(done.rowcount)

    async def _work(self, before: datetime) -> int:
        """Jobs that failed for good: of each is known when it was to be tried last."""
        done = await self._connection.execute(text(
            "delete from procrastinate_jobs where status not in ('todo', 'doing') and "
            "coalesce(scheduled_at, to_timestamp(0)) < :before"), {"before": before})
        return int(done.rowcount)
