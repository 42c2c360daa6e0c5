"""What the clinic's own words answer to a question, with proof, or that they don't.

A confirmed FAQ comes first, then a passage of an article, if its section gives what the question needs.
Where either of two needs may be meant, a line for each is quoted.
Four rules keep an answer from saying more than its quotes carry:

- What the clinic does not see is never answered from an article on something else.
- A section that goes through complaints by name answers for those that it names. One on shins and knees has
  no answer on a hamstring, even if the clinic sees hamstrings: that is said, and the rest is not covered.
- Where such a section is asked about an ailment, by no word that the clinic has, it answers only what is plainly
  near to it as a whole: an ailment that nobody listed is not (`of_a_complaint` in words.yml says which needs are so).
- A question that the clinic has written down and not yet answered is not answered from something near it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from clinic.knowledge.article import Section
from clinic.knowledge.complaints import Complaints
from clinic.knowledge.content import Content
from clinic.knowledge.faq import Faq
from clinic.knowledge.lexical import Floats
from clinic.knowledge.passages import Passages
from clinic.knowledge.practice import Complaint
from clinic.knowledge.quoting import (
    WORDS_QUOTED,
    Citation,
    Line,
    choose,
    cite,
    cite_faq,
    in_general,
    in_particular,
    nearest,
    opening,
)
from clinic.knowledge.vectors import Encode, missing, rows, wanted

# Cosines of all-MiniLM-L6-v2; tests/clinic/knowledge/test_answer.py has questions on either side of each.
SAME_QUESTION = 0.54  # a confirmed FAQ for the need answers it
PLAINLY_THE_SAME = 0.62  # one for another need does too: a need is only what the message was taken for
THIS_VERY_QUESTION = 0.85  # an FAQ that is still open keeps an article from answering it
ABOUT_A_COMPLAINT = 0.66  # the same, where a complaint is named and the section does not name it
PLAINLY_NEAR = 0.40  # a section on complaints, and a question that names none


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: the text and its vector, the need (an intent without `ask_`), and what it is about.

    `subjects` are complaints, as ids or words that `clinic.yml` lists: read in the text or carried over.
    `perhaps` is another need that the message may have had in mind."""

    text: str
    vector: Floats
    need: str
    subjects: tuple[str, ...] = ()
    perhaps: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes that answer, from one article or FAQ. `complaint`: what the clinic sees, for a plain yes."""

    quotes: tuple[Citation, ...]
    title: str
    source: str
    owner: str
    complaint: str | None = None


@dataclass(frozen=True, slots=True)
class NotCovered:
    """A question for the clinic that nobody has answered in writing. `faq` is the open question that it comes under.

    `sees` is a plain yes or no about `complaint`, or None where neither can be said; `nearby` is what an
    article does say, to be shown only if asked for."""

    faq: str | None
    sees: bool | None = None
    complaint: str | None = None
    nearby: tuple[Citation, ...] = ()


class Knowledge:
    """One version of the content, ready to answer. Built once a version, then only read."""

    def __init__(self, content: Content, vectors: Mapping[str, Floats], encode: Encode) -> None:
        """*vectors* by `key_of` their text; those that are missing are made by *encode*."""
        self.content = content
        self._known = dict(vectors)
        for lot in missing(wanted(content), self._known, encode):
            self._known.update(lot)
        self.complaints = Complaints(content.clinic.complaints, content.words.figures)
        self.passages = Passages(content, self.complaints, self._known)
        self._faqs = [(faq, rows((faq.question, *faq.also), self._known)) for faq in content.faqs
                      if faq.status != "retired"]

    @property
    def known(self) -> Mapping[str, Floats]:
        """The vectors of its texts, by `key_of` each: another version need not make them again."""
        return self._known

    def answer(self, question: Question, today: date) -> Answer | NotCovered:
        """The quotes that answer *question* on *today*, the clinic's own date."""
        reading = _Reading(question, self.complaints.asked(question.text, question.subjects))
        written = self._written(reading)
        likeness, faq = written[0] if written else (-1.0, None)
        if faq and faq.spoken(today) and likeness >= SAME_QUESTION:
            return self._quoted(faq)
        if told := self.told(question.vector, today, above=max(likeness, PLAINLY_THE_SAME)):
            return told
        near = ABOUT_A_COMPLAINT if reading.about else THIS_VERY_QUESTION
        waits = faq is not None and not faq.spoken(today) and likeness >= near
        found = None if reading.refused else self._from_article(reading, reading.question.need, waits)
        if found and question.perhaps:
            found = self._for_both(reading, question.perhaps, waits) or found
        still_open = next((faq for _, faq in written if not faq.spoken(today)), None)
        return found or self._not_covered(reading, still_open)

    def told(self, vector: Floats, today: date, above: float = PLAINLY_THE_SAME) -> Answer | None:
        """The confirmed FAQ that asks what *vector* asks, whatever its needs; None where none is alike enough."""
        alike = [(float((phrasings @ vector).max()), faq) for faq, phrasings in self._faqs
                 if faq.spoken(today) and not faq.about]
        likeness, faq = max(alike, key=lambda pair: pair[0], default=(-1.0, None))
        return self._quoted(faq) if faq and likeness >= above else None

    def passage(self, article: str, section: str) -> Answer | None:
        """What a section says, from its beginning, for who asks to see it; None where there is none."""
        found = self.passages.named(article, section)
        lines = opening(self.passages.lines(found)) if found else ()
        return self._answered(found, lines, ()) if found and lines else None

    def _written(self, reading: "_Reading") -> list[tuple[float, Faq]]:
        """The FAQs for the question's need with their likeness to it, the most alike first."""
        named = {complaint.id for complaint in reading.about}
        fitting = [
            (float((phrasings @ reading.question.vector).max()), faq)
            for faq, phrasings in self._faqs
            if reading.question.need in faq.needs and (not faq.about or named & set(faq.about))
        ]
        return sorted(fitting, key=lambda pair: -pair[0])

    def _for_both(self, reading: "_Reading", perhaps: str, waits: bool) -> Answer | None:
        """A line for what was asked and one for what may have been; None where one source has no room for both."""
        first, second = (self._from_article(reading, need, waits, lines=1)
                         for need in (reading.question.need, perhaps))
        if first is None or second is None or first.title != second.title or first.quotes == second.quotes:
            return None
        quotes = (*first.quotes, *second.quotes)
        room = sum(len(citation.quote.split()) for citation in quotes) <= WORDS_QUOTED
        return replace(first, quotes=quotes) if room else None

    def _from_article(self, reading: "_Reading", need: str, waits: bool, lines: int = 2) -> Answer | None:
        """An answer to *need* from the best section that has one; where the question *waits*, only one by name."""
        vector = reading.question.vector
        for section in self.passages.best(reading.text, vector, need):
            found = self.passages.lines(section, reading.text, vector)
            by_name = any(line.names for line in found)
            if by_name and not reading.named and self._far(section, need, vector):
                continue
            if by_name and reading.about:
                chosen = _about_these(found, reading.about)
            else:
                chosen = () if waits else nearest(in_general(found))
            if chosen:
                return self._answered(section, _best(chosen, lines), reading.about)
        return None

    def _far(self, section: Section, need: str, vector: Floats) -> bool:
        """Whether a question is about something somebody has, and that may be something else than *section* means."""
        return (need in self.content.words.of_a_complaint
                and self.passages.likeness(section, vector) < PLAINLY_NEAR)

    def _quoted(self, faq: Faq) -> Answer:
        return Answer(cite_faq(faq), faq.question, self.content.clinic.name, "us")

    def _answered(self, section: Section, chosen: Sequence[Line], about: Sequence[Complaint]) -> Answer:
        article = self.content.article(section.article)
        assert article is not None
        named = {name for line in chosen for name in line.names}
        first = next((complaint for complaint in about if complaint.id in named), next(iter(about), None))
        return Answer(
            cite(section, chosen), article.title, article.source, article.owner, first.name if first else None
        )

    def _not_covered(self, reading: "_Reading", faq: Faq | None) -> NotCovered:
        """A plain yes or no is in place only where a passage might have answered, not where safety is asked."""
        given = self.passages.gives(reading.question.need)
        first = reading.refused or next(iter(reading.about), None) if given else None
        shown = not reading.refused and (faq is None or faq.kind == "health")
        return NotCovered(
            faq=faq.id if faq else None,
            sees=first.seen if first else None,
            complaint=first.name if first else None,
            nearby=self._nearby(reading, given) if shown else (),
        )

    def _nearby(self, reading: "_Reading", given: bool) -> tuple[Citation, ...]:
        """What the nearest section says: one that gives the need if there is one, else any."""
        vector = reading.question.vector
        for section in self.passages.best(reading.text, vector, reading.question.need if given else None):
            chosen = nearest(in_general(self.passages.lines(section, reading.text, vector)))
            if chosen:
                return cite(section, chosen)
        return ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """A question with the complaints that it names."""

    question: Question
    named: tuple[Complaint, ...]

    @property
    def about(self) -> tuple[Complaint, ...]:
        """Those with a place on the body, or an illness."""
        return tuple(complaint for complaint in self.named if not complaint.general)

    @property
    def refused(self) -> Complaint | None:
        return next((complaint for complaint in self.about if not complaint.seen), None)

    @property
    def text(self) -> str:
        """The question with the complaints called what the clinic calls them."""
        return " ".join([self.question.text, *(complaint.name for complaint in self.named)])


def _best(lines: Sequence[Line], most: int) -> Sequence[Line]:
    """At most *most* of *lines*, in their own order."""
    best = sorted(lines, key=lambda line: -line.likeness)[:most]
    return [line for line in lines if line in best]


def _about_these(lines: Sequence[Line], about: Sequence[Complaint]) -> tuple[Line, ...]:
    """A line for each of the first two complaints, else one and what is true of complaints in general."""
    naming = [in_particular([line for line in lines if complaint.id in line.names]) for complaint in about]
    found = [options for options in naming if options]
    if not found:
        return ()
    general = [line for line in lines if not line.names]
    return choose(found[0], found[1] if len(found) > 1 else general, worth=0)
