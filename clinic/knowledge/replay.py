"""Questions that were answered once must be answered ever after: `checks.yml`, replayed before a change goes live."""
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from clinic.knowledge.answer import Answer, Knowledge, Question
from clinic.knowledge.problems import ContentError, Problem
from clinic.knowledge.vectors import Encode

FILE = "checks.yml"


@dataclass(frozen=True, slots=True)
class Check:
    """*asked*, taken for a question of *need*, is answered by the FAQ entry *answer*."""

    asked: str
    need: str
    answer: str
    by: str = ""
    when: str = ""


def checks_in(folder: Path) -> list[Check]:
    """The checks of a content folder; none where it has no `checks.yml`. Raises ContentError."""
    file = folder / FILE
    if not file.is_file():
        return []
    try:
        rows = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8")) or []
        return [Check(**{key: str(value) for key, value in row.items()}) for row in rows]
    except (YAMLError, UnicodeDecodeError, TypeError, AttributeError) as error:
        raise ContentError([Problem(FILE, 1, "this is no list of checks", "Each has `asked`, `need`, `answer`, `by` "
                                    "and `when`")]) from error


def as_text(checks: Iterable[Check]) -> str:
    """*checks* as their file."""
    yaml, out = YAML(), StringIO()
    yaml.width, yaml.allow_unicode = 110, True
    yaml.dump([asdict(check) for check in checks], out)
    return out.getvalue()


def with_new(checks: Iterable[Check], new: Iterable[Check]) -> list[Check]:
    """*checks* and the *new* ones, each question once: the last word counts."""
    by_question = {check.asked.casefold(): check for check in checks}
    by_question |= {check.asked.casefold(): check for check in new}
    return list(by_question.values())


def failing(knowledge: Knowledge, encode: Encode, checks: Iterable[Check],
            today: date) -> list[tuple[Check, str | None]]:
    """The checks that *knowledge* does not keep, each with the article or entry that answers instead, if any does."""
    found = []
    for check in checks:
        vector = encode([check.asked])[0]
        got = knowledge.answer(Question(check.asked, vector, check.need), today)
        told = got.quotes[0].article if isinstance(got, Answer) else None
        if told != f"faq/{check.answer}":
            found.append((check, told))
    return found
