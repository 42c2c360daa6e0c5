"""What is said between a visitor and the clinic, in the shapes that every room shares."""
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

Kind = Literal["answer", "clinic_fact", "not_covered", "safety", "booking", "handoff", "privacy",
               "smalltalk", "clarify", "fallback"]
Level = Literal["none", "contraindication", "gp", "urgent", "emergency"]
LEVELS: tuple[Level, ...] = ("none", "contraindication", "gp", "urgent", "emergency")
"""From no concern to the highest."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One of the choices under a reply: what the button says, and what tapping it means to the dialogue."""

    label: str
    means: dict[str, Any]
    token: str = ""
    """Opaque, made when the reply is stored; a channel sends nothing else."""

    def as_row(self) -> dict[str, Any]:
        return {"label": self.label, "token": self.token, "means": self.means}

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Offer":
        return cls(row["label"], row["means"], row["token"])


@dataclass(frozen=True, slots=True)
class Reply:
    """What the assistant says to one message; the turn stores it, a channel sends it."""

    kind: Kind
    text: str
    citations: tuple[dict[str, str], ...] = ()
    """As on the wire: article, section, heading, quote, url, version."""
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A visitor's message that nobody has answered yet, with what a turn needs to know of its conversation."""

    conversation: UUID
    channel: str
    n: int
    text: str
    choice: str | None
    helped: bool
    """Advice on somebody's safety was given at the door: nothing else is said to this message."""
    highest: Level
    """The conversation's."""
    held_by_staff: bool
    tracker: str | None
    """Rasa's events as JSON text; None at the first turn."""
    level: Level = "none"
    """The message's own, with what it completes from earlier ones."""
    rules: tuple[str, ...] = ()
    """Safety rules that the message met."""
    raised_by: str | None = None
    """The rule that raised the conversation's level."""
    door_only: bool = False
    """The door has dealt with it: it is read for danger, and nothing else is said to it."""
    with_before: tuple[int, ...] = ()
    """Numbers of the messages just before it that are one thought with it: their texts are in its own."""

    @property
    def first(self) -> int:
        """The number of the first message of the thought."""
        return min((*self.with_before, self.n))

    def and_then(self, following: "Waiting") -> "Waiting":
        """Both as one thought: the higher level of the two, and what either met."""
        level = max(self.level, following.level, key=LEVELS.index)
        return replace(following, text=f"{self.text}\n{following.text}", level=level,
                       rules=tuple(dict.fromkeys((*self.rules, *following.rules))),
                       with_before=(*self.with_before, self.n))


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the world sees it (`docs/wire.md`)."""

    n: int
    sender: str
    kind: str | None
    text: str
    at: datetime
    citations: list[dict[str, str]] = field(default_factory=list)
    choices: list[dict[str, str]] = field(default_factory=list)

    def as_wire(self) -> dict[str, Any]:
        return {"n": self.n, "from": self.sender, "kind": self.kind, "text": self.text,
                "citations": self.citations, "choices": self.choices,
                "at": self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
