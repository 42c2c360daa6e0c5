"""What the assistant would say to a text, without anybody having said it: a turn in a transaction that is undone."""
import asyncio
from dataclasses import dataclass
from uuid import uuid4

from channels.turn import Assistant
from clinic.booking.tidings import Tidings
from clinic.clock import Clock
from clinic.conversation import Reply, Waiting
from clinic.handoff import Handoff
from clinic.library import Library
from clinic.safety.guard import Guard
from clinic.safety.reader import Screen
from clinic.safety.reading import Reading
from clinic.store.unit import Store
from clinic.visit import Visit


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """How a text reads, what a visitor would be told for their safety (empty: nothing), and the replies."""

    reading: Reading
    advice: str
    replies: tuple[Reply, ...]


class _Undone(Exception):
    """Ends the transaction so that nothing of it stays."""


class Rehearsal:
    def __init__(self, store: Store, assistant: Assistant, library: Library, screen: Screen, handoff: Handoff,
                 tidings: Tidings, clock: Clock) -> None:
        self._store, self._assistant, self._library = store, assistant, library
        self._screen, self._handoff, self._tidings, self._clock = screen, handoff, tidings, clock

    async def ask(self, text: str) -> Rehearsed:
        """What would come back to *text*, said first in a conversation. Nothing is kept, nobody is told.

        The advice promises no reading by anybody: whoever asks is a person at the clinic."""
        # In a task of its own: the assistant marks the task that it answers in.
        return await asyncio.create_task(self._ask(text))

    async def _ask(self, text: str) -> Rehearsed:
        reading, found = self._screen.read(text), None
        try:
            async with self._store.begin() as unit:
                key, now = uuid4(), self._clock()
                await unit.conversations.open(key, "cli", None, now)
                await unit.messages.receive(key, 1, "rehearsed", text, None, reading, now, numbers=1)
                waiting = Waiting(key, "cli", 1, text, None, reading.helped, reading.level, False, None, reading.level,
                                  reading.rules)
                visit = Visit(unit, waiting, self._library.current, self._library, self._screen, self._handoff,
                              self._tidings, now)
                found = await self._read(visit, reading)
                raise _Undone
        except _Undone:
            pass
        assert found
        return found

    async def _read(self, visit: Visit, reading: Reading) -> Rehearsed:
        replies: tuple[Reply, ...] = ()
        if reading.helped:
            danger = await self._assistant.danger(visit)
        else:
            answered = await self._assistant.answer(visit)
            danger = answered.danger
            replies = () if danger else Guard(self._screen.rules).after(answered.replies, visit.waiting, ())
        reading = danger or reading
        return Rehearsed(reading, self._screen.advice(reading, None), replies)
