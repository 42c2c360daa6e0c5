"""What people at the clinic wrote and that is not said yet: for some seconds it can be taken back."""
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.store.desk_tables import OutgoingRow
from clinic.store.messages import CHANNEL
from clinic.store.tables import table_of

ROW = table_of(OutgoingRow)


@dataclass(frozen=True, slots=True)
class Written:
    """A reply of a person's that is not a message yet."""

    id: int
    conversation: UUID
    text: str
    by: str
    due_at: datetime


class Outgoing:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def write(self, conversation: UUID, text: str, by: str, due_at: datetime, now: datetime) -> int:
        """Keep *text* until *due_at*: its number."""
        key = await self._connection.scalar(insert(ROW).values(conversation=conversation, text=text, by=by,
                                                               due_at=due_at, at=now).returning(ROW.c.id))
        await self._tell(conversation)
        return int(key or 0)

    async def undo(self, conversation: UUID, key: int) -> str | None:
        """Take it back: its text, or None where it was said already."""
        found = await self._connection.scalar(
            update(ROW).where(ROW.c.id == key, ROW.c.conversation == conversation, ROW.c.state == "waiting")
            .values(state="undone").returning(ROW.c.text))
        await self._tell(conversation)
        return None if found is None else str(found)

    async def waiting(self, conversation: UUID) -> list[Written]:
        """What is not said yet, in order."""
        return await self._find(_waiting(conversation))

    async def due(self, conversation: UUID, up_to: int | None = None) -> list[Written]:
        """The same, *up_to* one of them, and ours until commit: nobody takes it back any more."""
        query = _waiting(conversation).with_for_update()
        return await self._find(query if up_to is None else query.where(ROW.c.id <= up_to))

    async def _find(self, query: Select[Any]) -> list[Written]:
        rows = await self._connection.execute(query)
        return [Written(row.id, row.conversation, row.text, row.by, row.due_at) for row in rows]

    async def undone(self, conversation: UUID, key: int) -> str | None:
        """The text that was taken back, to go on with."""
        found = await self._connection.scalar(select(ROW.c.text).where(
            ROW.c.id == key, ROW.c.conversation == conversation, ROW.c.state == "undone"))
        return None if found is None else str(found)

    async def said(self, written: Written, n: int) -> None:
        """It is message *n* now."""
        await self._connection.execute(update(ROW).where(ROW.c.id == written.id).values(state="sent", n=n))

    async def authors(self, conversation: UUID) -> dict[int, str]:
        """Who wrote which message there."""
        rows = await self._connection.execute(select(ROW.c.n, ROW.c.by).where(ROW.c.conversation == conversation,
                                                                              ROW.c.n.is_not(None)))
        return {row.n: row.by for row in rows}

    async def _tell(self, conversation: UUID) -> None:
        await self._connection.execute(select(func.pg_notify(CHANNEL, str(conversation))))


def _waiting(conversation: UUID) -> Select[Any]:
    return select(ROW).where(ROW.c.conversation == conversation, ROW.c.state == "waiting").order_by(ROW.c.id)
