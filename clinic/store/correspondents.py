"""Who a conversation is with, on channels where we write to an address: found by it, opened at the first word."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import any_, bindparam, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.store.outbox_tables import AliasRow, CorrespondentRow
from clinic.store.tables import ConversationRow, table_of

ROW, ALIAS, TALK = table_of(CorrespondentRow), table_of(AliasRow), table_of(ConversationRow)
_ALONE = text("select pg_advisory_xact_lock(7004, hashtext(:key))")
_FIND = (select(ROW.c.conversation, ROW.c.address, ROW.c.stopped, ROW.c.heard_at, ALIAS.c.address.label("known_by"),
                TALK.c.held_by_staff)
         .join(ROW, ROW.c.conversation == ALIAS.c.conversation).join(TALK, TALK.c.id == ALIAS.c.conversation)
         .where(ALIAS.c.channel == bindparam("channel"), ALIAS.c.address == any_(bindparam("addresses"))))


@dataclass(frozen=True, slots=True)
class Correspondent:
    """A conversation on a channel, found by one of its visitor's addresses."""

    conversation: UUID
    address: str
    """Where to write to: the newest of theirs that a provider put first."""
    stopped: bool
    """They asked for no more messages."""
    held_by_staff: bool = False
    heard_at: datetime | None = None
    """When they last wrote; None at their first word."""


class Correspondents:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def heard(self, who: Correspondent, now: datetime) -> None:
        """The visitor wrote at *now*. Only once the conversation's row is ours: a turn takes the two in that order."""
        await self._connection.execute(update(ROW).where(ROW.c.conversation == who.conversation)
                                       .values(heard_at=now, gone=False, address=who.address))

    async def meet(self, channel: str, addresses: Sequence[str], now: datetime) -> Correspondent:
        """The conversation at *addresses* (the one to write to first, then others of the same visitor), opened where
        there is none."""
        found = await self._find(channel, addresses)
        if found is None:
            await self._connection.execute(_ALONE, {"key": f"{channel} {addresses[0]}"})  # two first words at once
            found = await self._find(channel, addresses) or await self._open(channel, addresses, now)
        return found

    async def known(self, channel: str, address: str) -> Correspondent | None:
        """Whose address it is, if anybody's."""
        return await self._find(channel, [address])

    async def _find(self, channel: str, addresses: Sequence[str]) -> Correspondent | None:
        rows = (await self._connection.execute(_FIND, {"channel": channel, "addresses": list(addresses)})).all()
        if not rows:
            return None
        first = next((row for row in rows if row.known_by == addresses[0]), rows[0])
        if missing := [address for address in addresses if address not in {row.known_by for row in rows}]:
            await self._also_known_by(channel, missing, first.conversation)
        address = addresses[0] if addresses[0] in missing else first.address
        return Correspondent(first.conversation, address, first.stopped, first.held_by_staff, first.heard_at)

    async def _open(self, channel: str, addresses: Sequence[str], now: datetime) -> Correspondent:
        key = uuid4()
        await self._connection.execute(insert(TALK).values(id=key, channel=channel, created_at=now))
        await self._connection.execute(insert(ROW).values(conversation=key, channel=channel, address=addresses[0]))
        await self._also_known_by(channel, addresses, key)
        return Correspondent(key, addresses[0], False)

    async def _also_known_by(self, channel: str, addresses: Sequence[str], conversation: UUID) -> None:
        await self._connection.execute(upsert(ALIAS).on_conflict_do_nothing(), [
            {"channel": channel, "address": address, "conversation": conversation} for address in addresses])

    async def moved(self, channel: str, old: str, new: str) -> None:
        """The visitor at *old* is to be written to at *new* from now on; nothing where *new* is somebody's already."""
        found, taken = await self._find(channel, [old]), await self._find(channel, [new])
        if found is None or taken is not None:
            return
        await self._also_known_by(channel, [new], found.conversation)
        await self._connection.execute(update(ROW).where(ROW.c.conversation == found.conversation).values(address=new))

    async def stop(self, conversation: UUID, stopped: bool) -> None:
        """They want no more messages, or want them again."""
        await self._connection.execute(update(ROW).where(ROW.c.conversation == conversation).values(stopped=stopped))

    async def came_by(self, conversation: UUID, source: str) -> None:
        """Their first word came by the link with the tag *source*."""
        await self._connection.execute(update(TALK).where(TALK.c.id == conversation, TALK.c.last_n == 0)
                                       .values(source=source))

    async def sources(self) -> list[tuple[str, str, int]]:
        """How many conversations began by each link that had a tag: channel, tag, how many; the most first."""
        count = func.count()
        rows = await self._connection.execute(
            select(TALK.c.channel, TALK.c.source, count.label("times")).where(TALK.c.source.is_not(None))
            .group_by(TALK.c.channel, TALK.c.source).order_by(count.desc(), TALK.c.source))
        return [(row.channel, row.source, row.times) for row in rows]

    async def groups(self, channel: str) -> list[int]:
        """Where several people read along and we said once that it is no place for visitors, the newest first."""
        rows = await self._connection.scalars(
            select(ROW.c.address).join(TALK, TALK.c.id == ROW.c.conversation)
            .where(ROW.c.channel == channel, ROW.c.address.regexp_match("^-[0-9]{1,18}$"))
            .order_by(TALK.c.created_at.desc()).limit(50))
        return [int(address) for address in rows]

    async def lose(self, channel: str, address: str) -> UUID | None:
        """The visitor at *address* blocked us; their conversation, if there is one."""
        found = await self._find(channel, [address])
        if found is None:
            return None
        await self._connection.execute(update(ROW).where(ROW.c.conversation == found.conversation).values(gone=True))
        return found.conversation

    async def has_stopped(self, conversation: UUID) -> bool:
        return bool(await self._connection.scalar(select(ROW.c.stopped).where(ROW.c.conversation == conversation)))

    async def notice_due(self, conversation: UUID) -> bool:
        """Whether they are yet to be told that this is a machine; from now on they have been."""
        told = await self._connection.execute(update(ROW).where(ROW.c.conversation == conversation, ~ROW.c.noticed)
                                              .values(noticed=True))
        return bool(told.rowcount)
