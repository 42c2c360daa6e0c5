"""How fast, how many and how much memory: `frontdesk run` as a child, talked to over HTTP."""
import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from bench.server import Server
from bench.turn_processes import NOTHING, Processes, Use, machine
from bench.turn_table import say, show
from bench.turn_visitors import Load, load
from clinic.store.embedded import dsn_if_running

AT_ONCE = ((1, 30), (8, 8), (32, 3))
"""Conversations at once, and talks one after the other in each: below what the door takes from one sender."""
REST = 3.0
"""Seconds of nothing, to see what an idle server costs."""


@dataclass(frozen=True, slots=True)
class Case:
    """One load on a server of so many processes."""

    processes: int
    at_once: int
    load: Load
    cpu: Use
    """Milliseconds a message."""
    visitors: float
    """Milliseconds of CPU a message that the visitors took: on the same machine, so from the server."""
    others: float
    """The share of the machine that was neither the server's nor the visitors' nor idle, of 1."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """What a server takes all the time: MB after the load, its number of processes, ms of CPU a second at rest."""

    memory: Use
    count: int
    rest: float


async def measure(folder: Path) -> dict[str, float]:
    """Load servers of one and of two processes, print what came of it, and return the figures that have targets."""
    cases: list[Case] = []
    lasting: dict[int, Lasting] = {}
    for processes in (1, 2):
        say(f"load: a server of {processes} process{'es' if processes > 1 else ''} ...")
        server = Server(folder / f"load-{processes}", WORKERS=str(processes))
        await asyncio.to_thread(server.start)
        try:
            await _all_there(server, processes)
            cases += [await _case(server, processes, at_once, talks) for at_once, talks in AT_ONCE]
            lasting[processes] = await _lasting(server)
        finally:
            await asyncio.to_thread(server.stop)
    _print(cases, lasting)
    burst = {case.processes: case for case in cases if case.at_once == AT_ONCE[-1][0]}
    return {"burst": burst[1].cpu.whole, "one": burst[1].load.rate, "two": burst[2].load.rate,
            "memory": lasting[1].memory.whole}


async def _all_there(server: Server, processes: int, patience: float = 60.0) -> None:
    """Wait until every process takes jobs, and has answered something."""
    dsn = await dsn_if_running(server.home / "database")
    assert dsn
    end = time.monotonic() + patience
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        while time.monotonic() < end:
            row = await (await connection.execute("select count(*) from procrastinate_workers")).fetchone()
            if row and row[0] >= processes:
                break
            await asyncio.sleep(0.1)
    await load(server.url, 8, 2)


async def _case(server: Server, processes: int, at_once: int, talks: int) -> Case:
    used = _processes(server)
    began, busy, before, mine = time.monotonic(), machine(), used.cpu(), time.process_time()
    result = await load(server.url, at_once, talks)
    await asyncio.sleep(0.2)  # what is done after the last reply belongs to it as well
    cpu, visitors, per = used.cpu().since(before), time.process_time() - mine, result.count / 1000
    there = (time.monotonic() - began) * psutil.cpu_count()
    return Case(processes, at_once, result, cpu.since(NOTHING, per), visitors / per,
                max(0.0, machine() - busy - cpu.whole - visitors) / there)


async def _lasting(server: Server) -> Lasting:
    used = _processes(server)
    before = used.cpu()
    await asyncio.sleep(REST)
    rest = used.cpu().since(before, REST / 1000).whole
    return Lasting(used.memory(), used.count(), rest)


def _processes(server: Server) -> Processes:
    assert server.process
    return Processes(server.home, server.process.pid)


def _print(cases: list[Case], lasting: dict[int, Lasting]) -> None:
    visitors = sum(case.visitors for case in cases) / len(cases)
    show("A message over HTTP, from the post to its replies",
         ("processes", "conversations\nat once", "messages\na second", "p50 ms", "p99 ms", "CPU ms\na message",
          "program", "database", "others'\nwork"),
         [(str(c.processes), str(c.at_once), f"{c.load.rate:.0f}", f"{c.load.share(0.5):.0f}",
           f"{c.load.share(0.99):.0f}", f"{c.cpu.whole:.1f}", f"{c.cpu.program:.1f}", f"{c.cpu.database:.1f}",
           f"{c.others:.0%}") for c in cases],
         "`frontdesk run` as a child, WORKERS=1 and 2. The visitors run on the same machine and took "
         f"{visitors:.1f} ms of CPU a message, not counted here. Others' work: of the whole machine, meanwhile.")
    show("What it takes all the time",
         ("processes", "memory MB", "program", "database", "processes\nwith the database", "at rest,\nCPU ms a second"),
         [(str(n), f"{one.memory.whole:.0f}", f"{one.memory.program:.0f}", f"{one.memory.database:.0f}",
           str(one.count), f"{one.rest:.0f}") for n, one in lasting.items()],
         "Proportional memory (PSS) of the whole process tree and the database, after the load.")
