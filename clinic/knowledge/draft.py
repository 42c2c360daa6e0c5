"""From the headings and paragraphs of somebody's text to the draft of an article, to be reviewed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_BYLINE = re.compile(r"by\s+(?P<name>[^.?!]{2,60})", re.IGNORECASE)
_LONGEST_HEADING = 14  # words
_ENDS_A_SENTENCE = (".", "!", ",", ";", ":", "\u2026")
_SMALL_WORD = 4  # letters: shorter ones stay small in a title
_REVIEW = """\
# A draft. Before it is published: put it into your own words or get permission, say in `credit` and `licence`
# whose it is, write into each `gives` what its section answers (an empty one is never quoted), and list each
# health claim in claims.yml. Then delete these lines."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading (level 1 to 6) or a paragraph (level 0), as plain text on one line."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An article to be reviewed. Sections are (heading, paragraphs); a first one without has the title."""

    title: str
    source: str
    date: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]

    def markdown(self) -> str:
        """The draft as an article file whose sections give nothing yet, so that nothing of it is quoted."""
        front = {
            "title": self.title,
            "source": self.source,
            "owner": "third-party",
            "credit": "",
            "licence": "",
        }
        lines = [f"{key}: {_quoted(value)}" for key, value in front.items()]
        lines.insert(2, f"date: {self.date or 'null'}")
        parts = ["---", _REVIEW, *lines, "---"]
        slugs: set[str] = set()
        for heading, paragraphs in self.sections:
            parts += ["", f'## {_escaped(heading)} {{#{_slug(heading, slugs)} gives=""}}']
            for paragraph in paragraphs:
                parts += ["", _escaped(paragraph)]
        return "\n".join(parts) + "\n"


def drafted(pieces: Sequence[Piece], title: str = "", source: str = "", date: str = "") -> Draft:
    """*pieces* as a draft. Where none is a heading, short lines that look like one are taken for such.

    *title*, *source* and *date* are what the file itself knows, else its first heading and `By ...` line."""
    if not any(piece.level for piece in pieces):
        pieces = list(_with_headings(pieces))
    byline = next((piece for piece in pieces[:3] if _byline(piece)), None)
    pieces = [piece for piece in pieces if piece is not byline]
    first = next((piece.text for piece in pieces if piece.level), "")
    title = title or first
    sections = tuple(_sections(pieces, title or "Introduction"))
    name = _byline(byline) if byline else ""
    return Draft(title or sections[0][0] if sections else title, source or name, date, sections)


def _with_headings(pieces: Sequence[Piece]) -> Iterator[Piece]:
    for place, piece in enumerate(pieces):
        followed = place + 1 < len(pieces)
        yield (
            Piece(2, piece.text)
            if followed and not _byline(piece) and looks_like_heading(piece.text)
            else piece
        )


def looks_like_heading(line: str) -> bool:
    """A short line that asks something, or has Title Case or capitals and doesn't end as sentences do."""
    words = re.findall(r"[^\W\d_][\w'\u2019-]*", line)
    if not words or len(line.split()) > _LONGEST_HEADING or line.endswith(_ENDS_A_SENTENCE):
        return False
    large = [word for word in words if len(word) >= _SMALL_WORD] or words
    return line.endswith("?") or all(word[0].isupper() for word in [words[0], *large])


def _byline(piece: Piece) -> str:
    match = _BYLINE.fullmatch(piece.text.strip("*_ "))
    return match["name"] if match else ""


def _sections(pieces: Sequence[Piece], title: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    heading, paragraphs = title, []
    for piece in [*pieces, Piece(1, "")]:
        if not piece.level:
            paragraphs.append(piece.text)
            continue
        if paragraphs:
            yield heading, tuple(paragraphs)
        heading, paragraphs = piece.text, []


def _slug(heading: str, taken: set[str]) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", heading.lower().replace("'", "").replace("\u2019", "")).strip("-")
    short = plain[:48].rsplit("-", 1)[0] if len(plain) > 48 else plain
    slug, number = short or "section", 2
    while slug in taken:
        slug, number = f"{short or 'section'}-{number}", number + 1
    taken.add(slug)
    return slug


def _escaped(text: str) -> str:
    """*text* such that Markdown shows it as it stands."""
    text = re.sub(r"([\\`*_\[\]<>{}&])", r"\\\1", text)
    return re.sub(r"^([#+=~|:-]|\d+[.)])", lambda mark: f"{mark[0][:-1]}\\{mark[0][-1]}", text)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'" if value else '""'
