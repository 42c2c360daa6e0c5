"""Cases for a person, and questions that the clinic has yet to answer."""
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.store.tables import CaseRow, ConversationRow, GapRow, table_of

CASE, GAP, TALK = table_of(CaseRow), table_of(GapRow), table_of(ConversationRow)


TOLD_AGAIN = timedelta(minutes=30)
"""After this long the same reason in the same conversation is a case of its own, and is told again."""


class Cases:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def hand_over(self, conversation: UUID, n: int, reason: str, now: datetime) -> bool:
        """A person is to read message *n* of *conversation*. *reason* is one word, never the visitor's own.

        False if that stands open already, and was told a short while ago."""
        lately = select(CASE.c.id).where(CASE.c.conversation == conversation, CASE.c.reason == reason,
                                         CASE.c.state == "open", CASE.c.created_at > now - TOLD_AGAIN).limit(1)
        if await self._connection.scalar(lately) is not None:
            return False
        await self._connection.execute(insert(CASE).values(conversation=conversation, n=n, reason=reason,
                                                           created_at=now))
        return True

    async def close(self, conversation: UUID) -> int:
        """Somebody has dealt with *conversation*; how many cases that closes."""
        done = await self._connection.execute(update(CASE).where(CASE.c.conversation == conversation,
                                                                 CASE.c.state == "open").values(state="closed"))
        return int(done.rowcount)

    async def close_alarms(self, conversation: UUID) -> None:
        """What safety put before staff in *conversation* is dealt with; other cases stay."""
        await self._connection.execute(update(CASE).where(
            CASE.c.conversation == conversation, CASE.c.state == "open",
            CASE.c.reason.startswith("safety_")).values(state="closed"))

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
