"""What the clinic writes down during a turn, as its rules see it. `clinic.store` is where it goes."""
from datetime import datetime
from typing import Protocol
from uuid import UUID

from clinic.booking import Request


class Cases(Protocol):
    async def hand_over(self, conversation: UUID, n: int, reason: str, now: datetime) -> bool: ...

    async def note_gap(self, conversation: UUID, n: int, need: str, faq: str | None, now: datetime) -> None: ...


class Requests(Protocol):
    async def add(self, request: Request, now: datetime) -> str: ...


class Records(Protocol):
    """One transaction's worth of writing."""

    @property
    def cases(self) -> Cases: ...

    @property
    def requests(self) -> Requests: ...


class Notices(Protocol):
    """Tells the clinic something, after the commit, until it got there."""

    async def queue(self, records: Records, about: str, key: str) -> None: ...
