"""Somebody in the group in which staff are told: writes and taps there, and reads what the bot says."""
import asyncio
import json
import time
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx
import telegram
from sqlalchemy import text

from bootstrap import House
from channels.telegram.verify import HEADER, secret_of
from tests.channels.kit.provider import Provider, Taken
from tests.channels.kit.visitor import TELEGRAM_TOKEN, OnTelegram

STAFF_CHAT, BOT = -1001234567890, int(TELEGRAM_TOKEN.partition(":")[0])
_accounts = count(900_000_000)


class Member:
    """An account in the staff's group. What is written there has one row of numbers, also what we write."""

    def __init__(self, clinic: House, provider: Provider, door: httpx.AsyncClient, chat: int = STAFF_CHAT,
                 bot: int = BOT) -> None:
        self.clinic, self.provider, self.door, self.chat, self.bot = clinic, provider, door, chat, bot
        self.account = next(_accounts)

    def message(self, to: str | None = None, kind: str = "message", bot: int | None = None,
                **content: Any) -> dict[str, Any]:
        """An update as a well-kept client of Telegram's writes it; *to*: the message that it answers."""
        chat = telegram.Chat(self.chat, "supergroup", title="Reception")
        desk = telegram.User(bot or self.bot, "Desk", True)
        answered = telegram.Message(int(to), datetime.now(UTC), chat, from_user=desk, text="…") if to else None
        message = telegram.Message(next(self.provider._ids), datetime.now(UTC), chat, reply_to_message=answered,
                                   from_user=telegram.User(self.account, "Kim", False), **content)
        return json.loads(telegram.Update(next(OnTelegram._ids), **{kind: message}).to_json())

    async def post(self, update: dict[str, Any]) -> list[Taken]:
        """What the group reads then."""
        before = len(self.provider.to(str(STAFF_CHAT)))
        answer = await self.door.post("/webhooks/telegram", json=update, headers={HEADER: secret_of(TELEGRAM_TOKEN)})
        assert answer.status_code == 200
        return (await told(self.clinic, self.provider))[before:]

    async def writes(self, said: str, to: Taken | str | None = None) -> list[Taken]:
        return await self.post(self.message(to.id if isinstance(to, Taken) else to, text=said))

    async def taps(self, label: str, under: Taken, data: str | None = None) -> list[Taken]:
        data = data or next(token for said, token in zip(under.labels, under.tokens, strict=True) if said == label)
        message = telegram.Message(int(under.id), datetime.now(UTC), telegram.Chat(self.chat, "supergroup"))
        query = telegram.CallbackQuery(str(next(OnTelegram._ids)), telegram.User(self.account, "Kim", False), "1",
                                       message=message, data=data)
        return await self.post(json.loads(telegram.Update(next(OnTelegram._ids), callback_query=query).to_json()))

    async def links(self, name: str = "Kim") -> "Member":
        """They bring a code that was made for *name* at the desk."""
        async with self.clinic.store.begin() as unit:
            known = await unit.staff.known_as(name)
            staff = known.colleague.id if known else await unit.staff.add(name, "therapist", "-", None,
                                                                          self.clinic.clock())
            code = await unit.staff_chat.offer_code(staff, self.clinic.clock())
        (answer,) = await self.writes(f"/link {code}")
        assert f"You are {name} here now" in answer.text
        return self


async def told(clinic: House, provider: Provider) -> list[Taken]:
    """All that the group was told, once nothing is to be done any more."""
    end = time.monotonic() + 20
    while True:
        async with clinic.store.begin() as unit:
            busy = await unit.connection.scalar(text(
                "select count(*) from procrastinate_jobs where status in ('todo', 'doing') and queue_name <> 'cli' and "
                "coalesce(scheduled_at, now()) <= now() + interval '1 second'"))
        if not busy:
            return provider.to(str(STAFF_CHAT))
        assert time.monotonic() < end, "work is left"
        await asyncio.sleep(0.02)
