"""Whether replies flow: what waits to be said, where, and since when; and of which of it the clinic has been told."""
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.store.outbox_tables import WarningRow
from clinic.store.tables import table_of

ROW = table_of(WarningRow)
ANSWERS, STAFF = "answers", "staff"
"""Places beside the channels: messages that wait for their turn, and what a person wrote."""
STOPPED = "stopped "
"""What the clinic was warned of begins with this where it is a place that stands still."""
WAITS = text("""
select place, many, since from (
    select :answers as place, count(*) as many, min(m.at) as since
    from message m join conversation c on c.id = m.conversation
    where m.state = 'waiting' and c.channel not in ('cli', 'rasa')
    union all
    select d.channel, count(*), min(case when d.error is null then greatest(d.at, d.due_at) else d.at end)
    from delivery d where d.state in ('waiting', 'sending') group by d.channel
    union all
    select :staff, count(*), min(o.due_at)
    from procrastinate_jobs j join outgoing o on o.id = cast(j.args->>'written' as bigint)
    where j.task_name = 'say' and o.state = 'waiting' and o.due_at <= :now) as waits
where many > 0 order by since
""")
"""A delivery waits since it was put on its way, or was first tried in vain; one that is taken up again, since then. The
command line's own questions are answered by itself. Each part stands on an index of what is open, or on the queue: it
costs the same with a million messages behind it."""


@dataclass(frozen=True, slots=True)
class Wait:
    """*many* things wait at *place* (answers, staff, or a channel), the first of them *since* then."""

    place: str
    many: int
    since: datetime


class Flow:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def waits(self, now: datetime) -> list[Wait]:
        """All that waits, by place, the longest first."""
        rows = await self._connection.execute(WAITS, {"answers": ANSWERS, "staff": STAFF, "now": now})
        return [Wait(row.place, row.many, row.since) for row in rows]

    async def told(self) -> dict[str, datetime]:
        """The places of which the clinic was told that they stand still, and when."""
        rows = await self._connection.execute(select(ROW).where(ROW.c.about.startswith(STOPPED)))
        return {row.about.removeprefix(STOPPED): row.at for row in rows}

    async def stops(self, place: str, now: datetime) -> bool:
        """The clinic is told of *place* now; False where it was before. Of several who ask, one is told so."""
        return await self._connection.scalar(
            insert(ROW).values(about=STOPPED + place, at=now).on_conflict_do_nothing()
            .returning(ROW.c.about)) is not None

    async def flows(self, place: str) -> bool:
        """The same, that *place* stands still no longer."""
        return await self._connection.scalar(delete(ROW).where(ROW.c.about == STOPPED + place)
                                             .returning(ROW.c.about)) is not None
