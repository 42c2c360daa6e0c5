"""Posts of providers to a server, signed as they sign: real-shaped, each of another visitor, as fast as told."""
import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from channels.telegram.verify import HEADER, secret_of
from tests.channels.kit.specs import payload
from tests.channels.kit.visitor import PHONE_ID, TELEGRAM_TOKEN, WA_SECRET

SAID = ("what are your prices", "where can i park", "what time do you open", "do you take cards")
"""Each is answered with one reply of its own."""
_numbers = itertools.count(7_000_000_001)


@dataclass(frozen=True, slots=True)
class Post:
    """One post: whose, where to, its bytes and headers."""

    address: str
    path: str
    body: bytes
    headers: dict[str, str]


def posts() -> Iterator[Post]:
    """Ever new visitors, on Telegram and WhatsApp in turn."""
    example = payload("whatsapp/pywa/message__text.json")
    for number in _numbers:
        text = SAID[number % len(SAID)]
        yield _telegram(str(number), text) if number % 2 else whatsapp(str(number), text, example)


def _telegram(address: str, text: str) -> Post:
    person = {"id": int(address), "is_bot": False, "first_name": "Jo"}
    update = {"update_id": int(address), "message": {"message_id": 1, "date": 1, "text": text, "from": person,
                                                     "chat": {"id": int(address), "type": "private"}}}
    return Post(address, "/webhooks/telegram", json.dumps(update).encode(), {HEADER: secret_of(TELEGRAM_TOKEN)})


def whatsapp(address: str, text: str, example: Any) -> Post:
    """The one message of whoever has that number; *example*: what such a post looks like."""
    found = json.loads(json.dumps(example))
    value = found["entry"][0]["changes"][0]["value"]
    value["metadata"]["phone_number_id"] = PHONE_ID
    value["messages"][0].update(id=f"wamid.{address}", text={"body": text}, **{"from": address})
    value["contacts"][0].update(wa_id=address, user_id=f"GB.{address}")
    body = json.dumps(found).encode()
    signature = hmac.new(WA_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return Post(address, "/webhooks/whatsapp", body, {"x-hub-signature-256": f"sha256={signature}"})


@dataclass
class Taken:
    """What came of a series: milliseconds until each 200, ascending; when each visitor's was; seconds in all."""

    waits: list[float] = field(default_factory=list)
    at: dict[str, float] = field(default_factory=dict)
    refused: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds

    def share(self, part: float) -> float:
        return share(self.waits, part)


def share(waits: list[float], part: float) -> float:
    """What *part* (0.99 for 99 %) of *waits* stays within."""
    found = sorted(waits)
    return found[min(len(found) - 1, int(len(found) * part))]


async def as_fast_as_may_be(url: str, count: int, at_once: int) -> Taken:
    """*count* posts, *at_once* under way at any time."""
    taken, source = Taken(), posts()
    async with aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(limit=0)) as session:
        began = time.perf_counter()

        async def lane() -> None:
            for _ in range(count // at_once):
                await _send(session, next(source), taken)

        await asyncio.gather(*(lane() for _ in range(at_once)))
        taken.seconds = time.perf_counter() - began
    return taken


async def at_a_rate(url: str, per_second: float, seconds: float) -> Taken:
    """So many posts a second, whatever the answers take."""
    taken, source = Taken(), posts()
    async with aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(limit=0)) as session:
        began, sent = time.perf_counter(), []
        for n in range(int(per_second * seconds)):
            await asyncio.sleep(max(0.0, began + n / per_second - time.perf_counter()))
            sent.append(asyncio.create_task(_send(session, next(source), taken)))
        await asyncio.gather(*sent)
        taken.seconds = time.perf_counter() - began
    return taken


async def _send(session: aiohttp.ClientSession, post: Post, taken: Taken) -> None:
    began = time.perf_counter()
    async with session.post(post.path, data=post.body, headers=post.headers) as answer:
        await answer.read()
    if answer.status != 200:
        taken.refused += 1
        return
    taken.at[post.address] = time.perf_counter()
    taken.waits.append((taken.at[post.address] - began) * 1000)
