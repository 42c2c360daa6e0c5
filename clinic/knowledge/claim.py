"""The register of health claims: what each rests on, and whether it may be spoken."""

from collections.abc import Iterator
from dataclasses import dataclass

from clinic.knowledge.article import Article, Section
from clinic.knowledge.sheet import Sheet

SPEAK = ("attributed", "no")


@dataclass(frozen=True, slots=True)
class Claim:
    """A health claim in a section. `quote` is the span that makes it; `evidence` is what it rests on."""

    id: str
    article: str
    section: str
    quote: str
    evidence: str
    speak: str

    @property
    def silent(self) -> bool:
        return self.speak == "no"


def read_claims(sheet: Sheet, articles: tuple[Article, ...]) -> tuple[Claim, ...]:
    """The claims on *sheet*, each checked against the section of *articles* that it quotes."""
    bases = sheet.sheet("evidence", required=False)
    evidence = {key: bases.text(key) for key in bases}
    sections = {(article.slug, section.slug): section for article in articles for section in article.sections}
    claims = tuple(_claims(sheet, evidence, sections))
    sheet.done()
    return claims


def _claims(
    sheet: Sheet, evidence: dict[str, str], sections: dict[tuple[str, str], Section]
) -> Iterator[Claim]:
    seen: set[str] = set()
    for entry in sheet.sheets("claims"):
        basis = entry.text("evidence")
        claim = Claim(
            id=entry.text("id"),
            article=entry.text("article"),
            section=entry.text("section"),
            quote=entry.text("quote"),
            evidence=evidence.get(basis, basis),
            speak=entry.one_of("speak", SPEAK),
        )
        entry.done()
        if claim.id in seen:
            entry.note(f"the id {claim.id!r} is used twice", "Give each claim its own id")
        seen.add(claim.id)
        section = sections.get((claim.article, claim.section))
        if section is None:
            entry.note(f"there is no section {claim.article}#{claim.section}", "Name one that exists")
        elif claim.quote not in section.text:
            entry.note(
                f"{claim.quote!r} does not stand in {claim.article}#{claim.section}",
                "Copy the words from the section exactly, within one paragraph",
                entry.line_of("quote"),
            )
        yield claim
