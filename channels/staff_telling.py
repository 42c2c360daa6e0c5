"""What staff are told in their own chat: as jobs, sent after what caused them was committed, until it got there."""
import logging
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from channels.contract import NotDelivered, Part, Refused
from channels.courier import Courier
from channels.outbox import Outbox
from channels.takeover import UNDO
from channels.telegram import Telegram, write
from clinic.clock import Clock
from clinic.post import Notice
from clinic.store.staff_chat import WROTE_AGAIN, About
from clinic.store.unit import Store

log = logging.getLogger("frontdesk.staff_chat")
WORDS = Path(__file__).parent / "staff_words.yml"


class StaffTelling:
    """*telegram*: None, or one without a staff chat, where there is none any more: then nothing is told."""

    def __init__(self, store: Store, telegram: Telegram | None, courier: Courier, outbox: Outbox, clock: Clock,
                 public_url: str) -> None:
        self._store, self._telegram, self._courier, self._outbox = store, telegram, courier, outbox
        self._clock, self._public_url = clock, public_url
        self._words: dict[str, str] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))

    async def tell(self, about: str, key: str) -> None:
        """A notice: that there is something, never what somebody wrote. Raises NotDelivered; then it is tried again."""
        async with self._store.begin() as unit:
            found = await unit.staff_chat.about(key)
            late = found and about == WROTE_AGAIN and not await unit.staff_chat.wrote_again(
                found.conversation, self._clock())
            answered = found and about.startswith("undelivered_") and await unit.staff_chat.answers(found.conversation)
        if late or answered:  # told before; told under the reply that it is about
            return
        said = about.replace("_", " ").capitalize()
        if found is None:
            text = self._words["notice_of_none"].format(about=said, key=key, shown_by=Notice(about, key).shown_by)
        else:
            words = self._words[WROTE_AGAIN if about == WROTE_AGAIN else "notice"]
            text = words.format(about=said, channel=found.channel, where=self._where(found.conversation))
        await self._send(Part(text), found, about)

    async def answer(self, said: str, to: int, conversation: str | None = None, tapped: str | None = None,
                     **filled: Any) -> None:
        """*said*, a key of our words, to message *to* there, which is about *conversation*. Raises as `tell` does."""
        found, stopped = None, False
        if conversation:
            async with self._store.begin() as unit:
                found = await unit.staff_chat.about(conversation)
                stopped = found is not None and await unit.correspondents.has_stopped(found.conversation)
        if tapped and self._telegram:
            with suppress(NotDelivered):  # it only ends the sign that something is being done
                await self._courier.carry(self._telegram, write.tap_seen(tapped))
        why = self._words.get(f"why_{filled.get('why')}", self._words["why_other"])
        waits = self._words["waits_sent" if found and self._outbox.writes_to(found.channel) else "waits_fetched"]
        waits = waits.format(seconds=int(UNDO.total_seconds())) + (f" {self._words['stopped']}" if stopped else "")
        text = self._words[said].format(waits=waits, **{**filled, "why": why})
        choices: tuple[tuple[str, str], ...] = ()
        if said == "taken":
            choices = ((self._words["undo"], f"/undo {filled['written']}"), (self._words["back"], "/back"))
        await self._send(Part(text, "buttons" if choices else "text", choices), found, said, to)

    def _where(self, conversation: UUID) -> str:
        page = Notice("", str(conversation)).page(self._public_url)
        return self._words["where" if page else "where_no_link"].format(link=page, conversation=conversation)

    async def _send(self, part: Part, about: About | None, word: str, to: int | None = None) -> None:
        """Send *part* and keep which conversation it is about, so that it can be answered."""
        telegram = self._telegram
        if telegram is None or telegram.staff_chat is None:
            return
        call = write.message(str(telegram.staff_chat), part, to)
        try:
            number = telegram.outcome(await self._courier.carry(telegram, call))
        except Refused as refused:
            log.error("telegram takes nothing for the staff chat (%s): is the bot in the group still? `frontdesk "
                      "channels check` says more", refused.reason)
            raise
        if about and number.isdigit():
            async with self._store.begin() as unit:
                await unit.staff_chat.keep(telegram.staff_chat, int(number), about.conversation, word, self._clock())
