"""What is done every so often, whoever writes: reminders, the waiting list, other calendars, what has run out or is to
be forgotten."""
import asyncio
import logging
from datetime import timedelta

from clinic.booking.feed import FeedUnreadable, busy_in
from clinic.booking.fetching import fetch
from clinic.booking.reminding import FARTHEST, ready
from clinic.booking.tidings import Tidings
from clinic.clock import Clock
from clinic.knowledge.practice import Person
from clinic.library import Library
from clinic.store.counting import Counting
from clinic.store.forgetting import Forgetting
from clinic.store.offering import Offering
from clinic.store.sync import Sync
from clinic.store.telling import Telling
from clinic.store.unit import Store
from clinic.store.weekly import Weekly

log = logging.getLogger("frontdesk.rounds")
EVERY = 20.0
"""Seconds between rounds."""
LOOK_EVERY = timedelta(minutes=10)
"""Between looks at a calendar elsewhere."""
SYNC_EVERY = timedelta(minutes=1)
"""The same for one that is written after the book."""
PAST = timedelta(days=1)
"""How far back what a calendar says is kept."""


class Rounds:
    """Several processes may walk at once: whatever is done, one of them does."""

    def __init__(self, store: Store, library: Library, tidings: Tidings, clock: Clock, sync: Sync,
                 offering: Offering, forgetting: Forgetting, telling: Telling, counting: Counting,
                 weekly: Weekly) -> None:
        self._store, self._library, self._tidings = store, library, tidings
        self._clock, self._sync, self.offering = clock, sync, offering
        self.forgetting, self.telling, self.counting, self.weekly = forgetting, telling, counting, weekly

    async def walk(self) -> None:
        """Round after round, until cancelled. One thing that fails keeps no other from being done."""
        while True:
            for work in (self.tidy, self.remind, self.offering.walk, self.forgetting.erase_asked, self.forgetting.sweep,
                         self.telling.tell_waiting, self.counting.count_hourly, self.weekly.send_due,
                         self.look_elsewhere):
                try:
                    await work()
                except Exception as error:  # it is done again in the next round
                    log.warning("%s failed (%s); again in %.0f s", work.__qualname__, type(error).__name__, EVERY)
            await asyncio.sleep(EVERY)

    async def tidy(self) -> None:
        async with self._store.begin() as unit:
            await unit.book.tidy(self._clock())

    async def remind(self) -> int:
        """Send the reminders that are due, each in a transaction of its own; how many."""
        now, zone, sent = self._clock(), self._library.current.content.clinic.zone, 0
        async with self._store.begin() as unit:
            ahead = await unit.reminders.ahead(now, now + FARTHEST)
        for reference in [one.appointment.reference for one in ahead if ready(one, now, zone)]:
            sent += await self._remind(reference)
        return sent

    async def _remind(self, reference: str) -> bool:
        """Remind of one appointment, as it is once it is ours; whether there was still something to say."""
        now, zone = self._clock(), self._library.current.content.clinic.zone
        async with self._store.begin() as unit:
            reminded = await unit.reminders.take(reference)
            due = ready(reminded, now, zone) if reminded else []
            if not reminded or not due:
                return False
            await unit.reminders.went(reminded.appointment, due, now)
            await self._tidings.tell(unit, reminded.appointment, "reminder", now)
        return True

    async def look_elsewhere(self) -> None:
        """Look at the therapists' calendars elsewhere whose turn it is."""
        people = [person for person in self._library.current.content.clinic.people if person.elsewhere]
        now = self._clock()
        async with self._store.begin() as unit:
            await unit.feeds.keep_only([person.id for person in people])
        for person in people:
            async with self._store.begin() as unit:
                every = SYNC_EVERY if person.caldav else LOOK_EVERY
                mine = await unit.feeds.claim(person.id, person.elsewhere, now - every, now)
            if mine:
                await self._look(person)

    async def _look(self, person: Person) -> None:
        """Read one calendar. Where that fails, what was known of it stands."""
        clinic, now = self._library.current.content.clinic, self._clock()
        earliest, latest = now - PAST, now + timedelta(days=clinic.booking.horizon_days + 2)
        try:
            if person.caldav:
                texts = [one.text for one in await self._sync.keep(person, earliest, latest)]
            else:
                texts = [await fetch(person.calendar)]
            busy = await asyncio.to_thread(busy_in, texts, person.id, (earliest, latest), clinic.zone)
        except FeedUnreadable as error:
            log.warning("the calendar of %s can't be read: %s", person.id, error)
            async with self._store.begin() as unit:
                await unit.feeds.failed(person.id, str(error))
            return
        async with self._store.begin() as unit:
            await unit.feeds.replace(person.id, busy, now)
