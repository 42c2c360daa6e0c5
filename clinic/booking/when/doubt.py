"""Reading a wish under every way to take it: the doubts in it, and what is asked of whom."""
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

T = TypeVar("T")
HORIZON = 14
"""Days, today included, within which a wish that recurs is looked at."""
MOST_DOUBTS = 5
"""Doubts in one wish. Each doubles the ways to take it; a message with more is not a wish that can be offered."""


class Missing(Exception):
    """Something is missing that only the visitor knows: when their race is, which day they were thinking of."""


@dataclass(slots=True)
class View:
    """One way to take a wish: now (local, to the minute), and the side taken in each doubt.

    `met` lists the doubts met on the way, `sure` turns false where it is to be asked even with one way left."""

    now: datetime
    sides: dict[str, int] = field(default_factory=dict)
    met: list[str] = field(default_factory=list)
    sure: bool = True

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def horizon(self) -> date:
        """The last day that a wish which recurs reaches."""
        return self.today + timedelta(days=HORIZON - 1)

    def side(self, doubt: str) -> int:
        """0 or 1: which way *doubt* is taken here."""
        if doubt not in self.met:
            self.met.append(doubt)
        return self.sides.get(doubt, 0)


def every_view(now: datetime, read: Callable[[View], T], plain: Mapping[str, int]) -> Iterator[tuple[View, T]]:
    """What *read* makes of each way to take a wish; *plain* is what stands in no doubt."""
    waiting: list[dict[str, int]] = [dict(plain)]
    while waiting:
        sides = waiting.pop(0)
        view = View(now, dict(sides))
        found = read(view)
        open_doubt = next((doubt for doubt in view.met if doubt not in sides), None)
        if open_doubt is None or len(sides) >= MOST_DOUBTS:
            yield view, found
        else:
            waiting += [{**sides, open_doubt: 0}, {**sides, open_doubt: 1}]
