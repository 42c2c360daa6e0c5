"""What the channels carry: `make bench-plane`, or only some parts of it, with fewer messages stored:

    python -m bench.plane [accept] [turns] [handed] [stored] [stored=1000000]

accept   posts of providers that are taken a second, by the door alone and while turns go on
turns    messages answered a second, by 1, 2 and 4 workers, from a queue that is full
handed   from the 200 to a post to its answer at the provider, at 20 posts a second
stored   a message, from the post to its replies, with many messages stored and with 10,000
"""
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

from bench.plane_posts import SAID, as_fast_as_may_be, at_a_rate, share
from bench.plane_provider import Stub
from bench.server import Server
from bench.turn import Target, pace
from bench.turn_processes import Processes
from bench.turn_table import say, show
from bench.turn_visitors import load
from bootstrap import open_house
from channels import rooms
from channels.inbox import Arrival
from clinic.settings import Settings
from clinic.store.embedded import dsn_if_running
from tests.channels.kit.provider import Running
from tests.channels.kit.visitor import TELEGRAM_TOKEN, WHATSAPP

ALONE, AT_ONCE = 2_000, 16
BUSY_RATE, BUSY_FOR = 200, 5.0
"""Posts a second while turns go on, and seconds."""
STEADY_RATE, STEADY_FOR = 20, 15.0
TALKS, EACH = 120, 3
"""Conversations in the queue, and messages in each."""
FEW = 10_000
"""Messages stored that more are compared with."""
Figures = dict[str, float]
TARGETS = (
    Target("posts taken a second, the door alone", "alone", 500, "", least=True),
    Target("99 % of posts taken within, at 200 a second while turns go on", "busy", 50, "ms"),
    Target("turns a second, 2 workers against 1", "two", 1.0, "times", least=True),
    Target("turns a second, 4 workers against 0.9 x 2", "four", 1.0, "times", least=True),
    Target("conversations out of order", "order", 0, ""),
    Target("with many messages stored, against 10,000", "stored", 1.2, "times"),
)


class Gateway(Server):
    """The door without anybody who answers."""

    command, ready = ("-m", "bench.plane_gateway"), "/healthz"


@asynccontextmanager
async def carrying(home: Path, kind: type[Server] = Server, workers: int = 1
                   ) -> AsyncIterator[tuple[Server, Stub]]:
    """A server in *home* with Telegram and WhatsApp, and their providers."""
    provider = Stub()
    running = Running(provider)
    running.start()
    server = kind(home, WORKERS=str(workers), TELEGRAM_TOKEN=TELEGRAM_TOKEN, TELEGRAM_API=f"{provider.url}/tg",
                  WHATSAPP_API=f"{provider.url}/wa", **WHATSAPP, PUBLIC_URL="http://localhost:8000")
    await asyncio.to_thread(server.start)
    try:
        yield server, provider
    finally:
        await asyncio.to_thread(server.stop)
        running.stop()


async def accept(folder: Path, many: int) -> Figures:
    async with carrying(folder / "alone", Gateway) as (server, _):
        await as_fast_as_may_be(server.url, 200, AT_ONCE)
        alone = await as_fast_as_may_be(server.url, ALONE, AT_ONCE)
    async with carrying(folder / "busy", workers=2) as (server, _):
        await load(server.url, 4, 1)
        busy = await at_a_rate(server.url, BUSY_RATE, BUSY_FOR)
    show("Posts that are taken", ("", "a second", "p50 ms", "p99 ms", "refused"),
         [(name, f"{taken.rate:.0f}", f"{taken.share(0.5):.1f}", f"{taken.share(0.99):.1f}", str(taken.refused))
          for name, taken in (("the door alone", alone), ("while two workers answer", busy))],
         f"Telegram and WhatsApp in turn, signed, each of another visitor: {AT_ONCE} at once; {BUSY_RATE} a second.")
    return {"alone": alone.rate, "busy": busy.share(0.99)}


async def turns(folder: Path, many: int) -> Figures:
    rates, shuffled = {}, 0
    for workers in (1, 2, 4):
        say(f"turns: {workers} workers ...")
        home = folder / f"turns-{workers}"
        server = Server(home, WORKERS=str(workers))
        await _fill(Settings.read(server.environ))
        await asyncio.to_thread(server.start)
        try:
            rates[workers], out_of_order = await _drained(home)
            shuffled += out_of_order
        finally:
            await asyncio.to_thread(server.stop)
    show("Turns a second", ("workers", "a second"), [(str(n), f"{rate:.0f}") for n, rate in rates.items()],
         f"{TALKS} conversations with {EACH} messages each wait when the server starts.")
    return {"two": rates[2] / rates[1], "four": rates[4] / (0.9 * rates[2]), "order": shuffled}


async def _fill(settings: Settings) -> None:
    """Messages that wait, with nobody there to answer them."""
    async with open_house(settings) as house:
        for _ in range(TALKS):
            conversation, _token = await house.inbox.open("website")
            for n in range(EACH):
                await house.inbox.accept(Arrival(conversation, uuid4().hex, SAID[n]))


async def _drained(home: Path, patience: float = 300.0) -> tuple[float, int]:
    """Turns a second until nothing waits; conversations whose replies are out of order. Both ends are left out: at the
    first nobody has started yet but one, at the last others have nothing to do."""
    dsn = await dsn_if_running(home / "database")
    assert dsn
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        end = time.monotonic() + patience
        while time.monotonic() < end:
            row = await (await connection.execute("select count(*) from message where state = 'waiting'")).fetchone()
            if row == (0,):
                break
            await asyncio.sleep(0.2)
        rate = await (await connection.execute("""
            with turn as (select distinct on (conversation, answers) at, row_number() over (order by at) as place,
                          count(*) over () as whole from message where sender = 'bot')
            select count(*) / extract(epoch from max(at) - min(at)) from turn
            where place between whole * 0.2 and whole * 0.9""")).fetchone()
        order = await (await connection.execute("""
            select count(distinct conversation) from (select conversation, answers, lag(answers)
            over (partition by conversation order by n) as before from message where sender = 'bot') as said
            where before > answers""")).fetchone()
    assert rate
    assert order
    return float(rate[0]), int(order[0])


async def handed(folder: Path, many: int) -> Figures:
    async with carrying(folder / "handed", workers=2) as (server, provider):
        await at_a_rate(server.url, 5, 4)
        posted = await at_a_rate(server.url, STEADY_RATE, STEADY_FOR)
        at = provider.at
        for _ in range(600):
            if posted.at.keys() <= at.keys():
                break
            await asyncio.sleep(0.1)
    waits = [(at[address] - taken) * 1000 for address, taken in posted.at.items() if address in at]
    settle = rooms.LIMITS["telegram"].settle
    show("From the 200 to a post to its answer at the provider", ("", "p50 ms", "p99 ms", "not handed"),
         [(f"{STEADY_RATE} a second", f"{share(waits, 0.5):.0f}", f"{share(waits, 0.99):.0f}",
           str(len(posted.at) - len(waits))),
          (f"without the {settle:g} s for a next message", f"{share(waits, 0.5) - 1000 * settle:.0f}",
           f"{share(waits, 0.99) - 1000 * settle:.0f}", "")], "Two workers; the provider is a stub on this machine.")
    return {}


async def stored(folder: Path, many: int) -> Figures:
    waits, cost = {}, {}
    for count in (FEW, many):
        say(f"stored: {count:,} messages ...")
        server = Server(folder / f"stored-{count}")
        await asyncio.to_thread(server.start)
        try:
            await _store(server.home, count)
            await load(server.url, 1, 3)
            assert server.process
            used = Processes(server.home, server.process.pid)
            before = used.cpu()
            done = await load(server.url, 1, 12)
            waits[count], cost[count] = done.share(0.5), used.cpu().since(before, done.count / 1000).whole
        finally:
            await asyncio.to_thread(server.stop)
    show("A message with many stored, from the post to its replies", ("messages stored", "p50 ms", "CPU ms"),
         [(f"{count:,}", f"{wait:.1f}", f"{cost[count]:.1f}") for count, wait in waits.items()],
         "One conversation at a time, one worker. CPU of the program and its database: other work on the machine makes "
         "waits longer, and hardly changes that. The target is held against it.")
    return {"stored": cost[many] / cost[FEW]}


async def _store(home: Path, count: int) -> None:
    """*count* messages of conversations that are over, 100 in each."""
    dsn = await dsn_if_running(home / "database")
    assert dsn
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        await connection.execute("""
            with talk as (insert into conversation (id, channel, last_n, created_at)
                select gen_random_uuid(), 'website', 100, now() - interval '30 days'
                from generate_series(1, %s) returning id)
            insert into message (conversation, n, sender, external_id, answers, kind, text, level, rules, state, at)
            select id, n, case n %% 2 when 1 then 'visitor' else 'bot' end, case n %% 2 when 1 then 'm' || n end,
                case n %% 2 when 0 then n - 1 end, case n %% 2 when 0 then 'clinic_fact' end,
                'what does an hour cost, and is there anywhere to park nearby?', 'none', '[]',
                case n %% 2 when 1 then 'answered' end, now() - interval '29 days'
            from talk, generate_series(1, 100) as n""", (max(1, count // 100),))
        await connection.execute("vacuum analyze")


PARTS: dict[str, Callable[[Path, int], Awaitable[Figures]]] = {
    "accept": accept, "turns": turns, "handed": handed, "stored": stored}


async def main(given: list[str]) -> bool:
    """Run the parts that are *given*, all where none is; whether every target was kept."""
    many = next((int(one.partition("=")[2]) for one in given if one.startswith("stored=")), 1_000_000)
    wanted = [one for one in given if "=" not in one] or list(PARTS)
    figures: Figures = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for name in wanted:
            figures |= await PARTS[name](Path(folder), many)
    rows = [target.row(figures[target.key]) for target in TARGETS if target.key in figures]
    if rows:
        show("Targets", ("", "figure", "limit", "aim", ""), rows)
    say(f"The machine's pace: {pace():.0f} ms for a million additions in Python.")
    return not any(row[-1] == "MISSED" for row in rows)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that no child outlives us
    if unknown := {one for one in sys.argv[1:] if "=" not in one} - PARTS.keys():
        sys.exit(f"There is no part {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}.")
    sys.exit(0 if asyncio.run(main(sys.argv[1:])) else 1)
