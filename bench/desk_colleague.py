"""A colleague of the drill of the desk: takes conversations over in a browser of their own, answers, and hands back."""
import asyncio
import json
import random
import re
import time
from contextlib import suppress
from uuid import uuid4

import aiohttp

from bench.desk_visitor import DeskVisitor
from bench.server import PASSWORD
from channels.takeover import UNDO

STAYS = (4.0, 14.0)
"""Seconds in which somebody reads before they answer."""


class DeskColleague:
    def __init__(self, url: str, name: str, chance: random.Random) -> None:
        self._url, self._name, self._chance = url, name, chance
        self.took, self.replied = 0, 0
        self.waits: list[float] = []
        """Milliseconds from a visitor's post until it stood here."""
        self.screens: list[tuple[list[int], DeskVisitor]] = []
        """The numbers that a thread's page showed, in order, and whose it was."""

    async def signs_in(self) -> None:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=30)
        jar = aiohttp.CookieJar(unsafe=True)  # on an address without a name
        self._session = aiohttp.ClientSession(self._url, timeout=timeout, cookie_jar=jar)
        async with self._session.post("/desk/sign-in", data={"name": self._name, "password": PASSWORD}) as response:
            page = await response.text()
            assert "While you were out" in page, response.status

    async def works_until(self, end: float, people: list[DeskVisitor]) -> None:
        loop = asyncio.get_running_loop()
        while loop.time() < end - UNDO.total_seconds() - STAYS[1] * 2:
            free = [person for person in people if person.conversation and not person.taken and person.seen]
            if not free:
                await asyncio.sleep(0.5)
                continue
            person = self._chance.choice(free)
            person.taken = True
            await self._attends(person)
            person.taken = False

    async def _attends(self, person: DeskVisitor) -> None:
        path = f"/desk/threads/{person.conversation}"
        async with self._session.get(path) as response:
            csrf = re.search(r'name="csrf" value="(\w+)"', await response.text())
        assert csrf
        seen: list[int] = []
        following = asyncio.create_task(self._follow(path, seen, person))
        await self._send(f"{path}/take", csrf[1])
        self.took += 1
        for _ in range(self._chance.randint(1, 2)):
            await asyncio.sleep(self._chance.uniform(*STAYS))
            text = f"A colleague here ({uuid4().hex[:10]})"
            person.due[text] = time.monotonic() + UNDO.total_seconds()
            await self._send(f"{path}/reply", csrf[1], text=text)
            self.replied += 1
        await asyncio.sleep(UNDO.total_seconds() + 2)
        await self._send(f"{path}/back", csrf[1])
        await asyncio.sleep(1)
        following.cancel()
        with suppress(asyncio.CancelledError, aiohttp.ClientError):
            await following
        self.screens.append((seen, person))

    async def _send(self, path: str, csrf: str, **fields: str) -> None:
        async with self._session.post(path, data={"csrf": csrf, **fields}, allow_redirects=False) as response:
            assert response.status == 303, (path, response.status)

    async def _follow(self, path: str, seen: list[int], person: DeskVisitor) -> None:
        async with self._session.get(f"{path}/events?after=0") as response:
            kind = ""
            async for line in response.content:
                if line.startswith(b"event: "):
                    kind = line[7:].decode().strip()
                elif line.startswith(b"data: ") and kind == "message":
                    self._heard(json.loads(line[6:]), seen, person)

    def _heard(self, message: dict[str, object], seen: list[int], person: DeskVisitor) -> None:
        now, began = time.monotonic(), len(seen)
        seen.append(int(str(message["n"])))
        text = next((text for text in person.sent if text in str(message["html"])), None)
        if text and began and now - person.sent[text] < 5:  # not what was there before the page was opened
            self.waits.append((now - person.sent[text]) * 1000)

    async def leaves(self) -> None:
        await self._session.close()
