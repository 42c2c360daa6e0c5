"""One enquiry: what somebody wrote without a day's pause, and what became of it (docs/numbers.md)."""
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

PAUSE = timedelta(hours=24)
"""After this long what somebody writes in the same conversation is another enquiry."""
LATER = timedelta(days=7)
"""How long after it a person who is needed counts as needed for it."""
Fate = Literal["deflected", "too_fresh", "person", "safety", "unanswered", "dead_end", "small_talk"]
FATES: tuple[Fate, ...] = ("deflected", "too_fresh", "person", "safety", "unanswered", "dead_end", "small_talk")
"""Each enquiry has one; together they are all."""
ANSWERS = frozenset({"answer", "clinic_fact"})
LOST = frozenset({"clarify", "fallback", "not_covered"})
TALK = frozenset({"smalltalk", "privacy"})
UNTAGGED = "none"
"""Where somebody came from who came by no link with a tag; a tag is written as it stands in the link, `#poster`."""


@dataclass(frozen=True, slots=True)
class Step:
    """One message. `offers`: what the choices under it are for, of check and opening. `wait`: of a reply of the
    assistant's, how long it took."""

    n: int
    sender: str
    kind: str | None
    at: datetime
    intent: str | None = None
    failed: bool = False
    offers: frozenset[str] = frozenset()
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """An appointment or a wish for one that was made there. `by_person`: staff had a hand in it. `kept`: they came."""

    at: datetime
    by_person: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class Around:
    """What else is known of the conversation: when it was put before a person and why, which messages are gaps, what
    was made."""

    cases: tuple[tuple[datetime, str], ...] = ()
    gaps: frozenset[int] = frozenset()
    made: tuple[Made, ...] = ()


@dataclass(frozen=True, slots=True)
class Enquiry:
    conversation: UUID
    channel: str
    steps: tuple[Step, ...]
    around: Around
    spoken_with: tuple[datetime, ...] = ()
    """When people of the clinic wrote there, then or later."""
    source: str = UNTAGGED
    """The tag of the link by which its visitor first came."""

    @property
    def begins(self) -> datetime:
        return self.steps[0].at

    @property
    def ends(self) -> datetime:
        return self.steps[-1].at

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(step.kind for step in self.steps if step.sender == "bot" and step.kind)

    @property
    def booked(self) -> tuple[Made, ...]:
        return tuple(made for made in self.around.made if self._within(made.at, PAUSE))

    @property
    def handed_over(self) -> bool:
        """Whether it was put before a person while it lasted: all that the naive figure looks at."""
        return any(self._within(at, timedelta(0)) for at, _ in self.around.cases)

    @property
    def asked(self) -> bool:
        intents = [step.intent or "" for step in self.steps if step.sender == "visitor"]
        return any(intent.startswith(("ask_", "fact_")) for intent in intents)

    def offered(self, what: str) -> bool:
        return any(what in step.offers for step in self.steps)

    def fate(self, now: datetime) -> Fate:
        """What became of it; the first that is true."""
        if "safety" in self.kinds:
            return "safety"
        if (any(self._within(at, LATER) for at, _ in self.around.cases)
                or any(self._within(at, LATER) for at in self.spoken_with)
                or any(made.by_person for made in self.booked)):
            return "person"
        if any(step.n in self.around.gaps for step in self.steps):
            return "unanswered"
        if self.kinds and self.kinds <= TALK:
            return "small_talk"
        if self._dead_end() or not (self.kinds & ANSWERS or self.booked):
            return "dead_end"
        return "deflected" if now - self.ends >= LATER else "too_fresh"

    def last_kind(self) -> str:
        """What was said last before the visitor fell silent."""
        replies = [step for step in self.steps if step.sender == "bot"]
        return (replies[-1].kind or "none") if replies else "none"

    def _dead_end(self) -> bool:
        last = self.steps[-1]
        unbooked = last.kind == "booking" and not self.booked
        return last.sender == "visitor" or last.kind in LOST or unbooked or any(step.failed for step in self.steps)

    def _within(self, at: datetime, after: timedelta) -> bool:
        return self.begins <= at <= self.ends + after


def enquiries(conversation: UUID, channel: str, steps: Sequence[Step], around: Around,
              source: str = UNTAGGED) -> Iterator[Enquiry]:
    """The enquiries in one conversation; *steps* in order. What we say by ourselves begins none."""
    spoken_with = tuple(step.at for step in steps if step.sender == "person")
    run: list[Step] = []
    for step in steps:
        heard = [one.at for one in run if one.sender == "visitor"]
        if run and step.sender == "visitor" and heard and step.at - heard[-1] > PAUSE:
            yield Enquiry(conversation, channel, tuple(run), around, spoken_with, source)
            run = []
        if run or step.sender == "visitor":
            own = step.sender == "bot" and step.wait is None and run[-1].at < step.at - PAUSE
            if step.sender != "person" and not own:  # a reminder days later belongs to none
                run.append(step)
    if run:
        yield Enquiry(conversation, channel, tuple(run), around, spoken_with, source)
