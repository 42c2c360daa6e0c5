"""A week's figures: how often what, of all enquiries that began in it. No word and no name is in them."""
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import quantiles
from typing import Any

from clinic.figures.enquiry import ANSWERS, FATES, UNTAGGED, Enquiry

FUNNEL = ("asked", "answered", "screened", "offered", "booked", "kept")
ALL = "all"
"""Channels together, or sources."""
EVERYTHING = "enquiries"
"""The part of a week that all its enquiries are in."""
PARTS = (EVERYTHING, *FATES, *FUNNEL)
"""What a figure that leads to its conversations may count."""
SOURCES = 30
"""How many sources of a week on a channel are counted apart."""
Key = tuple[date, str, str]
"""The Monday of a week, a channel and a source, each of the two also ALL."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in seconds: for half of them less than `half`, for 95 in 100 less than `most`."""

    count: int = 0
    half: float = 0.0
    most: float = 0.0

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Spread":
        if not seconds:
            return cls()
        if len(seconds) == 1:
            return cls(1, seconds[0], seconds[0])
        cuts = quantiles(seconds, n=100, method="inclusive")
        return cls(len(seconds), cuts[49], cuts[94])


@dataclass(frozen=True, slots=True)
class Week:
    """`fates` add up to `enquiries`. `unhanded`: those that were put before nobody while they lasted, which is what is
    mostly reported as deflection."""

    enquiries: int = 0
    fates: dict[str, int] = field(default_factory=dict)
    unhanded: int = 0
    funnel: dict[str, int] = field(default_factory=dict)
    broke_off: dict[str, int] = field(default_factory=dict)
    intents: dict[str, int] = field(default_factory=dict)
    firings: dict[str, int] = field(default_factory=dict)
    answering: Spread = Spread()
    until_taken: Spread = Spread()

    @property
    def settled(self) -> int:
        """Enquiries of which it can be said whether a person was needed."""
        return self.enquiries - self.fates.get("too_fresh", 0)

    @property
    def deflection(self) -> float | None:
        """The share that needed nobody, of those of which it can be said; None where there is none yet."""
        return self.fates.get("deflected", 0) / self.settled if self.settled else None

    @property
    def naive(self) -> float | None:
        return self.unhanded / self.enquiries if self.enquiries else None

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Week":
        spreads = {key: Spread(**row[key]) for key in ("answering", "until_taken")}
        return cls(**{**row, **spreads})


def count(found: Iterable[Enquiry], firings: Iterable[str], taken_after: Sequence[float], now: datetime) -> Week:
    """The figures of *found*. *firings*: levels of the safety rules that were met; *taken_after*: seconds until a
    person took what was put before them."""
    found = list(found)
    fates = Counter(one.fate(now) for one in found)
    funnel = Counter(step for one in found for step in reached(one))
    waits = [step.wait.total_seconds() for one in found for step in one.steps if step.wait is not None]
    return Week(
        len(found), {fate: fates[fate] for fate in FATES}, sum(not one.handed_over for one in found),
        {step: funnel[step] for step in FUNNEL},
        dict(Counter(one.last_kind() for one in found if one.fate(now) == "dead_end")),
        dict(Counter(step.intent for one in found for step in one.steps if step.sender == "visitor" and step.intent)
             .most_common(20)),
        dict(Counter(firings)), Spread.of(waits), Spread.of(taken_after))


def added(weeks: Sequence[Week]) -> Week:
    """What *weeks* come to together, but for times, which don't add up."""
    def sums(parts: list[dict[str, int]]) -> dict[str, int]:
        keys = dict.fromkeys(key for part in parts for key in part)
        return {key: sum(part.get(key, 0) for part in parts) for key in keys}

    return Week(sum(week.enquiries for week in weeks), sums([week.fates for week in weeks]),
                sum(week.unhanded for week in weeks), sums([week.funnel for week in weeks]),
                sums([week.broke_off for week in weeks]), sums([week.intents for week in weeks]),
                sums([week.firings for week in weeks]))


def split(found: Sequence[Enquiry]) -> Iterator[tuple[str, str]]:
    """The channels and sources by which *found* are counted, together and apart; sources only where one is known, and
    the most frequent: anybody can make tags up."""
    for channel in (ALL, *sorted({one.channel for one in found})):
        yield channel, ALL
        sources = Counter(one.source for one in found if channel in (ALL, one.channel))
        if set(sources) - {UNTAGGED}:
            yield from ((channel, source) for source, _ in sources.most_common(SOURCES))


def belongs(one: Enquiry, part: str, channel: str, source: str, now: datetime) -> bool:
    """Whether *one* is among those that a figure counts: *part* is a fate, a step of the funnel, or EVERYTHING."""
    there = channel in (ALL, one.channel) and source in (ALL, one.source)
    return there and (part in (EVERYTHING, one.fate(now)) or part in reached(one))


def reached(one: Enquiry) -> list[str]:
    """The steps on the way from a question to an appointment that was kept which *one* came to."""
    came = {"asked": one.asked, "answered": one.asked and bool(one.kinds & ANSWERS), "screened": one.offered("check"),
            "offered": one.offered("opening"), "booked": bool(one.booked), "kept": any(m.kept for m in one.booked)}
    return [step for step, reached in came.items() if reached]
