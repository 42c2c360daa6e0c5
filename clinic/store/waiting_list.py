"""The waiting list. One process at a time offers from it (`alone`); what it offers is held in the book.

Whoever changes a place and the book in one transaction takes the book first: so nobody waits for each other."""
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, exists, func, not_, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.booking.appointment import STANDS
from clinic.booking.choosing import as_intervals, as_line
from clinic.booking.waiting import MOST, ON_IT, InLine, State, Wanted
from clinic.safety.reading import ALARMS
from clinic.store.booking_tables import AppointmentRow
from clinic.store.outbox_tables import CorrespondentRow
from clinic.store.tables import ConversationRow, table_of
from clinic.store.waiting_tables import WaitingRow

ROW, TALK, BOOK = table_of(WaitingRow), table_of(ConversationRow), table_of(AppointmentRow)
WHO = table_of(CorrespondentRow)
_ALONE = text("select pg_try_advisory_xact_lock(7007, 0)")


_OFF = and_(ROW.c.moving.is_not(None), not_(exists().where(
    BOOK.c.reference == ROW.c.moving, BOOK.c.state.in_(STANDS), BOOK.c.conversation == ROW.c.conversation)))
"""The appointment that was to be moved stands no more, or belongs to another conversation."""


class WaitingList:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def alone(self) -> bool:
        """Whether nobody else offers from the list just now; until commit nobody else does."""
        return bool(await self._connection.scalar(_ALONE))

    async def join(self, conversation: UUID, wanted: Wanted, seen: Collection[str], zone: ZoneInfo,
                   now: datetime, latest: datetime | None = None) -> bool:
        """Put it on the list; the same wish again changes nothing. False where the conversation has no more places.

        *seen*: keys of openings that fit and are free already. *latest*: until when at most it waits."""
        until = wanted.until(zone)
        same = (ROW.c.service == wanted.service, ROW.c.times == as_line(wanted.times),
                ROW.c.gender.is_not_distinct_from(wanted.gender),
                ROW.c.place.is_not_distinct_from(_places_of(wanted)),
                ROW.c.moving.is_not_distinct_from(wanted.moving))
        others = await self._connection.scalar(select(func.count()).select_from(ROW).where(
            ROW.c.conversation == conversation, ROW.c.state.in_(ON_IT), not_(and_(*same))))
        if (others or 0) >= MOST:
            return False
        await self._connection.execute(upsert(ROW).values(
            conversation=conversation, service=wanted.service, times=as_line(wanted.times), words=wanted.words,
            gender=wanted.gender, name=wanted.name, contact=wanted.contact, place=_places_of(wanted),
            moving=wanted.moving, consented_at=now, since=now, until=min(until, latest or until),
            seen=sorted(seen)).on_conflict_do_nothing())
        return True

    async def of(self, conversation: UUID) -> list[InLine]:
        """Where *conversation* is on it."""
        return await self._all(_places().where(ROW.c.conversation == conversation, ROW.c.state.in_(ON_IT)))

    async def offered_to(self, conversation: UUID) -> InLine | None:
        """The place in *conversation* for which a time is kept just now."""
        found = await self._all(_places().where(ROW.c.conversation == conversation, ROW.c.state == "offered"))
        return found[0] if found else None

    async def get(self, key: int) -> InLine | None:
        """The place of that number; None where it is gone with its conversation."""
        found = await self._all(_places().where(ROW.c.id == key))
        return found[0] if found else None

    async def reach(self, conversation: UUID, contact: str) -> None:
        """Who waits in *conversation* can be reached there from now on."""
        await self._connection.execute(update(ROW).where(
            ROW.c.conversation == conversation, ROW.c.state.in_(ON_IT)).values(contact=contact))

    async def everybody(self) -> list[InLine]:
        """Who is on it, in their order, for staff."""
        return await self._all(_places().where(ROW.c.state.in_(ON_IT), TALK.c.channel != "cli"))

    async def waiting(self, now: datetime) -> list[InLine]:
        """Who can be offered a time at *now*, in their order: nobody whom a person talks with, who was raised to a red
        flag, who wants no more messages, or who holds a time or is offered one already."""
        holds = exists().where(BOOK.c.conversation == ROW.c.conversation, BOOK.c.state == "held")
        shut = exists().where(WHO.c.conversation == ROW.c.conversation, or_(WHO.c.stopped, WHO.c.gone))
        other = ROW.alias()
        offered = exists().where(other.c.conversation == ROW.c.conversation, other.c.state == "offered")
        return await self._all(_places().where(
            ROW.c.state == "waiting", ROW.c.until > now, TALK.c.channel != "cli", not_(TALK.c.held_by_staff),
            TALK.c.level.not_in(ALARMS), not_(holds), not_(shut), not_(offered), not_(_OFF)))

    async def unanswered(self, now: datetime) -> list[InLine]:
        """Those for whom what was kept is kept no more."""
        kept = exists().where(BOOK.c.conversation == ROW.c.conversation, BOOK.c.state == "held",
                              BOOK.c.held_until > now)
        return await self._all(_places().where(ROW.c.state == "offered", not_(kept)))

    async def over(self, now: datetime) -> list[InLine]:
        """Those whose last wished day has passed, or whose appointment stands no more."""
        return await self._all(_places().where(ROW.c.state == "waiting", or_(ROW.c.until <= now, _OFF)))

    async def look(self, place: InLine, seen: Collection[str]) -> None:
        """Remember what is free for it."""
        if set(seen) != place.seen:
            await self._connection.execute(update(ROW).where(ROW.c.id == place.id).values(seen=sorted(seen)))

    async def offer(self, place: InLine, opening: str, until: datetime) -> bool:
        """The time of that key is kept for it; False where it is not waiting any more."""
        done = await self._connection.execute(update(ROW).where(ROW.c.id == place.id, ROW.c.state == "waiting").values(
            state="offered", opening=opening, offered_until=until))
        return bool(done.rowcount)

    async def pass_on(self, place: InLine, since: datetime | None = None) -> bool:
        """What was kept for it is for the next, and is not offered to it again; with *since* it goes behind those who
        wait by then. False where nothing was offered any more."""
        done = await self._connection.execute(update(ROW).where(
            ROW.c.id == place.id, ROW.c.state == "offered", ROW.c.opening == place.opening).values(
                state="waiting", opening=None, offered_until=None, since=since or ROW.c.since,
                passed=ROW.c.passed.concat(func.jsonb_build_array(ROW.c.opening))))
        return bool(done.rowcount)

    async def end(self, places: Sequence[InLine], state: State) -> None:
        """They are off the list, and nothing says any more whose they were but their conversation."""
        await self._connection.execute(update(ROW).where(
            ROW.c.id.in_([place.id for place in places]), ROW.c.state.in_(ON_IT)).values(
                state=state, name=None, contact=None))

    async def _all(self, query: Select[Any]) -> list[InLine]:
        return [_place(row) for row in await self._connection.execute(query)]


def _places_of(wanted: Wanted) -> str | None:
    return " ".join(wanted.at) or None


def _places() -> Select[Any]:
    return (select(ROW, TALK.c.channel, TALK.c.level).join(TALK, TALK.c.id == ROW.c.conversation)
            .order_by(ROW.c.since, ROW.c.id))


def _place(row: Any) -> InLine:
    wanted = Wanted(row.service, tuple(as_intervals(row.times)), row.words, row.gender, row.name, row.contact,
                    tuple((row.place or "").split()), row.moving)
    return InLine(row.id, row.conversation, row.channel, wanted, row.state, row.since, row.until, frozenset(row.seen),
                  frozenset(row.passed), row.opening, row.offered_until, row.level in ALARMS)
