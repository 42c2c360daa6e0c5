"""Whoever asked what nobody had answered is told once somebody has: in their conversation, on their channel, once."""
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from clinic.clock import Clock
from clinic.conversation import Reply
from clinic.knowledge.faq import Faq
from clinic.knowledge.quoting import cite_faq
from clinic.library import Library
from clinic.records import Outbox
from clinic.safety.reading import ALARMS
from clinic.store.unit import Store

STILL_WAITS = timedelta(days=30)
"""How long after an answer somebody may be told of it, where a person was talking with them until then."""
QUOTED = 200
"""Characters of a question that are said back to who asked it."""


class Telling:
    def __init__(self, store: Store, library: Library, outbox: Outbox, clock: Clock) -> None:
        self._store, self._library, self._outbox, self._clock = store, library, outbox, clock

    async def tell_waiting(self) -> int:
        """Tell everybody who waits, each in a transaction of its own; how many."""
        now, told = self._clock(), 0
        async with self._store.begin() as unit:
            waiting = await unit.gaps.untold(now - STILL_WAITS)
        for conversation, entry in waiting:
            content = self._library.current.content
            faq = content.faq(entry)
            if faq and faq.spoken(now.astimezone(content.clinic.zone).date()):
                told += await self._tell(conversation, faq)
        return told

    async def _tell(self, conversation: UUID, faq: Faq) -> bool:
        """Looked at again once the conversation is ours: a person may have begun to talk there."""
        now, content = self._clock(), self._library.current.content
        async with self._store.begin() as unit:
            await unit.conversations.hold_turn(conversation)
            locked = await unit.conversations.lock(conversation)
            if locked.held_by_staff or locked.level in ALARMS:
                return False
            asked = await unit.gaps.tell(conversation, faq.id, now)
            if not asked:
                return False
            citations = tuple(asdict(citation) for citation in cite_faq(faq))
            words = content.words.said["gap_answered"].format(
                clinic=content.clinic.name, question=_short(asked[-1]), answer=faq.text)
            n = await unit.messages.say(conversation, Reply("answer", words, citations), now)
            await self._outbox.pass_on(unit, conversation, locked.channel, n - 1)
        return True


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= QUOTED else f"{text[:QUOTED].rstrip()}…"
