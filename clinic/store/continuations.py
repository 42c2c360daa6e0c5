"""A conversation that goes on elsewhere: the token for it, and all that moves."""
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, literal, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.conversation import LEVELS
from clinic.records import Locked
from clinic.store.booking_tables import AppointmentRow, RequestRow
from clinic.store.desk_tables import DataRequestRow, NoteRow, OutgoingRow
from clinic.store.hashing import hash_of
from clinic.store.messages import CHANNEL
from clinic.store.outbox_tables import ContinuationRow, ScreeningRow
from clinic.store.staff_chat_tables import StaffChatMessageRow
from clinic.store.tables import (
    CaseRow,
    ConversationRow,
    FiringRow,
    GapRow,
    MessageRow,
    ReleaseRow,
    TrackerRow,
    table_of,
)
from clinic.store.waiting_tables import WaitingRow

ROW, TALK, MESSAGE, TRACKER = (table_of(row) for row in (ContinuationRow, ConversationRow, MessageRow, TrackerRow))
CASE = table_of(CaseRow)
NUMBERED = tuple(table_of(row) for row in (FiringRow, GapRow, OutgoingRow))
"""What speaks of a message by its number."""
BESIDE = tuple(table_of(row) for row in (AppointmentRow, RequestRow, ReleaseRow, NoteRow, ScreeningRow, WaitingRow,
                                         DataRequestRow, StaffChatMessageRow))
"""What belongs to a conversation as a whole. Deliveries don't move: nobody is written to where a thread comes from."""
_HIGHER = text("""
update conversation as goes_on set level = came.level, raised_by = came.raised_by from conversation as came
where goes_on.id = :into and came.id = :key and array_position(cast(:levels as text[]), came.level)
      > array_position(cast(:levels as text[]), goes_on.level)""")
_HELD = text("""
update conversation as goes_on set held_by_staff = true, held_by = coalesce(goes_on.held_by, came.held_by),
       quiet_since = greatest(goes_on.quiet_since, came.quiet_since) from conversation as came
where goes_on.id = :into and came.id = :key and came.held_by_staff""")


class Continuations:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def offer(self, conversation: UUID, token: str, now: datetime, until: datetime) -> None:
        """Whoever brings *token* before *until* goes on with *conversation*; what was offered of it before ends."""
        await self._connection.execute(delete(ROW).where(or_(ROW.c.conversation == conversation,
                                                             ROW.c.expires_at <= now)))
        await self._connection.execute(insert(ROW).values(token_hash=hash_of(token), conversation=conversation,
                                                          expires_at=until))

    async def use(self, token: str, now: datetime) -> UUID | None:
        """The conversation that *token* is for, and nobody else's from now on; None where it is not, or no longer."""
        row = (await self._connection.execute(delete(ROW).where(ROW.c.token_hash == hash_of(token)).returning(
            ROW.c.conversation, ROW.c.expires_at))).first()
        return row.conversation if row and row.expires_at > now else None

    async def move(self, came: Locked, into: Locked) -> None:
        """All of *came* goes on in *into*, after what was said there. Both rows are ours, and both turns.

        The higher level of the two stays, in both: none is lost by this. What danger adds up from goes along."""
        above, ours = into.last_n, {"key": came.id, "into": into.id}
        await self._connection.execute(_HIGHER, {**ours, "levels": list(LEVELS)})
        await self._connection.execute(_HELD, ours)
        await self._connection.execute(update(MESSAGE).where(
            MESSAGE.c.conversation.in_([came.id, into.id]), MESSAGE.c.choices_open).values(choices_open=False))
        await self._of(came, MESSAGE, conversation=into.id, n=MESSAGE.c.n + above, answers=MESSAGE.c.answers + above,
                       external_id=literal(f"{came.channel} ") + MESSAGE.c.external_id)
        await self._of(came, CASE, conversation=into.id, n=CASE.c.n + above, asked_n=CASE.c.asked_n + above)
        for table in NUMBERED:
            await self._of(came, table, conversation=into.id, n=table.c.n + above)
        for table in BESIDE:
            await self._of(came, table, conversation=into.id)
        await self._tracker(came, into)
        await self._change(came.id, moved_to=into.id, held_by_staff=False, held_by=None, quiet_since=None)
        await self._change(into.id, last_n=above + came.last_n, released_n=into.released_n if above else
                           came.released_n)
        await self._connection.execute(select(func.pg_notify(CHANNEL, str(into.id))))

    async def _tracker(self, came: Locked, into: Locked) -> None:
        """What they were in the middle of there is what they go on with; nothing there: what they had here."""
        has = select(TRACKER.c.conversation).where(TRACKER.c.conversation == came.id)
        if await self._connection.scalar(has) is not None:
            await self._connection.execute(delete(TRACKER).where(TRACKER.c.conversation == into.id))
            await self._of(came, TRACKER, conversation=into.id)

    async def moved(self, conversation: UUID) -> UUID | None:
        """Where *conversation* goes on, if it was taken elsewhere."""
        found = await self._connection.scalar(select(TALK.c.moved_to).where(TALK.c.id == conversation))
        return None if found is None else UUID(str(found))

    async def _of(self, came: Locked, table: Any, **values: Any) -> None:
        await self._connection.execute(update(table).where(table.c.conversation == came.id).values(**values))

    async def _change(self, conversation: UUID, **values: Any) -> None:
        await self._connection.execute(update(TALK).where(TALK.c.id == conversation).values(**values))
