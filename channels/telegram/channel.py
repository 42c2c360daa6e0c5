"""Telegram as a channel."""
from collections.abc import Mapping, Sequence
from typing import Any

from channels.contract import Answer, Call, Channel, Event, Incoming, Limits, Part
from channels.parcels import a_map, unpack
from channels.telegram import staff, write
from channels.telegram.read import events_of
from channels.telegram.verify import is_telegrams, secret_of
from clinic.channel_settings import TelegramSettings

LIMITS = Limits(body=256 * 1024, text=4096, with_choices=4096, buttons=20, button=60, settle=1.5)


class Telegram(Channel):
    """The bot whose token is set."""

    name, limits = "telegram", LIMITS

    def __init__(self, settings: TelegramSettings) -> None:
        self.base_url = f"{settings.api}/bot{settings.token}"
        self.headers: Mapping[str, str] = {}
        self.secret, self._bot = secret_of(settings.token), settings.name
        self.staff_chat, self._id = settings.staff_chat, settings.token.partition(":")[0]

    def verify(self, headers: Mapping[str, str], body: bytes | None) -> bool:
        return is_telegrams(headers, self.secret)

    def read(self, body: bytes) -> Sequence[Event]:
        return self.events(unpack(body))

    def events(self, update: Mapping[str, Any]) -> Sequence[Event]:
        """What *update* says. Raises Malformed."""
        if self.staff_chat is not None and staff.chat_of(update) == str(self.staff_chat):
            return list(staff.events_of(update, self._id))
        return list(events_of(update))

    def write(self, address: str, part: Part) -> Call:
        return write.message(address, part)

    def outcome(self, answer: Answer) -> str:
        return write.outcome(answer)

    def seen(self, incoming: Incoming) -> Sequence[Call]:
        typing = write.typing(incoming.addresses[0])
        kind, _, query = (incoming.receipt or "").partition(" ")
        return [write.tap_seen(query), typing] if kind == "tap" else [typing]

    def introduce(self) -> Call:
        return Call("/getMe")

    def known_as(self, answer: Answer) -> str:
        if answer.status != 200:
            write.outcome(answer)
        return "@" + str(a_map(answer.body, "result").get("username", ""))

    def settings_from(self, answer: Answer) -> Mapping[str, str]:
        name = str(a_map(answer.body, "result").get("username", ""))
        return {"TELEGRAM_NAME": name} if name else {}

    def link(self, tag: str, text: str) -> str | None:
        return f"https://t.me/{self._bot}?start={tag}" if self._bot else None
