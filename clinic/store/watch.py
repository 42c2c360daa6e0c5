"""Hearing of what others committed: one LISTEN connection a process, any number of waiting tasks."""
import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import psycopg

from clinic.store import cases, contents, messages, presences


class Watch:
    """`follow(conversation)` gives an event that is set whenever something new was committed there; `follow("desk")`
    one for whatever staff have to look at."""

    def __init__(self, dsn: str, on_content: Callable[[], Awaitable[None]],
                 on_presence: Callable[[], Awaitable[None]]) -> None:
        self._dsn = dsn
        self._on_content, self._on_presence = on_content, on_presence
        self._followers: dict[str, set[asyncio.Event]] = defaultdict(set)
        self.ended = False
        """Nobody is to wait here any longer."""

    @contextmanager
    def follow(self, conversation: str, *, arrivals: bool = True) -> Iterator[asyncio.Event]:
        """*arrivals*: of messages that wait for an answer too."""
        event, names = asyncio.Event(), [conversation, *([conversation + messages.ARRIVED] if arrivals else [])]
        for name in names:
            self._followers[name].add(event)
        try:
            yield event
        finally:
            for name in names:
                self._followers[name].discard(event)
                if not self._followers[name]:
                    del self._followers[name]

    async def run(self) -> None:
        """Listen until cancelled; begun again, everyone looks once more. Raises where the connection is lost."""
        async with await psycopg.AsyncConnection.connect(self._dsn, autocommit=True) as connection:
            await connection.execute(f"listen {messages.CHANNEL}")
            await connection.execute(f"listen {contents.CHANNEL}")
            await connection.execute(f"listen {cases.DESK}")
            await self._on_content()
            await self._on_presence()
            self._wake_all()
            async for note in connection.notifies():
                if note.channel == contents.CHANNEL:
                    await self._on_content()
                elif note.channel == cases.DESK:
                    if note.payload == presences.CHANGED:
                        await self._on_presence()
                    _set(self._followers.get(cases.DESK, ()))
                else:
                    _set(self._followers.get(note.payload, ()))

    def end(self) -> None:
        """Wake whoever follows, so that they see that it has ended."""
        self.ended = True
        self._wake_all()

    def _wake_all(self) -> None:
        for events in list(self._followers.values()):
            _set(events)


def _set(events: "set[asyncio.Event] | tuple[()]") -> None:
    for event in tuple(events):
        event.set()
