"""The articles' sections, found for a question, and their sentences, weighed against it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from clinic.knowledge.article import Section
from clinic.knowledge.claim import Claim
from clinic.knowledge.complaints import Complaints
from clinic.knowledge.content import Content
from clinic.knowledge.lexical import Floats, words
from clinic.knowledge.quoting import Line
from clinic.knowledge.search import Index, with_headings
from clinic.knowledge.vectors import rows

_SECTIONS_READ = 3
_SHARED_WORDS = 0.3
_ROOT = 5


class Passages:
    """All sections of one version of the content, searchable by what they give."""

    def __init__(self, content: Content, complaints: Complaints, known: Mapping[str, Floats]) -> None:
        self._sections = tuple(content.sections())
        texts = [section.whole for section in self._sections]
        headings = [section.heading for section in self._sections]
        self._index = Index.build(texts, with_headings(rows(texts, known), rows(headings, known)))
        self._giving = _by_need(self._sections)
        self._complaints, self._known = complaints, known
        self._silent: dict[tuple[str, str], list[Claim]] = {}
        for claim in content.claims:
            if claim.silent:
                self._silent.setdefault((claim.article, claim.section), []).append(claim)

    def best(self, text: str, vector: Floats, need: str | None) -> Iterator[Section]:
        """The sections nearest to a question, best first: only those that give *need*, if one is named."""
        allowed = None if need is None else self._giving.get(need, np.zeros(0, dtype=np.intp))
        for hit in self._index.search(text, vector, allowed, top=_SECTIONS_READ):
            yield self._sections[hit.place]

    def gives(self, need: str) -> bool:
        return need in self._giving

    def likeness(self, section: Section, vector: Floats) -> float:
        """The cosine between *section* as a whole and a question."""
        return float(rows([section.whole], self._known)[0] @ vector)

    def named(self, article: str, slug: str) -> Section | None:
        found = (section for section in self._sections if (section.article, section.slug) == (article, slug))
        return next(found, None)

    def lines(self, section: Section, text: str = "", vector: Floats | None = None) -> tuple[Line, ...]:
        """The sentences of *section* that may be spoken, with their likeness to a question, if any."""
        spoken = list(self._spoken(section))
        if vector is None:
            return tuple(
                Line(*place_and_text, 0.0, self._names(place_and_text[2])) for place_and_text in spoken
            )
        likeness = rows([sentence for _, _, sentence in spoken], self._known, len(vector)) @ vector
        likeness = likeness + _SHARED_WORDS * _shared(text, [sentence for _, _, sentence in spoken])
        return tuple(
            Line(paragraph, place, sentence, float(near), self._names(sentence))
            for (paragraph, place, sentence), near in zip(spoken, likeness, strict=True)
        )

    def _spoken(self, section: Section) -> Iterator[tuple[int, int, str]]:
        silent = self._silent.get((section.article, section.slug), [])
        for number, paragraph in enumerate(section.paragraphs):
            hushed = [span for claim in silent for span in _spans_of(claim.quote, " ".join(paragraph))]
            start = 0
            for place, sentence in enumerate(paragraph):
                stop = start + len(sentence)
                if not any(first < stop and start < last for first, last in hushed):
                    yield number, place, sentence
                start = stop + 1

    def _names(self, sentence: str) -> frozenset[str]:
        return frozenset(
            complaint.id for complaint in self._complaints.named(sentence) if not complaint.general
        )


def _spans_of(quote: str, text: str) -> Iterator[tuple[int, int]]:
    start = text.find(quote)
    while start >= 0:
        yield start, start + len(quote)
        start = text.find(quote, start + 1)


def _shared(question: str, sentences: Sequence[str]) -> Floats:
    """How many of the question's words each sentence has, from 0 to 1; a word in all of them is nothing."""
    asked, held = _roots(question), [_roots(sentence) for sentence in sentences]
    often = Counter(root for roots in held for root in roots & asked)
    weights = {root: float(np.log(len(held) / times)) for root, times in often.items()}
    whole = sum(weights.values()) or 1.0
    return np.array(
        [sum(weights[root] for root in roots & asked) / whole for roots in held], dtype=np.float32
    )


def _roots(text: str) -> set[str]:
    """Beginnings of words: among a dozen sentences injured may well meet injury, and flexible flexibility."""
    return {word[:_ROOT] for word in words(text)}


def _by_need(sections: tuple[Section, ...]) -> dict[str, NDArray[np.intp]]:
    giving: dict[str, list[int]] = {}
    for number, section in enumerate(sections):
        for need in section.gives:
            giving.setdefault(need, []).append(number)
    return {need: np.array(numbers, dtype=np.intp) for need, numbers in giving.items()}
