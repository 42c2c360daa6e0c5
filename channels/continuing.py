"""Going on elsewhere: a visitor of the website's chat takes their conversation to a messenger, by a token of their own.

The token is made where the conversation is open, works once and for half an hour, and nobody can guess it. Who sends it
from a messenger goes on with that conversation there: they have shown that it is theirs, and that they want it."""
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from channels.contract import Channel, Incoming
from channels.takeover import QUEUE, UNDO
from clinic.clock import Clock
from clinic.conversation import Reply
from clinic.handoff import Handoff
from clinic.library import Library
from clinic.records import Locked
from clinic.store.jobs import Jobs
from clinic.store.unit import Unit

LASTS = timedelta(minutes=30)
CODE = re.compile(r"(?<![\w-])go-([\w-]{22})(?![\w-])", re.ASCII)
"""How a token stands in a message: 128 random bits after a word of ours."""
SOURCE = re.compile(r"(?:^|\s)#([a-z0-9-]{2,32})$")
"""How the tag of a link stands at the end of a first message."""


@dataclass(frozen=True, slots=True)
class WayOn:
    """A link by which a conversation goes on at *channel*."""

    channel: str
    label: str
    url: str


def claimed(incoming: Incoming) -> str | None:
    """The token that a message brings."""
    if incoming.set_on is not None or incoming.choice is not None or incoming.aside is not None:
        return None
    found = CODE.fullmatch(incoming.tag or "") or CODE.search(incoming.text or "")
    return found[1] if found else None


def without_code(incoming: Incoming) -> Incoming:
    """The same without the token, which is nothing that they wrote."""
    rest = " ".join(CODE.sub(" ", incoming.text or "").split())
    return replace(incoming, text=rest or "hello", tag=None)


def tag_of(given: str) -> str | None:
    """*given* as the tag of a link; None where it is none of ours."""
    tag = given.lower()
    return tag if SOURCE.fullmatch(f"#{tag}") else None


def tagged(incoming: Incoming) -> tuple[str | None, Incoming]:
    """The tag of the link by which a first message came, and the message without it."""
    if incoming.tag:
        return tag_of(incoming.tag), incoming
    found = SOURCE.search(incoming.text or "")
    if not found:
        return None, incoming
    return found[1], replace(incoming, text=(incoming.text or "")[:found.start()].strip() or "hello")


class Continuing:
    def __init__(self, channels: Mapping[str, Channel], jobs: Jobs, library: Library, handoff: Handoff,
                 clock: Clock) -> None:
        self._channels, self._jobs, self._library, self._handoff, self._clock = channels, jobs, library, handoff, clock

    def places(self) -> dict[str, str]:
        """The channels on which a conversation can go on, with what visitors call them."""
        return {name: self._called(name) for name, channel in self._channels.items() if channel.link("go", "go")}

    def _called(self, channel: str) -> str:
        return self._library.current.content.words.said.get(f"on_{channel}", channel.capitalize())

    async def offer(self, unit: Unit, conversation: UUID, token: str) -> tuple[datetime, list[WayOn]]:
        """Links by which whoever has *token* may go on, each once, until then. Raises ConversationUnknown."""
        await unit.conversations.check(conversation, token)
        now, key = self._clock(), secrets.token_urlsafe(16)
        await unit.continuations.offer(conversation, key, now, now + LASTS)
        words = self._library.current.content.words.said["continue"].format(code=f"go-{key}")
        links = ((name, channel.link(f"go-{key}", words)) for name, channel in self._channels.items())
        return now + LASTS, [WayOn(name, self._called(name), link) for name, link in links if link]

    async def take_up(self, unit: Unit, conversation: UUID, token: str) -> Reply:
        """*conversation* is where somebody brought *token*: what they are told. The thread that it is for goes on here;
        where it is for none any more, nothing happens."""
        now = self._clock()
        earlier = await unit.continuations.use(token, now)
        if earlier is None or earlier == conversation:
            return Reply("fallback", self._handoff.words("continue_gone", now))
        came, into = await self._both(unit, earlier, conversation)
        if came.last_n:
            await unit.book.let_go(into.id)  # what they were choosing here is not what they go on with
        await unit.continuations.move(came, into)
        await unit.correspondents.stop(into.id, False)
        for written in await unit.outgoing.waiting(into.id):
            await self._jobs.enqueue(unit, "say", queue=QUEUE, wait=UNDO.total_seconds(), conversation=str(into.id),
                                     written=written.id)
        words = self._handoff.words("continued_there", now, place=self._called(into.channel))
        await unit.messages.say(came.id, Reply("smalltalk", words), now)
        return await self._where_we_are(unit, into.id, now)

    async def _both(self, unit: Unit, earlier: UUID, here: UUID) -> tuple[Locked, Locked]:
        """Both conversations, ours alone: no turn is under way in either, and nothing arrives. Always in one order, so
        that two who do this never wait for each other."""
        keys = sorted((earlier, here))
        for key in keys:
            await unit.conversations.hold_turn(key)
        rows = {key: await unit.conversations.lock(key) for key in keys}
        return rows[earlier], rows[here]

    async def _where_we_are(self, unit: Unit, conversation: UUID, now: datetime) -> Reply:
        """That it worked, and the last thing that was said, to go on with; a person goes on by themselves."""
        words, last = self._handoff.words("continued", now), await unit.messages.last_said(conversation)
        held = (await unit.conversations.lock(conversation)).held_by_staff
        if last is None or held:
            return Reply("smalltalk", words)
        return replace(last, text=f"{words}\n\n{last.text}")
