"""WhatsApp as a channel."""
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from channels.contract import Answer, Call, Channel, Event, Incoming, Limits, Part
from channels.parcels import unpack
from channels.whatsapp import write
from channels.whatsapp.read import events_of
from channels.whatsapp.verify import challenge, is_metas
from clinic.channel_settings import WhatsappSettings

LIMITS = Limits(body=3 * 1024 * 1024, text=4096, with_choices=1024, buttons=3, button=20, rows=10, row=24,
                settle=1.5, window=timedelta(hours=24))
LATEST = 2**36
"""Seconds since 1970: beyond it stands no date. 0 is what Meta says of a token that does not end."""


class Whatsapp(Channel):
    """The number whose id is set."""

    name, limits = "whatsapp", LIMITS

    def __init__(self, settings: WhatsappSettings) -> None:
        self._settings = settings
        self.base_url = settings.api
        self.headers: Mapping[str, str] = {"authorization": f"Bearer {settings.token}"}

    def verify(self, headers: Mapping[str, str], body: bytes | None) -> bool:
        return is_metas(headers, body, self._settings.app_secret)

    def read(self, body: bytes) -> Sequence[Event]:
        return list(events_of(unpack(body), self._settings.phone_id))

    def handshake(self, query: Mapping[str, str]) -> str | None:
        return challenge(query, self._settings.verify_token)

    def write(self, address: str, part: Part) -> Call:
        return self._at_number(write.message(address, part))

    def outcome(self, answer: Answer) -> str:
        return write.outcome(answer)

    def seen(self, incoming: Incoming) -> Sequence[Call]:
        return [self._at_number(write.seen(incoming.receipt))] if incoming.receipt else []

    def introduce(self) -> Call:
        return self._at_number(Call("?fields=display_phone_number,verified_name", method="GET"))

    def known_as(self, answer: Answer) -> str:
        if answer.status != 200:
            write.outcome(answer)
        return f"{answer.body.get('display_phone_number', '')} {answer.body.get('verified_name', '')}".strip()

    def settings_from(self, answer: Answer) -> Mapping[str, str]:
        number = re.sub(r"\D", "", str(answer.body.get("display_phone_number", "")))
        return {"WHATSAPP_NUMBER": number} if number else {}

    def link(self, tag: str, text: str) -> str | None:
        number = self._settings.number
        return f"https://wa.me/{number}?text={quote(text, safe='')}" if number else None

    def knock(self, address: str) -> Call | None:
        name, _, language = self._settings.template.partition(":")
        return self._at_number(write.template(address, name, language)) if name else None

    def token_state(self) -> Call | None:
        """A token may ask about itself."""
        return Call(f"/debug_token?input_token={quote(self._settings.token, safe='')}", method="GET")

    def token_ends(self, answer: Answer) -> datetime | None:
        about = answer.body.get("data")
        ends = about.get("expires_at") if isinstance(about, dict) else None
        if not isinstance(ends, int) or isinstance(ends, bool) or not 0 < ends < LATEST:
            return None
        return datetime.fromtimestamp(ends, UTC)

    def _at_number(self, call: Call) -> Call:
        return replace(call, path=f"/{self._settings.phone_id}{call.path}")
