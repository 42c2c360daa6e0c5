"""The drill of the desk: an afternoon with colleagues and visitors live at once, on a server of its own.

    make drill-desk        or: python -m bench.drill_desk [staff=5] [visitors=200] [minutes=3] [seed=1]

Colleagues take conversations over while their visitors write on, answer, and hand back. The assistant may say nothing
while a person has a conversation; both screens show every message once and in order; and a message reaches the other
side at once.
"""
import asyncio
import random
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import quantiles

import aiohttp

from bench.desk_colleague import DeskColleague
from bench.desk_visitor import DeskVisitor
from bench.server import Server
from bench.turn_table import say, show

WITHIN = 500.0
"""Milliseconds in which 99 of 100 messages reach the other side, on two cores."""


async def afternoon(server: Server, staff: int, visitors: int, seconds: float, seed: int) -> list[tuple[str, ...]]:
    """Play it; a line for each thing that is looked at: what, how often, target, found, whether it holds."""
    chance = random.Random(seed)
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=30)
    async with aiohttp.ClientSession(server.url, timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as session:
        people = [DeskVisitor(session, random.Random(chance.random())) for _ in range(visitors)]
        desk = [DeskColleague(server.url, f"Colleague {n}", random.Random(chance.random())) for n in range(staff)]
        for colleague in desk:
            await colleague.signs_in()
        end = asyncio.get_running_loop().time() + seconds
        await asyncio.gather(*(person.writes_until(end) for person in people),
                             *(colleague.works_until(end, people) for colleague in desk))
        await asyncio.sleep(3)  # what is under way arrives
        for person in people:
            await person.leaves()
        for colleague in desk:
            await colleague.leaves()
    return judged(people, desk)


def judged(people: list[DeskVisitor], desk: list[DeskColleague]) -> list[tuple[str, ...]]:
    holds = sum(colleague.took for colleague in desk)
    late = sum(person.words_of_the_bot_while_held() for person in people)
    disorder = sum(not person.in_order() for person in people)
    screens = [(seen, person) for colleague in desk for seen, person in colleague.screens]
    apart = sum(not _same(seen, person) for seen, person in screens)
    there = [one for colleague in desk for one in colleague.waits]
    back = [one for person in people for one in person.waits]
    said = sum(len(person.seen) for person in people)
    return [_line("conversations taken over, and bot words after that", holds, 0, late),
            _line("visitors' screens with a message twice, missing or out of order", len(people), 0, disorder),
            _line("desk's screens that differ from the visitor's", len(screens), 0, apart),
            _line("replies of colleagues that did not arrive", sum(c.replied for c in desk), 0,
                  sum(c.replied for c in desk) - len(back)),
            _time("visitor to desk, 99 of 100 within, ms", there), _time("desk to visitor, 99 of 100 within, ms", back),
            ("messages in all", str(said), "", "", "")]


def _same(seen: list[int], person: DeskVisitor) -> bool:
    """Whether the desk saw each of the visitor's messages in that span once and in order."""
    if seen != sorted(set(seen)):
        return False
    return seen == [n for n in person.numbers() if seen and seen[0] <= n <= seen[-1]]


def _line(what: str, times: int, target: int, found: int) -> tuple[str, ...]:
    return (what, f"{times:,}", str(target), str(found), "yes" if times and found == target else "NO")


def _time(what: str, waits: list[float]) -> tuple[str, ...]:
    if len(waits) < 2:
        return (what, str(len(waits)), f"{WITHIN:.0f}", "–", "NO")
    cuts = quantiles(waits, n=100, method="inclusive")
    return (what, f"{len(waits):,}", f"{WITHIN:.0f}", f"{cuts[98]:.0f} (half: {cuts[49]:.0f})",
            "yes" if cuts[98] <= WITHIN else "NO")


def main() -> None:
    given = dict(argument.split("=") for argument in sys.argv[1:])
    staff, visitors = int(given.get("staff", 5)), int(given.get("visitors", 200))
    minutes, seed = float(given.get("minutes", 3)), int(given.get("seed", 1))
    home = Path(tempfile.mkdtemp(prefix="frontdesk-"))
    server = Server(home)
    server.start()
    try:
        for n in range(staff):
            server.employs(f"Colleague {n}")
        say(f"{staff} colleagues and {visitors} visitors, {minutes:g} minutes ...")
        lines = asyncio.run(afternoon(server, staff, visitors, minutes * 60, seed))
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
    show("An afternoon at the desk", ("", "of", "target", "found", "holds"), lines,
         "desk to visitor: from the end of the ten seconds in which a reply can be taken back")
    sys.exit(any(line[-1] == "NO" for line in lines))


if __name__ == "__main__":
    main()
