"""Confirms that come several times at once, from several processes: one effect each."""
import asyncio
import random
import tempfile
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

from bench.booking_clients import HOLD, Clients, Confirms, clients, open_talks
from bench.turn_table import say, show
from clinic.booking.opening import Opening
from clinic.clock import utc_now
from clinic.store.embedded import database
from clinic.store.schema import migrate
from clinic.store.unit import Store

PROCESSES, MOST, AT_ONCE = 4, 10, 50
"""Processes; how often a confirm is repeated at most; holds whose confirms are under way together."""


async def _holds(store: Store, count: int) -> list[int]:
    now, found = utc_now(), []
    for number, talk in enumerate(await open_talks(store, count)):
        starts = now + timedelta(days=1, hours=2 * number)
        opening = Opening(starts, starts + timedelta(hours=1), "therapist", "service")
        async with store.begin() as unit:
            held = await unit.book.hold(talk, opening, timedelta(minutes=75), now + HOLD, now)
        found.append(held.id)
    return found


async def _repeat(processes: Clients, holds: list[int], chance: random.Random) -> tuple[int, dict[int, list[str]]]:
    """How many confirms there were, and the answers by hold."""
    sent, answers = 0, defaultdict(list)
    for first in range(0, len(holds), AT_ONCE):
        lot = [hold for hold in holds[first:first + AT_ONCE] for _ in range(chance.randint(1, MOST))]
        dealt = [lot[place::len(processes)] for place in range(len(processes))]  # repeats lie in different processes
        outcomes = await processes.run([Confirms(share) for share in dealt])
        for hold, outcome in zip([hold for share in dealt for hold in share], outcomes, strict=True):
            answers[hold].append(outcome)
        sent += len(lot)
        say(f"  {first + len(holds[first:first + AT_ONCE])} of {len(holds)} holds, {sent} confirms")
    return sent, answers


async def _wrong(store: Store, answers: dict[int, list[str]]) -> list[str]:
    wrong = [f"hold {hold}: {dict(Counter(said))}" for hold, said in answers.items()
             if len(set(said)) != 1 or len(said[0]) != 6]
    references = Counter(said[0] for said in answers.values())
    wrong += [f"{reference} is {count} appointments" for reference, count in references.items() if count > 1]
    async with store.begin() as unit:
        for said in answers.values():
            if len(history := await unit.ledger.history(said[0])) != 1:
                wrong.append(f"{said[0]} was made {len(history)} times")
    return wrong


async def _confirms(count: int, home: Path) -> tuple[int, list[str]]:
    async with database(None, home) as dsn:
        await asyncio.to_thread(migrate, dsn)
        store = Store(dsn, 4)
        holds = await _holds(store, count)
        with clients(dsn, PROCESSES) as processes:
            sent, answers = await _repeat(processes, holds, random.Random(5))
        wrong = await _wrong(store, answers)
        await store.close()
    return sent, wrong


def confirms(count: int) -> bool:
    """Confirm *count* holds 1 to 10 times each; whether each had one effect and one answer."""
    say(f"confirm: {count} holds, each confirmed 1 to {MOST} times at once")
    with tempfile.TemporaryDirectory(prefix="drill-") as home:
        sent, wrong = asyncio.run(_confirms(count, Path(home)))
    show("Repeated confirms", ("", "count"), (
        ("holds", str(count)), ("confirms", str(sent)), ("wrong", str(len(wrong)))))
    for line in wrong[:20]:
        say(f"  {line}")
    return not wrong
