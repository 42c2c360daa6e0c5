"""A person takes a conversation over, speaks in it, and gives it back: each a transaction, each told to the visitor."""
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from channels.outbox import Outbox
from clinic.clock import Clock
from clinic.conversation import Reply
from clinic.errors import ConversationUnknown
from clinic.handoff import Handoff
from clinic.records import Locked
from clinic.store.jobs import Jobs
from clinic.store.unit import Store, Unit
from clinic.store.unread import PATIENCE

UNDO = timedelta(seconds=10)
"""How long a reply can be taken back."""
QUEUE = "notices"
SILENCE, SHIFT = "silence", "shift"
"""Who gave it back where nobody did."""


class Takeover:
    def __init__(self, store: Store, jobs: Jobs, outbox: Outbox, handoff: Handoff, clock: Clock,
                 patience: timedelta) -> None:
        """*patience*: how long a person may say nothing before the assistant is back."""
        self._store, self._jobs, self._outbox = store, jobs, outbox
        self._handoff, self._clock, self._patience = handoff, clock, patience

    async def take(self, unit: Unit, conversation: UUID, by: str) -> None:
        """*by* has it from now on. A turn that is under way ends first: after this, the assistant says nothing here.

        Raises ConversationUnknown."""
        await unit.conversations.hold_turn(conversation)
        locked, now = await unit.conversations.lock(conversation), self._clock()
        await unit.conversations.hold(conversation, by, now)
        await unit.cases.take(conversation, locked.last_n, by, now)
        if not locked.held_by_staff:
            await self._announce(unit, locked, "person_joined", now)

    async def write(self, unit: Unit, conversation: UUID, text: str, by: str) -> int:
        """*by* says *text*, once the time to take it back is over: its number. It takes the conversation over too."""
        await self.take(unit, conversation, by)
        now = self._clock()
        key = await unit.outgoing.write(conversation, text, by, now + UNDO, now)
        await self._jobs.enqueue(unit, "say", queue=QUEUE, wait=UNDO.total_seconds(), conversation=str(conversation),
                                 written=key)
        return key

    async def say(self, conversation: str, written: int) -> None:
        """The time to take back *written* is over: it is said, after what was written before it. Nothing, where the
        conversation has been erased meanwhile."""
        async with self._store.begin() as unit:
            with suppress(ConversationUnknown):
                await self._say(unit, await unit.conversations.lock(UUID(conversation)), written)

    async def hand_back(self, unit: Unit, conversation: UUID, by: str) -> None:
        """The assistant answers again; what was still to be said is said before. Raises ConversationUnknown."""
        locked, now = await unit.conversations.lock(conversation), self._clock()
        await unit.cases.hand_back(conversation, by, now)
        await self._leave(unit, locked, now)

    async def close(self, unit: Unit, conversation: UUID, by: str, closing: str) -> int:
        """It is dealt with, *closing* says how in one word; how many cases that closes. Raises ConversationUnknown."""
        locked, now = await unit.conversations.lock(conversation), self._clock()
        closed = await unit.cases.close(conversation, by, closing, now)
        await self._leave(unit, locked, now)
        return closed

    async def return_quiet(self) -> int:
        """Where a person has said nothing for too long, or their day has ended, the assistant is back; how often."""
        now = self._clock()
        async with self._store.begin() as unit:
            quiet = [(held.id, why) for held in await unit.conversations.held()
                     if (why := self._over(held.quiet_since, now))]
        for conversation, why in quiet:
            async with self._store.begin() as unit:
                await self._return(unit, conversation, why)
        return len(quiet)

    def _over(self, quiet_since: datetime, now: datetime) -> str | None:
        if now - quiet_since >= self._patience:
            return SILENCE
        return SHIFT if self._handoff.shift_over(quiet_since, now) else None

    async def _return(self, unit: Unit, conversation: UUID, why: str) -> None:
        """Both are told: the visitor here, the clinic by a notice. Whoever still waits for a word is a case again."""
        locked, now = await unit.conversations.lock(conversation), self._clock()
        if not locked.held_by_staff:
            return
        if await unit.messages.last_sender(conversation) == "visitor":
            await unit.cases.reopen(conversation)
        else:
            await unit.cases.hand_back(conversation, why, now)
        await self._leave(unit, locked, now)
        await self._handoff.tell(unit, locked.channel, f"handed_back_{why}", str(conversation))

    async def _leave(self, unit: Unit, locked: Locked, now: datetime) -> None:
        await self._say(unit, locked)
        if locked.held_by_staff:
            await unit.conversations.let_go(locked.id)
            await self._announce(unit, locked, "person_left", now)

    async def _say(self, unit: Unit, locked: Locked, up_to: int | None = None) -> None:
        now = self._clock()
        for written in await unit.outgoing.due(locked.id, up_to):
            n = await unit.messages.speak(locked.id, written.text, now)
            await unit.outgoing.said(written, n)
            await unit.conversations.hold(locked.id, written.by, now)
            await self._outbox.post(unit, locked.id, locked.channel, n - 1, asked=True)
            if not self._outbox.writes_to(locked.channel):  # they come and fetch it, or don't
                await self._jobs.enqueue(unit, "unread", queue=QUEUE, wait=PATIENCE.total_seconds(),
                                         conversation=str(locked.id))

    async def _announce(self, unit: Unit, locked: Locked, words: str, now: datetime) -> None:
        n = await unit.messages.say(locked.id, Reply("handoff", self._handoff.words(words, now)), now)
        await self._outbox.post(unit, locked.id, locked.channel, n - 1)
