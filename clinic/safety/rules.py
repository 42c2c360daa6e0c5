"""The clinic's safety rules as written in `content/safety.yml`, read once and checked whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from clinic.errors import ClinicError
from clinic.safety import context, heard
from clinic.safety.reading import Level
from clinic.safety.signs import Pattern
from clinic.safety.text import plain

LEVELS = ("none", "gp", "urgent", "emergency")
READERS_GROUPS = (*heard.NEEDED, *context.NEEDED)


class SafetyRulesError(ClinicError):
    """The safety rules can't be used as written; the text gives file, line and what to do."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that people say of themselves or of somebody near them.

    `lasting`: a condition that stays true though it began long ago. `though_gone`: one that is no less dangerous when
    it has passed, so that "fine now" does not take it back. `unlikely_with`: groups of words beside which
    it is probably a figure of speech or plain effort; then it counts only together with other words, of a sign neither
    `lasting` nor `background`: one that only tells of time, effort or course."""

    name: str
    plain: str
    patterns: tuple[Pattern, ...]
    lasting: bool = False
    though_gone: bool = False
    background: bool = False
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
        choices = tuple(frozenset(_split(choice, "/")) for choice in wanted.split("+"))
        return cls(choices, frozenset(map(str.strip, unwanted)))


@dataclass(frozen=True, slots=True)
class Rule:
    """Any row of `when` is enough. `sources` are codes explained in the file."""

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
class SafetyRules:
    """All that the reader and the advice need. `groups` holds every phrase that is looked for, by group."""

    groups: Mapping[str, tuple[str, ...]]
    bodies: frozenset[str]
    signs: Mapping[str, Sign]
    rules: tuple[Rule, ...]
    spelling: Mapping[str, Any]
    advice: Mapping[str, Any]
    languages: Mapping[str, Any]
    sign_off: Mapping[str, Any]

    @classmethod
    def load(cls, path: Path) -> "SafetyRules":
        """The rules at *path*. Raises SafetyRulesError where they can't be relied on."""
        return _Draft(path).finished()


class _Draft:
    """A rules file while it is read. Knows on which line everything stands."""

    def __init__(self, path: Path):
        self.path = path
        try:
            node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        except (OSError, UnicodeDecodeError) as error:
            raise SafetyRulesError(f"{path}: can't be read ({error}). Restore the file.") from error
        except yaml.YAMLError as error:
            raise SafetyRulesError(f"{path}: not valid YAML: {error}") from error
        self.lines = dict(_lines(node)) if node else {}
        loader = yaml.CSafeLoader("")
        self.data = loader.construct_document(node) if node else {}
        self.words = {name: _split(written) for name, written in self._section("words").items()}
        self.groups: dict[str, tuple[str, ...]] = {}
        self.body_names = frozenset(_split(self._need("bodies")))
        self.bodies: set[str] = set(self.body_names)

    def finished(self) -> SafetyRules:
        for name in (*READERS_GROUPS, *self.body_names):
            self._group(name, ("words",))
        signs = {name: self._sign(name, written) for name, written in self._section("signs").items()}
        languages = self._section("languages")
        rules = [self._rule(number, written) for number, written in enumerate(self._need("rules"))]
        rules = [self._with_languages(rule, languages, signs) for rule in rules]
        self._check(signs, rules)
        return SafetyRules(self.groups, frozenset(self.bodies), signs, tuple(rules), self._section("spelling"),
                           self._section("advice"), languages, self._section("sign_off"))

    # -- parts -------------------------------------------------------------------------------------------

    def _sign(self, name: str, written: Mapping[str, Any]) -> Sign:
        where = ("signs", name)
        for key in ("says", "plain"):
            if not written.get(key):
                self._fail(where, f"sign '{name}' has no `{key}`", f"Add `{key}:` to it, or delete the sign.")
        unlikely = tuple(_split(written.get("unlikely_with", "")))
        for group in unlikely:
            self._group(group, where)
        return Sign(name, written["plain"], self._patterns(written["says"], where), unlikely_with=unlikely,
                    lasting=bool(written.get("lasting")), though_gone=bool(written.get("though_gone")),
                    background=bool(written.get("background")))

    def _patterns(self, written: list[str], where: tuple) -> tuple[Pattern, ...]:
        return tuple(self._pattern(one, where) for one in written)

    def _pattern(self, written: str, where: tuple) -> Pattern:
        pattern = Pattern.read(str(written))
        for group in pattern.groups:
            if not group.startswith('"'):
                self._group(group, where)
                continue
            parts = [part.strip() for part in group.strip('"').split("|")]
            for part in parts:
                if part.startswith("<"):
                    self._group(part.strip("<>"), where)
            self.groups[group] = tuple(phrase for part in parts for phrase in self._phrases(part))
            if any(part.strip("<>") in self.body_names for part in parts if part.startswith("<")):
                self.bodies.add(group)
        return pattern

    def _phrases(self, part: str) -> tuple[str, ...]:
        return self.groups[part.strip("<>")] if part.startswith("<") else (_as_typed(part),)

    def _group(self, name: str, where: tuple, seen: tuple[str, ...] = ()) -> tuple[str, ...]:
        if name in self.groups:
            return self.groups[name]
        if name not in self.words or name in seen:
            self._fail(where, f"there is no group of words '{name}'", "Add it under `words:`, or mend its name.")
        phrases: list[str] = []
        for phrase in self.words[name]:
            if phrase.startswith("<"):
                phrases += self._group(phrase.strip("<>"), ("words", name), (*seen, name))
            else:
                phrases.append(_as_typed(phrase))
        self.groups[name] = tuple(dict.fromkeys(phrases))
        return self.groups[name]

    def _rule(self, number: int, written: Mapping[str, Any]) -> Rule:
        where = ("rules", number)
        missing = [key for key in ("id", "level", "advice", "sources", "version", "any") if not written.get(key)]
        if missing:
            self._fail(where, f"rule {written.get('id', '?')} lacks {', '.join(missing)}", "Write it in.")
        if written["level"] not in LEVELS[1:]:
            self._fail(where, f"unknown level '{written['level']}'", f"Use one of {', '.join(LEVELS[1:])}.")
        return Rule(written["id"], written["level"], written["advice"], tuple(_split(written["sources"], " ")),
                    written["version"], tuple(Row.read(row) for row in written["any"]))

    def _with_languages(self, rule: Rule, languages: Mapping[str, Any], signs: dict[str, Sign]) -> Rule:
        """The same rule, met by its signs in other languages too."""
        extra = []
        for language, told in languages.items():
            said = told["says"].get(rule.id) if rule.level in ("emergency", "urgent") else None
            name = f"{rule.id} in {language}"
            if said and name not in signs:
                where = ("languages", language, "says", rule.id)
                signs[name] = Sign(name, told["name"], self._patterns(said, where), language=language)
                extra.append(Row((frozenset({name}),)))
        return replace(rule, when=(*rule.when, *extra))

    # -- checks ------------------------------------------------------------------------------------------

    def _check(self, signs: Mapping[str, Sign], rules: list[Rule]) -> None:
        seen: dict[tuple[str, str], int] = {}
        for number, rule in enumerate(rules):
            where = ("rules", number)
            for name in sorted(rule.signs | rule.unless):
                if name not in signs:
                    self._fail(where, f"rule {rule.id} names an unknown sign '{name}'",
                               "Add the sign, or mend its name.")
            for row in rule.when:
                if any(choice <= row.unless for choice in row.all):
                    self._fail(where, f"rule {rule.id} asks for a sign and excludes it",
                               "Change what stands after ` - `.")
            if (rule.id, rule.level) in seen:
                self._fail(where, f"rule {rule.id} ({rule.level}) is written twice", "Put both under one `any:`.")
            seen[rule.id, rule.level] = number
            if not self.data["advice"].get("families", {}).get(rule.advice, {}).get(rule.level):
                self._fail(where, f"no advice '{rule.advice}' for level {rule.level}",
                           f"Write it under advice: families: {rule.advice}: {rule.level}.")
        self._check_use(signs, rules)

    def _check_use(self, signs: Mapping[str, Sign], rules: list[Rule]) -> None:
        used = frozenset().union(*(rule.signs | rule.unless for rule in rules))
        for name in signs:
            if name not in used:
                self._fail(("signs", name), f"no rule uses the sign '{name}'", "Use it in a rule, or delete it.")
        for language, told in self._section("languages").items():
            for rule in told["says"]:
                if f"{rule} in {language}" not in signs:
                    self._fail(("languages", language, "says", rule), f"there is no rule {rule}", "Mend its id.")

    def _section(self, name: str) -> Mapping[str, Any]:
        section = self._need(name)
        if not isinstance(section, dict):
            self._fail((name,), f"`{name}` is not a list of names with what they hold", "See the other sections.")
        return section

    def _need(self, name: str) -> Any:
        if not isinstance(self.data, dict) or not self.data.get(name):
            self._fail((), f"`{name}:` is missing or empty", "Restore it from the sample clinic's file.")
        return self.data[name]

    def _fail(self, where: tuple, what: str, remedy: str) -> None:
        line = next((self.lines[where[:n]] for n in range(len(where), 0, -1) if where[:n] in self.lines), 1)
        raise SafetyRulesError(f"{self.path}:{line}: {what}. {remedy}")


def _lines(node: yaml.Node, path: tuple = ()) -> Iterator[tuple[tuple, int]]:
    """For the path of every entry the line, from 1, on which it stands."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, key.value), key.start_mark.line + 1
            yield from _lines(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*path, number), value.start_mark.line + 1
            yield from _lines(value, (*path, number))


def _split(written: str, mark: str = ",") -> list[str]:
    return [part.strip() for part in str(written).split(mark) if part.strip()]


def _as_typed(phrase: str) -> str:
    """A phrase of the file in the form that a visitor's words are brought to."""
    return plain(phrase).replace("'", "").replace("-", " ")
