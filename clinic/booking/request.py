"""A wish for an appointment: what somebody asked for, complete enough for staff to confirm it."""
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Request:
    """`wanted` is the time in the visitor's own words; `wish` is book (others follow)."""

    conversation: UUID
    wish: str
    service: str | None
    wanted: str
    name: str
    contact: str
    screening: dict[str, Any] | None = None
    """What the check before it came to (`Checkup.record`); for staff only."""
    reference: str = ""
    state: str = "open"
    created_at: datetime | None = None
    at: tuple[str, ...] = ()
    """Ids of the places where it may be; none for any."""
