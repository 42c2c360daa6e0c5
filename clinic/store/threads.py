"""A conversation as the desk sees it: all that was said, and what staff noted."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.conversation import Level
from clinic.store.desk_tables import NoteRow
from clinic.store.messages import CHANNEL
from clinic.store.outbox_tables import CorrespondentRow
from clinic.store.tables import ConversationRow, MessageRow, TrackerRow, table_of

NOTE, TALK = table_of(NoteRow), table_of(ConversationRow)
MESSAGE, TRACKER, WHO = table_of(MessageRow), table_of(TrackerRow), table_of(CorrespondentRow)


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation's state."""

    id: UUID
    channel: str
    level: Level
    raised_by: str | None
    held: bool
    held_by: str | None
    created_at: datetime
    events: str | None
    """Rasa's, as JSON text."""
    address: str | None
    heard_at: datetime | None
    stopped: bool
    gone: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One message, with what is known of it here."""

    n: int
    sender: str
    kind: str | None
    text: str
    at: datetime
    citations: list[dict[str, str]]
    choices: list[dict[str, Any]]
    level: str | None
    state: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """`text` by one of the staff, for the others."""

    by: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A conversation in one line of a list."""

    id: UUID
    channel: str
    level: Level
    held_by: str | None
    held: bool
    last: str
    """What the visitor said last."""
    at: datetime | None


class Threads:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def thread(self, conversation: UUID) -> Thread | None:
        row = (await self._connection.execute(
            select(TALK, TRACKER.c.events, WHO.c.address, WHO.c.heard_at, WHO.c.stopped, WHO.c.gone)
            .outerjoin(TRACKER, TRACKER.c.conversation == TALK.c.id)
            .outerjoin(WHO, WHO.c.conversation == TALK.c.id).where(TALK.c.id == conversation))).first()
        if row is None:
            return None
        return Thread(row.id, row.channel, row.level, row.raised_by, row.held_by_staff, row.held_by, row.created_at,
                      row.events, row.address, row.heard_at, bool(row.stopped), bool(row.gone))

    async def said(self, conversation: UUID, above: int = -1, limit: int = 300) -> list[Said]:
        """The last *limit* messages above number *above*, ascending."""
        rows = await self._connection.execute(
            select(MESSAGE).where(MESSAGE.c.conversation == conversation, MESSAGE.c.n > above)
            .order_by(MESSAGE.c.n.desc()).limit(limit))
        return [Said(row.n, row.sender, row.kind, row.text, row.at, row.citations or [], row.choices or [], row.level,
                     row.state) for row in rows][::-1]

    async def glimpses(self, conversations: Sequence[UUID]) -> dict[UUID, Glimpse]:
        """*conversations* in a line each."""
        last = (select(MESSAGE.c.text, MESSAGE.c.at).where(MESSAGE.c.conversation == TALK.c.id,
                                                           MESSAGE.c.sender == "visitor")
                .order_by(MESSAGE.c.n.desc()).limit(1).lateral("last"))
        rows = await self._connection.execute(
            select(TALK.c.id, TALK.c.channel, TALK.c.level, TALK.c.held_by, TALK.c.held_by_staff, last.c.text,
                   last.c.at).select_from(TALK).outerjoin(last, last.c.at.is_not(None))
            .where(TALK.c.id.in_(list(conversations))))
        return {row.id: Glimpse(row.id, row.channel, row.level, row.held_by, row.held_by_staff, row.text or "", row.at)
                for row in rows}

    async def newest(self, limit: int = 50) -> list[UUID]:
        """The conversations begun last, those of the command line left out."""
        rows = await self._connection.scalars(
            select(TALK.c.id).where(TALK.c.channel != "cli").order_by(TALK.c.created_at.desc()).limit(limit))
        return list(rows)

    async def note(self, conversation: UUID, by: str, text: str, now: datetime) -> None:
        await self._connection.execute(insert(NOTE).values(conversation=conversation, by=by, text=text, at=now))
        await self._connection.execute(select(func.pg_notify(CHANNEL, str(conversation))))

    async def notes(self, conversation: UUID) -> list[Note]:
        rows = await self._connection.execute(select(NOTE).where(NOTE.c.conversation == conversation)
                                              .order_by(NOTE.c.id))
        return [Note(row.by, row.text, row.at) for row in rows]
