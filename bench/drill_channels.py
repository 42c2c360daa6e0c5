"""The drill of channels: real-shaped messages on all of them, each posted up to five times with the copies shuffled,
while gateway or worker is killed -9 again and again, and providers answer badly.

    make drill-channels        or: python -m bench.drill_channels [events] [kills] [seed] [workers]

Nothing acknowledged may be lost, no message answered twice, no conversation out of order; what is sent out twice is
counted.
"""
import asyncio
import random
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
from rich.console import Console

from bench.drill_judge import judged, settled
from bench.server import Server
from clinic.store.embedded import database
from tests.channels.kit.provider import Drop, Provider, Running, refusing
from tests.channels.kit.visitor import TELEGRAM_TOKEN, TWILIO, WHATSAPP, OnAMessenger, OnTelegram, OnTwilio, OnWhatsapp

ASKED = ("what are your prices", "where can i park", "are you a bot", "what time do you open")
"""Each is answered with one reply of its own."""
LIGHT = ("hi", "thanks a lot")
"""Each is, too, or it is one thought with what stands beside it, and that is answered."""
A_VISITOR_WRITES = 25
LANES = 24
"""Posts under way at the same time."""
BAD_DAYS = ((0.80, None), (0.87, "429"), (0.94, "500"), (0.98, "drop"), (1.0, "silence"))
"""How often a provider takes a message, and how it does not."""


def words_of(key: str) -> str:
    """What is said in the message *key*: the same words each time."""
    return random.Random(key).choice(ASKED + LIGHT)


class Silence(Drop):
    """The provider took it, and says so far too late."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(25)
        await super().__call__(scope, receive, send)


@dataclass
class Moody:
    """Meets each message as chance has it."""

    chance: random.Random
    met: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def popleft(self) -> Any:
        draw = self.chance.random()
        mood = next(name for upto, name in BAD_DAYS if draw <= upto)
        self.met[mood or "200"] += 1
        return {None: None, "429": refusing(429, {"parameters": {"retry_after": 1}}, retry_after="1"),
                "500": refusing(500), "drop": lambda: Drop(), "silence": lambda: Silence()}[mood]

    def __bool__(self) -> bool:
        return True

    def clear(self) -> None:
        self.met.clear()


class Storm:
    """Visitors of all channels whose posts arrive one by one, copies and all, until each is acknowledged."""

    def __init__(self, provider: Provider, door: httpx.AsyncClient, events: int, chance: random.Random) -> None:
        kinds: tuple[type[OnAMessenger], ...] = (OnTelegram, OnWhatsapp, OnTwilio)
        self._chance, self.order, self.repeats = chance, defaultdict(list), 0
        self.visitors = [kinds[n % 3](None, provider, door)  # type: ignore[arg-type]
                         for n in range(max(3, events // A_VISITOR_WRITES))]
        self._left = {visitor: self._copies(visitor, place, events) for place, visitor in enumerate(self.visitors)}
        self.events = sum(len(set(copies)) for copies in self._left.values())

    def _copies(self, visitor: OnAMessenger, place: int, events: int) -> list[str]:
        """The ids of what they write, each one to five times, shuffled: copies overtake one another."""
        ids = [f"{place}-{n}" for n in range(events // len(self.visitors))]
        copies = [key for key in ids for _ in range(self._chance.randint(1, 5))]
        self._chance.shuffle(copies)
        return copies

    async def run(self) -> None:
        waiting = list(self._left)
        await asyncio.gather(*(self._lane(waiting) for _ in range(LANES)))

    async def _lane(self, waiting: list[OnAMessenger]) -> None:
        while waiting:
            visitor = waiting.pop()
            for key in self._left[visitor]:
                await self._insist(visitor, key)
                if key not in self.order[visitor]:
                    self.order[visitor].append(key)

    async def _insist(self, visitor: OnAMessenger, key: str) -> None:
        text = words_of(key)
        while True:
            pause = 0.3
            try:
                answer = await visitor.says(text, id=key)
                if answer.status_code == 200:
                    return
                pause = float(answer.headers.get("retry-after", pause))
            except httpx.HTTPError:
                pass
            self.repeats += 1
            await asyncio.sleep(pause)


async def kill_often(server: Server, kills: int, storm: "asyncio.Task[None]", chance: random.Random,
                     console: Console) -> tuple[int, list[float]]:
    """Kill the gateway or a worker until *kills* are done or the storm is over; how long each start took."""
    done, back = 0, []
    while done < kills and not storm.done():
        await asyncio.sleep(chance.random() * 2)
        assert server.process
        workers = psutil.Process(server.process.pid).children()
        python = [one for one in workers if "worker" in " ".join(one.cmdline())]
        if python and chance.random() < 0.5:
            chance.choice(python).kill()
        else:
            await asyncio.to_thread(server.kill)
            began = time.monotonic()
            await asyncio.to_thread(server.start)
            back.append(time.monotonic() - began)
        done += 1
        if done % 20 == 0:
            console.print(f"  {done} kills")
    return done, back


async def drill(events: int, kills: int, seed: int, workers: int, home: Path) -> bool:
    """Run the storm; True if nothing was lost, repeated or out of order."""
    console, chance = Console(), random.Random(seed)
    provider = Provider()
    provider.moods = moods = Moody(chance)  # type: ignore[assignment]
    running = Running(provider)
    running.start()
    server = Server(home, WORKERS=str(workers), TELEGRAM_TOKEN=TELEGRAM_TOKEN, TELEGRAM_API=f"{provider.url}/tg",
                    WHATSAPP_API=f"{provider.url}/wa", TWILIO_API=f"{provider.url}/tw", **WHATSAPP, **TWILIO,
                    PUBLIC_URL="http://localhost:8000")
    console.print(f"first start: {server.start():.1f} s")
    try:
        async with httpx.AsyncClient(base_url=server.url, timeout=10) as door:
            storm = Storm(provider, door, events, chance)
            posting = asyncio.create_task(storm.run())
            done, back = await kill_often(server, kills, posting, chance, console)
            await posting
        async with database(None, home) as dsn:
            console.print(f"all {storm.events} are acknowledged; waiting for the last to be sent")
            await settled(dsn)
            light = {key for keys in storm.order.values() for key in keys if words_of(key) in LIGHT}
            result = await judged(dsn, storm.order, provider.taken, light)
    finally:
        server.stop()
        running.stop()
    console.print({"kills": done, "posts repeated": storm.repeats, "provider": dict(moods.met),
                   "back after": f"{max(back, default=0):.1f} s at most", **result})
    return not any(result[what] for what in ("lost", "unanswered", "answered twice", "out of order", "failed",
                                             "not sent", "sent twice though answered"))


def main() -> int:
    given = [int(one) for one in sys.argv[1:]]
    events, kills, seed, workers = [*given, *(10_000, 200, random.randrange(10**6), 2)[len(given):]]
    print(f"{events} events, {kills} kills, seed {seed}, {workers} workers")
    with tempfile.TemporaryDirectory(prefix="drill-") as home:
        good = asyncio.run(drill(events, kills, seed, workers, Path(home)))
    print("every message once, in order" if good else "NOT every message once and in order")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
