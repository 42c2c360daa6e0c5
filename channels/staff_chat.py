"""The staff's own chat: what its members write under our notices reaches the visitor, as from the desk."""
from typing import Any
from uuid import UUID

from channels.contract import FromStaff
from channels.takeover import Takeover
from clinic.clock import Clock
from clinic.staff import Colleague
from clinic.storable import storable
from clinic.store.audit import Entry
from clinic.store.jobs import Jobs
from clinic.store.staff_chat import REPLY, About
from clinic.store.unit import Unit

QUEUE, PAGE = "notices", "/staff-chat"
SOMEBODY = "somebody in the staff chat"
"""Who the log names for an account that nobody has linked."""
BACK, UNDO = "/back", "/undo"
MOST = 10**17
"""A number that no provider goes beyond, and the database holds."""


class StaffChat:
    """Nobody is one of the staff by being there: only who brought a code that was made at the desk, for as long as they
    may sign in. Each post is taken within the caller's transaction, and answered after it."""

    def __init__(self, jobs: Jobs, takeover: Takeover, clock: Clock) -> None:
        self._jobs, self._takeover, self._clock = jobs, takeover, clock

    async def take(self, unit: Unit, said: FromStaff) -> None:
        """Do what *said* asks for. The same post again changes nothing for a visitor."""
        text = (storable(said.text) or "").strip()
        command, _, rest = text.partition(" ")
        command = command.partition("@")[0].lower() if text.startswith("/") else ""
        if command in ("/link", "/start", "/help") and not said.tapped:
            await (self._link(unit, said, rest) if command == "/link" else self._answer(unit, said, "help"))
        elif said.to is None:
            if command == BACK:
                await self._answer(unit, said, "which")
        elif colleague := await self._colleague(unit, said):
            about = await unit.staff_chat.about_message(int(said.chat), _number(said.to))
            if about is None:
                await self._answer(unit, said, "gone")
            elif command:
                await self._command(unit, said, about, colleague, command, rest)
            elif not said.tapped:
                await self._reply(unit, said, about, colleague, text)

    async def undelivered(self, unit: Unit, conversation: UUID, n: int, reason: str) -> bool:
        """Message *n* of *conversation* does not get there: if it was written in the staff's chat, they hear so there,
        once. Whether it was."""
        number = await unit.staff_chat.undelivered(conversation, n)
        if number is not None:
            await self._jobs.enqueue(unit, "answer_staff", queue=QUEUE, said="undelivered", to=number,
                                     conversation=str(conversation), why=reason)
        return number is not None

    async def _colleague(self, unit: Unit, said: FromStaff) -> Colleague | None:
        """Whoever wrote it, if it is one of the staff; else they hear how they become known, and it is noted."""
        colleague = await unit.staff_chat.colleague(_number(said.by)) if said.by else None
        if colleague and colleague.may("threads"):
            return colleague
        await self._note(unit, SOMEBODY, "refused", "/reply")
        await self._answer(unit, said, "unlinked" if said.by else "anonymous")
        return None

    async def _reply(self, unit: Unit, said: FromStaff, about: About, colleague: Colleague, text: str) -> None:
        chat, number = int(said.chat), _number(said.id)
        if said.edited:
            if await unit.staff_chat.is_reply(chat, number):
                await self._answer(unit, said, "edited", about)
            return
        if not text:
            await self._answer(unit, said, "only_words", about)
            return
        await unit.conversations.hold_turn(about.conversation)  # first: so does a turn
        if not await unit.staff_chat.keep(chat, number, about.conversation, REPLY, self._clock()):
            return
        written = await self._takeover.write(unit, about.conversation, text, colleague.name)
        await unit.staff_chat.written(chat, number, written)
        await self._note(unit, colleague.name, "changed", "/reply", about)
        await self._answer(unit, said, "taken", about, name=colleague.name, written=written)

    async def _command(self, unit: Unit, said: FromStaff, about: About, colleague: Colleague, command: str,
                       rest: str) -> None:
        if said.edited:
            return
        if command == BACK:
            await self._hand_back(unit, said, about, colleague)
        elif command == UNDO and said.tapped:
            undone = await unit.outgoing.undo(about.conversation, _number(rest))
            await self._note(unit, colleague.name, "changed", "/undo", about)
            await self._answer(unit, said, "too_late" if undone is None else "undone", about)
        else:
            await self._answer(unit, said, "unknown_command", about)

    async def _hand_back(self, unit: Unit, said: FromStaff, about: About, colleague: Colleague) -> None:
        held = (await unit.conversations.lock(about.conversation)).held_by_staff
        if held:
            await self._takeover.hand_back(unit, about.conversation, colleague.name)
            await self._note(unit, colleague.name, "changed", "/back", about)
        await self._answer(unit, said, "handed_back" if held else "not_held", about)

    async def _link(self, unit: Unit, said: FromStaff, rest: str) -> None:
        """A code makes an account one of the staff's, and is worth nothing after."""
        code, colleague = "".join(rest.split()).replace("-", "").upper(), None
        if said.by is None:
            await self._answer(unit, said, "anonymous")
            return
        if code and not said.edited:
            colleague = await unit.staff_chat.link(code, _number(said.by), self._clock())
        if colleague:
            await self._note(unit, colleague.name, "changed", "/link")
            await self._answer(unit, said, "linked", name=colleague.name)
        else:
            await self._answer(unit, said, "link_wrong" if code else "link_how")

    async def _answer(self, unit: Unit, said: FromStaff, words: str, about: About | None = None, **filled: Any
                      ) -> None:
        if about:
            filled = {**filled, "conversation": str(about.conversation)}
        await self._jobs.enqueue(unit, "answer_staff", queue=QUEUE, said=words, to=_number(said.id), tapped=said.tapped,
                                 **filled)

    async def _note(self, unit: Unit, by: str, did: str, page: str, about: About | None = None) -> None:
        await unit.audit.note(Entry(self._clock(), by, did, PAGE + page, about.conversation if about else None))


def _number(given: str) -> int:
    """A provider's number; 0, which is nobody's, where it is none or beyond all."""
    return int(given) if given.isascii() and given.isdigit() and int(given) < MOST else 0
