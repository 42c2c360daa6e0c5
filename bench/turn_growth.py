"""What stays the same as things grow: a message's cost late in a long conversation, and with a lot of content.

The house in this process, messages straight into its inbox: the door would slow down a visitor who writes so much.
"""
import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev
from uuid import UUID, uuid4

from bench.turn_content import SIZES, grown
from bench.turn_parts import at_home
from bench.turn_processes import Processes, Use
from bench.turn_table import say, show
from bench.turn_visitors import phrasings, talk
from bootstrap import House, load_agent, open_house, working
from channels.inbox import Arrival
from desk.serving import QUEUES

MARKS = {1: 1, 10: 5, 100: 20, 1000: 60}
"""The turns that are looked at, and how many messages around each count for it in one conversation."""
PROBES = 60
"""Messages at each mark: the same ones everywhere."""
ABOUT = ("fact_prices", "ask_recovery", "fact_hours", "ask_frequency", "thank", "ask_session")
"""What the probes are about: each understood alone, whatever was said before."""
TALKS = 8
"""Talks with each size of content."""
AFTER = 0.01
"""Seconds for what is done after a reply, which belongs to the message as well."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of CPU a message, each by itself. The dearest and the cheapest tenth are left out: now and then the
    database tidies up, or somebody else's work gets between."""

    each: list[Use]

    @property
    def usual(self) -> list[Use]:
        tenth = len(self.each) // 10
        return sorted(self.each, key=lambda use: use.whole)[tenth:len(self.each) - tenth]

    @property
    def mean(self) -> Use:
        return Use(mean(use.program for use in self.usual), mean(use.database for use in self.usual))

    @property
    def error(self) -> float:
        """How far the mean may be off, of 1: its standard error, twice."""
        return 2 * stdev(use.whole for use in self.usual) / len(self.usual) ** 0.5 / self.mean.whole

    def against(self, other: "Cost") -> float:
        return self.mean.whole / other.mean.whole


class Talker:
    """Says things in this process's house, and tells what each cost."""

    def __init__(self, house: House, used: Processes) -> None:
        self.house, self._used = house, used

    async def open(self) -> UUID:
        return (await self.house.inbox.open("website"))[0]

    async def say(self, conversation: UUID, text: str) -> None:
        """Post *text* and wait for the turn, as the door does for `?wait`."""
        arrival = Arrival(conversation, uuid4().hex, text)
        with self.house.watch.follow(str(conversation)) as news:
            await self.house.inbox.accept(arrival)
            while True:
                news.clear()
                async with self.house.store.begin() as unit:
                    done, _, _ = await unit.messages.outcome(conversation, arrival.external_id)
                if done:
                    return
                await asyncio.wait_for(news.wait(), 60)

    async def cost(self, conversation: UUID, text: str) -> Use:
        """Milliseconds of CPU that *text* took; the encoder remembers nothing of what others said."""
        self.house.library.encode._remembered.cache_clear()  # type: ignore[attr-defined]
        database, began = self._used.cpu().database, time.process_time()
        await self.say(conversation, text)
        await asyncio.sleep(AFTER)
        mine = time.process_time() - began
        return Use(mine * 1000, (self._used.cpu().database - database) * 1000)

    async def fill(self, conversation: UUID, turns: int) -> None:
        """So many *turns*, of talks as visitors have them."""
        said = 0
        while said < turns:
            for text in talk(said)[:turns - said]:
                await self.say(conversation, text)
                said += 1


@asynccontextmanager
async def talker(home: Path) -> AsyncIterator[Talker]:
    with at_home(home) as (settings, used):
        agent = load_agent(settings)
        async with open_house(settings, agent=agent) as house, working(house, QUEUES):
            speaks = Talker(house, used)
            await speaks.fill(await speaks.open(), 20)
            yield speaks


async def talks(folder: Path) -> dict[str, float]:
    """The same messages at turn 1, 10, 100 and 1,000 of a conversation."""
    say("long: conversations of up to 1,000 turns ...")
    async with talker(folder / "long") as speaks:
        grown_up = await _conversations(speaks)
        costs: dict[int, list[Use]] = {turn: [] for turn in MARKS}
        for number, text in enumerate(_probes()):
            for turn, window in MARKS.items():  # in turns: what else the machine does meets all alike
                costs[turn].append(await speaks.cost(grown_up[turn][number // window], text))
    found = {f"{turn:,}": Cost(each) for turn, each in costs.items()}
    _print("A message's cost, the conversation growing", "turn", found,
           f"The same {PROBES} messages around each turn, asked in turns, straight into the inbox: no HTTP.")
    return {"long": found["1,000"].against(found["10"])}


def _probes() -> list[str]:
    return [phrasings()[ABOUT[n % len(ABOUT)]][n // len(ABOUT)] for n in range(PROBES)]


async def _conversations(speaks: Talker) -> dict[int, list[UUID]]:
    """Enough conversations for each mark, filled so that the probes come to lie around it."""
    found = {turn: [await speaks.open() for _ in range(PROBES // window)] for turn, window in MARKS.items()}
    await asyncio.gather(*(speaks.fill(one, turn - 1 - window // 2)
                           for turn, window in MARKS.items() for one in found[turn] if turn > 1))
    return found


async def sections(folder: Path) -> dict[str, float]:
    """The same talks with 10, 1,000 and 10,000 sections of articles."""
    async with talker(folder / "sections") as speaks:
        library = speaks.house.library
        made = {}
        for size in SIZES:
            say(f"sections: making and publishing {size:,} ...")
            made[size] = await grown(speaks.house, folder / f"content-{size}", size)
        costs: dict[int, list[Use]] = {size: [] for size in SIZES}
        for number in range(TALKS):
            for size in SIZES:
                library.put(made[size].knowledge)
                conversation = await speaks.open()
                costs[size] += [await speaks.cost(conversation, text) for text in talk(number)]
    found = {f"{size:,}": Cost(each) for size, each in costs.items()}
    _print("A message's cost, the content growing", "sections", found,
           f"{TALKS} whole talks with each, in turns, no HTTP. Articles of made-up sentences; vectors by chance, put "
           "where publishing keeps them, since encoding them would take minutes.",
           [("texts", [f"{made[size].texts:,}" for size in SIZES]),
            ("check s", [f"{made[size].check:.1f}" for size in SIZES]),
            ("live after s", [f"{made[size].published:.1f}" for size in SIZES])])
    return {"sections": found["10,000"].against(found["10"])}


def _print(title: str, growing: str, found: dict[str, Cost], note: str,
           further: Iterable[tuple[str, Sequence[str]]] = ()) -> None:
    further = list(further)
    first = next(iter(found.values()))
    rows = [(name, f"{cost.mean.whole:.1f}", f"± {cost.error:.0%}", f"{cost.against(first):.2f}",
             f"{cost.mean.program:.1f}", f"{cost.mean.database:.1f}", *(column[place] for _, column in further))
            for place, (name, cost) in enumerate(found.items())]
    show(title, (growing, "CPU ms\na message", "give or\ntake", "times the\nfirst", "program", "database",
                 *(head for head, _ in further)), rows, note)
