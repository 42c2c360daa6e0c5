"""The clinic's own answers: one question a file, spoken only when somebody has confirmed it."""

import re
from dataclasses import dataclass
from datetime import date

from clinic.knowledge.article import SLUG, note_unknown_needs, version_of
from clinic.knowledge.prose import blocks, sentences
from clinic.knowledge.sheet import Sheet

KINDS = ("practice", "health")
STATUSES = ("to-confirm", "confirmed", "retired")
BLANK = re.compile(r"_{2,}")


@dataclass(frozen=True, slots=True)
class Faq:
    """A question, other ways to ask it, and the answer. `about` limits it to some complaints, by id."""

    id: str
    question: str
    also: tuple[str, ...]
    needs: tuple[str, ...]
    about: tuple[str, ...]
    kind: str
    status: str
    by: str
    when: date | None
    review_by: date | None
    paragraphs: tuple[tuple[str, ...], ...]
    markdown: str
    version: str

    @property
    def text(self) -> str:
        return "\n".join(" ".join(paragraph) for paragraph in self.paragraphs)

    @property
    def url(self) -> str:
        return f"/faq/{self.id}"

    def spoken(self, today: date) -> bool:
        """Whether it may be said on *today*: confirmed, and not about health with its review overdue. What is only the
        clinic's practice is said on, while staff are reminded of it."""
        return self.status == "confirmed" and not (self.kind == "health" and self.overdue(today))

    def overdue(self, today: date) -> bool:
        return self.status == "confirmed" and self.review_by is not None and self.review_by < today


def read_faq(name: str, sheet: Sheet, body: str, offset: int, needs: frozenset[str] | None) -> Faq:
    """The FAQ with front matter *sheet* and answer *body*, which starts below line *offset* of its file."""
    found = blocks(body, offset)
    paragraphs = tuple(sentences(paragraph.text) for block in found for paragraph in block.paragraphs)
    question = sheet.text("question")
    text = "\n".join(" ".join(paragraph) for paragraph in paragraphs)
    faq = Faq(
        id=name,
        question=question,
        also=sheet.words("also"),
        needs=sheet.words("needs", required=True),
        about=sheet.words("about"),
        kind=sheet.one_of("kind", KINDS),
        status=sheet.one_of("status", STATUSES),
        by=sheet.text("by", required=False),
        when=sheet.day("when"),
        review_by=sheet.day("review_by"),
        paragraphs=paragraphs,
        markdown=body.strip(),
        version=version_of(question, text),
    )
    sheet.done()
    note_unknown_needs(sheet, faq.needs, needs, sheet.line_of("needs"))
    if not SLUG.fullmatch(name):
        sheet.note(f"{name!r} can't be part of a web address", "Name the file in a-z, 0-9 and single hyphens")
    if any(block.level for block in found):
        sheet.note(
            "an answer has no headings", "Write plain sentences; put the question into `question`", offset + 1
        )
    _check_status(faq, sheet, body, offset)
    return faq


def _check_status(faq: Faq, sheet: Sheet, body: str, offset: int) -> None:
    if not faq.paragraphs:
        sheet.note(
            "there is no answer",
            "Write it below the second `---`, with ___ where you don't know yet",
            offset + 1,
        )
    if faq.status != "confirmed":
        return
    for number, line in enumerate(body.splitlines(), start=offset + 1):
        if BLANK.search(line):
            sheet.note("a confirmed answer has a blank", "Fill it in, or set `status: to-confirm`", number)
    for key in ("by", "when", "review_by"):
        if not sheet.value(key):
            sheet.note(f"a confirmed answer needs `{key}`", f"Add `{key}:`, or set `status: to-confirm`")
    if faq.when and faq.review_by and faq.review_by <= faq.when:
        sheet.note(
            "the review is not after the day of confirming", "Choose a later day", sheet.line_of("review_by")
        )
