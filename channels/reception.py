"""What comes in on any channel but the website: whose it is, what it is, and on to the inbox, in one transaction."""
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from channels.continuing import Continuing, claimed, tagged, without_code
from channels.contract import Crowd, Echo, Event, FromStaff, Gone, Incoming, Moved, Status
from channels.inbox import LONGEST, Arrival, Inbox
from channels.outbox import Outbox
from channels.staff_chat import StaffChat
from clinic.clock import Clock
from clinic.conversation import Reply
from clinic.handoff import Handoff
from clinic.storable import storable
from clinic.store.correspondents import Correspondent
from clinic.store.unit import Store, Unit

WORDS = Path(__file__).parent / "words.yml"
STOP = "stop"
"""What a choice means that ends something: typed while it is open, it is that choice and no wish for silence."""

SHADES = "\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
"""What an emoji may end with that changes its look only."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What visitors send beside plain talk (`channels/words.yml`)."""

    stop: frozenset[str]
    start: frozenset[str]
    commands: dict[str, str]
    reactions: dict[str, str]
    disliking: frozenset[str]

    @classmethod
    def load(cls, file: Path = WORDS) -> "Habits":
        words = yaml.safe_load(file.read_text(encoding="utf-8"))
        return cls(frozenset(words["stop"]), frozenset(words["start"]), words["commands"], words["reactions"],
                   frozenset(words["disliking"]))


class Reception:
    def __init__(self, store: Store, inbox: Inbox, outbox: Outbox, handoff: Handoff, clock: Clock,
                 continuing: Continuing, staff_chat: StaffChat) -> None:
        self._store, self._inbox, self._outbox, self._continuing = store, inbox, outbox, continuing
        self._staff_chat = staff_chat
        self._handoff, self._clock, self._habits = handoff, clock, Habits.load()

    async def take(self, channel: str, event: Event) -> bool:
        """Keep what *event* says, and have it answered; whether it is a message that was not here before, and that
        nobody else answers."""
        async with self._store.begin() as unit:
            match event:
                case Incoming():
                    return await self._message(unit, channel, event)
                case Status():
                    await self._status(unit, channel, event)
                case Echo():
                    await self._person(unit, channel, event)
                case Gone(address):
                    if conversation := await unit.correspondents.lose(channel, address):
                        for n in await unit.deliveries.call_off(conversation, "failed", "blocked"):
                            await self._staff_chat.undelivered(unit, conversation, n, "blocked")
                case Moved(old, new):
                    await unit.correspondents.moved(channel, old, new)
                case Crowd(address):
                    await self._decline(unit, channel, address)
                case FromStaff():
                    await self._staff_chat.take(unit, event)
        return False

    async def _message(self, unit: Unit, channel: str, incoming: Incoming) -> bool:
        who = await unit.correspondents.meet(channel, incoming.addresses, self._clock())
        token = claimed(incoming)
        if token is not None:
            return await self._goes_on(unit, who, without_code(incoming), token)
        source, incoming = tagged(incoming) if who.heard_at is None else (None, incoming)
        if source:
            await unit.correspondents.came_by(who.conversation, source)
        text = storable(incoming.text)
        if incoming.set_on is not None:
            text = (text or "").rstrip(SHADES)
            if text in self._habits.disliking:
                n = await unit.deliveries.number_of(who.conversation, incoming.set_on)
                if n is not None:
                    await unit.gaps.dislike(who.conversation, n, self._clock())
                return False
            text = self._habits.reactions.get(text)
            if text is None or not await unit.deliveries.is_latest(who.conversation, incoming.set_on):
                return False
        arrival = Arrival(who.conversation, storable(incoming.id) or "-", text, incoming.choice, incoming.aside,
                          incoming.answered)
        return await self._kept(unit, who, await self._habitual(unit, arrival, who.stopped))

    async def _goes_on(self, unit: Unit, who: Correspondent, incoming: Incoming, token: str) -> bool:
        """They bring a conversation from elsewhere; a message that is here already brings it no second time."""
        key = storable(incoming.id) or "-"
        if await unit.messages.is_here(who.conversation, key):
            return False
        said = await self._continuing.take_up(unit, who.conversation, token)
        return await self._kept(unit, who, Arrival(who.conversation, key, storable(incoming.text), said=said,
                                                   answered=False))

    async def _kept(self, unit: Unit, who: Correspondent, arrival: Arrival) -> bool:
        new = await self._inbox.take(unit, _fitting(arrival))
        if new:
            await unit.correspondents.heard(who, self._clock())
        if new and arrival.aside in ("stopped", "restarted"):
            await self._stop(unit, arrival)
        if new:
            await unit.deliveries.drop_untrue(who.conversation, self._clock())
        if new and await unit.deliveries.revive_for(who.conversation, "window"):
            await self._outbox.send(unit, who.conversation)
        return new and not who.held_by_staff

    async def _habitual(self, unit: Unit, arrival: Arrival, stopped: bool) -> Arrival:
        """*arrival* as what it is: a wish for silence or for its end, a command, or plain talk."""
        said = " ".join((arrival.text or "").lower().strip(" .!").split()) if arrival.aside is None else ""
        if said in self._habits.stop and not await unit.messages.offered(arrival.conversation, STOP):
            return replace(arrival, aside="stopped", answered=False)
        if stopped:
            aside = "restarted" if said in self._habits.start else "still_stopped"
            return replace(arrival, aside=aside, answered=False)
        return replace(arrival, text=self._habits.commands.get(said, arrival.text))

    async def _stop(self, unit: Unit, arrival: Arrival) -> None:
        await unit.correspondents.stop(arrival.conversation, arrival.aside == "stopped")

    async def _status(self, unit: Unit, channel: str, status: Status) -> None:
        state = "parked" if status.reason == "window" else status.state
        found = await unit.deliveries.heard(channel, status.id, status.state, status.reason, became=state)
        if found and status.state == "failed":
            await self._staff_chat.undelivered(unit, *found, status.reason or "refused")
        if found and status.state == "failed" and status.reason != "blocked":
            await self._handoff.take_over(unit, found[0], channel, found[1], f"undelivered_{status.reason}",
                                          self._clock())

    async def _person(self, unit: Unit, channel: str, echo: Echo) -> None:
        """Somebody at the clinic answers by themselves: we are quiet there until they hand it back."""
        who = await unit.correspondents.meet(channel, [echo.address], self._clock())
        locked = await unit.conversations.lock(who.conversation)
        if await unit.messages.overhear(locked.id, locked.last_n + 1, echo.id, storable(echo.text) or "",
                                        self._clock()):
            await unit.conversations.hold(locked.id, None, self._clock())

    async def _decline(self, unit: Unit, channel: str, address: str) -> None:
        """Where others read along nothing is kept of what is said, and we say once that this is no place for it."""
        if await unit.correspondents.known(channel, address):
            return
        who = await unit.correspondents.meet(channel, [address], self._clock())
        if await unit.correspondents.notice_due(who.conversation):
            words = self._handoff.words("crowd", self._clock())
            n = await unit.messages.say(who.conversation, Reply("fallback", words), self._clock())
            await self._outbox.post(unit, who.conversation, channel, n - 1)


def _fitting(arrival: Arrival) -> Arrival:
    """*arrival* as the inbox takes it: something to read in every message, and none too long."""
    if arrival.choice is not None:
        return replace(arrival, text=None, choice=storable(arrival.choice))
    if not (arrival.text or "").strip():
        aside = arrival.aside or "empty"
        return replace(arrival, text=f"[{aside}]", aside=aside, answered=False, own=False)
    if len(arrival.text or "") > LONGEST:
        text = arrival.text or ""
        return replace(arrival, text=text[:LONGEST], tail=text[LONGEST:], aside="too_long", answered=False)
    return arrival
