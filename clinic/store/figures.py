"""The enquiries of some weeks as they were, and the figures that are kept of each week."""
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.figures.enquiry import LATER, PAUSE, UNTAGGED, Around, Enquiry, Made, Step, enquiries
from clinic.figures.week import ALL, Key, Week, count, split
from clinic.store.desk_tables import WeekFigureRow
from clinic.store.tables import table_of

ROW = table_of(WeekFigureRow)
OURS = ("cli", "rasa")
"""Channels of our own tries: in no figure."""
_STEPS = text("""
select m.conversation, c.channel, c.source, m.n, m.sender, m.kind, m.at, m.intent->>'name' as intent,
       m.state = 'failed' as failed,
       m.answers, m.choices::text like '%"check"%' as checks, m.choices::text like '%"opening"%' as opens
from message m join conversation c on c.id = m.conversation
where m.at >= :since and (m.at < :talked or m.sender = 'person') and m.at < :until and c.channel <> all(:ours)
order by m.conversation, m.n
""")
_CASES = text("""
select conversation, created_at, reason from "case" where created_at >= :since and created_at < :until
""")
_GAPS = text("select conversation, n from gap where created_at >= :since")
_MADE = text("""
select a.conversation, a.created_at as at, a.state = 'attended' as kept,
       exists (select from appointment_change h where h.appointment = a.id and h.state <> 'attended'
               and h.state <> 'missed' and h.by like 'staff%') or a.state = 'requested' as by_person
from appointment a where a.conversation is not null and a.state <> 'held' and a.created_at >= :since
union all select conversation, created_at, false, true from request where created_at >= :since
""")
_TAKEN = text("""
select c.channel, c.source, extract(epoch from k.taken_at - k.created_at)::float as seconds from "case" k
join conversation c on c.id = k.conversation
where k.created_at >= :since and k.created_at < :until and k.taken_at is not null and k.reason <> 'joined'
  and c.channel <> all(:ours)
""")
_FIRED = text("""
select f.channel, c.source, f.level from firing f left join conversation c on c.id = f.conversation
where f.at >= :since and f.at < :until and f.channel <> all(:ours)
""")


class Figures:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def enquiries(self, monday: date, zone: ZoneInfo) -> list[Enquiry]:
        """All that began in the week of *monday* at the clinic."""
        since, until = span(monday, zone)
        given: dict[str, Any] = {"since": since - PAUSE, "talked": until + PAUSE,
                                 "until": until + LATER + PAUSE, "ours": list(OURS)}
        cases, gaps, made = await self._around(given)
        talks: dict[tuple[UUID, str, str], list[Step]] = defaultdict(list)
        for row in await self._connection.execute(_STEPS, given):
            offers = frozenset(name for name, there in (("check", row.checks), ("opening", row.opens)) if there)
            said = talks[row.conversation, row.channel, _tag(row.source)]
            asked = next((step.at for step in reversed(said) if step.n == row.answers), None)
            said.append(Step(row.n, row.sender, row.kind, row.at, row.intent, bool(row.failed), offers,
                             row.at - asked if asked and row.sender == "bot" else None))
        return [one for (key, channel, source), steps in talks.items()
                for one in enquiries(key, channel, steps, Around(tuple(cases[key]), frozenset(gaps[key]),
                                                                 tuple(made[key])), source)
                if since <= one.begins < until]

    async def _around(self, given: dict[str, Any]) -> tuple[dict[UUID, Any], dict[UUID, Any], dict[UUID, Any]]:
        cases: dict[UUID, list[tuple[datetime, str]]] = defaultdict(list)
        gaps: dict[UUID, set[int]] = defaultdict(set)
        made: dict[UUID, list[Made]] = defaultdict(list)
        for row in await self._connection.execute(_CASES, given):
            cases[row.conversation].append((row.created_at, row.reason))
        for row in await self._connection.execute(_GAPS, given):
            gaps[row.conversation].add(row.n)
        for row in await self._connection.execute(_MADE, given):
            made[row.conversation].append(Made(row.at, row.by_person, row.kept))
        return cases, gaps, made

    async def count(self, monday: date, zone: ZoneInfo, now: datetime) -> dict[tuple[str, str], Week]:
        """The figures of a week, by channel and source and for all together."""
        found, (since, until) = await self.enquiries(monday, zone), span(monday, zone)
        given = {"since": since, "until": until, "ours": list(OURS)}
        taken = [(row.channel, _tag(row.source), row.seconds)
                 for row in await self._connection.execute(_TAKEN, given)]
        fired = [(row.channel, _tag(row.source), row.level) for row in await self._connection.execute(_FIRED, given)]
        places = dict.fromkeys([*split(found), *((channel, ALL) for channel, *_ in fired)])
        return {(channel, source): count(
            [one for one in found if channel in (ALL, one.channel) and source in (ALL, one.source)],
            [level for place, tag, level in fired if channel in (ALL, place) and source in (ALL, tag)],
            [seconds for place, tag, seconds in taken if channel in (ALL, place) and source in (ALL, tag)], now)
            for channel, source in places}

    async def keep(self, monday: date, weeks: dict[tuple[str, str], Week], now: datetime) -> None:
        """What is kept of a week from now on, in the place of what was."""
        await self._connection.execute(delete(ROW).where(ROW.c.week == monday))
        for (channel, source), week in weeks.items():
            values = {"figures": asdict(week), "counted_at": now}
            await self._connection.execute(
                upsert(ROW).values(week=monday, channel=channel, source=source, **values)
                .on_conflict_do_update(index_elements=["week", "channel", "source"], set_=values))

    async def kept(self, since: date) -> dict[Key, Week]:
        """What is kept of each week from that of *since* on, the latest week first, and all together before its
        parts."""
        rows = await self._connection.execute(select(ROW).where(ROW.c.week >= since).order_by(
            ROW.c.week.desc(), ROW.c.channel != ALL, ROW.c.channel, ROW.c.source != ALL, ROW.c.source))
        return {(row.week, row.channel, row.source): Week.from_row(row.figures) for row in rows}

    async def counted(self) -> datetime | None:
        return await self._connection.scalar(select(func.max(ROW.c.counted_at)))

    async def first(self, zone: ZoneInfo) -> date | None:
        """The day on which the first message came."""
        found = await self._connection.scalar(text(
            "select min(created_at) from conversation where channel <> all(:ours)"), {"ours": list(OURS)})
        return found.astimezone(zone).date() if found else None


def _tag(source: str | None) -> str:
    return f"#{source}" if source else UNTAGGED


def span(monday: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when to when a week is at the clinic."""
    return (datetime.combine(monday, time.min, zone), datetime.combine(monday + timedelta(days=7), time.min, zone))


def mondays(first: date, last: date) -> Iterator[date]:
    """The Monday of each week from that of *first* to that of *last*."""
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        yield monday
        monday += timedelta(days=7)
