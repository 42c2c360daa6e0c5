"""From the sentences of a section to a quote: verbatim, short, and about what was asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clinic.knowledge.article import Section
from clinic.knowledge.faq import Faq

# A reply is 60 words at most before the fold; a first line and a next step want their share of them.
WORDS_QUOTED = 45
# A second sentence is worth its words only if it is nearly as near to the question as the first.
_WORTH_ADDING = 0.75
_AN_OVERVIEW = 4  # names in one sentence: it speaks of complaints in general


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim span of the content: where it stands, under which heading, and the version of that text."""

    article: str
    section: str
    heading: str
    quote: str
    url: str
    version: str


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a section by paragraph and place in it, with its likeness to the question.

    `names` are the ids of the complaints that it speaks of; an ache in general is none."""

    paragraph: int
    place: int
    text: str
    likeness: float
    names: frozenset[str] = frozenset()

    @property
    def length(self) -> int:
        return len(self.text.split())

    def goes_before(self, other: "Line") -> bool:
        return (self.paragraph, self.place + 1) == (other.paragraph, other.place)


def choose(
    leading: Sequence[Line], supporting: Sequence[Line], worth: float = _WORTH_ADDING
) -> tuple[Line, ...]:
    """The best line of *leading*, and one of *supporting* where it is nearly as near, in their own order."""
    first = max(leading, key=lambda line: line.likeness)
    room = WORDS_QUOTED - first.length
    others = [line for line in supporting if line != first and line.length <= room]
    second = max(others, key=lambda line: line.likeness, default=None)
    if second is None or second.likeness < worth * first.likeness:
        return (first,)
    return tuple(sorted((first, second), key=lambda line: (line.paragraph, line.place)))


def nearest(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The best of *lines*, and another that speaks of no complaint, where it adds something."""
    return choose(lines, [line for line in lines if not line.names]) if lines else ()


def opening(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The first of *lines* that speak in general, as many as there is room for."""
    taken: list[Line] = []
    for line in in_general(lines):
        if taken and sum(other.length for other in taken) + line.length > WORDS_QUOTED:
            break
        taken.append(line)
    return tuple(taken)


def in_general(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Those of *lines* that don't speak of one or a few complaints only."""
    return tuple(line for line in lines if not line.names or len(line.names) >= _AN_OVERVIEW)


def in_particular(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Those of *lines* that speak of few complaints, or all of them where none does."""
    return tuple(line for line in lines if len(line.names) < _AN_OVERVIEW) or tuple(lines)


def cite(section: Section, lines: Sequence[Line]) -> tuple[Citation, ...]:
    """One citation a line; lines that follow each other become one."""
    return tuple(
        Citation(section.article, section.slug, section.heading, text, section.url, section.version)
        for text in _joined(lines)
    )


def _joined(lines: Sequence[Line]) -> Iterator[str]:
    text = ""
    for before, line in zip((None, *lines), lines, strict=False):
        if before is not None and before.goes_before(line):
            text += f" {line.text}"
            continue
        if text:
            yield text
        text = line.text
    if text:
        yield text


def cite_faq(faq: Faq) -> tuple[Citation, ...]:
    """The answer's paragraphs from the first on, as many as there is room for; always the first."""
    quotes: list[str] = []
    for paragraph in faq.paragraphs:
        text = " ".join(paragraph)
        if quotes and len(" ".join([*quotes, text]).split()) > WORDS_QUOTED:
            break
        quotes.append(text)
    return tuple(
        Citation(f"faq/{faq.id}", faq.id, faq.question, text, faq.url, faq.version) for text in quotes
    )
