"""200 clients after one opening: 180 straight at the book from several processes, 20 over HTTP who all say yes."""
import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import httpx
import psycopg

from bench.booking_clients import TAKEN, Chase, Clients, clients, open_talks
from bench.booking_clinic import apart, service_of, write_clinic
from bench.booking_visitor import GONE, LABELS, MADE, Visitor
from bench.server import Server
from bench.turn_table import say, show
from clinic.booking.opening import Opening
from clinic.clock import utc_now
from clinic.knowledge.practice import ClinicFacts
from clinic.store.embedded import database
from clinic.store.unit import Store

CLIENTS, BY_HTTP, PROCESSES = 200, 20, 4
HEAD_STARTS = (0.0, 0.2, 1.0)
"""Seconds over which those at the book begin: at once, or so that those over HTTP are sometimes first."""


@dataclass(slots=True)
class Outcome:
    """What the rounds came to."""

    rounds: int = 0
    by_http: int = 0
    turned_away: int = 0
    wrong: list[str] = field(default_factory=list)


class Race:
    """Rounds, each after an opening of its own."""

    def __init__(self, processes: Clients, visitors: Sequence[Visitor], store: Store, clinic: ClinicFacts) -> None:
        self._processes, self._visitors, self._store = processes, visitors, store
        self._clinic = clinic
        self.outcome = Outcome()

    async def run(self, openings: Sequence[Opening]) -> None:
        share = (CLIENTS - len(self._visitors)) // len(self._processes)
        shares = [await open_talks(self._store, share) for _ in range(len(self._processes))]
        for number, opening in enumerate(openings, 1):
            for visitor in self._visitors:  # one after the other: a hold is over at once here, but not before it began
                await self._get_ready(visitor, opening)
            needs, within = service_of(self._clinic).takes, HEAD_STARTS[number % len(HEAD_STARTS)]
            chases = [Chase(opening, needs, talks, within) for talks in shares]
            direct, told = await asyncio.gather(
                self._processes.run(chases), asyncio.gather(*(self._say_yes(visitor) for visitor in self._visitors)))
            await self._judge(number, opening, direct, told)
            if number % 10 == 0 or number == len(openings):
                say(f"  round {number} of {len(openings)}: {self.outcome.by_http} won over HTTP, "
                    f"{len(self.outcome.wrong)} wrong")

    async def _get_ready(self, visitor: Visitor, opening: Opening) -> None:
        starts = opening.starts.astimezone(self._clinic.zone)
        if visitor.replies and not visitor.hears(MADE):
            await visitor.says(f"{starts:%d %B} at {starts:%H:%M}")
        else:
            await visitor.asks_for(starts)
        if not visitor.asked_to_confirm:
            self.outcome.wrong.append(f"not asked to confirm {starts:%d %B %H:%M}: {visitor.replies[-1]['text'][:60]}")

    async def _say_yes(self, visitor: Visitor) -> str:
        await asyncio.sleep(random.random() * 0.1)
        if not visitor.asked_to_confirm:
            return TAKEN
        await visitor.taps(LABELS["affirm"])
        gone, made = visitor.hears(GONE), visitor.hears(MADE)
        return TAKEN if gone and not made else "!neither" if not made else "!both" if gone else "made"

    async def _judge(self, number: int, opening: Opening, direct: Sequence[str], told: Sequence[str]) -> None:
        async with self._store.begin() as unit:
            there = [one for one in await unit.book.between(opening.starts, opening.ends) if one.state != "held"]
        outcomes = Counter(kind(one) for one in (*direct, *told))
        self.outcome.rounds += 1
        self.outcome.by_http += "made" in told
        self.outcome.turned_away += outcomes[TAKEN]
        if len(there) != 1 or outcomes["booked"] != 1 or outcomes.keys() - {"booked", TAKEN}:
            self.outcome.wrong.append(f"round {number}: {len(there)} in the book, answers {dict(outcomes)}")


def kind(outcome: str) -> str:
    return outcome if outcome == TAKEN or outcome.startswith("!") else "booked"


@asynccontextmanager
async def _visitors(url: str) -> AsyncIterator[list[Visitor]]:
    limits = httpx.Limits(max_connections=BY_HTTP)
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits) as client:
        yield [await Visitor(client, f"Sam Hill{'abcdefghijklmnopqrst'[number]}").open() for number in range(BY_HTTP)]


async def _race(rounds: int, home: Path) -> Outcome:
    clinic = write_clinic(home / "content", people=1, hold_minutes=0)
    server = Server(home, FRONTDESK_CONTENT=str(home / "content"), WORKERS="2")
    server.start()
    try:
        async with database(None, home) as dsn, _visitors(server.url) as visitors:
            store = Store(dsn, 4)
            with clients(dsn, PROCESSES) as processes:
                race = Race(processes, visitors, store, clinic)
                await race.run(apart(clinic, utc_now())[:rounds])
            await store.close()
            race.outcome.wrong += await _overlaps(dsn)
    finally:
        server.stop()
    return race.outcome


async def _overlaps(dsn: str) -> list[str]:
    """Times that two have, told without the database's own constraint."""
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        rows = await (await connection.execute(
            "select resource, starts, upper(takes), state from appointment where state <> 'cancelled' "
            "order by resource, starts")).fetchall()
    return [f"{one} and {other} overlap" for one, other in pairwise(rows)
            if one[0] == other[0] and other[1] < one[2]]


def race(rounds: int) -> bool:
    """Run *rounds*; whether each ended with one booking and true answers."""
    say(f"race: {CLIENTS} clients, {BY_HTTP} of them over HTTP, {rounds} rounds")
    with tempfile.TemporaryDirectory(prefix="drill-") as home:
        outcome = asyncio.run(_race(rounds, Path(home)))
    show(f"{CLIENTS} clients after one opening", ("", "count"), (
        ("rounds", str(outcome.rounds)), ("won straight at the book", str(outcome.rounds - outcome.by_http)),
        ("won over HTTP", str(outcome.by_http)), ("told that it is gone", str(outcome.turned_away)),
        ("wrong", str(len(outcome.wrong)))))
    for line in outcome.wrong[:20]:
        say(f"  {line}")
    return not outcome.wrong and outcome.rounds == rounds
