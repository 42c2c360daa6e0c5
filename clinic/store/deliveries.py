"""The outbox: what is on its way to visitors, in order, and what became of it."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, insert, not_, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.conversation import Message
from clinic.store.appointments import ROW as APPOINTMENT
from clinic.store.calendar_tables import ReminderRow
from clinic.store.messages import ROW as MESSAGE
from clinic.store.messages import as_message
from clinic.store.outbox_tables import CorrespondentRow, DeliveryRow
from clinic.store.tables import table_of
from clinic.store.waiting_tables import WaitingRow

ROW, WHO, REMINDER = table_of(DeliveryRow), table_of(CorrespondentRow), table_of(ReminderRow)
WAITING = table_of(WaitingRow)
OPEN, DEAD = ("waiting", "sending"), ("failed", "parked")
ONWARDS = {"sent": ("sending",), "delivered": ("sending", "sent"), "read": ("sending", "sent", "delivered"),
           "failed": ("sending", "sent")}
"""Which states a provider's word may follow: they come late, twice and in any order."""


@dataclass(frozen=True, slots=True)
class Due:
    """The next thing to send in a conversation, and to whom."""

    id: int
    conversation: UUID
    n: int
    channel: str
    kind: str | None
    body: dict[str, Any]
    state: str
    """sending: an earlier attempt was made, and nobody lived to say what came of it."""
    attempts: int
    address: str
    heard_at: datetime | None
    gone: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A delivery as staff see it: no address, no word."""

    id: int
    conversation: UUID
    channel: str
    state: str
    error: str | None
    attempts: int
    at: datetime


class Deliveries:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def unposted(self, conversation: UUID, above: int) -> list[Message]:
        """Our messages above number *above* of which no delivery was made, ascending. What a person sent by other means
        has the provider's id, and is there already."""
        made = select(ROW.c.id).where(ROW.c.conversation == conversation, ROW.c.n == MESSAGE.c.n).exists()
        rows = await self._connection.execute(
            select(MESSAGE).where(MESSAGE.c.conversation == conversation, MESSAGE.c.n > above, ~made,
                                  MESSAGE.c.sender != "visitor", MESSAGE.c.external_id.is_(None))
            .order_by(MESSAGE.c.n))
        return [as_message(row) for row in rows]

    async def add(self, conversation: UUID, channel: str, message: Message, parts: Sequence[dict[str, Any]],
                  now: datetime) -> None:
        """*message* goes out in *parts*."""
        await self._connection.execute(insert(ROW), [
            {"conversation": conversation, "n": message.n, "part": place, "channel": channel, "kind": message.kind,
             "body": part, "at": now} for place, part in enumerate(parts)])

    async def next(self, conversation: UUID) -> Due | None:
        """The first open delivery; None where there is none, or its time has not come."""
        row = (await self._connection.execute(
            select(ROW, (ROW.c.due_at <= func.now()).label("is_due"), WHO.c.address, WHO.c.heard_at, WHO.c.gone)
            .join(WHO, WHO.c.conversation == ROW.c.conversation)
            .where(ROW.c.conversation == conversation, ROW.c.state.in_(OPEN))
            .order_by(ROW.c.n, ROW.c.part).limit(1))).first()
        if row is None or not row.is_due:
            return None
        return Due(row.id, row.conversation, row.n, row.channel, row.kind, row.body, row.state, row.attempts,
                   row.address, row.heard_at, row.gone)

    async def attempt(self, due: Due) -> None:
        """It is going to be tried now."""
        await self._become(due.id, state="sending", attempts=due.attempts + 1)

    async def sent(self, due: Due, provider_id: str) -> None:
        await self._become(due.id, state="sent", provider_id=provider_id, error=None)

    async def put_off(self, due: Due, seconds: float, error: str) -> None:
        """It did not get there and is tried again, not before *seconds* from now."""
        await self._become(due.id, state="waiting", error=error,
                           due_at=func.now() + func.make_interval(0, 0, 0, 0, 0, 0, seconds))

    async def end(self, due: Due, state: str, error: str) -> None:
        """It is failed or parked, for *error*."""
        await self._become(due.id, state=state, error=error)

    async def _become(self, delivery: int, **values: Any) -> None:
        await self._connection.execute(update(ROW).where(ROW.c.id == delivery).values(**values))

    async def heard(self, channel: str, provider_id: str, state: str, error: str | None, *, became: str
                    ) -> tuple[UUID, int] | None:
        """The provider says *state* of a message, which *became* that for us: conversation and number, if it is
        news."""
        row = (await self._connection.execute(
            update(ROW).where(ROW.c.provider_id == provider_id, ROW.c.channel == channel,
                              ROW.c.state.in_(ONWARDS[state]))
            .values(state=became, error=error).returning(ROW.c.conversation, ROW.c.n))).first()
        return (row.conversation, row.n) if row else None

    async def open(self, conversation: UUID) -> int:
        """How many are on their way."""
        return int(await self._connection.scalar(select(func.count()).select_from(ROW).where(
            ROW.c.conversation == conversation, ROW.c.state.in_(OPEN))) or 0)

    async def number_of(self, conversation: UUID, provider_id: str) -> int | None:
        """The message in *conversation* that the provider calls *provider_id*."""
        found = await self._connection.scalar(select(ROW.c.n).where(ROW.c.provider_id == provider_id,
                                                                    ROW.c.conversation == conversation))
        return None if found is None else int(found)

    async def is_latest(self, conversation: UUID, provider_id: str) -> bool:
        """Whether nothing was said in *conversation* after the message that the provider calls *provider_id*."""
        last = select(MESSAGE.c.n).where(MESSAGE.c.conversation == conversation).order_by(MESSAGE.c.n.desc()).limit(1)
        return await self._connection.scalar(
            select(ROW.c.id).where(ROW.c.provider_id == provider_id, ROW.c.conversation == conversation,
                                   ROW.c.n == last.scalar_subquery())) is not None

    async def call_off(self, conversation: UUID, state: str, error: str) -> set[int]:
        """Whatever still waits there is not sent: the numbers of these messages."""
        return set(await self._connection.scalars(
            update(ROW).where(ROW.c.conversation == conversation, ROW.c.state == "waiting")
            .values(state=state, error=error).returning(ROW.c.n)))

    async def dead(self, limit: int = 200) -> list[Listed]:
        """What was not delivered and will not be by itself, newest first."""
        rows = await self._connection.execute(select(ROW).where(ROW.c.state.in_(DEAD)).order_by(ROW.c.id.desc())
                                              .limit(limit))
        return [_listed(row) for row in rows]

    async def of(self, conversation: UUID) -> list[Listed]:
        """All that ever was to be sent in *conversation*, in order."""
        rows = await self._connection.execute(select(ROW).where(ROW.c.conversation == conversation)
                                              .order_by(ROW.c.n, ROW.c.part))
        return [_listed(row) for row in rows]

    async def revive(self, delivery: int | None) -> set[UUID]:
        """Try a dead one again, or with None all of them; the conversations that have something to send now."""
        return await self._of_dead(delivery, state="waiting", attempts=0, error=None, due_at=func.now())

    async def drop(self, delivery: int | None) -> set[UUID]:
        """Give a dead one up, or with None all of them."""
        return await self._of_dead(delivery, state="dropped")

    async def revive_for(self, conversation: UUID, error: str) -> bool:
        """What was parked in *conversation* for *error* goes out after all; whether there was any."""
        done = await self._connection.execute(
            update(ROW).where(ROW.c.conversation == conversation, ROW.c.state == "parked", ROW.c.error == error)
            .values(state="waiting", attempts=0, error=None, due_at=func.now()))
        return bool(done.rowcount)

    async def drop_untrue(self, conversation: UUID, now: datetime) -> None:
        """What waits or is parked in *conversation* and would be wrong at *now* is not sent: a reminder of what has
        begun, was moved or called off; a time from the waiting list that is not kept any more. A reminder is known by
        its moment: its row is written at the one at which it is said."""
        untrue = (select(MESSAGE.c.n).join(REMINDER, REMINDER.c.at == MESSAGE.c.at)
                  .join(APPOINTMENT, APPOINTMENT.c.id == REMINDER.c.appointment)
                  .where(MESSAGE.c.conversation == conversation, MESSAGE.c.sender == "bot", MESSAGE.c.kind == "booking",
                         or_(REMINDER.c.starts <= now, APPOINTMENT.c.starts != REMINDER.c.starts,
                             APPOINTMENT.c.state != "booked")))
        kept = exists().where(
            WAITING.c.conversation == conversation, WAITING.c.state == "offered", WAITING.c.offered_until > now,
            MESSAGE.c.choices.contains(func.jsonb_build_array(func.jsonb_build_object(
                "means", func.jsonb_build_object("entities", func.jsonb_build_object("offered", WAITING.c.opening))))))
        gone = select(MESSAGE.c.n).where(MESSAGE.c.conversation == conversation, not_(kept),
                                         MESSAGE.c.choices.contains([{"means": {"intent": "take_waiting"}}]))
        await self._connection.execute(update(ROW).where(
            ROW.c.conversation == conversation, ROW.c.state.in_(("waiting", "parked")), ROW.c.n.in_(untrue.union(gone)))
            .values(state="dropped", error="untrue"))

    async def _of_dead(self, delivery: int | None, **values: Any) -> set[UUID]:
        chosen = text("true") if delivery is None else ROW.c.id == delivery
        rows = await self._connection.scalars(update(ROW).where(chosen, ROW.c.state.in_(DEAD)).values(**values)
                                              .returning(ROW.c.conversation))
        return set(rows)


def _listed(row: Any) -> Listed:
    return Listed(row.id, row.conversation, row.channel, row.state, row.error, row.attempts, row.at)
