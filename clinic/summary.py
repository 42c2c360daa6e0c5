"""What a person who takes a conversation over needs first: facts and quotes. Nothing here is worded by a program."""
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

QUOTED = 200
"""Characters of a message that are quoted."""
ASKED = 5
"""How many of the last things asked are quoted."""
SHOWN = ("service", "wanted", "opening", "name", "contact", "moving", "known_reference", "known_contact", "subjects")
"""Slots that say something to a person."""


@dataclass(frozen=True, slots=True)
class Quote:
    """The visitor's own words, cut where they are long, and the kinds of reply that they got."""

    n: int
    text: str
    at: datetime
    kinds: tuple[str, ...]


def quotes(said: Sequence[Any]) -> list[Quote]:
    """The last things that the visitor said, of messages with `n`, `sender`, `kind`, `text` and `at` in their order."""
    found: list[Quote] = []
    for message in said:
        if message.sender == "visitor":
            text = message.text if len(message.text) <= QUOTED else f"{message.text[:QUOTED]}…"
            found.append(Quote(message.n, text, message.at, ()))
        elif found and message.kind:
            last = found[-1]
            found[-1] = Quote(last.n, last.text, last.at, (*last.kinds, message.kind))
    return found[-ASKED:]


def slots(events: str | None) -> dict[str, str]:
    """What the dialogue has found out, from Rasa's *events* as JSON text; {} where there are none."""
    values: dict[str, Any] = {}
    for event in json.loads(events) if events else ():
        if event.get("event") == "slot":
            values[event["name"]] = event["value"]
        elif event.get("event") in ("restart", "reset_slots"):
            values.clear()
    return {name: _plain(values[name]) for name in SHOWN if values.get(name)}


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
