"""The clinic's safety rules as data: signs, rules made of them, and what is said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from clinic.conversation import Level
from clinic.errors import ClinicError
from clinic.safety.signs import Pattern

Action = Literal["decline", "clearance", "adapt"]
ACTIONS: tuple[Action, ...] = ("adapt", "clearance", "decline")
"""What a contraindication comes to, the most careful last (SAFETY 3)."""


class SafetyRulesError(ClinicError):
    """The safety rules can't be used as written; the text gives file, line and what to do."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that people say of themselves or of somebody near them.

    `lasting`: a condition that stays true though it began long ago. `though_gone`: one that is no less dangerous when
    it has passed, so that "fine now" does not take it back. `unlikely_with`: groups of words beside which
    it is probably a figure of speech or plain effort; then it counts only together with other words, of a sign neither
    `lasting` nor `background`: one that only tells of time, effort or course. `own`: somebody else's of long ago says
    nothing of anybody now."""

    name: str
    plain: str
    patterns: tuple[Pattern, ...]
    lasting: bool = False
    though_gone: bool = False
    background: bool = False
    own: bool = False
    unlikely_with: tuple[str, ...] = ()
    language: str = ""

    @property
    def is_company(self) -> bool:
        """Whether beside it an unlikely sign is to be believed."""
        return not self.lasting and not self.background


@dataclass(frozen=True, slots=True)
class Row:
    """One way to meet a rule: from every set of `all` one sign, and none of `unless`."""

    all: tuple[frozenset[str], ...]
    unless: frozenset[str] = frozenset()

    @classmethod
    def read(cls, written: str) -> "Row":
        """`chest_pain + sweat/faint - eased`: the first and one of the next two, but not the last."""
        wanted, *unwanted = written.split(" - ")
        choices = tuple(frozenset(split(choice, "/")) for choice in wanted.split("+"))
        return cls(choices, frozenset(map(str.strip, unwanted)))

    def covers(self, other: "Row") -> bool:
        """Whether everything that meets *other* meets this row too."""
        return self.unless <= other.unless and all(any(theirs <= ours for theirs in other.all) for ours in self.all)


@dataclass(frozen=True, slots=True)
class Rule:
    """Any row of `when` is enough. `sources` are codes explained in the file; `advice` names the family of what is
    said, and of a contraindication itself."""

    id: str
    level: Level
    advice: str
    sources: tuple[str, ...]
    version: str
    when: tuple[Row, ...]

    @property
    def signs(self) -> frozenset[str]:
        return frozenset().union(*(choice for row in self.when for choice in row.all))

    @property
    def unless(self) -> frozenset[str]:
        return frozenset().union(*(row.unless for row in self.when))


@dataclass(frozen=True, slots=True)
class Contraindication:
    """What hands-on work needs to know first. `name` completes "You mention ..."; `ask` is a question and `then` what
    follows, in whole sentences."""

    id: str
    version: str
    action: Action
    group: str
    name: str
    ask: str
    then: str


@dataclass(frozen=True, slots=True)
class Group:
    """A line of the check before a booking: what it is `about`, and what applies if an answer names nothing known."""

    id: str
    label: str
    about: str
    action: Action
    ask: str


@dataclass(frozen=True, slots=True)
class Check:
    """The short check between choosing a time and confirming it."""

    version: str
    lines: Mapping[str, str]
    groups: Mapping[str, Group]


@dataclass(frozen=True, slots=True)
class SafetyRules:
    """All that the reader and the advice need. `groups` holds every phrase that is looked for, by group."""

    groups: Mapping[str, tuple[str, ...]]
    bodies: frozenset[str]
    signs: Mapping[str, Sign]
    rules: tuple[Rule, ...]
    contraindications: Mapping[str, Contraindication]
    check: Check
    second: tuple[tuple[Rule, float], ...]
    """What the second reader may raise, the most urgent first, and how sure it has to be, 0 to 1."""
    asks: tuple[Rule, float]
    """The same for a contraindication that it can't name: it only asks."""
    spelling: Mapping[str, Any]
    advice: Mapping[str, Any]
    languages: Mapping[str, Any]
    tongues: Mapping[str, frozenset[str]]
    scripts: Mapping[str, str]
    """By language, small words that it is known by."""
    sources: Mapping[str, str]
    signing: Mapping[str, str]
    """Professions that may sign, and the register of each."""

    @classmethod
    def load(cls, folder: Path) -> "SafetyRules":
        """The rules in *folder*. Raises SafetyRulesError where they can't be relied on."""
        from clinic.safety.rules_file import read_rules
        return read_rules(folder)

    def rows(self) -> Iterator[tuple[Rule, Row]]:
        for rule in self.rules:
            for row in rule.when:
                yield rule, row


def split(written: str, mark: str = ",") -> list[str]:
    return [part.strip() for part in str(written).split(mark) if part.strip()]
