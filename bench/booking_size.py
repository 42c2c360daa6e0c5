"""What the openings of the next fourteen days cost, as the book grows: CPU, and queries."""
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import UUID

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench.booking_clients import open_talks
from bench.booking_clinic import service_of
from bench.turn_processes import Processes
from bench.turn_table import say, show
from clinic.booking.availability import Availability
from clinic.booking.diary import Diary, Wish
from clinic.booking.opening import Opening
from clinic.clock import utc_now
from clinic.knowledge.content import load
from clinic.knowledge.practice import ClinicFacts
from clinic.settings import ROOT
from clinic.store.embedded import database
from clinic.store.schema import migrate
from clinic.store.taking import resource_of
from clinic.store.unit import Store, Unit

SMALL, DAYS, TIMES = 1_000, 14, 200
MOST_MS, MOST_QUERIES, FLAT = 10.0, 2, 1.5
"""Milliseconds of CPU, database and all; queries; how much dearer a long past may be, noise and all."""
FULL = 3
"""Of four times to come, how many are taken."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one look, at the median: milliseconds of CPU, here and in the database; the queries; what it found."""

    program: float
    database: float
    queries: set[int]
    openings: int

    @property
    def whole(self) -> float:
        return self.program + self.database


class Clinic:
    """The sample clinic's book, of any size."""

    def __init__(self, facts: ClinicFacts, store: Store, dsn: str, used: Processes, talk: UUID) -> None:
        self.facts, self._store, self._dsn, self._used, self._talk = facts, store, dsn, used, talk

    async def fill(self, past: int) -> int:
        """*past* appointments until now, the latest first, and most of the times to come; how many in all."""
        async with await psycopg.AsyncConnection.connect(self._dsn, autocommit=True) as connection:
            await connection.execute("truncate appointment, appointment_change, resource cascade")
            async with self._store.begin() as unit:
                known = {person.id: await resource_of(unit.connection, person.id) for person in self.facts.people}
            rows = [*self._to_come(known), *_gone_by(list(known.values()), past)]
            async with connection.cursor() as cursor, cursor.copy(
                    "copy appointment (reference, state, service, resource, starts, ends, takes, name, contact, "
                    "created_at) from stdin") as copy:
                for number, (resource, starts) in enumerate(rows):
                    ends, until = starts + timedelta(hours=1), starts + timedelta(minutes=75)
                    await copy.write_row((f"{number:06}", "booked", "sports-massage-60", resource, starts, ends,
                                          f"[{starts.isoformat()},{until.isoformat()})", "A N Other",
                                          "someone@example.org", starts))
            await connection.execute("vacuum analyze appointment")
        return len(rows)

    def _to_come(self, known: dict[str, int]) -> Iterator[tuple[int, datetime]]:
        last: dict[str, Opening] = {}
        free = Availability(self.facts).openings(service_of(self.facts), (), utc_now())
        for opening in free:
            before = last.get(opening.therapist)
            if before is None or opening.starts >= before.starts + service_of(self.facts).takes:
                last[opening.therapist] = opening
                if opening.starts.timestamp() // 900 % 4 < FULL:
                    yield known[opening.therapist], opening.starts

    async def look(self, unit: Unit, now: datetime) -> int:
        """The openings of the next days, as the book has them."""
        service, until = service_of(self.facts), now + timedelta(days=DAYS)
        taken = await unit.book.taken(now, until, now, but_of=self._talk)
        days = now.astimezone(self.facts.zone).date(), until.astimezone(self.facts.zone).date()
        return len(Availability(self.facts).openings(service, taken, now, days=days))

    async def offer(self, unit: Unit, now: datetime) -> int:
        """The same as a conversation asks for it: those to show, of a wish for any of these days."""
        local = now.astimezone(self.facts.zone).replace(tzinfo=None)
        wish = Wish(service_of(self.facts), ((local, local + timedelta(days=DAYS)),))
        return len((await Diary(self.facts, unit.book, now).offer(wish, self._talk)).openings)

    async def cost(self, what: Callable[[Unit, datetime], Awaitable[int]]) -> Cost:
        program, queries, found = [], set(), 0
        async with self._store.begin() as unit:
            await what(unit, utc_now())  # once, so that plans and caches are there
            before = self._used.cpu().database
            for _ in range(TIMES):
                with counted() as seen:
                    began = time.process_time()
                    found = await what(unit, utc_now())
                    program.append(1000 * (time.process_time() - began))
                queries.add(len(seen))
            spent = self._used.cpu().database - before
        return Cost(median(program), 1000 * spent / TIMES, queries, found)


def _gone_by(resources: list[int], count: int) -> Iterator[tuple[int, datetime]]:
    """*count* appointments of the past, six a day and therapist."""
    today = utc_now().replace(hour=0, minute=0, second=0, microsecond=0)
    for number in range(count):
        round_, place = divmod(number, len(resources))
        day, turn = divmod(round_, 6)
        yield resources[place], today - timedelta(days=day + 1) + timedelta(hours=9, minutes=90 * turn)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent while this is open."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def _size(rows: int, home: Path) -> list[tuple[int, str, Cost]]:
    found = []
    async with database(None, home) as dsn:
        await asyncio.to_thread(migrate, dsn)
        store = Store(dsn, 2)
        (talk,) = await open_talks(store, 1)
        clinic = Clinic(load(ROOT / "content").clinic, store, dsn, Processes(home), talk)
        for past in sorted({min(SMALL, rows), rows}):
            count = await clinic.fill(past)
            say(f"  {count} appointments in the book, {past} of them past")
            for name, what in (("openings", clinic.look), ("offer", clinic.offer)):
                found.append((count, name, await clinic.cost(what)))
        await store.close()
    return found


def size(rows: int) -> bool:
    """Fill the book with *rows* past appointments; whether looking for openings stays as cheap as it has to be."""
    say(f"size: the openings of the next {DAYS} days, each looked for {TIMES} times")
    with tempfile.TemporaryDirectory(prefix="drill-") as home:
        found = asyncio.run(_size(rows, Path(home)))
    show(f"The next {DAYS} days' openings, milliseconds of CPU", (
        "appointments", "", "program", "database", "whole", "queries", "found"), (
        (str(count), name, f"{cost.program:.1f}", f"{cost.database:.1f}", f"{cost.whole:.1f}",
         "/".join(map(str, sorted(cost.queries))), str(cost.openings)) for count, name, cost in found))
    small, large = ([cost for count, _, cost in found if count == one] for one in (found[0][0], found[-1][0]))
    ratios = [many.whole / few.whole for few, many in zip(small, large, strict=True)]
    say("  as the past grows, it costs " + " and ".join(f"{ratio:.2f}" for ratio in ratios) + " times as much")
    return (large[0].whole <= MOST_MS and max(ratios) <= FLAT
            and all(len(cost.queries) == 1 and max(cost.queries) <= MOST_QUERIES for _, _, cost in found))
