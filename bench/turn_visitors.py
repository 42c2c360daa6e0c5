"""Visitors who talk to a server over HTTP, many at once, each waiting for the replies before the next message.

    python -m bench.turn_visitors ADDRESS conversations-at-once talks-each      prints one line of JSON
"""
import asyncio
import itertools
import json
import sys
import time
from dataclasses import asdict, dataclass
from functools import cache
from typing import Protocol
from uuid import uuid4

import aiohttp

from bench.nlu_examples import examples
from clinic.settings import ROOT

SHAPE = ("greet", "ask_injury", "fact_prices", "follow_up", "fact_hours", "ask_frequency", "other_services",
         "book_appointment", "stop", "thank")
"""What a visitor wants with each message of a talk: small talk, answers, facts, what isn't ours, a form."""
PATIENCE = 60.0
"""Seconds for one reply."""


@cache
def phrasings() -> dict[str, list[str]]:
    """Our own examples by intent. As many as there are: the encoder remembers the last few texts, which then cost
    nothing."""
    found: dict[str, list[str]] = {}
    for text, intent in examples(ROOT / "data"):
        if text.replace(" ", "_") != intent:
            found.setdefault(intent, []).append(text)
    return found


def talk(number: int) -> list[str]:
    """The messages of a visitor; another *number* words them differently."""
    return [phrasings()[intent][number % len(phrasings()[intent])] for intent in SHAPE]


class Line(Protocol):
    """A visitor's line to a server."""

    async def open(self, session: aiohttp.ClientSession) -> None: ...

    async def say(self, session: aiohttp.ClientSession, text: str) -> int:
        """Post *text* and wait; how many replies came."""


class OurLine:
    """The website's own addresses (docs/wire.md), `?wait` and all."""

    async def open(self, session: aiohttp.ClientSession) -> None:
        async with session.post("/v1/conversations") as response:
            opened = await response.json()
        self._path = f"/v1/conversations/{opened['conversation']}/messages?wait=30"
        self._headers = {"authorization": f"Bearer {opened['token']}"}

    async def say(self, session: aiohttp.ClientSession, text: str) -> int:
        body = {"id": uuid4().hex, "text": text}
        async with session.post(self._path, json=body, headers=self._headers) as response:
            return len((await response.json()).get("replies", ()))


class RasaLine:
    """Rasa's REST channel."""

    async def open(self, session: aiohttp.ClientSession) -> None:
        self._sender = uuid4().hex

    async def say(self, session: aiohttp.ClientSession, text: str) -> int:
        body = {"sender": self._sender, "message": text}
        async with session.post("/webhooks/rest/webhook", json=body) as response:
            return len(await response.json())


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a load: milliseconds that each message waited, ascending, and seconds in all."""

    waits: list[float]
    seconds: float
    silent: int
    """Messages without any reply."""

    @property
    def count(self) -> int:
        return len(self.waits)

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.count / self.seconds

    def share(self, part: float) -> float:
        """Milliseconds within which *part* of the messages (0.99 for 99 %) had their replies."""
        return self.waits[min(self.count - 1, int(self.count * part))]


_numbers = itertools.count()
"""Every talk of this process is worded differently from the ones just before."""


async def load(url: str, at_once: int, talks: int, line: type[Line] = OurLine) -> Load:
    """*talks* after each other in each of *at_once* conversations at a time.

    Raises aiohttp.ClientError, TimeoutError."""
    waits: list[float] = []
    silent = 0

    async def visitor(session: aiohttp.ClientSession) -> None:
        nonlocal silent
        for _ in range(talks):
            us = line()
            await us.open(session)
            for text in talk(next(_numbers)):
                began = time.perf_counter()
                silent += await us.say(session, text) == 0
                waits.append((time.perf_counter() - began) * 1000)

    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    async with aiohttp.ClientSession(url, connector=connector, timeout=timeout, raise_for_status=True) as session:
        began = time.perf_counter()
        await asyncio.gather(*(visitor(session) for _ in range(at_once)))
        seconds = time.perf_counter() - began
    return Load(sorted(waits), seconds, silent)


async def first_answer(url: str, line: type[Line] = OurLine, patience: float = PATIENCE) -> None:
    """Ask one question, as soon as somebody listens, and wait for the answer. Raises aiohttp.ClientError or
    TimeoutError if none comes within *patience* seconds."""
    end = time.monotonic() + patience
    while True:
        try:
            timeout = aiohttp.ClientTimeout(total=patience)
            async with aiohttp.ClientSession(url, timeout=timeout, raise_for_status=True) as session:
                us = line()
                await us.open(session)
                if await us.say(session, "how often should I come?"):
                    return
        except (aiohttp.ClientError, TimeoutError):
            if time.monotonic() > end:
                raise
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(load(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))))
