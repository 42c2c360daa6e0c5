"""kill -9 at random moments while people book over HTTP: no hold for ever, no appointment lost or doubled."""
import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import httpx
import psycopg

from bench.booking_clients import open_talks
from bench.booking_clinic import service_of, write_clinic
from bench.booking_visitor import GONE, LABELS, MADE, Visitor
from bench.server import Server
from bench.turn_table import say, show
from clinic.booking.opening import Opening, OpeningTaken
from clinic.clock import utc_now
from clinic.knowledge.practice import ClinicFacts
from clinic.store.embedded import database
from clinic.store.unit import Store

AT_ONCE, PEOPLE, HOLD_MINUTES = 10, 10, 2
LIFE = 3.0
"""Seconds at most between a server that is ready and its end."""
LEAVES = 0.2
"""How many go away in the middle, their hold left behind, or after a yes without waiting for what comes."""
DAYS = ("thursday", "friday", "tuesday afternoon", "wednesday morning", "saturday", "monday 7 december", "next week")


@dataclass(slots=True)
class Storm:
    """People who book, until enough kills are done."""

    client: httpx.AsyncClient
    chance: random.Random
    over: bool = False
    said_yes: dict[UUID, list[str]] = field(default_factory=dict)
    """By conversation, what each acknowledged yes was answered with: a reference, `gone`, or nothing where its visitor
    did not wait."""
    wrong: list[str] = field(default_factory=list)
    repeats: int = 0

    async def run(self) -> None:
        await asyncio.gather(*(self._people(number) for number in range(AT_ONCE)))

    async def _people(self, number: int) -> None:
        while not self.over:
            visitor = await Visitor(self.client, f"Sam Hill{'abcdefghijkl'[number]}").open()
            await self._books(visitor)
            self.repeats += visitor.repeats

    async def _books(self, visitor: Visitor) -> None:
        await visitor.says(f"can i book an hour on {self.chance.choice(DAYS)}, my name is {visitor.name}, 07700 900123")
        for _ in range(4):  # times that are gone meanwhile
            if visitor.openings:
                await visitor.taps(self.chance.choice(visitor.openings))
            if self.chance.random() < LEAVES:
                return
            await visitor.passes_check()
            if visitor.asked_to_confirm and await self._says_yes(visitor):
                return

    async def _says_yes(self, visitor: Visitor) -> bool:
        """Whether that was the end of it."""
        assert visitor.conversation
        yes = await visitor.posts({"choice": visitor.token(LABELS["affirm"])})
        answers = self.said_yes.setdefault(visitor.conversation, [])
        answers.append("")
        if self.chance.random() < LEAVES:
            return True
        await visitor.heard(yes)
        made = next((reply["text"] for reply in visitor.replies if reply["text"].startswith(MADE)), None)
        answers[-1] = made or ("gone" if visitor.hears(GONE) else "")
        if not answers[-1]:
            self.wrong.append(f"a yes was answered with {visitor.replies[-1]['text'][:80]!r}")
        return made is not None


async def _kill_often(server: Server, kills: int, chance: random.Random) -> None:
    for number in range(1, kills + 1):
        await asyncio.sleep(chance.random() * LIFE)
        await asyncio.to_thread(server.kill)
        back = await asyncio.to_thread(server.start)
        if number % 10 == 0 or number == kills:
            say(f"  kill {number} of {kills}: ready again after {back:.1f} s")


async def _storm(server: Server, kills: int, chance: random.Random) -> Storm:
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
        storm = Storm(client, chance)
        people = asyncio.create_task(storm.run())
        await _kill_often(server, kills, chance)
        storm.over = True
        await people
    return storm


async def _judge(dsn: str, storm: Storm, clinic: ClinicFacts) -> tuple[dict[str, int], list[str]]:
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        await _settled(connection)
        rows = await (await connection.execute(
            "select conversation, reference, resource, starts, upper(takes), state, (select count(*) from "
            "appointment_change c where c.appointment = a.id) from appointment a order by resource, starts")).fetchall()
    made = [row for row in rows if row[5] != "held"]
    wrong = [f"{one} and {other} overlap" for one, other in pairwise(rows)
             if one[2] == other[2] and other[3] < one[4]]
    wrong += [f"{row[1]} was made {row[6]} times" for row in made if row[6] != 1]
    mine = Counter(row[0] for row in made)
    wrong += [f"{talk} has {count} appointments" for talk, count in mine.items() if count > 1]
    wrong += [f"{talk} never said yes" for talk in mine.keys() - storm.said_yes.keys()]
    wrong += [f"{talk} said yes, heard {answers[-1]!r}, and has {mine[talk]}" for talk, answers in
              storm.said_yes.items() if mine[talk] != 1 and answers[-1] != "gone" and not await _told(dsn, talk)]
    references = {row[0]: row[1] for row in made}
    wrong += [f"{talk} was told another reference" for talk, answers in storm.said_yes.items()
              if answers[-1] not in ("", "gone") and str(references.get(talk)) not in answers[-1]]
    left, stuck = await _holds(dsn, clinic)
    counts = {"acknowledged a yes": sum(map(len, storm.said_yes.values())), "appointments": len(made),
              "told that it is gone": sum(answers.count("gone") for answers in storm.said_yes.values()),
              "holds left behind": left, "posts repeated": storm.repeats}
    return counts, [*storm.wrong, *wrong, *stuck]


async def _told(dsn: str, talk: UUID) -> bool:
    """Whether somebody who did not wait was told that the time is gone."""
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        return (await (await connection.execute(
            "select 1 from message where conversation = %s and text = %s", (talk, GONE))).fetchone()) is not None


async def _settled(connection: psycopg.AsyncConnection) -> None:
    """Wait until every message is answered: a turn that was cut off runs again."""
    for _ in range(300):
        row = await (await connection.execute("select count(*) from message where state = 'waiting'")).fetchone()
        await connection.commit()
        if row and row[0] == 0:
            return
        await asyncio.sleep(0.2)


async def _holds(dsn: str, clinic: ClinicFacts) -> tuple[int, list[str]]:
    """How many holds are left, and which of them somebody else could not have once their time is over."""
    store, stuck, now = Store(dsn, 2), [], utc_now()
    (other,) = await open_talks(store, 1)
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        rows: Sequence[tuple] = await (await connection.execute(
            "select r.key, a.starts, a.ends, a.held_until from appointment a join resource r on r.id = a.resource "
            "where a.state = 'held'")).fetchall()
    for therapist, starts, ends, until in rows:
        if until is None or until > now + timedelta(minutes=HOLD_MINUTES):
            stuck.append(f"held until {until}")
            continue
        try:
            async with store.begin() as unit:
                await unit.book.hold(other, Opening(starts, ends, therapist, "any"), service_of(clinic).takes,
                                     until + timedelta(minutes=1), until)
        except OpeningTaken:
            stuck.append(f"the hold of {starts} stays after {until}")
    await store.close()
    return len(rows), stuck


async def _kill(kills: int, home: Path, chance: random.Random) -> tuple[dict[str, int], list[str]]:
    clinic = write_clinic(home / "content", PEOPLE, HOLD_MINUTES)
    server = Server(home, FRONTDESK_CONTENT=str(home / "content"))
    server.start()
    try:
        storm = await _storm(server, kills, chance)
        async with database(None, home) as dsn:
            return await _judge(dsn, storm, clinic)
    finally:
        server.stop()


def kill(kills: int) -> bool:
    """kill -9 the server *kills* times while people book; whether the book is right afterwards."""
    seed = random.randrange(10**6)
    say(f"kill: {kills} kills while {AT_ONCE} people book at once, seed {seed}")
    with tempfile.TemporaryDirectory(prefix="drill-") as home:
        counts, wrong = asyncio.run(_kill(kills, Path(home), random.Random(seed)))
    show(f"kill -9, {kills} times", ("", "count"), (
        *((what, str(count)) for what, count in counts.items()), ("wrong", str(len(wrong)))))
    for line in wrong[:20]:
        say(f"  {line}")
    return not wrong
