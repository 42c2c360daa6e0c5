"""A turn: one waiting message, one transaction, everything or nothing."""
import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from channels.outbox import Outbox
from clinic.booking.contact import ContactUnusable, find_contact
from clinic.booking.tidings import Tidings
from clinic.clock import Clock
from clinic.conversation import Reply, Waiting
from clinic.handoff import Handoff
from clinic.library import Library
from clinic.safety.guard import NOT_UNDERSTOOD, Guard
from clinic.safety.reader import Screen
from clinic.safety.reading import Reading
from clinic.store.unit import Store, Unit
from clinic.visit import Answered, Visit

log = logging.getLogger("frontdesk.turn")
MOST_WORDS = 8
"""That a message which only leaves a contact may have."""
PAUSES = (0.3, 1.2)
"""Seconds before the second and the third try: a third failure is not bad luck."""


class Assistant(Protocol):
    """Who understands and answers; `bot.agent.Agent` is one."""

    async def answer(self, visit: Visit) -> Answered: ...

    async def set_aside(self, visit: Visit) -> Answered: ...

    async def danger(self, visit: Visit) -> Reading | None: ...


class SaidNothing(RuntimeError):
    """The assistant had no reply at all to a message: a fault of ours, never the visitor's."""


def contact_in(waiting: Waiting) -> str | None:
    """The phone number or mail address that the message consists of, in the form to keep; None where it is more."""
    if waiting.choice is not None or len(waiting.text.split()) > MOST_WORDS:
        return None
    try:
        return find_contact(waiting.text)
    except ContactUnusable:
        return None


class Turns:
    def __init__(self, store: Store, assistant: Assistant, library: Library, screen: Screen, handoff: Handoff,
                 tidings: Tidings, clock: Clock, outbox: Outbox | None = None) -> None:
        self._store, self._assistant, self._library, self._outbox = store, assistant, library, outbox
        self._tidings = tidings
        self._screen, self._guard = screen, Guard(screen.rules)
        self._handoff, self._clock = handoff, clock

    async def run(self, conversation: str) -> None:
        """Answer whatever waits in *conversation*, the oldest first. Each message has a job of its own, but that of the
        next one is locked until this one ends: somebody who types in bursts would wait for it each time."""
        while await self._answer_next(UUID(conversation)):
            pass

    async def _answer_next(self, key: UUID) -> bool:
        """Answer the oldest waiting message, in three tries; then a person is asked to, and the visitor told.

        Whether there may be another."""
        for pause in (*PAUSES, None):
            try:
                return await self.take(key)
            except Exception:  # whatever it was, it was rolled back; the last one hands over
                log.exception("a turn failed in conversation %s", key)
                if pause is None:
                    break
                await asyncio.sleep(pause)
        await self._give_up(key)
        return True

    async def take(self, key: UUID) -> bool:
        """One try; whether another message waits. Raises whatever went wrong, with nothing written."""
        async with self._store.begin() as unit:
            await unit.conversations.hold_turn(key)
            found = await unit.messages.oldest_waiting(key)
            if found is None:
                return False
            waiting, offers = found
            visit = Visit(unit, waiting, self._library.current, self._library, self._screen, self._handoff,
                          self._tidings, self._clock(), offers)
            answered = await self._answered(unit, visit)
            if answered.danger:
                answered = replace(answered, replies=(await self._help(unit, visit, answered.danger),))
            return await self._finish(unit, waiting, "answered", answered, visit.closed)

    async def _answered(self, unit: Unit, visit: Visit) -> Answered:
        """What the message comes to, by whose turn it is to speak: safety, a person, nobody, the assistant."""
        waiting = visit.waiting
        if waiting.helped:  # help was sent at the door; the second reader may know of worse
            return replace(await self._assistant.set_aside(visit), danger=await self._assistant.danger(visit))
        if waiting.door_only:  # the door has said what there is to say, also where a person had it then; but for danger
            danger = await self._assistant.danger(visit)
            return replace(await self._assistant.set_aside(visit), danger=danger) if danger else Answered(
                (), None, waiting.tracker)
        if waiting.held_by_staff:
            return Answered((), None, waiting.tracker, await self._assistant.danger(visit))
        if self._handoff.presence.paused:
            await visit.take_over("paused")
            return Answered((Reply("handoff", self._handoff.contact_card()),), None, waiting.tracker,
                            await self._assistant.danger(visit))
        contact = contact_in(waiting)
        if contact and await unit.cases.keep_contact(waiting.conversation, waiting.n, contact):
            words = self._handoff.words("contact_kept", visit.now, contact=contact)
            return Answered((Reply("handoff", words),), None, waiting.tracker, await self._assistant.danger(visit))
        return await self._said(unit, visit)

    async def _said(self, unit: Unit, visit: Visit) -> Answered:
        """What the assistant says, with what safety adds to it. Raises SaidNothing."""
        waiting = visit.waiting
        answered = await self._assistant.answer(visit)
        if not answered.replies and not answered.danger:
            raise SaidNothing(f"no reply to message {waiting.n} of {waiting.conversation}")
        told = await unit.firings.told(waiting.conversation, waiting.n) if waiting.level == "contraindication" else ()
        if not answered.danger and await self._in_distress(visit, answered.replies):
            words = self._handoff.words("distress", visit.now)
            answered = replace(answered, replies=(Reply("handoff", words),))
        asked = waiting.rules if visit.checked else told
        answered = replace(answered, replies=self._guard.after(answered.replies, waiting, asked))
        return replace(answered, replies=await self._with_contact_asked(visit, answered.replies))

    async def _with_contact_asked(self, visit: Visit, replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
        """Where nobody is in and we have nowhere to write to, a hand-off asks once how to reach the visitor."""
        waiting = visit.waiting
        if (not replies or replies[-1].kind != "handoff" or replies[-1].offers
                or self._outbox is None or self._outbox.writes_to(waiting.channel)
                or self._handoff.desk_back(visit.now) is None
                or not await visit.records.cases.ask_contact(waiting.conversation, waiting.n)):
            return replies
        asking = self._handoff.words("leave_contact", visit.now)
        return (*replies[:-1], replace(replies[-1], text=f"{replies[-1].text}\n{asking}"))

    async def _finish(self, unit: Unit, waiting: Waiting, state: str, answered: Answered,
                      closed: Sequence[int] = ()) -> bool:
        """Write what the turn came to, and put it on its way; whether another message waits."""
        more = await unit.messages.finish(waiting, state, answered.replies, self._clock(), intent=answered.intent,
                                          tracker=answered.tracker, closed=closed)
        if answered.replies and self._outbox:
            await self._outbox.post(unit, waiting.conversation, waiting.channel, waiting.n)
        return more

    async def _in_distress(self, visit: Visit, replies: Sequence[Reply]) -> bool:
        """Whether nobody understood a message that sounds like distress; then a person is told (SAFETY 5)."""
        lost = all(reply.kind in NOT_UNDERSTOOD for reply in replies)
        if not lost or visit.waiting.choice is not None or not self._screen.distressed(visit.waiting.text):
            return False
        await visit.take_over("distress")
        return True

    async def _help(self, unit: Unit, visit: Visit, danger: Reading) -> Reply:
        """What the second reader found is kept and answered as the door would have."""
        await visit.raise_level(danger)
        await unit.messages.read_again(visit.waiting, danger.level, danger.rules)
        return Reply("safety", self._screen.advice(danger, self._handoff.desk_back(visit.now)))

    async def _give_up(self, key: UUID) -> None:
        async with self._store.begin() as unit:
            await unit.conversations.hold_turn(key)
            found = await unit.messages.oldest_waiting(key)
            if found is None:
                return
            waiting, _ = found
            now = self._clock()
            await self._handoff.take_over(unit, waiting.conversation, waiting.channel, waiting.n, "failed_turn", now)
            words = Reply("handoff", self._handoff.words("failed_turn", now))
            await self._finish(unit, waiting, "failed", Answered((words,), None, None))
