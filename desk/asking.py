"""`frontdesk ask` and `frontdesk chat`: the real path from the door to the reply, from a terminal."""
import asyncio
import json
import time
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID, uuid4

from bootstrap import load_agent, open_house, working
from channels.inbox import Arrival, Inbox
from clinic.errors import ClinicError
from clinic.settings import Settings
from clinic.storable import storable
from clinic.store.unit import Store
from clinic.store.watch import Watch
from desk.lines import typed

PATIENCE = 30.0
"""Seconds that a turn may take before asking gives up."""


class NoReply(ClinicError):
    """A turn did not end in time."""


class Asker:
    """Asks messages one after the other; conversations by name last as long as this object."""

    def __init__(self, store: Store, inbox: Inbox, watch: Watch) -> None:
        self._store, self._inbox, self._watch = store, inbox, watch
        self._named: dict[str, UUID] = {}

    async def ask(self, text: str | None, choice: str | None, name: str | None) -> dict[str, Any]:
        """What came back to one message, as `ask --json` prints it. Raises ClinicError."""
        text, choice = storable(text), storable(choice)
        conversation = await self._conversation(name)
        arrival = Arrival(conversation, uuid4().hex, text, choice)
        with self._watch.follow(str(conversation)) as news:
            await self._inbox.accept(arrival)
            read, replies = await self._outcome(arrival, news)
        return {"conversation": name or str(conversation), "message": choice if text is None else text,
                "intent": read["intent"] or {"name": None, "confidence": 0},
                "safety": {"level": read["level"], "rules": read["rules"]},
                "replies": [reply.as_wire() for reply in replies]}

    async def _conversation(self, name: str | None) -> UUID:
        if name is not None and name in self._named:
            return self._named[name]
        conversation, _ = await self._inbox.open("cli")
        if name is not None:
            self._named[name] = conversation
        return conversation

    async def _outcome(self, arrival: Arrival, news: asyncio.Event) -> tuple[dict[str, Any], list[Any]]:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            news.clear()
            async with self._store.look() as unit:
                done, read, replies = await unit.messages.outcome(arrival.conversation, arrival.external_id)
            if done:
                return read, replies
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), 1.0)
        raise NoReply("no reply within half a minute; `frontdesk doctor` may tell why")


def read_line(line: str) -> tuple[str | None, str | None, str | None] | None:
    """A line of input as text, choice and conversation; None for a blank one.

    A JSON object with `text` or `choice` is one; anything else is plain text."""
    line = line.rstrip("\r\n")
    if not line.strip():
        return None
    with suppress(ValueError, RecursionError):
        given = json.loads(line)
        if isinstance(given, dict):
            text, choice, name = given.get("text"), given.get("choice"), given.get("conversation")
            if (isinstance(text, str) or isinstance(choice, str)) and (name is None or isinstance(name, str)):
                return (text, None, name) if isinstance(text, str) else (None, choice, name)
    return line, None, None


async def ask_all(settings: Settings, lines: AsyncIterable[str], as_json: bool) -> int:
    """Ask each of *lines* in order and print what came back; 1 if any line failed."""
    failed = 0
    async with asking(settings) as asker:
        async for line in lines:
            read = read_line(line)
            if read is None:
                continue
            try:
                answered = await asker.ask(*read)
            except Exception as error:  # of one line: those after it are asked all the same
                failed = 1
                answered = {"error": str(error) if isinstance(error, ClinicError) else type(error).__name__}
            print(json.dumps(answered, ensure_ascii=False) if as_json else as_text(answered), flush=True)
    return failed


async def chat_on(settings: Settings) -> None:
    """One conversation, line by line, until an empty one."""
    async with asking(settings) as asker:
        lines = typed()
        print("> ", end="", flush=True)
        while line := (await anext(lines, "")).strip():
            print(as_text(await asker.ask(line, None, "chat")), end="\n> ", flush=True)


def as_text(answered: dict[str, Any]) -> str:
    """An answer for a person to read: the words, the proof, the choices."""
    if "error" in answered:
        return f"({answered['error']})\n"
    lines = []
    for reply in answered["replies"]:
        lines.append(f"[{reply['kind']}] {reply['text']}")
        lines += dict.fromkeys(f"    from {c['url']} ({c['heading']})" for c in reply["citations"])
        lines += [f"    {number}. {c['label']}" for number, c in enumerate(reply["choices"], 1)]
    return "\n".join(lines) + "\n"


@asynccontextmanager
async def asking(settings: Settings) -> AsyncIterator[Asker]:
    """An asker over the whole house in this process, beside a running server or without one."""
    agent = await asyncio.to_thread(load_agent, settings)
    async with open_house(settings, agent=agent) as house, working(house, ("cli",)):
        yield Asker(house.store, house.inbox, house.watch)
