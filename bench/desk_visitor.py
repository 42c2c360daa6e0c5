"""A visitor of the drill of the desk: writes now and then, and keeps what their screen shows."""
import asyncio
import json
import random
import time
from contextlib import suppress
from typing import Any
from uuid import uuid4

import aiohttp

SAID = ("what are your prices", "where can i park", "does massage help runners recover", "what time do you open",
        "can i talk to a person please", "do you treat sore calves")
BETWEEN = (8.0, 40.0)
"""Seconds between two messages of one visitor."""
ASSISTANT_OK = ("safety", "handoff")
"""What may be said while a person has it: help in danger, and that they came or left."""


class DeskVisitor:
    def __init__(self, session: aiohttp.ClientSession, chance: random.Random) -> None:
        self._session, self._chance = session, chance
        self.seen: list[dict[str, Any]] = []
        self.sent: dict[str, float] = {}
        """When each text was posted."""
        self.due: dict[str, float] = {}
        """When each reply of a colleague may be said at the earliest."""
        self.waits: list[float] = []
        """Milliseconds from then until it stood here."""
        self.conversation, self.taken = "", False
        self._following: asyncio.Task[None] | None = None

    async def writes_until(self, end: float) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._chance.uniform(0, BETWEEN[1]))
        async with self._session.post("/v1/conversations") as response:
            opened = await response.json()
        self._headers = {"authorization": f"Bearer {opened['token']}"}
        self._path = f"/v1/conversations/{opened['conversation']}"
        self._following = asyncio.create_task(self._follow())
        self.conversation = opened["conversation"]
        while loop.time() < end:
            text = f"{self._chance.choice(SAID)} ({uuid4().hex[:10]})"
            self.sent[text] = time.monotonic()
            async with self._session.post(f"{self._path}/messages", json={"id": uuid4().hex, "text": text},
                                          headers=self._headers) as response:
                assert response.status in (200, 202), response.status
            await asyncio.sleep(self._chance.uniform(*BETWEEN))

    async def _follow(self) -> None:
        async with self._session.get(f"{self._path}/events", headers=self._headers) as response:
            kind = ""
            async for line in response.content:
                if line.startswith(b"event: "):
                    kind = line[7:].decode().strip()
                elif line.startswith(b"data: ") and kind == "message":
                    self._heard(json.loads(line[6:]))

    def _heard(self, message: dict[str, Any]) -> None:
        self.seen.append(message)
        due = self.due.get(message["text"])
        if message["from"] == "person" and due is not None:
            self.waits.append(max(0.0, time.monotonic() - due) * 1000)

    def numbers(self) -> list[int]:
        return [message["n"] for message in self.seen]

    def in_order(self) -> bool:
        """Each message once, ascending, none missing."""
        return self.numbers() == list(range(1, len(self.seen) + 1))

    def words_of_the_bot_while_held(self) -> int:
        """What the assistant said between a person's coming and their leaving."""
        held, words = False, 0
        for message in self.seen:
            if message["from"] == "bot" and message["kind"] == "handoff":
                held = "has joined" in message["text"] or (held and "answering again" not in message["text"])
            elif message["from"] == "bot" and held and message["kind"] not in ASSISTANT_OK:
                words += 1
        return words

    async def leaves(self) -> None:
        if self._following:
            self._following.cancel()
            with suppress(asyncio.CancelledError, aiohttp.ClientError):
                await self._following
