"""A turn: one waiting message, one transaction, everything or nothing."""
import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Protocol
from uuid import UUID

from channels.outbox import Outbox
from clinic.booking.contact import ContactUnusable, find_contact
from clinic.booking.tidings import Tidings
from clinic.clock import Clock
from clinic.conversation import Reply, Waiting
from clinic.faults import lines_of
from clinic.handoff import Handoff
from clinic.library import Library
from clinic.safety.guard import NOT_UNDERSTOOD, Guard
from clinic.safety.reader import Screen
from clinic.safety.reading import Reading
from clinic.safety.rules import Rule
from clinic.store.jobs import Jobs
from clinic.store.unit import Store, Unit
from clinic.visit import Answered, Visit

log = logging.getLogger("frontdesk.turn")
MOST_TOGETHER, LONGEST_TOGETHER = 6, 900
"""Messages, and characters, that are read as one thought."""
MOST_WORDS = 8
"""That a message which only leaves a contact may have."""
LAST = 2**53
"""A number that no message has."""
NOTHING = {"name": None, "confidence": 0.0}
"""What a message was understood as that nobody understood."""
PAUSES = (0.3, 1.2)
"""Seconds before the second and the third try: a third failure is not bad luck."""


class Assistant(Protocol):
    """Who understands and answers; `bot.agent.Agent` is one."""

    async def answer(self, visit: Visit) -> Answered: ...

    async def set_aside(self, visit: Visit) -> Answered: ...

    async def danger(self, visit: Visit) -> Reading | None: ...

    async def together(self, visit: Visit, following: Sequence[Waiting]) -> int: ...


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


def _is_plain(waiting: Waiting) -> bool:
    """Whether a message is words that may be a part of a thought."""
    return not (waiting.helped or waiting.door_only) and waiting.choice is None and contact_in(waiting) is None


class Turns:
    def __init__(self, store: Store, jobs: Jobs, assistant: Assistant, library: Library, screen: Screen,
                 handoff: Handoff, tidings: Tidings, clock: Clock, outbox: Outbox | None = None) -> None:
        self._store, self._jobs, self._assistant, self._library = store, jobs, assistant, library
        self._outbox = outbox
        self._tidings = tidings
        self._screen, self._guard = screen, Guard(screen.rules)
        self._handoff, self._clock = handoff, clock

    async def run(self, conversation: str, n: int = LAST) -> None:
        """Answer whatever waits in *conversation* up to message *n*, the oldest first. Each message has a job of its
        own, but that of the next one is locked until this one ends: somebody who types in bursts would wait for it each
        time."""
        ahead: int | None = 0
        while ahead is not None and ahead <= n:
            ahead = await self._answer_next(UUID(conversation))

    async def settled(self, conversation: str, n: int) -> None:
        """Nothing has followed message *n* for as long as its channel gives: now it is answered. Where something has,
        the last of it sees to that, unless they go on and on."""
        async with self._store.begin() as unit:
            waiting, after = await unit.messages.waiting_after(UUID(conversation), n)
            if waiting and (not after or waiting >= MOST_TOGETHER):
                await self._jobs.enqueue(unit, "turn", queue="turns", lock=conversation, conversation=conversation,
                                         n=n)

    async def _answer_next(self, key: UUID) -> int | None:
        """Answer the oldest waiting message, in three tries; then a person is asked to, and the visitor told.

        The number of the next one; None where there is none."""
        for pause in (*PAUSES, None):
            try:
                return await self.take(key)
            except Exception as error:  # whatever it was, it was rolled back; the last one hands over
                log.exception("a turn failed in conversation %s", key)
                if pause is None:
                    return await self._give_up(key, lines_of(error))
                await asyncio.sleep(pause)
        raise AssertionError("the last try either answers or gives up")

    async def take(self, key: UUID) -> int | None:
        """One try, at the oldest message and what is one thought with it; the number of the next one that waits.
        Raises whatever went wrong, with nothing written."""
        async with self._store.begin() as unit:
            await unit.conversations.hold_turn(key)
            found = await unit.messages.oldest_waiting(key)
            if found is None:
                return None
            waiting, offers = found
            visit = Visit(unit, waiting, self._library.current, self._library, self._screen, self._handoff,
                          self._tidings, self._clock(), offers)
            visit.waiting = waiting = await self._thought(unit, visit)
            answered = await self._answered(unit, visit)
            if answered.danger:
                answered = replace(answered, replies=(await self._help(unit, visit, answered.danger),))
            return await self._finish(unit, waiting, "answered", answered, visit.closed)

    async def _thought(self, unit: Unit, visit: Visit) -> Waiting:
        """The visit's message with those after it that are one thought with it, where the channel knows such. Help,
        taps and contacts stand alone, and so does all that a person or the door deals with."""
        thought = visit.waiting
        if (not self._outbox or not self._outbox.settle(thought.channel) or thought.held_by_staff
                or self._handoff.presence.paused or not _is_plain(thought)):
            return thought
        following = await unit.messages.following(thought, MOST_TOGETHER - 1)
        plain = list(takewhile(_is_plain, following))
        for one in plain[:await self._assistant.together(visit, plain) if plain else 0]:
            if len(thought.text) + len(one.text) > LONGEST_TOGETHER:
                break
            thought = thought.and_then(one)
        return thought

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
        if answered.asks and not visit.checked:
            waiting = await self._asked_about(unit, visit, answered.asks)
        told = (await unit.firings.told(waiting.conversation, waiting.first)
                if waiting.level == "contraindication" else ())
        if not answered.danger and await self._in_distress(visit, answered.replies):
            words = self._handoff.words("distress", visit.now)
            answered = replace(answered, replies=(Reply("handoff", words),))
        asked = waiting.rules if visit.checked else told
        answered = replace(answered, replies=self._guard.after(answered.replies, waiting, asked))
        return replace(answered, replies=await self._with_contact_asked(visit, answered.replies))

    async def _asked_about(self, unit: Unit, visit: Visit, rule: Rule) -> Waiting:
        """The message with the contraindication that only the second reader heard, kept as the door would have."""
        await visit.raise_level(Reading(rule.level, (rule,)))
        await unit.messages.read_again(visit.waiting, rule.level, (rule.id,), helped=False)
        return replace(visit.waiting, level=rule.level, rules=(rule.id,))

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
                      closed: Sequence[int] = ()) -> int | None:
        """Write what the turn came to, and put it on its way; the number of the next message that waits."""
        ahead = await unit.messages.finish(waiting, state, answered.replies, self._clock(), intent=answered.intent,
                                           tracker=answered.tracker, closed=closed)
        if answered.replies and self._outbox:
            await self._outbox.post(unit, waiting.conversation, waiting.channel, waiting.n)
        return ahead

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

    async def _give_up(self, key: UUID, fault: list[str]) -> int | None:
        """A person is to answer the oldest message, and where it failed is kept with it; the number of the next one."""
        async with self._store.begin() as unit:
            await unit.conversations.hold_turn(key)
            found = await unit.messages.oldest_waiting(key)
            if found is None:
                return None
            waiting, _ = found
            now = self._clock()
            await self._handoff.take_over(unit, waiting.conversation, waiting.channel, waiting.n, "failed_turn", now)
            words = Reply("handoff", self._handoff.words("failed_turn", now))
            return await self._finish(unit, waiting, "failed", Answered((words,), {**NOTHING, "fault": fault}, None))
