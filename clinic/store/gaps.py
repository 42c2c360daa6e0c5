"""Questions that nobody has answered yet, what became of them, and who changed what the assistant says."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.store.desk_tables import ContentChangeRow
from clinic.store.tables import ConversationRow, GapRow, MessageRow, table_of

ROW, TALK, MESSAGE = table_of(GapRow), table_of(ConversationRow), table_of(MessageRow)
CHANGE = table_of(ContentChangeRow)


@dataclass(frozen=True, slots=True)
class Gap:
    """A question in the visitor's words, what it was taken for, and the entry that would answer it, if there is one."""

    id: int
    conversation: UUID
    text: str
    need: str
    faq: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody changed a file of the content; `version` is what was live then."""

    id: int
    place: str
    before: str | None
    after: str | None
    version: str
    by: str
    at: datetime


class Gaps:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open(self, limit: int = 200) -> list[Gap]:
        """What still waits for an answer, the newest first; not what the command line asked."""
        rows = await self._connection.execute(
            select(ROW, MESSAGE.c.text).join(TALK, TALK.c.id == ROW.c.conversation)
            .join(MESSAGE, (MESSAGE.c.conversation == ROW.c.conversation) & (MESSAGE.c.n == ROW.c.n))
            .where(ROW.c.settled.is_(None), TALK.c.channel != "cli").order_by(ROW.c.id.desc()).limit(limit))
        return [Gap(row.id, row.conversation, row.text, row.need, row.faq, row.created_at) for row in rows]

    async def settle(self, gaps: Sequence[int], what: str, by: str, now: datetime) -> None:
        """*by* has dealt with *gaps*: answered, or not_ours."""
        await self._connection.execute(update(ROW).where(ROW.c.id.in_(list(gaps)), ROW.c.settled.is_(None))
                                       .values(settled=what, settled_by=by, settled_at=now))

    async def changed(self, change: Change) -> None:
        """Keep who changed what; the number in *change* does not count."""
        await self._connection.execute(insert(CHANGE).values(
            place=change.place, before=change.before, after=change.after, version=change.version, by=change.by,
            at=change.at))

    async def changes(self, limit: int = 100) -> list[Change]:
        """The last changes, the latest first."""
        rows = await self._connection.execute(select(CHANGE).order_by(CHANGE.c.id.desc()).limit(limit))
        return [Change(row.id, row.place, row.before, row.after, row.version, row.by, row.at) for row in rows]

    async def change(self, key: int) -> Change | None:
        row = (await self._connection.execute(select(CHANGE).where(CHANGE.c.id == key))).first()
        return Change(row.id, row.place, row.before, row.after, row.version, row.by, row.at) if row else None
