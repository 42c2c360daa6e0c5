"""A sign is a few groups of words standing near each other in one clause."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from clinic.safety.heard import Heard
from clinic.safety.phrases import Hit

NEAR = re.compile(r"\s+(~|>)(\d*)\s+")
WITHIN = {"~": 5, ">": 3}     # words that may stand between, unless the pattern says otherwise


@dataclass(frozen=True, slots=True)
class Step:
    """The next group of a pattern: `ordered` after the last one, with at most `within` words between."""

    group: str
    ordered: bool
    within: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """`<chest> ~ <tight>`: both, either order. `<cannot> > <pee>`: in that order. A number sets the distance."""

    steps: tuple[Step, ...]

    @classmethod
    def read(cls, written: str) -> "Pattern":
        first, *rest = NEAR.split(written.strip())
        steps = [Step(_key(first), False, 0)]
        for joint, distance, group in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
            steps.append(Step(_key(group), joint == ">", int(distance or WITHIN[joint])))
        return cls(tuple(steps))

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(step.group for step in self.steps)

    def find(self, heard: Heard, bodies: frozenset[str]) -> Iterator[tuple[Hit, ...]]:
        """Every way the pattern stands in words in which each of its groups was found."""
        for hit in heard.hits[self.steps[0].group]:
            yield from self._extend(heard, bodies, (hit,))

    def _extend(self, heard: Heard, bodies: frozenset[str], match: tuple[Hit, ...]) -> Iterator[tuple[Hit, ...]]:
        if len(match) == len(self.steps):
            yield match
            return
        step = self.steps[len(match)]
        for hit in _around(heard.hits[step.group], match, step):
            if self._belongs(heard, bodies, match, hit):
                yield from self._extend(heard, bodies, (*match, hit))

    def _belongs(self, heard: Heard, bodies: frozenset[str], match: tuple[Hit, ...], hit: Hit) -> bool:
        step, last = self.steps[len(match)], match[-1]
        low, high = (last, hit) if last.start <= hit.start else (hit, last)
        overlaps = any(hit.start < other.end and other.start < hit.end for other in match)
        if overlaps or heard.before[high.start] - heard.before[low.end] > step.within:
            return False
        if heard.clause[min(low.start, len(heard.clause) - 1)] != heard.clause[high.start]:
            return False
        pairs = ((last, hit, self.steps[len(match) - 1].group), (hit, last, step.group))
        return not any(group in bodies and heard.another_body_between(body, other) for body, other, group in pairs)


def _around(hits: list[Hit], match: tuple[Hit, ...], step: Step) -> list[Hit]:
    """The few hits that can be near enough; marks between words are allowed for by doubling."""
    last = match[-1]
    reach = 2 * step.within + 8
    low = last.end if step.ordered else last.start - reach
    return hits[bisect_left(hits, (low, 0)):bisect_left(hits, (last.end + reach, 0))]


def _key(written: str) -> str:
    """`<chest>` is the group chest; anything else stands for itself and is kept apart by its quotes."""
    single = written.startswith("<") and "|" not in written
    return written.strip("<>") if single else f'"{written}"'
