"""The trail of the safety reader: which rule fired where, what a person released, how often over time."""
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.conversation import Level
from clinic.records import Locked
from clinic.safety.rules import Rule
from clinic.store.tables import ConversationRow, FiringRow, MessageRow, ReleaseRow, table_of

FIRING, RELEASE, TALK = table_of(FiringRow), table_of(ReleaseRow), table_of(ConversationRow)

MESSAGE = table_of(MessageRow)


class Firings:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def record(self, conversation: UUID, channel: str, n: int, met: Sequence[Rule], now: datetime) -> None:
        """Message *n* met the rules *met*. Their ids and versions only: no word of what was said."""
        await self._connection.execute(insert(FIRING), [
            {"conversation": conversation, "n": n, "rule": rule.id, "version": rule.version, "level": rule.level,
             "channel": channel, "at": now} for rule in met])

    async def told(self, conversation: UUID, before: int) -> set[str]:
        """Contraindications that showed in *conversation* before message *before*."""
        rows = await self._connection.scalars(
            select(FIRING.c.rule).distinct().where(FIRING.c.conversation == conversation, FIRING.c.n < before,
                                                   FIRING.c.level == "contraindication"))
        return set(rows)

    async def released(self, locked: Locked, by: str, now: datetime) -> None:
        """*by* has looked at what raised the level of *locked*."""
        await self._connection.execute(
            insert(RELEASE).values(conversation=locked.id, level=locked.level, by=by, at=now))

    async def raised(self) -> list[tuple[UUID, str, Level, str | None, datetime]]:
        """Conversations at urgent or emergency that nobody has released, the latest first: id, channel, level, rule,
        when it last fired."""
        last = (select(FIRING.c.conversation, func.max(FIRING.c.at).label("at"))
                .where(FIRING.c.level.in_(("urgent", "emergency"))).group_by(FIRING.c.conversation).subquery())
        rows = await self._connection.execute(
            select(TALK.c.id, TALK.c.channel, TALK.c.level, TALK.c.raised_by, last.c.at)
            .join(last, last.c.conversation == TALK.c.id)
            .where(TALK.c.level.in_(("urgent", "emergency")), TALK.c.channel != "cli").order_by(last.c.at.desc()))
        return [(row.id, row.channel, row.level, row.raised_by, row.at) for row in rows]

    async def words(self, conversations: Sequence[UUID]) -> dict[UUID, str]:
        """What was said when each of *conversations* last met an urgent or emergency rule."""
        rows = await self._connection.execute(
            select(FIRING.c.conversation, MESSAGE.c.text).ext(distinct_on(FIRING.c.conversation))
            .join(MESSAGE, and_(MESSAGE.c.conversation == FIRING.c.conversation, MESSAGE.c.n == FIRING.c.n))
            .where(FIRING.c.conversation.in_(list(conversations)), FIRING.c.level.in_(("urgent", "emergency")))
            .order_by(FIRING.c.conversation, FIRING.c.id.desc()))
        return {row.conversation: row.text for row in rows}

    async def counts(self, since: datetime, zone: str) -> list[tuple[str, str, str, str, int]]:
        """Firings since *since*, by the day they fell on in *zone* (ISO), channel, level and rule. Not those of the
        command line."""
        day = func.to_char(func.timezone(zone, FIRING.c.at), "YYYY-MM-DD").label("day")
        rows = await self._connection.execute(
            select(day, FIRING.c.channel, FIRING.c.level, FIRING.c.rule, func.count().label("times"))
            .where(FIRING.c.at >= since, FIRING.c.channel != "cli")
            .group_by(day, FIRING.c.channel, FIRING.c.level, FIRING.c.rule).order_by(day))
        return [(row.day, row.channel, row.level, row.rule, row.times) for row in rows]
