"""The door's one transaction: a message is stored, read for danger and queued before anyone says thank you."""
import asyncio
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from channels.outbox import Outbox
from clinic import gate
from clinic.clock import Clock
from clinic.conversation import LEVELS, Reply
from clinic.errors import MessageRejected
from clinic.handoff import Handoff
from clinic.records import Locked
from clinic.safety.reader import Screen
from clinic.safety.reading import Reading
from clinic.store.jobs import Jobs
from clinic.store.unit import Store, Unit

LONGEST = 10_000
"""Characters. More than anybody types; a longer text is refused, not cut."""
OVERLAP = 500
"""Characters that two pieces of a longer text share, so that no sentence is cut in two for both."""
_ENDS = re.compile(r"[.!?\n]+\s*")
REMEMBERED = 1_000
"""Characters of each earlier message that a new one is read together with."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message at the door: text as typed, or the token of a choice that was tapped."""

    conversation: UUID
    external_id: str
    text: str | None = None
    choice: str | None = None
    aside: str | None = None
    """What the door itself says to it: a key of words.yml."""
    answered: bool = True
    """A turn is to answer it."""
    own: bool = True
    """The text is what the visitor wrote, and not a word of ours for what can't be read."""
    said: Reply | None = None
    """The same in full, and also where a person is talking: what has to do with the way here, and not with the talk."""
    tail: str = ""
    """What the text went on with beyond what is kept of it: read for danger like the rest."""


class Inbox:
    def __init__(self, store: Store, jobs: Jobs, screen: Screen, handoff: Handoff, clock: Clock,
                 outbox: Outbox) -> None:
        self._store, self._jobs, self._screen, self._handoff, self._clock = store, jobs, screen, handoff, clock
        self._outbox = outbox

    async def open(self, channel: str, source: str | None = None) -> tuple[UUID, str]:
        """A new conversation on *channel*, by a link with the tag *source*: its id, and the token that alone opens
        it."""
        conversation, token = uuid4(), secrets.token_urlsafe(32)
        async with self._store.begin() as unit:
            await unit.conversations.open(conversation, channel, token, self._clock(), source)
        return conversation, token

    async def accept(self, arrival: Arrival, token: str | None = None) -> bool:
        """Store *arrival* and queue its turn; False if it was here before (nothing happens again).

        *token* is checked where a channel has one. Raises ConversationUnknown, MessageRejected."""
        async with self._store.begin() as unit:
            return await self.take(unit, arrival, token)

    async def take(self, unit: Unit, arrival: Arrival, token: str | None = None) -> bool:
        """The same, as a part of *unit*'s transaction."""
        _check(arrival)
        locked, earlier = await unit.conversations.lock_for_arrival(arrival.conversation, token, self._clock())
        now, n = self._clock(), locked.last_n + 1
        text = arrival.text
        if text is None:
            text = await unit.messages.label_of(locked.id, arrival.choice or "") or ""
        if earlier is None:
            earlier = await unit.messages.earlier(locked.id, locked.last_n, locked.released_n, now)
        reading = await self.read(text + arrival.tail, earlier)
        reply = self._said_at_once(arrival, reading, locked, now)
        turn = arrival.answered or arrival.own or reading.helped  # the second reader is to read all that they write
        if not await unit.messages.receive(locked.id, n, arrival.external_id, text, arrival.choice, reading, now,
                                           numbers=2 if reply else 1, state="waiting" if turn else "answered",
                                           door_only=not arrival.answered):
            return False
        await gate.keep(unit, self._handoff, locked, n, reading.met, now)
        if locked.held_by_staff:
            await self._handoff.wrote_again(unit, locked.id)
        if reply:
            await unit.messages.reply(locked.id, n + 1, n, reply, now)
            await self._outbox.post(unit, locked.id, locked.channel, n, asked=True)
        if turn:
            plain = arrival.choice is None and arrival.answered and not (reading.helped or locked.held_by_staff)
            await self._answer(unit, locked, n, self._outbox.settle(locked.channel) if plain else 0.0)
        return True

    async def _answer(self, unit: Unit, locked: Locked, n: int, settle: float) -> None:
        """Have message *n* answered, and what came before it; after *settle* seconds, if nothing follows meanwhile."""
        queue, key = queue_of(locked.channel), str(locked.id)
        if settle:
            await self._jobs.enqueue(unit, "turn_later", queue=queue, wait=settle, conversation=key, n=n)
        else:
            await self._jobs.enqueue(unit, "turn", queue=queue, lock=key, conversation=key, n=n)

    def _said_at_once(self, arrival: Arrival, reading: Reading, locked: Locked, now: datetime) -> Reply | None:
        """Help where somebody may be in danger; else what the door says by itself, unless a person is talking."""
        if reading.helped:
            return Reply("safety", self._screen.advice(reading, self._handoff.desk_back(now)))
        if arrival.said:
            return arrival.said
        if arrival.aside is None or locked.held_by_staff:
            return None
        return Reply("fallback", self._handoff.words(arrival.aside, now, limit=f"{LONGEST:,}"))

    async def read(self, text: str, earlier: Sequence[str]) -> Reading:
        """*text* read for danger, all of it; in a thread where that is long, so that nobody else waits for it."""
        earlier = [said[:REMEMBERED] for said in earlier]
        if len(text) + sum(map(len, earlier)) < REMEMBERED:
            return self._screen.read(text, earlier)
        return await asyncio.to_thread(self._read_long, text, earlier)

    def _read_long(self, text: str, earlier: Sequence[str]) -> Reading:
        """In pieces that overlap, so that twice the length takes twice the time."""
        readings = [self._screen.read(piece, earlier) for piece in pieces(text)]
        worst = max(readings, key=lambda reading: LEVELS.index(reading.level))
        met = dict.fromkeys([*worst.met, *(rule for reading in readings for rule in reading.met)])
        return replace(worst, met=tuple(met))


def queue_of(channel: str) -> str:
    """The command line answers its own questions, also beside a running server."""
    return "cli" if channel == "cli" else "turns"


def pieces(text: str) -> Iterator[str]:
    """*text* in pieces of at most LONGEST characters. Two share OVERLAP at least, so that what is said where one ends
    is whole in the other; where it can, a piece begins with a sentence, so that no "no" is lost from its front."""
    begin = 0
    while len(text) - begin > LONGEST:
        yield text[begin:begin + LONGEST]
        latest = begin + LONGEST - OVERLAP
        ends = [end.end() for end in _ENDS.finditer(text, latest - OVERLAP, latest)]
        begin = ends[-1] if ends else latest
    yield text[begin:]


def _check(arrival: Arrival) -> None:
    if arrival.choice is None and not (arrival.text or "").strip():
        raise MessageRejected("A message needs some text, or a choice.")
    if len(arrival.text or "") > LONGEST:
        raise MessageRejected(f"A message may have at most {LONGEST:,} characters.")
