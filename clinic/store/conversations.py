"""Conversations: opened, recognised by their token, put in order by a lock on their row."""
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.conversation import LEVELS, Level
from clinic.errors import ConversationUnknown
from clinic.records import Locked
from clinic.store.hashing import hash_of
from clinic.store.tables import ConversationRow, table_of

ROW = table_of(ConversationRow)
MEMORY = timedelta(hours=24)
"""How far back earlier messages add to what a new one says of somebody's health (SAFETY §5)."""
RECENT, MOST_EARLIER = 60, 10
"""Messages of both sides that the last ten of a visitor are looked for in, so that a long talk costs no more."""
_LOCK = (select(ROW.c.last_n, ROW.c.level, ROW.c.channel, ROW.c.released_n, ROW.c.held_by_staff)
         .where(ROW.c.id == bindparam("key")).with_for_update())
_LOCK_BY_TOKEN = _LOCK.where(ROW.c.token_hash == bindparam("token"))
_CHECK = select(ROW.c.id).where(ROW.c.id == bindparam("key"), ROW.c.token_hash == bindparam("token"))
_ARRIVING = """
select c.last_n, c.level, c.channel, c.released_n, c.held_by_staff,
       (select max(n) from message where conversation = c.id) as newest,
       array(select m.text from message m where m.conversation = c.id and m.sender = 'visitor' and m.at > :since
             and m.n > greatest(c.last_n - :recent, c.released_n) order by m.n desc limit :most) as earlier
from conversation c where c.id = :key {} for update of c
"""
_LOCK_ARRIVING, _LOCK_ARRIVING_BY_TOKEN = (text(_ARRIVING.format(more)).bindparams(bindparam("key", type_=Uuid()))
                                           for more in ("", "and c.token_hash = :token"))
_HOLD = text("select pg_advisory_xact_lock(7001, hashtext(:key))")


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation that a person has."""

    id: UUID
    channel: str
    by: str | None
    quiet_since: datetime


class Conversations:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open(self, conversation: UUID, channel: str, token: str | None, now: datetime,
                   source: str | None = None) -> None:
        """A new conversation; of *token* only a hash is kept. *source*: the tag of the link that led to it."""
        await self._connection.execute(insert(ROW).values(
            id=conversation, channel=channel, source=source, token_hash=hash_of(token) if token else None,
            created_at=now))

    async def open_once(self, conversation: UUID, channel: str, now: datetime) -> None:
        """The same, where it may be there already."""
        await self._connection.execute(upsert(ROW).values(id=conversation, channel=channel, created_at=now)
                                       .on_conflict_do_nothing())

    async def check(self, conversation: UUID, token: str) -> None:
        """Raises ConversationUnknown unless *token* opens *conversation*."""
        found = await self._connection.scalar(_CHECK, {"key": conversation, "token": hash_of(token)})
        if found is None:
            raise ConversationUnknown("No such conversation, or another token.")

    async def lock(self, conversation: UUID, token: str | None = None) -> Locked:
        """The row, ours alone until commit. Raises ConversationUnknown, also where a *token* is given that doesn't open
        it."""
        given = {"key": conversation} if token is None else {"key": conversation, "token": hash_of(token)}
        row = (await self._connection.execute(_LOCK if token is None else _LOCK_BY_TOKEN, given)).first()
        if row is None:
            raise ConversationUnknown("No such conversation, or another token.")
        return Locked(conversation, row.channel, row.last_n, row.level, row.released_n, row.held_by_staff)

    async def lock_for_arrival(self, conversation: UUID, token: str | None, now: datetime
                               ) -> tuple[Locked, list[str] | None]:
        """`lock`, and in the same trip what `Messages.earlier` reads; None where somebody wrote while we waited for the
        row, so that it has to be read anew. Raises ConversationUnknown."""
        given = {"key": conversation, "since": now - MEMORY, "recent": RECENT, "most": MOST_EARLIER}
        row = (await self._connection.execute(_LOCK_ARRIVING, given) if token is None else
               await self._connection.execute(_LOCK_ARRIVING_BY_TOKEN, {**given, "token": hash_of(token)})).first()
        if row is None:
            raise ConversationUnknown("No such conversation, or another token.")
        locked = Locked(conversation, row.channel, row.last_n, row.level, row.released_n, row.held_by_staff)
        return locked, row.earlier[::-1] if (row.newest or 0) == row.last_n else None

    async def hold_turn(self, conversation: UUID) -> None:
        """Nobody else answers this conversation until commit. The door is not kept waiting by it."""
        await self._connection.execute(_HOLD, {"key": str(conversation)})

    async def raise_level(self, locked: Locked, level: Level, rule: str) -> None:
        """Remember *level* and the *rule* that raised it, if it is higher than what was raised before."""
        if LEVELS.index(level) > LEVELS.index(locked.level):
            await self._connection.execute(update(ROW).where(ROW.c.id == locked.id)
                                           .values(level=level, raised_by=rule))

    async def release(self, locked: Locked) -> None:
        """A person has looked at it: the conversation goes on, and what it held until now adds to nothing."""
        await self._connection.execute(update(ROW).where(ROW.c.id == locked.id)
                                       .values(level="none", raised_by=None, released_n=locked.last_n))

    async def hold(self, conversation: UUID, by: str | None, now: datetime) -> None:
        """A person has it, and has just said or done something there: the assistant is quiet. *by*: their name, where
        it is known."""
        await self._connection.execute(update(ROW).where(ROW.c.id == conversation).values(
            held_by_staff=True, held_by=func.coalesce(by, ROW.c.held_by), quiet_since=now))

    async def let_go(self, conversation: UUID) -> None:
        """The assistant answers there again."""
        await self._connection.execute(update(ROW).where(ROW.c.id == conversation).values(
            held_by_staff=False, held_by=None, quiet_since=None))

    async def held(self) -> list[Held]:
        """What people have, the longest quiet first."""
        rows = await self._connection.execute(
            select(ROW.c.id, ROW.c.channel, ROW.c.held_by, ROW.c.quiet_since).where(ROW.c.held_by_staff)
            .order_by(ROW.c.quiet_since))
        return [Held(row.id, row.channel, row.held_by, row.quiet_since) for row in rows]

    async def seen(self, conversation: UUID, n: int) -> None:
        """Its visitor has fetched message *n*."""
        await self._connection.execute(update(ROW).where(ROW.c.id == conversation, ROW.c.seen_n < n).values(seen_n=n))

    async def unseen_reply(self, conversation: UUID) -> tuple[str | None, int]:
        """The contact that its visitor left, and the last message of a person's that they neither saw nor were mailed
        about; None where there is none."""
        row = (await self._connection.execute(text("""
            select k.contact, m.n from conversation c
            join lateral (select n from message where conversation = c.id and sender = 'person' order by n desc limit 1)
                m on m.n > greatest(c.seen_n, c.mailed_n)
            join lateral (select contact from "case" where conversation = c.id and contact is not null
                order by id desc limit 1) k on true
            where c.id = :key"""), {"key": conversation})).first()
        return (row.contact, row.n) if row else (None, 0)

    async def mailed(self, conversation: UUID, n: int) -> None:
        await self._connection.execute(update(ROW).where(ROW.c.id == conversation).values(mailed_n=n))

    async def count(self) -> int:
        return int(await self._connection.scalar(select(func.count()).select_from(ROW)) or 0)
