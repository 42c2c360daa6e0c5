"""Gaps in groups: those that one answer would close."""
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from clinic.knowledge.content import Content
from clinic.knowledge.lexical import Floats
from clinic.knowledge.vectors import Encode
from clinic.store.gaps import Gap

ALIKE = 0.6
"""Cosine above which two questions are one."""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that one answer would close. `faq`: the entry that waits for it, if there is one."""

    faq: str | None
    question: str
    gaps: tuple[Gap, ...]

    @property
    def ids(self) -> str:
        return " ".join(str(gap.id) for gap in self.gaps)


class GapVectors:
    """The vectors of open questions by number, so that a page with hundreds of them costs little. Holds no words."""

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._known: dict[int, Floats] = {}

    def of(self, gaps: Sequence[Gap]) -> list[Floats]:
        """A vector for each of *gaps*; those of any others are forgotten."""
        known = self._known  # two pages may be asked for at once
        new = [gap for gap in gaps if gap.id not in known]
        made = dict(zip((gap.id for gap in new), self._encode([gap.text for gap in new]) if new else (), strict=True))
        self._known = found = {gap.id: made[gap.id] if gap.id in made else known[gap.id] for gap in gaps}
        return list(found.values())


def grouped(gaps: Sequence[Gap], content: Content, vectors: GapVectors) -> list[Group]:
    """*gaps* by the entry that would answer them, else by meaning; the most asked first."""
    names = {faq.id: faq.question for faq in content.faqs}
    waiting: dict[str, list[Gap]] = defaultdict(list)
    loose: list[Gap] = []
    for gap in gaps:
        (waiting[gap.faq] if gap.faq in names else loose).append(gap)
    groups = [Group(faq, names[faq], tuple(found)) for faq, found in waiting.items()]
    heaps: list[tuple[Floats, list[Gap]]] = []
    for gap, vector in zip(loose, vectors.of(loose), strict=True):
        near = next((heap for first, heap in heaps if float(first @ vector) >= ALIKE), None)
        if near is None:
            heaps.append((vector, [gap]))
        else:
            near.append(gap)
    groups += [Group(None, heap[0].text, tuple(heap)) for _, heap in heaps]
    return sorted(groups, key=lambda group: -len(group.gaps))
