"""A visitor on a channel: writes, taps and sends things through the real door, and reads what the provider took."""
import asyncio
import hashlib
import json
import time
from datetime import UTC, datetime
from itertools import count
from typing import Any, Protocol
from uuid import UUID, uuid4

import httpx
import telegram

from bootstrap import House
from channels.telegram.verify import HEADER, secret_of
from tests.channels.kit.provider import Provider, Taken

TELEGRAM_TOKEN, WA_SECRET, WA_VERIFY, TWILIO_TOKEN = "123456:telegram-token", "wa-secret", "wa-verify", "twilio-token"
_numbers = count(447_700_900_000)
PATIENCE = 20.0


class Visitor(Protocol):
    """One person on one channel."""

    name: str

    async def says(self, text: str, id: str | None = None) -> httpx.Response: ...

    async def taps(self, label: str) -> httpx.Response: ...

    async def sends(self, kind: str) -> httpx.Response: ...

    async def heard(self) -> list[Taken]: ...


class OnAMessenger:
    """What all visitors share who are written to at an address."""

    name = ""

    def __init__(self, house: House, provider: Provider, door: httpx.AsyncClient) -> None:
        self.house, self.provider, self.door = house, provider, door
        self.address = str(next(_numbers))

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
        there = {"voice": {"voice": telegram.Voice("f", "u", 3)}, "image": {"photo": [telegram.PhotoSize("f", "u", 9, 9)]},
                 "sticker": {"sticker": telegram.Sticker("f", "u", 9, 9, False, False, "regular")},
                 "location": {"location": telegram.Location(0.1, 51.5)},
                 "contact": {"contact": telegram.Contact("+447700900123", "Jo")}}
        return await self.post(self.update(**there[kind]))


VISITORS: dict[str, type[OnAMessenger]] = {"telegram": OnTelegram}
