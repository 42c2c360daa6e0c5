"""What the clinic's own words answer to a question, with proof, or that they don't.

A confirmed FAQ comes first, then a passage of an article, if its section gives what the question needs.
Four rules keep an answer from saying more than its quotes carry:

- What the clinic does not see is never answered from an article on something else.
- A section that goes through complaints by name answers for those that it names. One on shins and knees has
  no answer on a hamstring, even if the clinic sees hamstrings: that is said, and the rest is not covered.
- Where such a section is asked about nothing that the clinic has a word for, it answers only what is plainly
  near to it as a whole: an ailment that nobody listed is not.
- A question that the clinic has written down and not yet answered is not answered from something near it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from clinic.knowledge.article import Section
from clinic.knowledge.complaints import Complaints
from clinic.knowledge.content import Content
from clinic.knowledge.faq import Faq
from clinic.knowledge.lexical import Floats
from clinic.knowledge.passages import Passages
from clinic.knowledge.practice import Complaint
from clinic.knowledge.quoting import Citation, Line, choose, cite, cite_faq, in_general, nearest, opening
from clinic.knowledge.vectors import Encode, missing, rows, wanted

# Cosines of all-MiniLM-L6-v2; tests/clinic/knowledge/test_answer.py has questions on either side of each.
SAME_QUESTION = 0.54  # a confirmed FAQ answers it
THIS_VERY_QUESTION = 0.85  # an FAQ that is still open keeps an article from answering it
PLAINLY_NEAR = 0.48  # a section on complaints, and a question that names none


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: the text and its vector, the need (an intent without `ask_`), and what it is about.

    `subjects` are complaints, as ids or words that `clinic.yml` lists: read in the text or carried over."""

    text: str
    vector: Floats
    need: str
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes that answer, from one article or FAQ. `complaint`: what the clinic sees, for a plain yes."""

    quotes: tuple[Citation, ...]
    title: str
    source: str
    owner: str
    complaint: str | None = None

    @property
    def first_line(self) -> str | None:
        return "sees" if self.complaint else None


@dataclass(frozen=True, slots=True)
class NotCovered:
    """Ours to know, but not written yet. `faq` is the open question that it comes under.

    `sees` is a plain yes or no about `complaint`, or None where neither can be said; `nearby` is what an
    article does say, to be shown only if asked for."""

    faq: str | None
    sees: bool | None = None
    complaint: str | None = None
    nearby: tuple[Citation, ...] = ()

    @property
    def first_line(self) -> str | None:
        return None if self.sees is None else "sees" if self.sees else "does_not_see"


class Knowledge:
    """One version of the content, ready to answer. Built once a version, then only read."""

    def __init__(self, content: Content, vectors: Mapping[str, Floats], encode: Encode) -> None:
        """*vectors* by `key_of` their text; those that are missing are made by *encode*."""
        self.content = content
        self._known = dict(vectors)
        for lot in missing(wanted(content), self._known, encode):
            self._known.update(lot)
        self.complaints = Complaints(content.clinic.complaints)
        self.passages = Passages(content, self.complaints, self._known)
        self._faqs: dict[str, list[tuple[Faq, Floats]]] = {}
        for faq in content.faqs:
            for need in faq.needs if faq.status != "retired" else ():
                self._faqs.setdefault(need, []).append((faq, rows((faq.question, *faq.also), self._known)))

    def answer(self, question: Question, today: date) -> Answer | NotCovered:
        """The quotes that answer *question* on *today*, the clinic's own date."""
        asked = self.complaints.asked(question.text, question.subjects)
        about = tuple(complaint for complaint in asked if not complaint.general)
        refused = next((complaint for complaint in about if not complaint.seen), None)
        written = self._written(question, about)
        likeness, faq = written[0] if written else (-1.0, None)
        if faq and faq.spoken(today) and likeness >= SAME_QUESTION:
            return Answer(cite_faq(faq), faq.question, self.content.clinic.name, "us")
        waits = faq is not None and not faq.spoken(today) and likeness >= THIS_VERY_QUESTION and not about
        found = None if refused or waits else self._from_article(question, asked, about)
        still_open = next((faq for _, faq in written if not faq.spoken(today)), None)
        return found or self._not_covered(question, still_open, refused, about)

    def passage(self, article: str, section: str) -> Answer | None:
        """What a section says, from its beginning, for who asks to see it; None where there is none."""
        found = self.passages.named(article, section)
        lines = opening(self.passages.lines(found)) if found else ()
        return self._answered(found, lines, ()) if found and lines else None

    def _written(self, question: Question, about: Sequence[Complaint]) -> list[tuple[float, Faq]]:
        """The FAQs for the question's need with their likeness to it, the most alike first."""
        named = {complaint.id for complaint in about}
        fitting = [
            (float((phrasings @ question.vector).max()), faq)
            for faq, phrasings in self._faqs.get(question.need, [])
            if not faq.about or named & set(faq.about)
        ]
        return sorted(fitting, key=lambda pair: -pair[0])

    def _from_article(
        self, question: Question, asked: Sequence[Complaint], about: Sequence[Complaint]
    ) -> Answer | None:
        text = " ".join([question.text, *(complaint.name for complaint in about)])
        for section in self.passages.best(text, question.vector, question.need):
            lines = self.passages.lines(section, question.text, question.vector)
            by_name = any(line.names for line in lines)
            if by_name and not asked and self.passages.likeness(section, question.vector) < PLAINLY_NEAR:
                continue
            chosen = _about_these(lines, about) if by_name and about else nearest(in_general(lines))
            if chosen:
                return self._answered(section, chosen, about)
        return None

    def _answered(self, section: Section, chosen: Sequence[Line], about: Sequence[Complaint]) -> Answer:
        article = self.content.article(section.article)
        assert article is not None
        named = {name for line in chosen for name in line.names}
        first = next((complaint for complaint in about if complaint.id in named), next(iter(about), None))
        return Answer(
            cite(section, chosen), article.title, article.source, article.owner, first.name if first else None
        )

    def _not_covered(
        self, question: Question, faq: Faq | None, refused: Complaint | None, about: Sequence[Complaint]
    ) -> NotCovered:
        first = refused or next(iter(about), None)
        return NotCovered(
            faq=faq.id if faq else None,
            sees=first.seen if first else None,
            complaint=first.name if first else None,
            nearby=() if refused or (faq and faq.kind == "practice") else self._nearby(question),
        )

    def _nearby(self, question: Question) -> tuple[Citation, ...]:
        """What the nearest section says: one that gives the need if there is one, else any."""
        need = question.need if self.passages.gives(question.need) else None
        for section in self.passages.best(question.text, question.vector, need):
            chosen = nearest(in_general(self.passages.lines(section, question.text, question.vector)))
            if chosen:
                return cite(section, chosen)
        return ()


def _about_these(lines: Sequence[Line], about: Sequence[Complaint]) -> tuple[Line, ...]:
    """A line for each of the first two complaints, else one and what is true of complaints in general."""
    naming = [[line for line in lines if complaint.id in line.names] for complaint in about]
    found = [options for options in naming if options]
    if not found:
        return ()
    general = [line for line in lines if not line.names]
    return choose(found[0], found[1] if len(found) > 1 else general, worth=0)
