"""Wishes of people about their own data: a link to all of it, or its end; and the receipts of what was done."""
import secrets
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.privacy.receipt import Receipt
from clinic.store.desk_tables import DataRequestRow
from clinic.store.hashing import hash_of
from clinic.store.subjects import Subject
from clinic.store.tables import ConversationRow, table_of

ROW, TALK = table_of(DataRequestRow), table_of(ConversationRow)
LINK_LASTS = timedelta(hours=1)
BREATH = timedelta(seconds=5)
"""Between a yes to erasing and doing it: the visitor sees the answer first."""


@dataclass(frozen=True, slots=True)
class DataRequest:
    """One wish. *conversation*: None once it has been erased."""

    id: int
    conversation: UUID | None
    wish: str
    state: str
    asked_at: datetime
    by: str
    done_at: datetime | None
    receipt: Receipt | None


class DataRequests:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def ask(self, conversation: UUID | None, wish: str, by: str, now: datetime, state: str) -> str:
        """Keep the wish: a key of 256 random bits, which opens the link or the receipt. Of it only a hash is kept."""
        key = secrets.token_urlsafe(32)
        await self._connection.execute(insert(ROW).values(
            conversation=conversation, wish=wish, state=state, key_hash=hash_of(key), asked_at=now, by=by))
        return key

    async def confirmed(self, now: datetime) -> list[DataRequest]:
        """What is to be erased by now, the oldest first."""
        return await self._find(select(ROW).where(ROW.c.state == "confirmed", ROW.c.asked_at <= now - BREATH)
                                .order_by(ROW.c.id).limit(20))

    async def done(self, request: int, receipt: Receipt | None, now: datetime, erased: Sequence[UUID] = ()) -> None:
        """*erased*: conversations that are gone; of their numbers hashes are kept: a backup may bring them back."""
        await self._connection.execute(update(ROW).where(ROW.c.id == request).values(
            state="done", done_at=now, receipt=receipt.as_row() if receipt else None,
            marks=[_mark(key) for key in erased]))

    async def keep_receipt(self, receipt: Receipt, subject: Subject, now: datetime) -> int:
        """What staff erased; its number."""
        key = await self._connection.scalar(insert(ROW).values(
            wish="erase", state="done", key_hash=hash_of(secrets.token_urlsafe(32)), asked_at=now, by=receipt.by
        ).returning(ROW.c.id))
        await self.done(int(key or 0), receipt, now, subject.conversations)
        return int(key or 0)

    async def marks(self) -> set[str]:
        """Of all that was erased."""
        kept = await self._connection.scalars(select(ROW.c.marks).where(ROW.c.marks.is_not(None)))
        return {mark for marks in kept for mark in marks}

    async def returned(self, marks: Set[str]) -> list[UUID]:
        """Conversations that are here, and of which *marks* say that they were erased."""
        if not marks:
            return []
        return [key for key in await self._connection.scalars(select(TALK.c.id)) if _mark(key) in marks]

    async def hand_over(self, request: int) -> None:
        """A person decides about it."""
        await self._connection.execute(update(ROW).where(ROW.c.id == request).values(state="for_a_person"))

    async def link(self, key: str, now: datetime) -> DataRequest | None:
        """The wish for a copy that *key* opens, while it does."""
        return await self._one(select(ROW).where(
            ROW.c.key_hash == hash_of(key), ROW.c.wish == "export", ROW.c.state == "open",
            ROW.c.asked_at > now - LINK_LASTS, ROW.c.conversation.is_not(None)))

    async def use(self, key: str, now: datetime) -> DataRequest | None:
        """The same, and from now on it opens nothing: a link counts once, also where two try at the same moment."""
        if (found := await self.link(key, now)) is None:
            return None
        used = await self._connection.scalar(update(ROW).where(ROW.c.id == found.id, ROW.c.state == "open").values(
            state="done", done_at=now).returning(ROW.c.id))
        return found if used is not None else None

    async def by_key(self, key: str) -> DataRequest | None:
        """The wish to be erased that *key* is the receipt of, done or not yet."""
        return await self._one(select(ROW).where(ROW.c.key_hash == hash_of(key), ROW.c.wish == "erase"))

    async def newest(self, limit: int = 100) -> list[DataRequest]:
        return await self._find(select(ROW).order_by(ROW.c.id.desc()).limit(limit))

    async def sweep(self, before: datetime) -> int:
        done = await self._connection.execute(delete(ROW).where(ROW.c.asked_at < before, ROW.c.state != "confirmed"))
        return int(done.rowcount)

    async def _one(self, query: Select[Any]) -> DataRequest | None:
        return next(iter(await self._find(query)), None)

    async def _find(self, query: Select[Any]) -> list[DataRequest]:
        return [DataRequest(row.id, row.conversation, row.wish, row.state, row.asked_at, row.by, row.done_at,
                            Receipt.from_row(row.receipt) if row.receipt else None)
                for row in await self._connection.execute(query)]


def _mark(conversation: UUID) -> str:
    """A conversation's number is 122 random bits: nobody finds it from its hash."""
    return sha256(conversation.bytes).hexdigest()
