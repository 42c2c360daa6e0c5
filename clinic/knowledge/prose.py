"""Markdown cut into headings, paragraphs and sentences, each sentence a verbatim span of its paragraph."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
# A full stop after one of these does not end a sentence.
_SHORT = frozenset(
    re.findall(
        r"\S+",
        "e.g i.e etc approx vs cf nos st rd dr mr mrs ms prof min mins max hr hrs a.m p.m tel ext fig ca inc "
        "ltd jan feb mar apr jun jul aug sept oct nov dec mon tue wed thu fri",
    )
)
_END = re.compile(r"""[.!?\u2026]+["'\u2019\u201d)\]]*\s+(?=["'\u2018\u201c(\[]*[A-Z0-9\u00c0-\u00de])""")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, list item or table cell as plain text on one line; `line` is where it starts."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (its level and words) and what stands below it. Level 0: before any heading."""

    level: int
    heading: str
    line: int
    markdown: str
    paragraphs: tuple[Paragraph, ...]


def blocks(markdown: str, offset: int = 0) -> tuple[Block, ...]:
    """*markdown* cut at its headings; lines count from *offset* + 1."""
    lines = markdown.splitlines()
    tokens = _MARKDOWN.parse(markdown)
    starts = [i for i, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0]
    cuts = [*starts, len(tokens)]
    found = [_block(tokens[: cuts[0]], 0, "", 0, cuts_line(tokens, cuts[0], len(lines)), lines, offset)]
    for start, stop in zip(starts, cuts[1:], strict=True):
        first, after = tokens[start].map or [0, 0]
        last = cuts_line(tokens, stop, len(lines))
        level, heading = int(tokens[start].tag[1:]), _plain(tokens[start + 1])
        found.append(_block(tokens[start + 3 : stop], level, heading, first, last, lines, offset, after))
    return tuple(block for block in found if block.level or block.paragraphs)


def cuts_line(tokens: list[Token], position: int, end: int) -> int:
    """The line at which the token at *position* starts, or *end* behind the last one."""
    return (tokens[position].map or [end])[0] if position < len(tokens) else end


def _block(
    tokens: list[Token],
    level: int,
    heading: str,
    first: int,
    last: int,
    lines: list[str],
    offset: int,
    body: int = 0,
) -> Block:
    paragraphs = tuple(
        Paragraph(text, offset + token.map[0] + 1)
        for token in tokens
        if token.type == "inline" and token.map and (text := _plain(token))
    )
    return Block(level, heading, offset + first + 1, "\n".join(lines[body:last]).strip(), paragraphs)


def _plain(token: Token) -> str:
    return " ".join("".join(_text(child) for child in token.children or ()).split())


def _text(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content if token.type in ("text", "text_special", "code_inline", "image") else ""


def to_html(markdown: str) -> str:
    """*markdown* as HTML for a page. Tags in the source are shown as text, never obeyed."""
    return str(_MARKDOWN.render(markdown))


def sentences(paragraph: str) -> tuple[str, ...]:
    """The sentences of *paragraph* in order, each a verbatim span without the space around it."""
    return tuple(paragraph[start:stop] for start, stop in spans(paragraph))


def spans(paragraph: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of *paragraph* start and stop."""
    start = len(paragraph) - len(paragraph.lstrip())
    for end in _END.finditer(paragraph):
        if not _goes_on(paragraph[start : end.end()].rstrip()):
            yield start, end.start() + len(end.group().rstrip())
            start = end.end()
    if paragraph[start:].strip():
        yield start, len(paragraph.rstrip())


def _goes_on(so_far: str) -> bool:
    last = so_far.split()[-1].lower().lstrip("(\"'\u2018\u201c[")
    initial = re.fullmatch(r"[a-z]\.", last) is not None and last not in ("i.", "a.")
    return last.endswith(".") and (initial or last.rstrip(".") in _SHORT)
