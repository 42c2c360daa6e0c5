"""The weeks' figures are counted by the hour: the last ones anew, since what is fresh isn't settled; older once."""
from datetime import date, datetime, timedelta

from clinic.clock import Clock
from clinic.library import Library
from clinic.store.figures import mondays
from clinic.store.unit import Store

EVERY = timedelta(hours=1)
UNSETTLED = timedelta(days=21)
"""How far back a week may still change: it, the seven days after it, and a week to spare."""
FARTHEST = timedelta(days=366)


class Counting:
    def __init__(self, store: Store, library: Library, clock: Clock) -> None:
        self._store, self._library, self._clock = store, library, clock
        self._counted: datetime | None = None

    async def count_hourly(self) -> int:
        """Count what may have changed, each week in a transaction of its own; how many weeks."""
        now = self._clock()
        if self._counted is not None and now - self._counted < EVERY:
            return 0
        weeks = await self.count()
        self._counted = now if weeks else None  # the first message is counted at once
        return weeks

    async def count(self) -> int:
        now, zone = self._clock(), self._library.current.content.clinic.zone
        today = now.astimezone(zone).date()
        async with self._store.begin() as unit:
            first = await unit.figures.first(zone)
            known = {week for week, *_ in await unit.figures.kept(today - FARTHEST)}
        if first is None:
            return 0
        due = [monday for monday in mondays(max(first, today - FARTHEST), today)
               if monday not in known or monday >= today - UNSETTLED]
        for monday in due:
            await self._count(monday, now)
        return len(due)

    async def _count(self, monday: date, now: datetime) -> None:
        zone = self._library.current.content.clinic.zone
        async with self._store.begin() as unit:
            await unit.figures.keep(monday, await unit.figures.count(monday, zone, now), now)
