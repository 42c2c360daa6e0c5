"""All that the clinic says, checked as a whole: one folder in, one immutable `Content` out."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from clinic.knowledge.article import Article, Section, read_article
from clinic.knowledge.claim import Claim, read_claims
from clinic.knowledge.faq import Faq, read_faq
from clinic.knowledge.frozen_json import from_plain, to_plain
from clinic.knowledge.practice import ClinicFacts
from clinic.knowledge.practice_sheet import read_clinic
from clinic.knowledge.problems import ContentError, Problem
from clinic.knowledge.sheet import Sheet, read_sheet
from clinic.knowledge.words import OF_PLACES, Words, read_words
from clinic.privacy.keeping import Register, read_register

_FRONT = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Content:
    """What passed the check. `version` changes with any word of it; reading it again gives the same."""

    version: str
    clinic: ClinicFacts
    articles: tuple[Article, ...]
    faqs: tuple[Faq, ...]
    claims: tuple[Claim, ...]
    words: Words
    privacy: Register

    def sections(self) -> Iterator[Section]:
        for article in self.articles:
            yield from article.sections

    def article(self, slug: str) -> Article | None:
        return next((article for article in self.articles if article.slug == slug), None)

    def faq(self, name: str) -> Faq | None:
        return next((faq for faq in self.faqs if faq.id == name), None)

    def to_confirm(self, today: date) -> tuple[Faq, ...]:
        """What the clinic has yet to write, or to look at again by *today*."""
        return tuple(faq for faq in self.faqs if faq.status == "to-confirm" or faq.overdue(today))

    def to_json(self) -> str:
        """Everything as JSON, to be stored as one published version."""
        return json.dumps(to_plain(self), ensure_ascii=False)

    @staticmethod
    def from_json(stored: str) -> "Content":
        """What `to_json` stored, equal to what it was."""
        return from_plain(Content, json.loads(stored))


def load(folder: Path) -> Content:
    """The content in *folder*. Raises ContentError with all that is wrong, by file and line."""
    return read(texts_in(folder))


def texts_in(folder: Path) -> dict[str, str]:
    """The files of *folder* that this room reads, by their path below it."""
    names = [folder / name for name in ("clinic.yml", "words.yml", "claims.yml", "privacy.yml")]
    names = [name for name in names if name.is_file()]
    names += sorted(folder.glob("articles/*.md")) + sorted(folder.glob("faq/*.md"))
    problems, texts = [], {}
    for name in names:
        place = name.relative_to(folder).as_posix()
        try:
            texts[place] = name.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            line = name.read_bytes()[: error.start].count(b"\n") + 1
            problems.append(Problem(place, line, "this is not UTF-8 text", "Save the file again as UTF-8"))
    if problems:
        raise ContentError(problems)
    return texts


def read(texts: Mapping[str, str]) -> Content:
    """The content in *texts*, by path, as `load` finds them in a folder. Raises ContentError."""
    problems: list[Problem] = []
    words = read_words(_sheet(texts, "words.yml", problems))
    needs = frozenset(words.needs) or None  # a broken words.yml must not make every need look unknown
    clinic = read_clinic(_sheet(texts, "clinic.yml", problems))
    articles = tuple(
        read_article(name, sheet, body, offset, needs)
        for name, sheet, body, offset in _documents(texts, "articles/", problems)
    )
    faqs = tuple(
        read_faq(name, sheet, body, offset, needs)
        for name, sheet, body, offset in _documents(texts, "faq/", problems)
    )
    register = read_register(_sheet(texts, "privacy.yml", problems))
    claims = read_claims(read_sheet("claims.yml", texts.get("claims.yml", ""), problems), articles)
    _check_about(faqs, clinic, problems)
    if len(clinic.places) > 1:
        problems += [Problem("words.yml", 1, f"`choices` has no label `{key}`, and clinic.yml has several places",
                             f"Add a line `{key}: ...` under `choices`")
                     for key in OF_PLACES if key not in words.choices]
    if problems:
        raise ContentError(problems)
    return Content(_version(texts), clinic, articles, faqs, claims, words, register)


def _sheet(texts: Mapping[str, str], name: str, problems: list[Problem]) -> Sheet:
    if name not in texts:
        problems.append(
            Problem(name, 1, "the file is missing", "Copy it from the sample, or run `frontdesk init`")
        )
        return Sheet(name, None, [])
    return read_sheet(name, texts[name], problems)


def _documents(
    texts: Mapping[str, str], below: str, problems: list[Problem]
) -> Iterator[tuple[str, Sheet, str, int]]:
    """Name, front matter, body, and how many lines stand before the body, for each file below a folder."""
    for place, text in texts.items():
        if not place.startswith(below):
            continue
        front = _FRONT.match(text)
        if front is None:
            problems.append(
                Problem(
                    place,
                    1,
                    "the front matter is missing",
                    "Start the file with ---, then `key: value` lines, then --- again",
                )
            )
            continue
        sheet = read_sheet(place, front[1], problems, offset=1)
        yield (
            place.removeprefix(below).removesuffix(".md"),
            sheet,
            text[front.end() :],
            text[: front.end()].count("\n"),
        )


def _check_about(faqs: tuple[Faq, ...], clinic: ClinicFacts, problems: list[Problem]) -> None:
    known = {complaint.id for complaint in clinic.complaints}
    for faq in faqs:
        for name in faq.about:
            if name not in known:
                problems.append(
                    Problem(
                        f"faq/{faq.id}.md",
                        1,
                        f"`about` names {name!r}, which clinic.yml does not",
                        "Use an id from `sees` or `does_not_see`",
                    )
                )


def _version(texts: Mapping[str, str]) -> str:
    whole = "\x00".join(f"{place}\x00{texts[place]}" for place in sorted(texts))
    return sha256(whole.encode()).hexdigest()[:16]
