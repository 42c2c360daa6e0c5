"""Times of day as they are wished for, in minutes from midnight; a point begins and ends in the same minute."""
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from clinic.booking.when.doubt import View
from clinic.booking.when.words import tables

DAY = 24 * 60
NEAR = 30
"""Minutes on either side of "around five"."""
NO_HALF, AM, PM = 0, 1, 2
LIKE_EITHER = (7, 8)
"""Hours at which people come before work as well as after it."""
Windows = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """What a clock shows. `half` as said beside it; `exact` where it is written so that it has no other half."""

    hour: int
    minute: int
    half: int = NO_HALF
    exact: bool = False

    def minutes(self, view: View, half: int, lean: int = NO_HALF) -> int:
        """Minutes from midnight. *half* is what the words around it say, *lean* what is likelier at 7 and 8."""
        half = self.half or (half if self.hour != 12 else NO_HALF)
        if self.exact or self.hour > 12:
            return min(self.hour * 60 + self.minute, DAY)
        if half:
            return (self.hour % 12 + (12 if half == PM else 0)) * 60 + self.minute
        later = self.hour < min(LIKE_EITHER)
        if self.hour in LIKE_EITHER:
            later = lean == PM if lean else view.side("half") == 1
        return (self.hour % 12 + (12 if later or self.hour == 12 else 0)) * 60 + self.minute

    @property
    def open(self) -> bool:
        return not (self.half or self.exact or self.hour > 12)


class Time(Protocol):
    def windows(self, view: View, half: int) -> Windows:
        """When on a day; *half* is the half of the day that the words around it speak of."""


@dataclass(frozen=True, slots=True)
class At:
    clock: Clock
    near: int = 0

    def windows(self, view: View, half: int) -> Windows:
        at = self.clock.minutes(view, half)
        return ((max(at - self.near, 0), min(at + self.near, DAY)),)


@dataclass(frozen=True, slots=True)
class After:
    clock: Clock
    lean: int = PM

    def windows(self, view: View, half: int) -> Windows:
        return ((self.clock.minutes(view, half, self.lean), DAY),)


@dataclass(frozen=True, slots=True)
class Before:
    clock: Clock
    lean: int = NO_HALF

    def windows(self, view: View, half: int) -> Windows:
        return ((0, self.clock.minutes(view, half, self.lean)),)


@dataclass(frozen=True, slots=True)
class Between:
    first: Clock
    last: Clock

    def windows(self, view: View, half: int) -> Windows:
        start, end = self.first.minutes(view, half), self.last.minutes(view, half, AM)
        if self.first.open and self.last.half == PM and not half and self.first.hour % 12 < self.last.hour % 12:
            start = self.first.minutes(view, PM)
        if self.first.half and self.last.open:
            end = self.last.minutes(view, self.first.half)
        if self.last.open and end <= start:
            end = self.last.minutes(view, PM)
        if self.first.open and end <= start:
            start = self.first.minutes(view, AM)
        return ((start, end),) if start <= end else ((start, DAY),)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day by its name in `words.yml`."""

    name: str

    @property
    def half(self) -> int:
        return _hours(self.name)[2]

    def windows(self, view: View, half: int) -> Windows:
        return (_hours(self.name)[:2],)


@dataclass(frozen=True, slots=True)
class Outside:
    """Before or after a part of the day: "after lunch"."""

    part: Part
    after: bool

    def windows(self, view: View, half: int) -> Windows:
        start, end = _hours(self.part.name)[:2]
        return ((end, DAY),) if self.after else ((0, start),)


@dataclass(frozen=True, slots=True)
class Rest:
    """All of the day but that: "not before 10"."""

    time: Time

    def windows(self, view: View, half: int) -> Windows:
        left: Windows = ((0, DAY),)
        for start, end in self.time.windows(view, half):
            left = tuple(piece for first, last in left for piece in ((first, min(start, last)), (max(end, first), last))
                         if piece[0] < piece[1])
        return left


@dataclass(frozen=True, slots=True)
class Exactly:
    """Minutes from midnight, not to be interpreted: "in two hours"."""

    minute: int
    end: int | None = None

    def windows(self, view: View, half: int) -> Windows:
        return ((self.minute, self.minute if self.end is None else self.end),)


@dataclass(frozen=True, slots=True)
class Any:
    """The one or the other."""

    times: tuple[Time, ...]

    def windows(self, view: View, half: int) -> Windows:
        return tuple(window for time in self.times for window in time.windows(view, half))


def narrowed(first: Windows, second: Windows) -> Windows:
    """What two have in common."""
    return tuple((max(a, c), min(b, d)) for a, b in first for c, d in second
                 if max(a, c) < min(b, d) or (max(a, c) == min(b, d) and (a == b or c == d)))


def known_part(name: str) -> bool:
    """Whether the vocabulary says when *name* is."""
    return name in tables()["hours"]


@cache
def _hours(name: str) -> tuple[int, int, int]:
    hours, half = str(tables()["hours"][name]).split()
    start, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in hours.split("-"))
    return start, end, {"am": AM, "pm": PM}[half]
