"""A channel that nobody has yet, added as docs/channels.md says: the whole kit runs over it."""
import hmac
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import httpx

from channels.contract import Answer, Call, Channel, Event, Incoming, Limits, NoAnswer, Part, Refused, TryLater
from channels.parcels import an_id, unpack, words
from tests.channels.kit.visitor import OnAMessenger

RING = "x-pigeon-ring"
LIMITS = Limits(body=16 * 1024, text=500, with_choices=500)


class Pigeon(Channel):
    """Carries 500 characters and no buttons."""

    name, limits = "pigeon", LIMITS

    def __init__(self, loft: str, ring: str) -> None:
        self.base_url, self._ring = loft, ring
        self.headers: Mapping[str, str] = {}

    def verify(self, headers: Mapping[str, str], body: bytes | None) -> bool:
        return hmac.compare_digest(headers.get(RING, "").encode(), self._ring.encode())

    def read(self, body: bytes) -> Sequence[Event]:
        note = unpack(body)
        return [Incoming(an_id(note, "id"), (an_id(note, "from"),), words(note, "words"), aside=words(note, "thing"))]

    def write(self, address: str, part: Part) -> Call:
        return Call("/fly", json={"to": address, "words": part.text})

    def outcome(self, answer: Answer) -> str:
        if answer.status == 200:
            if bird := answer.body.get("bird"):
                return str(bird)
            raise NoAnswer("no bird came back")
        if answer.status == 429 or answer.status >= 500:
            raise TryLater(str(answer.status), answer.retry_after)
        raise Refused("refused")

    def introduce(self) -> Call:
        return Call("/who", method="GET")

    def known_as(self, answer: Answer) -> str:
        return self.outcome(answer)

    def link(self, tag: str, text: str) -> str | None:
        return f"https://loft.example/{tag}?{text}"


class AtTheLoft(OnAMessenger):
    """Somebody who keeps pigeons."""

    name = "pigeon"

    async def _post(self, **note: Any) -> httpx.Response:
        return await self.door.post("/webhooks/pigeon", json={"from": self.address, **note}, headers={RING: "ring"})

    async def says(self, text: str, id: str | None = None) -> httpx.Response:
        return await self._post(id=id or uuid4().hex, words=text)

    async def sends(self, kind: str) -> httpx.Response:
        return await self._post(id=uuid4().hex, thing={"image": "media", "sticker": "media"}.get(kind, kind))
