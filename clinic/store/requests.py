"""Requests for an appointment: a wish with a reference, for staff to confirm."""
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.booking.request import Request
from clinic.store.booking_tables import RequestRow
from clinic.store.references import free_reference
from clinic.store.tables import ConversationRow, table_of

ROW, TALK = table_of(RequestRow), table_of(ConversationRow)


class Requests:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, request: Request, now: datetime) -> str:
        """Store *request*; its reference, six characters that nobody else has."""
        reference = await free_reference(self._connection)
        await self._connection.execute(insert(ROW).values(
            reference=reference, conversation=request.conversation, wish=request.wish, service=request.service,
            wanted=request.wanted, name=request.name, contact=request.contact, screening=request.screening,
            place=" ".join(request.at) or None, created_at=now))
        return reference

    async def settle(self, reference: str) -> bool:
        """Staff have dealt with the request; False if there is none by that *reference*."""
        done = await self._connection.execute(update(ROW).where(ROW.c.reference == reference.upper())
                                              .values(state="done"))
        return bool(done.rowcount)

    async def newest(self, limit: int = 50, with_cli: bool = False) -> list[Request]:
        """The last *limit* requests, newest first; those of the command line only if asked for."""
        query = select(ROW).join(TALK, TALK.c.id == ROW.c.conversation).order_by(ROW.c.created_at.desc()).limit(limit)
        rows = await self._connection.execute(query if with_cli else query.where(TALK.c.channel != "cli"))
        return [Request(r.conversation, r.wish, r.service, r.wanted, r.name, r.contact, r.screening,
                        r.reference, r.state, r.created_at, tuple((r.place or "").split())) for r in rows]
