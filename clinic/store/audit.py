"""The log of who of the clinic read or changed what. Only ever added to."""
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.store.desk_tables import AuditRow
from clinic.store.tables import ConversationRow, table_of

ROW, TALK = table_of(AuditRow), table_of(ConversationRow)
AGAIN = timedelta(hours=1)
"""A page that follows along by itself is one reading for so long."""


@dataclass(frozen=True, slots=True)
class Entry:
    """*by* did something (read, changed, refused: tried to, signed_in ...) on *page*, a pattern; to a conversation, or
    *about* a reference."""

    at: datetime
    by: str
    did: str
    page: str
    conversation: UUID | None = None
    about: str | None = None


class Audit:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def note(self, entry: Entry) -> None:
        there = select(TALK.c.id).where(TALK.c.id == entry.conversation).scalar_subquery()
        await self._connection.execute(insert(ROW).values(
            at=entry.at, by=entry.by, did=entry.did, page=entry.page, conversation=there, about=entry.about))

    async def follows(self, entry: Entry) -> None:
        """The same for a part of a page that is asked for again and again: noted once an hour."""
        lately = select(ROW.c.id).where(
            ROW.c.by == entry.by, ROW.c.at > entry.at - AGAIN, ROW.c.page == entry.page, ROW.c.did == entry.did,
            ROW.c.conversation.is_not_distinct_from(entry.conversation)).limit(1)
        if await self._connection.scalar(lately) is None:
            await self.note(entry)

    async def entries(self, conversation: UUID | None = None, limit: int = 200) -> list[Entry]:
        """The last entries, of one conversation or of all, the latest first."""
        query = select(ROW).order_by(ROW.c.id.desc()).limit(limit)
        rows = await self._connection.execute(
            query if conversation is None else query.where(ROW.c.conversation == conversation))
        return [Entry(row.at, row.by, row.did, row.page, row.conversation, row.about) for row in rows]

    async def sweep(self, before: datetime) -> int:
        """Let go of what is older; how many entries."""
        await self._connection.execute(text("set local frontdesk.sweep = 'on'"))
        done = await self._connection.execute(delete(ROW).where(ROW.c.at < before))
        await self._connection.execute(text("set local frontdesk.sweep = ''"))
        return int(done.rowcount)
