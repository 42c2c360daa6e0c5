"""A visitor who books over HTTP, and goes on with it however often the server dies meanwhile."""
import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Any
from uuid import UUID, uuid4

import httpx
import yaml

from clinic.settings import ROOT

AGAIN = 0.2
"""Seconds before a message that was not taken is posted once more."""
AGREE, NOTHING = "Yes, ask me", "None of these"
"""What is tapped in the check before a booking."""


def _words() -> tuple[dict[str, str], dict[str, Any]]:
    labels = yaml.safe_load((ROOT / "content" / "words.yml").read_text(encoding="utf-8"))["choices"]
    return labels, yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]


LABELS, RESPONSES = _words()
GONE = RESPONSES["utter_opening_taken"][0]["text"]
MADE = RESPONSES["utter_made_booking"][0]["text"].split("{")[0]
"""How what is said to a yes begins, where it is an appointment."""


@dataclass(slots=True)
class Visitor:
    """One conversation. `replies` are those to the last message."""

    client: httpx.AsyncClient
    name: str
    conversation: UUID | None = None
    replies: list[dict[str, Any]] = field(default_factory=list)
    repeats: int = 0
    _headers: dict[str, str] = field(default_factory=dict)

    async def open(self) -> "Visitor":
        opened = (await self._insist("/v1/conversations", {})).json()
        self.conversation, self._headers = UUID(opened["conversation"]), {"authorization": f"Bearer {opened['token']}"}
        return self

    async def says(self, text: str) -> None:
        await self.heard(await self.posts({"text": text}))

    async def taps(self, label: str) -> None:
        await self.heard(await self.posts({"choice": self.token(label)}))

    async def posts(self, body: dict[str, str]) -> dict[str, str]:
        """Post without waiting for the reply: once this returns, the message was acknowledged."""
        body = {"id": uuid4().hex, **body}
        await self._insist(self._path(), body)
        return body

    async def heard(self, body: dict[str, str]) -> None:
        """Wait for the replies to a message that was posted, by posting it again."""
        while True:
            answer = await self._insist(f"{self._path()}?wait=20", body)
            if answer.status_code == 200:
                self.replies = answer.json()["replies"]
                return

    def token(self, label: str) -> str:
        return next(choice["token"] for choice in self.choices if choice["label"].startswith(label))

    @property
    def choices(self) -> list[dict[str, str]]:
        return [choice for reply in self.replies for choice in reply["choices"]]

    @property
    def openings(self) -> list[str]:
        """The labels of the free times that are shown."""
        ways_out = set(LABELS.values())
        if LABELS["another_day"] not in [choice["label"] for choice in self.choices]:
            return []
        last = [choice["label"] for choice in self.replies[-1]["choices"]]
        return list(takewhile(lambda label: label not in ways_out, last))

    @property
    def asked_to_confirm(self) -> bool:
        return LABELS["affirm"] in [choice["label"] for choice in self.choices]

    def hears(self, words: str) -> bool:
        return any(words in reply["text"] for reply in self.replies)

    async def asks_for(self, starts: datetime) -> None:
        """Get as far as the question whether to book it, or to where that time is no longer free."""
        await self.says(f"can i book an hour on {starts:%d %B} at {starts:%H:%M}, my name is {self.name}, "
                        "07700 900123")
        await self.passes_check()

    async def passes_check(self) -> None:
        for label in (AGREE, NOTHING):
            if any(choice["label"].startswith(label) for choice in self.choices):
                await self.taps(label)

    def _path(self) -> str:
        return f"/v1/conversations/{self.conversation}/messages"

    async def _insist(self, path: str, body: dict[str, str]) -> httpx.Response:
        while True:
            try:
                answer = await self.client.post(path, json=body, headers=self._headers)
                if answer.is_success:
                    return answer
            except httpx.HTTPError:
                pass
            self.repeats += 1
            await asyncio.sleep(AGAIN)
