"""One message on its way through the house: what is known about it, and what it may use."""
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from clinic import gate
from clinic.booking.appointment import Appointment
from clinic.booking.diary import Diary
from clinic.booking.tidings import Tidings
from clinic.conversation import Offer, Reply, Waiting
from clinic.handoff import Handoff
from clinic.knowledge.answer import Knowledge
from clinic.knowledge.lexical import Floats
from clinic.library import Library
from clinic.records import Records
from clinic.safety.reader import Screen
from clinic.safety.reading import ALARMS, Reading
from clinic.safety.rules import Rule


@dataclass(slots=True)
class Visit:
    """A waiting message with the transaction that it is answered in, and one version of the content."""

    records: Records
    waiting: Waiting
    knowledge: Knowledge
    library: Library
    screen: Screen
    handoff: Handoff
    tidings: Tidings
    now: datetime
    offers: list[tuple[int, list[Offer]]] = field(default_factory=list)
    """Groups of choices that may still be tapped, newest first, by message number."""
    closed: list[int] = field(default_factory=list)
    """Groups that this message used."""
    checked: bool = False
    """This message answered the check before a request: what it tells is not asked about once more."""

    @property
    def alarmed(self) -> bool:
        """Whether a red flag was raised here that no person has released: they arrange any appointment (SAFETY 4.2)."""
        return self.waiting.highest in ALARMS

    @property
    def diary(self) -> Diary:
        """The appointment book, for this clinic at this moment."""
        return Diary(self.knowledge.content.clinic, self.records.book, self.now)

    @property
    def today(self) -> date:
        """The date at the clinic."""
        return self.now.astimezone(self.knowledge.content.clinic.zone).date()

    def encode(self, texts: Sequence[str]) -> Floats:
        """*texts* as rows of the sentence encoder's vectors."""
        return self.library.encode(texts)

    async def raise_level(self, reading: Reading) -> None:
        """This message met safety rules that the door did not see."""
        locked = await self.records.conversations.lock(self.waiting.conversation)
        await gate.keep(self.records, self.handoff, locked, self.waiting.n, reading.met, self.now)

    async def take_over(self, reason: str) -> None:
        """Put this message before a person."""
        waiting = self.waiting
        await self.handoff.take_over(self.records, waiting.conversation, waiting.channel, waiting.n, reason, self.now)

    async def put_before_staff(self, reason: str) -> None:
        """The same, for what comes in numbers: it stands in their list, and nobody is told of each."""
        waiting = self.waiting
        await self.records.cases.hand_over(waiting.conversation, waiting.n, reason, self.now)

    def could_mail(self, contact: str | None) -> bool:
        """Whether a mail address would help: nobody hears here of what is said later, and *contact* is none."""
        return "@" not in (contact or "") and self.tidings.can_mail(self.waiting.channel, "@")

    async def write(self, appointment: Appointment, about: str) -> None:
        """Mail the visitor what they have got, where their contact is an address."""
        await self.tidings.write(self.records, appointment, about, self.waiting.channel)

    async def calendar_link(self, reference: str) -> str:
        """A line that offers the appointment for a calendar."""
        said = self.knowledge.content.words.said["calendar_link"]
        return said.format(link=await self.tidings.link(self.records, reference))

    @property
    def checked_on_page(self) -> bool:
        """Whether what is asked about health here is answered on our own page."""
        return self.tidings.page.is_for(self.waiting.channel)

    async def check_link(self, state: dict[str, Any], *, anew: bool) -> str:
        """Where the visitor answers the check, from *state* on."""
        return await self.tidings.page.link(self.records, self.waiting.conversation, state, self.now, anew=anew)

    async def tell(self, about: str, key: str) -> None:
        await self.handoff.tell(self.records, self.waiting.channel, about, key)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a turn came to: replies in order, how the message was read, the dialogue's new state."""

    replies: tuple[Reply, ...]
    intent: dict[str, Any] | None
    tracker: str | None
    danger: Reading | None = None
    """The message is of a higher level than the door saw: help is the answer, not these replies."""
    asks: Rule | None = None
    """The rule by which a contraindication was heard that nobody has named: it is asked about first."""


Opener = Callable[[str], AbstractAsyncContextManager[Visit]]
_CURRENT: ContextVar[Visit] = ContextVar("visit")
_opener: list[Opener] = []


def without_a_turn(opener: Opener) -> None:
    """Say how an action that runs outside a turn (`rasa shell`, `rasa run actions`) gets a visit of its own."""
    _opener[:] = [opener]


def enter(visit: Visit) -> None:
    """From here on, in this task, actions work on *visit*."""
    _CURRENT.set(visit)


@asynccontextmanager
async def current(sender: str) -> AsyncIterator[Visit]:
    """The visit of the running turn; else one of its own, committed at the end."""
    visit = _CURRENT.get(None)
    if visit is not None:
        yield visit
    elif _opener:
        async with _opener[0](sender) as own:
            yield own
    else:
        raise LookupError("No turn is running, and nobody said how to open a visit.")
