"""Articles: Markdown files whose sections say what they give an answer to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from clinic.knowledge.prose import Block, blocks, sentences
from clinic.knowledge.sheet import Sheet

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
OWNERS = ("us", "third-party")
# ## What it is {#what-it-is gives="definition benefits"}
_MARKED = re.compile(
    r"(?P<heading>.*?)\s*\{#(?P<slug>[^\s}]+)\s+gives=[\"\u201c](?P<gives>[^\"\u201d]*)[\"\u201d]\s*}"
)
_MARK_EXAMPLE = 'Write it like `## The heading {#a-short-name gives="definition"}`'


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its sentences by paragraph, and the needs that it gives an answer to."""

    article: str
    slug: str
    heading: str
    gives: tuple[str, ...]
    paragraphs: tuple[tuple[str, ...], ...]
    markdown: str
    version: str

    @property
    def text(self) -> str:
        return "\n".join(" ".join(paragraph) for paragraph in self.paragraphs)

    @property
    def whole(self) -> str:
        """Heading and text: what is searched."""
        return f"{self.heading}\n{self.text}"

    @property
    def url(self) -> str:
        return f"/articles/{self.article}#{self.slug}"


@dataclass(frozen=True, slots=True)
class Article:
    """An article and whose it is: `us`, or a third party that each quote is credited to."""

    slug: str
    title: str
    source: str
    author: str
    date: date | None
    owner: str
    credit: str
    licence: str
    original_title: str
    original_url: str
    sections: tuple[Section, ...]


def version_of(*texts: str) -> str:
    """A short hash of what is said, which changes when a word of it changes."""
    return sha256("\x00".join(texts).encode()).hexdigest()[:12]


def read_article(slug: str, sheet: Sheet, body: str, offset: int, needs: frozenset[str] | None) -> Article:
    """The article with front matter *sheet* and Markdown *body*, which starts below line *offset* of a file.

    What its sections may give is checked against *needs*, unless that is None."""
    article = Article(
        slug=slug,
        title=sheet.text("title"),
        source=sheet.text("source"),
        author=sheet.text("author", required=False),
        date=sheet.day("date"),
        owner=sheet.one_of("owner", OWNERS),
        credit=sheet.text("credit", required=False),
        licence=sheet.text("licence", required=False),
        original_title=sheet.text("original_title", required=False),
        original_url=sheet.text("original_url", required=False),
        sections=tuple(_sections(slug, sheet, body, offset, needs)),
    )
    if not SLUG.fullmatch(slug):
        sheet.note(f"{slug!r} can't be part of a web address", "Name the file in a-z, 0-9 and single hyphens")
    if not article.sections:
        sheet.note("the article has no section", _MARK_EXAMPLE)
    sheet.done()
    return article


def _sections(
    slug: str, sheet: Sheet, body: str, offset: int, needs: frozenset[str] | None
) -> Iterator[Section]:
    seen: set[str] = set()
    for block in blocks(body, offset):
        section = _section(slug, sheet, block, needs)
        if section is None:
            continue
        if section.slug in seen:
            sheet.note(f"two sections are called {section.slug!r}", "Give each its own name", block.line)
        seen.add(section.slug)
        yield section


def _section(slug: str, sheet: Sheet, block: Block, needs: frozenset[str] | None) -> Section | None:
    if block.level == 0:
        sheet.note(
            "there is text before the first heading",
            "Put it into a section of its own, or delete it",
            block.paragraphs[0].line,
        )
        return None
    mark = _MARKED.fullmatch(block.heading)
    if mark is None:
        sheet.note("this heading doesn't say its name and what it gives", _MARK_EXAMPLE, block.line)
        return None
    gives = tuple(mark["gives"].replace(",", " ").split())
    _check(sheet, block, mark["slug"], gives, needs)
    paragraphs = tuple(sentences(paragraph.text) for paragraph in block.paragraphs)
    text = "\n".join(paragraph.text for paragraph in block.paragraphs)
    return Section(
        article=slug,
        slug=mark["slug"],
        heading=mark["heading"],
        gives=gives,
        paragraphs=paragraphs,
        markdown=block.markdown,
        version=version_of(mark["heading"], text),
    )


def _check(
    sheet: Sheet, block: Block, slug: str, gives: tuple[str, ...], needs: frozenset[str] | None
) -> None:
    if not SLUG.fullmatch(slug):
        sheet.note(f"{slug!r} can't be part of a web address", "Use a-z, 0-9 and single hyphens", block.line)
    if not block.paragraphs:
        sheet.note("the section is empty", "Write at least one sentence, or delete the heading", block.line)
    note_unknown_needs(sheet, gives, needs, block.line)


def note_unknown_needs(sheet: Sheet, named: tuple[str, ...], needs: frozenset[str] | None, line: int) -> None:
    for need in named:
        if needs is not None and need not in needs:
            sheet.note(f"nobody asks for {need!r}", f"Use one of: {', '.join(sorted(needs))}", line)
