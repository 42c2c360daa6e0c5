"""The check before a booking, where it is answered on our own page: begun, answered step by step, done."""
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.store.outbox_tables import ScreeningRow
from clinic.store.tables import table_of

ROW = table_of(ScreeningRow)


@dataclass(frozen=True, slots=True)
class Screening:
    """One check, under way."""

    id: UUID
    conversation: UUID
    state: dict[str, Any]
    step: int


class Screenings:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, conversation: UUID, state: dict[str, Any], until: datetime) -> UUID:
        """A check that begins at *state*, the only one of *conversation*: what opens it."""
        await self._connection.execute(delete(ROW).where(ROW.c.conversation == conversation))
        key = uuid4()
        await self._connection.execute(insert(ROW).values(id=key, conversation=conversation, state=state,
                                                          expires_at=until))
        return key

    async def under_way(self, conversation: UUID, now: datetime) -> UUID | None:
        """The one that *conversation* has begun and not finished."""
        found = await self._connection.scalar(select(ROW.c.id).where(
            ROW.c.conversation == conversation, ROW.c.done_at.is_(None), ROW.c.expires_at > now))
        return None if found is None else UUID(str(found))

    async def open(self, key: UUID, now: datetime) -> Screening | None:
        """The check *key*, ours until commit; None where it is done, or its time is over."""
        row = (await self._connection.execute(select(ROW).where(
            ROW.c.id == key, ROW.c.done_at.is_(None), ROW.c.expires_at > now).with_for_update())).first()
        return Screening(row.id, row.conversation, row.state, row.step) if row else None

    async def keep(self, screening: Screening, state: dict[str, Any], done_at: datetime | None) -> None:
        """It is at *state* now; done, if that has a time."""
        await self._connection.execute(update(ROW).where(ROW.c.id == screening.id).values(
            state=state, step=screening.step + 1, done_at=done_at))

    async def answers(self, conversation: UUID) -> dict[str, Any] | None:
        """What the check of *conversation* came to; None where it is not done."""
        found = await self._connection.scalar(select(ROW.c.state).where(ROW.c.conversation == conversation,
                                                                        ROW.c.done_at.is_not(None)))
        return None if found is None else dict(found)
