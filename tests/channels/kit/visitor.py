"""A visitor on a channel: writes, taps and sends things through the real door, and reads what the provider took."""
import asyncio
import hashlib
import hmac
import json
import time
from abc import ABC, abstractmethod
from datetime import UTC, datetime
from itertools import count
from typing import Any, ClassVar
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

import httpx
import pytest
import telegram
from twilio.request_validator import RequestValidator

from bootstrap import House
from channels.telegram.verify import HEADER, secret_of
from tests.channels.kit.provider import Provider, Taken
from tests.channels.kit.specs import payload

TELEGRAM_TOKEN, WA_SECRET, PHONE_ID = "123456:telegram-token", "wa-secret", "1122334455667"
SERVERS_BOT = "654321:another-token"
"""Of the server that runs as a process of its own."""
SERVERS_STAFF_CHAT = "-1005550001"
WHATSAPP = {"WHATSAPP_TOKEN": "wa-token", "WHATSAPP_PHONE_ID": PHONE_ID, "WHATSAPP_APP_SECRET": WA_SECRET,
            "WHATSAPP_VERIFY_TOKEN": "wa-verify", "WHATSAPP_TEMPLATE": "please_reply:en_GB",
            "WHATSAPP_NUMBER": "441632960001"}
PUBLIC_URL = "http://localhost:8000"
TWILIO = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "twilio-token", "TWILIO_FROM": "+441632960000"}
_numbers = count(447_700_900_000)
PATIENCE = 20.0


class OnAMessenger(ABC):
    """What all visitors share who are written to at an address."""

    name = ""

    def __init__(self, house: House, provider: Provider, door: httpx.AsyncClient) -> None:
        self.house, self.provider, self.door = house, provider, door
        self.address = str(next(_numbers))

    @abstractmethod
    async def says(self, text: str, id: str | None = None) -> httpx.Response: ...

    async def taps(self, label: str) -> httpx.Response:
        pytest.fail(f"there is no {label!r} to tap on {self.name}: choices are numbered there")

    async def sends(self, kind: str) -> httpx.Response:
        pytest.fail(f"no {kind} can be sent on {self.name}")

    async def heard(self) -> list[Taken]:
        """All that they were sent, once nothing waits any more."""
        end = time.monotonic() + PATIENCE
        while not await self._quiet():
            assert time.monotonic() < end, "nobody answers"
            await asyncio.sleep(0.02)
        return self.provider.to(self.address)

    async def _quiet(self) -> bool:
        key = await self.conversation()
        if key is None:
            return True
        async with self.house.store.begin() as unit:
            waiting = await unit.messages.oldest_waiting(key)
            return waiting is None and not await unit.deliveries.open(key)

    async def conversation(self) -> UUID | None:
        async with self.house.store.begin() as unit:
            known = await unit.correspondents.known(self.name, self.address)
            return known.conversation if known else None

    async def token(self, label: str) -> str:
        last = next(taken for taken in reversed(await self.heard()) if taken.tokens)
        return next(token for said, token in zip(last.labels, last.tokens, strict=True) if said.startswith(label))


class OnWebsite(OnAMessenger):
    """The chat on our own page: it fetches what is said, and shows the notice by itself."""

    name = "website"
    _opened: dict[str, str] | None = None

    async def _talk(self) -> tuple[str, dict[str, str]]:
        if self._opened is None:
            self._opened = (await self.door.post("/v1/conversations")).json()
        return (f"/v1/conversations/{self._opened['conversation']}/messages",
                {"authorization": f"Bearer {self._opened['token']}"})

    async def says(self, text: str, id: str | None = None) -> httpx.Response:
        return await self._post({"id": id or uuid4().hex, "text": text})

    async def taps(self, label: str) -> httpx.Response:
        return await self._post({"id": uuid4().hex, "choice": await self.token(label)})

    async def _post(self, body: dict[str, str]) -> httpx.Response:
        path, headers = await self._talk()
        answer = await self.door.post(path, json=body, headers=headers)
        return httpx.Response(200) if answer.status_code == 202 else answer

    async def conversation(self) -> UUID | None:
        return UUID(self._opened["conversation"]) if self._opened else None

    async def heard(self) -> list[Taken]:
        await super().heard()
        path, headers = await self._talk()
        assert self._opened
        said = (await self.door.get(path, headers=headers)).json()["messages"]
        return [Taken(self.name, "", self._opened["notice"], ""),
                *(Taken(self.name, "", one["text"], str(one["n"]), tuple(choice["label"] for choice in one["choices"]),
                        tuple(choice["token"] for choice in one["choices"])) for one in said if one["from"] == "bot")]


class OnTelegram(OnAMessenger):
    """Updates as a well-kept client of Telegram's writes them."""

    name = "telegram"
    _ids = count(1)

    def update(self, **content: Any) -> dict[str, Any]:
        chat = telegram.Chat(int(self.address), "private", first_name="Jo")
        message = telegram.Message(next(self._ids), datetime.now(UTC), chat,
                                   from_user=telegram.User(int(self.address), "Jo", False), **content)
        return json.loads(telegram.Update(next(self._ids), message=message).to_json())

    async def post(self, update: dict[str, Any], secret: str | None = None) -> httpx.Response:
        secret = secret_of(TELEGRAM_TOKEN) if secret is None else secret
        return await self.door.post("/webhooks/telegram", json=update, headers={HEADER: secret})

    async def says(self, text: str, id: str | None = None) -> httpx.Response:
        update = self.update(text=text)
        if id:
            update["message"]["message_id"] = int.from_bytes(hashlib.sha256(id.encode()).digest()[:4])
        return await self.post(update)

    async def taps(self, label: str) -> httpx.Response:
        user = telegram.User(int(self.address), "Jo", False)
        message = telegram.Message(next(self._ids), datetime.now(UTC), telegram.Chat(int(self.address), "private"))
        query = telegram.CallbackQuery(uuid4().hex, user, "1", message=message, data=await self.token(label))
        return await self.post(json.loads(telegram.Update(next(self._ids), callback_query=query).to_json()))

    async def sends(self, kind: str) -> httpx.Response:
        there = {"voice": {"voice": telegram.Voice("f", "u", 3)},
                 "image": {"photo": [telegram.PhotoSize("f", "u", 9, 9)]},
                 "sticker": {"sticker": telegram.Sticker("f", "u", 9, 9, False, False, "regular")},
                 "location": {"location": telegram.Location(0.1, 51.5)},
                 "contact": {"contact": telegram.Contact("+447700900123", "Jo")}}
        return await self.post(self.update(**there[kind]))


class OnWhatsapp(OnAMessenger):
    """Posts as Meta sends them: real ones, with this visitor in them, signed as Meta signs."""

    name = "whatsapp"
    examples: ClassVar[dict[str, str]] = {
        "text": "pywa/message__text", "voice": "pywa/message__voice", "image": "meta-openapi/image_message",
        "sticker": "pywa/message__static_sticker", "location": "pywa/message__current_location",
        "contact": "pywa/message__contacts", "tap": "pywa/callback_button__button"}

    def body(self, example: str, **changed: Any) -> dict[str, Any]:
        """The real post *example* (a file, or a key of `examples`) from this visitor, its message *changed*."""
        found = payload(f"whatsapp/{self.examples.get(example, example)}.json")
        value = found["entry"][0]["changes"][0]["value"]
        value["metadata"]["phone_number_id"] = PHONE_ID
        for message in value.get("messages", ()):
            number = message.get("from")
            message.update(id=f"wamid.{uuid4().hex}", **{"from": self.address}, **changed)
            for contact in value.get("contacts", ()):
                if contact.get("wa_id") == number:
                    contact.update(wa_id=self.address, user_id=f"GB.{self.address}")
        return found

    async def post(self, body: Any, signature: str | None = None) -> httpx.Response:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signature = signature or "sha256=" + hmac.new(WA_SECRET.encode(), raw, hashlib.sha256).hexdigest()
        return await self.door.post("/webhooks/whatsapp", content=raw, headers={"x-hub-signature-256": signature})

    async def says(self, text: str, id: str | None = None) -> httpx.Response:
        body = self.body("text", text={"body": text})
        if id:
            body["entry"][0]["changes"][0]["value"]["messages"][0]["id"] = f"wamid.{id}.{self.address}"
        return await self.post(body)

    async def taps(self, label: str) -> httpx.Response:
        reply = {"id": await self.token(label), "title": label}
        return await self.post(self.body("tap", interactive={"type": "button_reply", "button_reply": reply}))

    async def sends(self, kind: str) -> httpx.Response:
        body = self.body(kind)
        body["entry"][0]["changes"][0]["value"]["messages"][0].get(kind, {}).pop("caption", None)
        return await self.post(body)


class OnTwilio(OnAMessenger):
    """Forms as Twilio posts them: real ones, with this visitor in them, signed by Twilio's own library."""

    name = "twilio"
    examples: ClassVar[dict[str, str]] = {
        "text": "botbuilder-dotnet/sms_text.form.txt", "image": "botbuilder-community-js/whatsapp_image.form.txt",
        "location": "botbuilder-community-js/whatsapp_location.form.txt",
        "delivered": "botbuilder-community-js/whatsapp_status_delivered.form.txt"}

    def __init__(self, house: House, provider: Provider, door: httpx.AsyncClient) -> None:
        super().__init__(house, provider, door)
        self.address = f"+{self.address}"

    def form(self, example: str, **changed: str) -> dict[str, str]:
        """The real form *example* from this visitor, *changed*."""
        found = dict(parse_qsl(payload(f"twilio/{self.examples[example]}"), keep_blank_values=True))
        return {**found, "From": self.address, "MessageSid": f"SM{uuid4().hex}", **changed}

    async def post(self, form: dict[str, str], signature: str | None = None) -> httpx.Response:
        validator = RequestValidator(TWILIO["TWILIO_AUTH_TOKEN"])
        signature = signature or validator.compute_signature(f"{PUBLIC_URL}/webhooks/twilio", form)
        return await self.door.post("/webhooks/twilio", data=form, headers={"x-twilio-signature": signature})

    async def says(self, text: str, id: str | None = None) -> httpx.Response:
        return await self.post(self.form("text", Body=text, **({"MessageSid": f"SM{id}{self.address}"} if id else {})))

    async def sends(self, kind: str) -> httpx.Response:
        media = {"voice": "audio/ogg", "image": "image/jpeg", "sticker": "image/webp", "contact": "text/vcard"}
        if kind == "location":
            return await self.post(self.form("location"))
        return await self.post(self.form("image", Body="", MediaContentType0=media[kind]))


MESSENGERS: dict[str, type[OnAMessenger]] = {"telegram": OnTelegram, "twilio": OnTwilio,
                                            "whatsapp": OnWhatsapp}
EVERYWHERE: dict[str, type[OnAMessenger]] = {"website": OnWebsite, **MESSENGERS}
