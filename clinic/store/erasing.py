"""Erasing one person: every table, in one transaction, and a search before it is committed that finds nothing more."""
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.booking.appointment import STANDS
from clinic.errors import ClinicError
from clinic.privacy.receipt import Line, Receipt
from clinic.store.booking_tables import AppointmentRow, RequestRow
from clinic.store.calendar_tables import LookupFailureRow
from clinic.store.conversations import Conversations
from clinic.store.finding import Finding
from clinic.store.holdings import HOLDINGS, OF_WORK
from clinic.store.references import free_reference
from clinic.store.subjects import LEAST, Subject, spellings
from clinic.store.tables import ConversationRow, table_of

TALK, APPOINTMENT, REQUEST = table_of(ConversationRow), table_of(AppointmentRow), table_of(RequestRow)
FAILED = table_of(LookupFailureRow)
IN_WORDS = ("message", "tracker", "note", "outgoing", "delivery", "content_change", "content_version")
"""Tables of what people wrote: an address in them may be anybody's, and is shown to a person."""


class StillAtWork(ClinicError):
    """Something is just being done for them; in a moment it can be erased."""


class NotErased(ClinicError):
    """Something was left, so that nothing was erased: a fault of ours, and the text says where."""


class Erasing:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._finding = Finding(connection)

    async def said_elsewhere(self, subject: Subject) -> list[UUID]:
        """Other conversations in whose messages one of their addresses is said: a person looks whether it was they."""
        return [key for key in await self._finding.conversations_with(subject.ways) if key not in subject.conversations]

    async def rows(self, subject: Subject) -> dict[str, int]:
        """How many rows of each table are theirs."""
        counted = {}
        for table, holding in HOLDINGS.items():
            query = f'select count(*) from "{table}" t where {holding.rows or "false"}'  # noqa: S608 - SQL of ours
            counted[table] = int(await self._connection.scalar(text(query), subject.keys) or 0)
        return counted

    async def erase(self, subject: Subject, by: str, now: datetime) -> Receipt:
        """Erase all that is kept of *subject*, but an appointment that is still to come: that is forgotten once it is
        over. To be done first in a transaction. Raises StillAtWork, NotErased: then nothing is to be committed."""
        talks = Conversations(self._connection)
        for key in subject.conversations:
            await talks.hold_turn(key)
        for key in subject.conversations:
            await talks.lock(key)
        counted = await self.rows(subject)
        waiting = await self._to_come(subject, now)
        subject = _without(subject, waiting)
        await self._stop_work(subject)
        await self._empty(subject.appointments)
        await self._connection.execute(delete(REQUEST).where(REQUEST.c.reference.in_(subject.references)))
        await self._connection.execute(delete(FAILED).where(FAILED.c.reference.in_(subject.references)))
        await self._connection.execute(text(
            "update audit set about = null where about = any(cast(:references as text[]))"), subject.keys)
        await self._connection.execute(delete(TALK).where(TALK.c.id.in_(subject.conversations)))
        left = await self._finding.rows_with(subject.marks)
        reached = await self._finding.rows_with(subject.ways)  # in somebody's words it may be said anywhere
        left = {table: left[table] + (0 if table in IN_WORDS else reached[table]) for table in left}
        if any(left.values()):
            raise NotErased("Nothing was erased, since something would have been left in "
                            + ", ".join(table for table, rows in left.items() if rows))
        lines = tuple(Line(table, HOLDINGS[table].kind if table in HOLDINGS else "nobodys", counted.get(table, 0),
                           HOLDINGS[table].fate if table in HOLDINGS else "kept", left[table]) for table in left)
        return Receipt(now, by, len(subject.marks) + len(subject.ways), lines,
                       ("appointment_to_come",) * len(waiting),
                       sum(reached[table] for table in IN_WORDS) + await self._alike(subject.alike))

    async def forget_over(self, now: datetime) -> int:
        """Appointments that were kept for somebody who has been erased, and are over: they name nobody any more."""
        over = (await self._connection.scalars(select(APPOINTMENT.c.id).where(
            APPOINTMENT.c.forget, or_(APPOINTMENT.c.ends <= now, APPOINTMENT.c.state.not_in(STANDS))))).all()
        await self._empty(over)
        return len(over)

    async def _to_come(self, subject: Subject, now: datetime) -> Sequence[Any]:
        """Appointments that stand and are not over yet: theirs until then, and of no conversation."""
        return (await self._connection.execute(
            update(APPOINTMENT).where(APPOINTMENT.c.id.in_(subject.appointments), APPOINTMENT.c.state.in_(STANDS),
                                      APPOINTMENT.c.ends > now)
            .values(forget=True, conversation=None, wish=None).returning(APPOINTMENT))).all()

    async def _stop_work(self, subject: Subject) -> None:
        """What waits to be done for them is not done. Raises StillAtWork."""
        busy = await self._connection.scalar(text(
            f"select count(*) from procrastinate_jobs t where t.status = 'doing' and {OF_WORK}"),  # noqa: S608 - ours
            subject.keys)
        if busy:
            raise StillAtWork("Something is just being done for them. Try it again in a moment.")
        await self._connection.execute(text(f"delete from procrastinate_jobs t where {OF_WORK}"),  # noqa: S608 - ours
                                       subject.keys)

    async def _empty(self, appointments: Sequence[int]) -> None:
        """They say that a time was taken, and not by whom."""
        await self._connection.execute(delete(APPOINTMENT).where(APPOINTMENT.c.id.in_(appointments),
                                                                 APPOINTMENT.c.state == "held"))
        for key in appointments:
            await self._connection.execute(update(APPOINTMENT).where(APPOINTMENT.c.id == key).values(
                reference=await free_reference(self._connection), name=None, contact=None, wish=None, screening=None,
                conversation=None, forget=False))

    async def _alike(self, alike: Sequence[str]) -> int:
        wanted = [one for one in alike if len(one) >= LEAST]
        return sum((await self._finding.rows_with(wanted)).values()) if wanted else 0


def _without(subject: Subject, kept: Sequence[Any]) -> Subject:
    """*subject* without what is known of the *kept* appointments."""
    ways = {way.lower() for row in kept if row.contact for way in spellings(row.contact)}
    return replace(subject, appointments=tuple(key for key in subject.appointments if key not in {r.id for r in kept}),
                   references=tuple(one for one in subject.references if one not in {r.reference for r in kept}),
                   addresses=tuple(one for one in subject.addresses if one.lower() not in ways))
