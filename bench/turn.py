"""What a message costs: `make bench-turn`, or python -m bench.turn [part ...]

Everything in one process against the embedded database, driven from the inside of the door, so that no HTTP client's
cost is counted. CPU is that of this process and of the database's processes together; wall times are what a visitor waits.
"""
import asyncio
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from bench.server import Server
from bootstrap import House, load_agent, open_house, working
from channels.inbox import Arrival
from clinic.knowledge.search import Index
from clinic.settings import Settings

TALK = ("hello", "my achilles hurts after long runs, would a massage help?", "how much is it", "and for my calf?",
        "are you open on saturday", "how often should i come", "can you recommend running shoes", "thanks")
console = Console()


class Meter:
    """CPU seconds of this process and of the database under it."""

    def __init__(self) -> None:
        me = psutil.Process()
        self._database = next((child for child in me.children() if child.name() == "postgres"), None)

    def now(self) -> tuple[float, float]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_utime + used.ru_stime, self._database_seconds()

    def _database_seconds(self) -> float:
        if self._database is None:
            return 0.0
        times = self._database.cpu_times()
        total = times.user + times.system + times.children_user + times.children_system
        for child in self._database.children():
            try:
                spent = child.cpu_times()
                total += spent.user + spent.system
            except psutil.Error:
                continue
        return total


@asynccontextmanager
async def a_house(settings: Settings) -> AsyncIterator[House]:
    async with open_house(settings, agent=load_agent(settings)) as house, working(house, ("turns", "notices"), 8):
        yield house


async def say(house: House, conversation: UUID, text: str) -> float:
    """Post *text* and wait for its turn; the seconds that took."""
    began, arrival = time.perf_counter(), Arrival(conversation, uuid4().hex, text)
    with house.watch.follow(str(conversation)) as news:
        await house.inbox.accept(arrival)
        while True:
            news.clear()
            async with house.store.begin() as unit:
                done, _, _ = await unit.messages.outcome(conversation, arrival.external_id)
            if done:
                return time.perf_counter() - began
            await asyncio.wait_for(news.wait(), 60)


async def load(house: House, at_once: int, messages: int) -> None:
    """*messages* in *at_once* conversations, each waiting for its reply before the next."""
    meter, waits = Meter(), []

    async def visitor() -> None:
        conversation, _ = await house.inbox.open("website")
        for n in range(messages // at_once):
            waits.append(await say(house, conversation, TALK[n % len(TALK)]))

    (mine, database), began = meter.now(), time.perf_counter()
    await asyncio.gather(*(visitor() for _ in range(at_once)))
    wall, (mine_after, database_after) = time.perf_counter() - began, meter.now()
    count, waits = len(waits), sorted(waits)
    LOAD.add_row(str(at_once), f"{count / wall:.0f}", f"{(mine_after - mine) / count * 1000:.1f}",
                 f"{(database_after - database) / count * 1000:.1f}",
                 f"{(mine_after - mine + database_after - database) / count * 1000:.1f}",
                 f"{waits[count // 2] * 1000:.0f}", f"{waits[int(count * 0.99)] * 1000:.0f}")


LOAD = Table("conversations at once", "messages/s", "CPU ms here", "CPU ms database", "CPU ms a message", "p50 ms", "p99 ms",
             title="A message, from the door to its stored reply")


async def parts(house: House) -> None:
    """CPU of each part by itself, over the talk."""
    agent = load_agent(house.settings)
    knowledge, table = house.library.current, Table("part", "CPU ms a message", title="Parts, each by itself")

    async def timed(name: str, work: object, times: int = 25) -> None:
        began = time.process_time()
        for _ in range(times):
            for text in TALK:
                result = work(text)  # type: ignore[operator]
                if asyncio.iscoroutine(result):
                    await result
        table.add_row(name, f"{(time.process_time() - began) / times / len(TALK) * 1000:.2f}")

    await timed("safety reader", lambda text: house.screen.read(text))
    house.library.encode._remembered.cache_clear()  # type: ignore[attr-defined]
    await timed("encoder", lambda text: house.library.encode._encode(text))  # type: ignore[attr-defined]
    await timed("understanding (encoder remembered)", agent.parse)
    vector = house.library.encode(["how often"])[0]
    await timed("search", lambda text: list(knowledge._passages.best(text, vector, None)))  # type: ignore[attr-defined]
    console.print(table)


async def memory(house: House) -> None:
    me = psutil.Process()
    every = [me, *me.children(recursive=True)]
    pss = sum(process.memory_full_info().pss for process in every) / 2**20
    console.print(f"memory: {pss:.0f} MB PSS over {len(every)} processes, database included")


async def long_talk(house: House) -> None:
    """The same cost at turn 1, 10, 100 and 1,000 of one conversation."""
    table, meter = Table("turn", "CPU ms a message", title="One conversation, growing"), Meter()
    conversation, _ = await house.inbox.open("website")
    turn = 0
    for target in (1, 10, 100, 1000):
        while turn < target - 1:
            await say(house, conversation, TALK[turn % len(TALK)])
            turn += 1
        lot = 8 if target > 1 else 1
        mine, database = meter.now()
        for _ in range(lot):
            await say(house, conversation, TALK[turn % len(TALK)])
            turn += 1
        after = meter.now()
        table.add_row(str(target), f"{(sum(after) - mine - database) / lot * 1000:.1f}")
    console.print(table)


def sections() -> None:
    """Search over 10, 1,000 and 10,000 sections with vectors at hand."""
    table, random = Table("sections", "CPU ms a search", title="Search, content growing"), np.random.default_rng(7)
    for count in (10, 1_000, 10_000):
        texts = [" ".join(random.choice(WORDS, 60)) for _ in range(count)]
        vectors = random.normal(size=(count, 384)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        index = Index.build(texts, vectors)
        began = time.process_time()
        for n in range(100):
            index.search(TALK[n % len(TALK)], vectors[n % count], None, top=3)
        table.add_row(f"{count:,}", f"{(time.process_time() - began) * 10:.2f}")
    console.print(table)


WORDS = ("run race calf shin knee massage recovery sleep muscle pain train stretch coach week month often before "
         "after hour price therapist room door water shoe road hill pace heart breath plan rest").split()


async def starting() -> None:
    """From `frontdesk run` to ready, on a home that was used before."""
    home = Path(tempfile.mkdtemp(prefix="bench-"))
    server = Server(home)
    server.start()
    server.stop()
    console.print(f"start to ready, second start: {server.start():.1f} s")
    server.stop()
    shutil.rmtree(home, ignore_errors=True)


async def main() -> None:
    wanted = set(sys.argv[1:]) or {"load", "parts", "memory", "long", "sections", "start"}
    home = Path(tempfile.mkdtemp(prefix="bench-"))
    settings = replace(Settings.read(os.environ), database_url=None)
    (home / "encoder").symlink_to(settings.encoder)
    async with a_house(replace(settings, home=home)) as house:
        await load(house, 8, 64)  # warm
        LOAD.rows.clear()
        for column in LOAD.columns:
            column._cells.clear()
        if "load" in wanted:
            for at_once in (1, 8, 32):
                await load(house, at_once, 256)
            console.print(LOAD)
        if "parts" in wanted:
            await parts(house)
        if "memory" in wanted:
            await memory(house)
        if "long" in wanted:
            await long_talk(house)
    if "sections" in wanted:
        sections()
    if "start" in wanted:
        await starting()
    shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(main())
