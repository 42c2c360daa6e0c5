"""Replies that stop: the clinic is told once, and once when they flow again, by whatever process still lives."""
import asyncio
import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from prometheus_client import Gauge

from clinic.clock import Clock
from clinic.post import Notice, Post
from clinic.store.flow import Wait
from clinic.store.unit import Store

log = logging.getLogger("frontdesk.flow")
LOOK_EVERY = 30.0
"""Seconds between looks."""
WAITING = Gauge("frontdesk_waiting", "What waits to be said: answers, what staff wrote, a channel's outbox", ["place"])
OLDEST = Gauge("frontdesk_waiting_seconds", "How long the first of it has waited", ["place"])
STOPPED = Gauge("frontdesk_replies_stopped", "1 where the clinic was told that nothing gets on", ["place"])
LOOKED = Gauge("frontdesk_replies_looked_at_seconds", "When that was last looked at, as Unix time")


class Flowing:
    """Several processes may watch at once: what the clinic was told stands in the database."""

    def __init__(self, store: Store, post: Post, clock: Clock, limit: timedelta) -> None:
        """*limit*: how long something may wait before that is worth a word."""
        self._store, self._post, self._clock, self._limit = store, post, clock, limit
        self._late: set[str] = set()
        self._places: set[str] = set()

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                await self.look()
            except Exception as error:  # a mail server that is down must not make us knock twice a second
                log.warning("could not look whether replies flow, or tell of it (%s); again in %.0f s",
                            type(error).__name__, LOOK_EVERY)
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Tell of each place that stands still in two looks running: a machine that wakes up, or a server that starts,
        catches up between them. It flows again once nothing waits there for half as long: not at every hiccup."""
        now = self._clock()
        async with self._store.look() as unit:
            waits, told = await unit.flow.waits(now), await unit.flow.told()
        late = {wait.place for wait in waits if now - wait.since >= self._limit}
        slow = {wait.place for wait in waits if now - wait.since >= self._limit / 2}
        for place in sorted(late & self._late - told.keys()):
            await self._stops(place, now)
            told[place] = now
        for place in sorted(told.keys() - slow):
            await self._flows(place)
            del told[place]
        self._late = late
        self._measure(waits, told.keys(), now)

    async def _stops(self, place: str, now: datetime) -> None:
        """Sent here and now, since it may be the queue that stands still; where that fails nothing is written, and the
        next look tries again."""
        async with self._store.begin() as unit:
            if await unit.flow.stops(place, now):
                await self._post.send(Notice("replies_stopped", place))
                log.error("replies have stopped: %s (see `frontdesk doctor`)", place)
                await unit.cases.tell_desk()

    async def _flows(self, place: str) -> None:
        async with self._store.begin() as unit:
            if await unit.flow.flows(place):
                await self._post.send(Notice("replies_flow_again", place))
                log.warning("replies flow again: %s", place)
                await unit.cases.tell_desk()

    def _measure(self, waits: Sequence[Wait], told: Collection[str], now: datetime) -> None:
        here = {wait.place: wait for wait in waits}
        self._places |= here.keys() | set(told)
        for place in self._places:
            wait = here.get(place)
            WAITING.labels(place).set(wait.many if wait else 0)
            OLDEST.labels(place).set(max(0.0, (now - wait.since).total_seconds()) if wait else 0)
            STOPPED.labels(place).set(place in told)
        LOOKED.set(now.timestamp())
