"""Twilio as a channel: text messages, and WhatsApp where the clinic has it there."""
import base64
from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlsplit

from channels.contract import Answer, Call, Channel, Event, Limits, Malformed, Part
from channels.twilio import write
from channels.twilio.read import events_of, fields_of
from channels.twilio.verify import HEADER, is_twilios
from clinic.channel_settings import TwilioSettings

LIMITS = Limits(body=64 * 1024, text=1600, with_choices=1600, settle=1.5)


class Twilio(Channel):
    """The account whose settings are given. *public_url*: where Twilio reaches us, which it signs."""

    name, limits = "twilio", LIMITS

    def __init__(self, settings: TwilioSettings, public_url: str) -> None:
        self._settings, self._here = settings, f"{public_url}/webhooks/twilio"
        account = base64.b64encode(f"{settings.account}:{settings.token}".encode()).decode()
        self.base_url = f"{settings.api}/2010-04-01/Accounts/{settings.account}"
        self.headers: Mapping[str, str] = {"authorization": f"Basic {account}"}

    def verify(self, headers: Mapping[str, str], body: bytes | None) -> bool:
        if body is None:
            return bool(headers.get(HEADER))
        try:
            return is_twilios(headers, fields_of(body), self._here, self._settings.token)
        except Malformed:
            return False

    def read(self, body: bytes) -> Sequence[Event]:
        fields = fields_of(body)
        if len({name for name, _ in fields}) != len(fields):
            raise Malformed("The form has a field twice.")
        return list(events_of(dict(fields)))

    def write(self, address: str, part: Part) -> Call:
        reached = urlsplit(self._here).scheme == "https"
        return write.message("/Messages.json", address, part, self._settings.sender, self._here if reached else None)

    def outcome(self, answer: Answer) -> str:
        return write.outcome(answer)

    def introduce(self) -> Call:
        return Call(".json", method="GET")

    def known_as(self, answer: Answer) -> str:
        if answer.status != 200:
            write.outcome(answer)
        return str(answer.body.get("friendly_name", "the account"))

    def link(self, tag: str, text: str) -> str | None:
        number = self._settings.sender.removeprefix("whatsapp:+")
        return f"https://wa.me/{number}?text={quote(text, safe='')}" if number.isdigit() else None
