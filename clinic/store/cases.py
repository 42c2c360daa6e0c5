"""Cases for a person, and questions that the clinic has yet to answer."""
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.store.tables import CaseRow, ConversationRow, GapRow, table_of

CASE, GAP, TALK = table_of(CaseRow), table_of(GapRow), table_of(ConversationRow)


class Cases:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def hand_over(self, conversation: UUID, n: int, reason: str, now: datetime) -> None:
        """A person is to read message *n* of *conversation*. *reason* is one word, never the visitor's own."""
        await self._connection.execute(insert(CASE).values(conversation=conversation, n=n, reason=reason,
                                                           created_at=now))

    async def note_gap(self, conversation: UUID, n: int, need: str, faq: str | None, now: datetime) -> None:
        """Message *n* asked what nobody has written yet; *faq* is the entry that would answer it."""
        await self._connection.execute(insert(GAP).values(conversation=conversation, n=n, need=need, faq=faq,
                                                          created_at=now))

    async def open_cases(self, limit: int = 50) -> list[tuple[UUID, int, str, datetime]]:
        rows = await self._connection.execute(
            select(CASE.c.conversation, CASE.c.n, CASE.c.reason, CASE.c.created_at)
            .join(TALK, TALK.c.id == CASE.c.conversation)
            .where(CASE.c.state == "open", TALK.c.channel != "cli").order_by(CASE.c.created_at.desc()).limit(limit))
        return [(row.conversation, row.n, row.reason, row.created_at) for row in rows]
