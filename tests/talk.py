"""A visitor in a test: says things as people type them, and sees what comes back."""
import asyncio
from typing import Any
from uuid import UUID, uuid4

from bootstrap import House
from channels.inbox import Arrival
from clinic.conversation import Message


class Talk:
    """One conversation with the real house."""

    def __init__(self, house: House, post: Any) -> None:
        self.house, self.post = house, post
        self.conversation: UUID | None = None
        self.replies: list[Message] = []
        self.read: dict[str, Any] = {}

    @property
    def last(self) -> Message:
        return self.replies[-1]

    @property
    def kinds(self) -> list[str | None]:
        return [reply.kind for reply in self.replies]

    @property
    def choices(self) -> list[str]:
        return [choice["label"] for choice in self.last.choices]

    @property
    def sections(self) -> list[str]:
        return [citation["section"] for reply in self.replies for citation in reply.citations]

    async def says(self, text: str) -> "Talk":
        return await self._send(text=text)

    async def taps(self, label: str) -> "Talk":
        """Tap the choice whose label begins with *label*, among those of the last reply."""
        token = next(choice["token"] for choice in self.last.choices if choice["label"].startswith(label))
        return await self._send(choice=token)

    async def picks(self) -> "Talk":
        """Take the first of the openings that were shown."""
        assert "Another day" in self.choices, self.last.text
        return await self._send(choice=self.last.choices[0]["token"])

    async def passes_check(self) -> "Talk":
        """Pick a time if there is one to pick; nothing applies in the check before a booking."""
        if "Another day" in self.choices:
            await self.picks()
        await self.taps("Yes, ask me")
        return await self.taps("None of these")

    async def _send(self, text: str | None = None, choice: str | None = None) -> "Talk":
        if self.conversation is None:
            self.conversation, _ = await self.house.inbox.open("website")
        arrival = Arrival(self.conversation, uuid4().hex, text, choice)
        with self.house.watch.follow(str(self.conversation)) as news:
            await self.house.inbox.accept(arrival)
            while True:
                news.clear()
                async with self.house.store.begin() as unit:
                    done, self.read, self.replies = await unit.messages.outcome(self.conversation, arrival.external_id)
                if done:
                    return self
                await asyncio.wait_for(news.wait(), 20)

    async def requests(self) -> list[Any]:
        async with self.house.store.begin() as unit:
            return [r for r in await unit.requests.newest(1000) if r.conversation == self.conversation]

    async def appointments(self) -> list[Any]:
        """What was made in this conversation and stands."""
        async with self.house.store.begin() as unit:
            return await unit.book.of(self.conversation, self.house.clock()) if self.conversation else []

    async def cases(self) -> list[str]:
        async with self.house.store.begin() as unit:
            return [reason for talk, _, reason, _ in await unit.cases.open_cases(1000) if talk == self.conversation]
