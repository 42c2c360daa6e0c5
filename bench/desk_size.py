"""What the console costs with many conversations behind it, and how long it takes to erase somebody among them.

    make bench-desk        or: python -m bench.desk_size [conversations=100000]

CPU of this process and of the database's together: the pages are asked for one after another, each some times over.
"""
import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import psutil
from sqlalchemy import text

from bench.turn_table import say, show
from bootstrap import House, door_of, open_house
from clinic.settings import Settings
from desk.console.passwords import hashed

PASSWORD = "four plain words here"
PAGES = ("/desk", "/desk/threads", "/desk/threads/{thread}", "/desk/book", "/desk/gaps", "/desk/numbers",
         "/desk/numbers/{week}/dead_end", "/desk/privacy", "/desk/people")
TIMES = 10
FILL = """
insert into conversation (id, channel, last_n, created_at)
    select gen_random_uuid(), 'website', 6, now() - (i % 360) * interval '1 day' from generate_series(1, :many) i;
insert into message (conversation, n, sender, kind, text, state, answers, intent, at)
    select id, n, case when n % 2 = 1 then 'visitor' else 'bot' end, case when n % 2 = 0 then 'answer' end,
           'what are your prices ' || md5(id::text || n), case when n % 2 = 1 then 'answered' end,
           case when n % 2 = 0 then n - 1 end, '{"name": "fact_prices"}', created_at + n * interval '10 seconds'
    from conversation, generate_series(1, 6) n order by created_at, n;
insert into tracker (conversation, events)
    select id, '[' || repeat('{"event": "user"}, ', 40) || '{"event": "user"}]' from conversation;
insert into "case" (conversation, n, reason, state, settled_at, created_at)
    select id, 1, 'asked_for_person', case when random() < 0.005 then 'open' else 'closed' end, now(), created_at
    from conversation where random() < 0.2;
insert into gap (conversation, n, need, created_at)
    select id, 1, 'timing', created_at from conversation where random() < 0.002;
insert into audit (at, by, did, page, conversation)
    select created_at, 'Robin', 'read', '/threads/{conversation}', id from conversation;
select brin_summarize_new_values('message_by_time');
analyze
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of CPU and of waiting, for one page."""

    cpu: float
    wall: float


async def measured(settings: Settings, many: int) -> list[tuple[str, ...]]:
    async with open_house(settings) as house:
        say(f"{many:,} conversations ...")
        async with house.store.begin() as unit:
            for statement in FILL.split(";"):
                await unit.connection.execute(text(statement), {"many": many} if ":many" in statement else {})
            await unit.staff.add("Morgan", "manager", hashed(PASSWORD), None, house.clock())
            thread = await unit.connection.scalar(text("select id from conversation limit 1 offset 500"))
        began = time.monotonic()
        weeks = await house.rounds.counting.count()
        took = f"{time.monotonic() - began:.1f} s"
        lines: list[tuple[str, ...]] = [("figures of a year, counted", f"{weeks} weeks", took, "")]
        lines += await _pages(house, thread)
        began = time.monotonic()
        async with house.store.begin() as unit:
            receipt = await unit.erasing.erase(await unit.subjects.of_conversation(thread), "bench", house.clock())
        lines.append(("one of them erased, every table searched", f"{receipt.left} rows left",
                      f"{time.monotonic() - began:.1f} s", "60 s"))
        return lines


async def _pages(house: House, thread: UUID) -> list[tuple[str, ...]]:
    door = httpx.ASGITransport(door_of(house))
    async with httpx.AsyncClient(transport=door, base_url="http://localhost:8000",
                                 headers={"sec-fetch-site": "same-origin"}, follow_redirects=True) as client:
        await client.post("/desk/sign-in", data={"name": "Morgan", "password": PASSWORD})
        week = (house.clock().date()).isoformat()
        found: list[tuple[str, ...]] = []
        for page in PAGES:
            cost = await _cost(client, page.format(thread=thread, week=week))
            found.append((page, f"{cost.cpu:.1f} ms of CPU", f"{cost.wall:.1f} ms", "50 ms of CPU"))
        return found


async def _cost(client: httpx.AsyncClient, path: str) -> Cost:
    await client.get(path)  # templates are compiled once
    cpu, wall = sum(_cpu()), time.monotonic()
    for _ in range(TIMES):
        answer = await client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
    return Cost((sum(_cpu()) - cpu) / TIMES * 1000, (time.monotonic() - wall) / TIMES * 1000)


def _cpu() -> Iterator[float]:
    """Seconds of CPU of this process and its children, the database among them."""
    for process in (psutil.Process(os.getpid()), *psutil.Process(os.getpid()).children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        yield times.user + times.system


def main() -> None:
    given = dict(argument.split("=") for argument in sys.argv[1:])
    home = Path(tempfile.mkdtemp(prefix="frontdesk-"))
    (home / "encoder").symlink_to(Settings.read({}).encoder)
    try:
        lines = asyncio.run(measured(Settings.read({"FRONTDESK_HOME": str(home)}),
                                     int(given.get("conversations", 100_000))))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    show("The console, with many conversations behind it", ("", "", "took", "target"), lines)


if __name__ == "__main__":
    main()
