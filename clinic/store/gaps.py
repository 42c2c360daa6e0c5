"""Questions that nobody has answered yet, what became of them, and who changed what the assistant says."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.store.desk_tables import ContentChangeRow
from clinic.store.tables import ConversationRow, GapRow, MessageRow, table_of

ROW, TALK, MESSAGE = table_of(GapRow), table_of(ConversationRow), table_of(MessageRow)
CHANGE = table_of(ContentChangeRow)


ANSWERS = ("answer", "clinic_fact", "not_covered")
"""Kinds of reply that somebody may find of no use."""
UNKNOWN = "unclear"
"""The need of a question that nobody could tell."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A question in the visitor's words, what it was taken for, and the entry that would answer it, if there is one."""

    id: int
    conversation: UUID
    text: str
    need: str
    faq: str | None
    at: datetime
    why: str = "not_covered"


@dataclass(frozen=True, slots=True)
class Meant:
    """What a question meant, as *by* confirmed it. `names`: those that its visitor gave for a booking."""

    text: str
    intent: str
    by: str
    at: datetime
    names: tuple[str, ...]


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


def need_of(intent: str | None) -> str:
    """What a message was taken to ask for, by its intent."""
    return intent.removeprefix("ask_") if intent and intent.startswith("ask_") else UNKNOWN


class Gaps:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open(self, limit: int = 200) -> list[Gap]:
        """What still waits for an answer, the newest first; not what the command line asked."""
        rows = await self._connection.execute(
            select(ROW, MESSAGE.c.text).join(TALK, TALK.c.id == ROW.c.conversation)
            .join(MESSAGE, (MESSAGE.c.conversation == ROW.c.conversation) & (MESSAGE.c.n == ROW.c.n))
            .where(ROW.c.settled.is_(None), TALK.c.channel != "cli").order_by(ROW.c.id.desc()).limit(limit))
        return [Gap(row.id, row.conversation, row.text, row.need, row.faq, row.created_at, row.why) for row in rows]

    async def settle(self, gaps: Sequence[int], what: str, by: str, now: datetime, entry: str | None = None,
                     intent: str | None = None) -> None:
        """*by* has dealt with *gaps*: answered by the FAQ *entry*, not_ours, or meant. *intent*: what they mean, where
        somebody said so."""
        await self._connection.execute(update(ROW).where(ROW.c.id.in_(list(gaps)), ROW.c.settled.is_(None))
                                       .values(settled=what, settled_by=by, settled_at=now, entry=entry, intent=intent))

    async def meant(self) -> list[Meant]:
        """What people said that questions mean, the oldest first: those in their visitors' own words, in which nothing
        was heard that needs care."""
        names = text("array(select name from appointment a where a.conversation = gap.conversation and name is not "
                     "null union select name from request r where r.conversation = gap.conversation) as names")
        rows = await self._connection.execute(
            select(ROW.c.intent, ROW.c.settled_by, ROW.c.settled_at, MESSAGE.c.text, names)
            .join(TALK, TALK.c.id == ROW.c.conversation)
            .join(MESSAGE, (MESSAGE.c.conversation == ROW.c.conversation) & (MESSAGE.c.n == ROW.c.n))
            .where(ROW.c.intent.is_not(None), TALK.c.channel != "cli", MESSAGE.c.choice.is_(None),
                   func.coalesce(MESSAGE.c.level, "none") == "none").order_by(ROW.c.settled_at, ROW.c.id))
        return [Meant(row.text, row.intent, row.settled_by, row.settled_at, tuple(row.names)) for row in rows]

    async def dislike(self, conversation: UUID, n: int, now: datetime) -> bool:
        """The answer *n* was of no use to its visitor: their question is a gap, once. False where *n* is no answer."""
        answer = MESSAGE.alias("answer")
        row = (await self._connection.execute(
            select(answer.c.answers, answer.c.citations, MESSAGE.c.intent)
            .join(MESSAGE, (MESSAGE.c.conversation == answer.c.conversation) & (MESSAGE.c.n == answer.c.answers))
            .where(answer.c.conversation == conversation, answer.c.n == n, answer.c.sender == "bot",
                   answer.c.kind.in_(ANSWERS)))).first()
        if row is None:
            return False
        known = select(ROW.c.id).where(ROW.c.conversation == conversation, ROW.c.n == row.answers).limit(1)
        if await self._connection.scalar(known) is None:
            cited = [one["article"].removeprefix("faq/") for one in row.citations or []
                     if one["article"].startswith("faq/")]
            await self._connection.execute(insert(ROW).values(
                conversation=conversation, n=row.answers, need=need_of((row.intent or {}).get("name")),
                faq=cited[0] if cited else None, why="thumbs_down", created_at=now))
        return True

    async def untold(self, since: datetime) -> list[tuple[UUID, str]]:
        """Whose question was answered since, and who has not heard of it: conversation and entry, each pair once. Not
        where a person talks, nor where a red flag waits for one."""
        rows = await self._connection.execute(
            select(ROW.c.conversation, ROW.c.entry).distinct().join(TALK, TALK.c.id == ROW.c.conversation)
            .where(ROW.c.settled == "answered", ROW.c.told_at.is_(None), ROW.c.entry.is_not(None),
                   ROW.c.settled_at > since, TALK.c.channel != "cli", ~TALK.c.held_by_staff,
                   TALK.c.level.not_in(("urgent", "emergency"))).limit(200))
        return [(row.conversation, row.entry) for row in rows]

    async def tell(self, conversation: UUID, entry: str, now: datetime) -> list[str]:
        """They are being told *entry* now: what they had asked, in their words; empty where they have been told."""
        numbers = (await self._connection.execute(update(ROW).where(
            ROW.c.conversation == conversation, ROW.c.entry == entry, ROW.c.told_at.is_(None)).values(told_at=now)
            .returning(ROW.c.n))).scalars().all()
        texts = await self._connection.scalars(select(MESSAGE.c.text).where(
            MESSAGE.c.conversation == conversation, MESSAGE.c.n.in_(numbers)).order_by(MESSAGE.c.n))
        return list(texts)

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
