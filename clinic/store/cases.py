"""Cases for a person, and questions that the clinic has yet to answer."""
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, insert, not_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.store.tables import CaseRow, ConversationRow, GapRow, MessageRow, table_of

CASE, GAP, TALK = table_of(CaseRow), table_of(GapRow), table_of(ConversationRow)
MESSAGE = table_of(MessageRow)

TOLD_AGAIN = timedelta(minutes=30)
"""After this long the same reason in the same conversation is a case of its own, and is told again."""


WAITING = ("open", "taken")
DESK = "desk"
"""What NOTIFY is called when the desk has something new to look at."""


@dataclass(frozen=True, slots=True)
class Case:
    """Why a conversation is before a person, and what became of that."""

    id: int
    conversation: UUID
    channel: str
    n: int
    reason: str
    state: str
    created_at: datetime
    taken_by: str | None = None
    taken_at: datetime | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None
    closing: str | None = None
    contact: str | None = None
    words: str = ""
    """What the visitor had said."""


class Cases:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def hand_over(self, conversation: UUID, n: int, reason: str, now: datetime) -> bool:
        """A person is to read message *n* of *conversation*. *reason* is one word, never the visitor's own.

        False if that stands there already, and somebody was told a short while ago."""
        lately = select(CASE.c.id).where(
            CASE.c.conversation == conversation, CASE.c.reason == reason, CASE.c.state.in_(WAITING),
            CASE.c.created_at > now - TOLD_AGAIN).limit(1)
        if await self._connection.scalar(lately) is not None:
            return False
        await self._connection.execute(insert(CASE).values(conversation=conversation, n=n, reason=reason,
                                                           created_at=now))
        await self.tell_desk()
        return True

    async def tell_desk(self, what: str = "cases") -> None:
        """Whoever looks at the desk looks again, once this is committed."""
        await self._connection.execute(select(func.pg_notify(DESK, what)))

    async def take(self, conversation: UUID, n: int, by: str, now: datetime) -> None:
        """*by* has what waits in *conversation*; nothing did where they came by themselves, at message *n*."""
        done = await self._waiting(conversation, state="taken", taken_by=by, taken_at=now)
        if not done:
            await self._connection.execute(insert(CASE).values(
                conversation=conversation, n=n, reason="joined", state="taken", taken_by=by, taken_at=now,
                created_at=now))

    async def hand_back(self, conversation: UUID, by: str, now: datetime) -> None:
        """What was taken in *conversation* is dealt with, and the assistant goes on there."""
        await self._waiting(conversation, state="handed_back", settled_by=by, settled_at=now)

    async def reopen(self, conversation: UUID) -> None:
        """Who took it left without a word: it waits for somebody as before."""
        await self._waiting(conversation, state="open", taken_by=None, taken_at=None)

    async def close(self, conversation: UUID, by: str, closing: str, now: datetime) -> int:
        """*by* has dealt with *conversation*, with the outcome *closing*; how many cases that closes."""
        return await self._waiting(conversation, state="closed", settled_by=by, settled_at=now, closing=closing)

    async def close_alarms(self, conversation: UUID, by: str, now: datetime) -> None:
        """What safety put before staff in *conversation* is dealt with; other cases stay."""
        await self._waiting(conversation, CASE.c.reason.startswith("safety_"), state="closed", settled_by=by,
                            settled_at=now, closing="released")

    async def _waiting(self, conversation: UUID, *only: Any, **values: Any) -> int:
        done = await self._connection.execute(update(CASE).where(
            CASE.c.conversation == conversation, CASE.c.state.in_(WAITING), *only).values(**values))
        await self.tell_desk()
        return int(done.rowcount)

    async def ask_contact(self, conversation: UUID, n: int) -> bool:
        """Message *n* put its visitor before a person, and they are asked for a way to reach them; False if they were
        before, or if it is no case."""
        asked = select(CASE.c.id).where(CASE.c.conversation == conversation, CASE.c.asked_n.is_not(None)).exists()
        done = await self._connection.execute(update(CASE).where(
            CASE.c.conversation == conversation, CASE.c.n == n, CASE.c.state == "open", ~asked).values(asked_n=n))
        return bool(done.rowcount)

    async def keep_contact(self, conversation: UUID, n: int, contact: str) -> bool:
        """Message *n* answers the question for a contact, if it is the first after it; whether it is."""
        between = select(MESSAGE.c.n).where(MESSAGE.c.conversation == conversation, MESSAGE.c.sender == "visitor",
                                            MESSAGE.c.n > CASE.c.asked_n, MESSAGE.c.n < n).exists()
        done = await self._connection.execute(update(CASE).where(
            CASE.c.conversation == conversation, CASE.c.asked_n.is_not(None), CASE.c.state.in_(WAITING), ~between
        ).values(contact=contact))
        return bool(done.rowcount)

    async def waiting(self, limit: int = 1_000) -> list[Case]:
        """What waits for a person or is with one, the longest waiting first; of more than *limit* the newest, so that
        what has just come in is seen wherever old cases are left lying. Not what safety raised: that is listed by
        itself."""
        found = await self._find(CASE.c.state.in_(WAITING), TALK.c.channel != "cli",
                                 not_(CASE.c.reason.startswith("safety_")), newest_last=False, limit=limit)
        return found[::-1]

    async def of(self, conversation: UUID) -> list[Case]:
        """Every case that *conversation* ever was, the oldest first."""
        return await self._find(CASE.c.conversation == conversation, newest_last=True, limit=200)

    async def _find(self, *where: Any, newest_last: bool, limit: int) -> list[Case]:
        order = CASE.c.id if newest_last else CASE.c.id.desc()
        rows = await self._connection.execute(
            select(CASE, TALK.c.channel, MESSAGE.c.text).join(TALK, TALK.c.id == CASE.c.conversation)
            .outerjoin(MESSAGE, and_(MESSAGE.c.conversation == CASE.c.conversation, MESSAGE.c.n == CASE.c.n,
                                     MESSAGE.c.sender == "visitor"))
            .where(*where).order_by(order).limit(limit))
        return [Case(row.id, row.conversation, row.channel, row.n, row.reason, row.state, row.created_at, row.taken_by,
                     row.taken_at, row.settled_by, row.settled_at, row.closing, row.contact,
                     row.text or "") for row in rows]

    async def open_cases(self, limit: int = 50) -> list[tuple[UUID, int, str, datetime]]:
        """What waits for a person or is with one, newest first: conversation, message, reason, when."""
        found = await self._find(CASE.c.state.in_(WAITING), TALK.c.channel != "cli", newest_last=False, limit=limit)
        return [(case.conversation, case.n, case.reason, case.created_at) for case in found]

    async def note_gap(self, conversation: UUID, n: int, need: str, faq: str | None, now: datetime,
                       why: str = "not_covered") -> None:
        """Message *n* asked what nobody has written yet, or nobody understood; *faq* is the entry that would answer."""
        await self._connection.execute(insert(GAP).values(conversation=conversation, n=n, need=need, faq=faq,
                                                          created_at=now, why=why))
