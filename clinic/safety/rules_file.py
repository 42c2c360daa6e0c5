"""Reads `safety.yml` and `safety-words.yml`, and checks them whole: an error names file, line and remedy."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import yaml

from clinic.conversation import LEVELS
from clinic.safety import context, heard
from clinic.safety.rules import (
    ACTIONS,
    Check,
    Contraindication,
    Group,
    Row,
    Rule,
    SafetyRules,
    SafetyRulesError,
    Sign,
    split,
)
from clinic.safety.signs import Pattern
from clinic.safety.text import plain

RULES, WORDS = "safety.yml", "safety-words.yml"
READERS_GROUPS = (*heard.NEEDED, *context.NEEDED, "distress")
RULE_NEEDS = ("id", "level", "advice", "sources", "version", "any")
CONTRAINDICATION_NEEDS = ("id", "version", "action", "group", "sources", "name", "ask", "then", "any")
SCREEN_LINES = ("consent", "agree", "question", "another", "unread", "known", "none", "no_more", "person", "seen_by",
                "not_seen", "see_first", "mention", "mention_unnamed", "noted",
                "declined", "clearance", "adapt", "refused", "decline_unknown",
                "clearance_unknown", "adapt_unknown")


def read_rules(folder: Path) -> SafetyRules:
    """The rules in *folder*. Raises SafetyRulesError."""
    return _Draft(folder).finished()


class _Draft:
    """The two files while they are read. Knows where everything stands."""

    def __init__(self, folder: Path):
        self.places: dict[tuple, tuple[Path, int]] = {}
        self.first = folder / RULES
        self.rules, self.words_file = self._read(folder / RULES), self._read(folder / WORDS)
        self.words = {name: split(written) for name, written in self._section("words").items()}
        self.groups: dict[str, tuple[str, ...]] = {}
        self.body_names = frozenset(split(self._need("bodies")))
        self.bodies: set[str] = set(self.body_names)

    def _read(self, path: Path) -> dict[str, Any]:
        try:
            node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        except (OSError, UnicodeDecodeError) as error:
            raise SafetyRulesError(f"{path}: can't be read ({error}). Restore the file.") from error
        except yaml.YAMLError as error:
            raise SafetyRulesError(f"{path}: not valid YAML: {error}") from error
        data = yaml.CSafeLoader("").construct_document(node) if node else None
        if not isinstance(data, dict):
            raise SafetyRulesError(f"{path}:1: holds no sections. Restore it from the sample clinic's file.")
        said = path.name == WORDS  # `languages` stands in both: what is said, and what is answered
        for place, line in _lines(node):
            self.places.setdefault(("says", *place) if said and place[0] == "languages" else place, (path, line))
        return data

    def finished(self) -> SafetyRules:
        for name in (*READERS_GROUPS, *self.body_names):
            self._group(name, ("words",))
        signs = {name: self._sign(name, written) for name, written in self._section("signs").items()}
        rules = [self._rule(number, written) for number, written in enumerate(self._need("rules"))]
        rules = [self._with_languages(rule, signs) for rule in rules]
        check = self._screen()
        noted, warned = self._contraindications(check)
        asks = self._asks()
        second = [self._second(number, written) for number, written in enumerate(self._need("second_reader"))]
        rules += [rule for rule, _ in second] + noted
        self._check(signs, rules)
        return SafetyRules(
            groups=self.groups, bodies=frozenset(self.bodies), signs=signs, rules=tuple(rules),
            contraindications=warned, check=check,
            second=tuple(second), asks=asks, spelling=self._section("spelling"), advice=self._section("advice"),
            languages=self._answers_in(), sources=self._section("sources"),
            signing=self._section("signing"), tongues={
                code: frozenset(_as_typed(words).split()) for code, words in self._section("tongues").items()},
            scripts=self._section("scripts"))

    # -- signs and words ---------------------------------------------------------------------------------

    def _sign(self, name: str, written: Mapping[str, Any]) -> Sign:
        where = ("signs", name)
        for key in ("says", "plain"):
            if not written.get(key):
                self._fail(where, f"sign '{name}' has no `{key}`", f"Add `{key}:` to it, or delete the sign.")
        unlikely = tuple(split(written.get("unlikely_with", "")))
        for group in unlikely:
            self._group(group, where)
        return Sign(name, written["plain"], self._patterns(written["says"], where), unlikely_with=unlikely,
                    lasting=bool(written.get("lasting")), though_gone=bool(written.get("though_gone")),
                    background=bool(written.get("background")), own=bool(written.get("own")))

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

    # -- rules -------------------------------------------------------------------------------------------

    def _rule(self, number: int, written: Mapping[str, Any]) -> Rule:
        where = ("rules", number)
        self._has(where, f"rule {written.get('id', '?')}", written, RULE_NEEDS)
        if written["level"] not in LEVELS[2:]:
            self._fail(where, f"unknown level '{written['level']}'", f"Use one of {', '.join(LEVELS[2:])}.")
        return Rule(written["id"], written["level"], written["advice"], tuple(split(written["sources"], " ")),
                    str(written["version"]), tuple(Row.read(row) for row in written["any"]))

    def _second(self, number: int, written: Mapping[str, Any]) -> tuple[Rule, float]:
        where = ("second_reader", number)
        self._has(where, f"rule {written.get('id', '?')}", written, ("id", "level", "advice", "version", "from"))
        if written["level"] not in LEVELS[2:] or not 0 < written["from"] <= 1:
            self._fail(where, f"{written['id']} has no level, or no share between 0 and 1", "Mend `level` or `from`.")
        rule = Rule(written["id"], written["level"], written["advice"], (), str(written["version"]), ())
        return rule, float(written["from"])

    def _asks(self) -> tuple[Rule, float]:
        where = ("second_reader_asks",)
        written = self._section("second_reader_asks")
        self._has(where, "`second_reader_asks`", written, ("id", "version", "from"))
        if not 0 < written["from"] <= 1:
            self._fail(where, "`from` is no share between 0 and 1", "Mend `from`.")
        rule = Rule(str(written["id"]), "contraindication", "", (), str(written["version"]), ())
        return rule, float(written["from"])

    def _with_languages(self, rule: Rule, signs: dict[str, Sign]) -> Rule:
        """The same rule, met by its signs in other languages too."""
        extra = []
        answers = self._answers_in()
        for language, told in self._section("languages", self.words_file).items():
            if "reply" not in answers.get(language, {}):
                self._fail(("says", "languages", language), f"nothing is answered in '{language}'",
                           f"Add it under `languages:` in {RULES}.")
            said = told["says"].get(rule.id) if rule.level in ("emergency", "urgent") else None
            name = f"{rule.id} in {language}"
            if said and name not in signs:
                where = ("says", "languages", language, "says", rule.id)
                signs[name] = Sign(name, answers[language]["name"], self._patterns(said, where), language=language)
                extra.append(Row((frozenset({name}),)))
        return replace(rule, when=(*rule.when, *extra))

    def _answers_in(self) -> Mapping[str, Any]:
        return self._section("languages", self.rules)

    def _screen(self) -> Check:
        written = self._section("screen")
        self._has(("screen",), "the screen", written, ("version", "lines", "groups"))
        self._has(("screen", "lines"), "the screen", written["lines"], SCREEN_LINES)
        groups = {}
        for name, group in written["groups"].items():
            where = ("screen", "groups", name)
            self._has(where, f"group '{name}'", group, ("label", "about", "action", "ask"))
            self._action(where, group["action"])
            groups[name] = Group(name, group["label"], group["about"], group["action"], group["ask"])
        if len(groups) > 8:
            self._fail(("screen", "groups"), "more than 8 groups", "Nobody reads a longer list: join some.")
        lines = {key: str(line).strip() for key, line in written["lines"].items()}
        return Check(str(written["version"]), lines, groups)

    def _contraindications(self, check: Check) -> tuple[list[Rule], dict[str, Contraindication]]:
        rules, warned = [], {}
        for number, written in enumerate(self._need("contraindications")):
            where, name = ("contraindications", number), written.get("id", "?")
            self._has(where, f"contraindication {name}", written, CONTRAINDICATION_NEEDS)
            self._action(where, written["action"])
            if written["group"] not in check.groups:
                self._fail(where, f"{name} belongs to no group of the screen",
                           f"Use one of {', '.join(check.groups)}.")
            rules.append(Rule(name, "contraindication", name, tuple(split(written["sources"], " ")),
                              str(written["version"]), tuple(Row.read(row) for row in written["any"])))
            warned[name] = Contraindication(name, str(written["version"]), written["action"], written["group"],
                                            *(str(written[key]).strip() for key in ("name", "ask", "then")))
        return rules, warned

    def _action(self, where: tuple, action: str) -> None:
        if action not in ACTIONS:
            self._fail(where, f"unknown action '{action}'", f"Use one of {', '.join(ACTIONS)}.")

    # -- checks ------------------------------------------------------------------------------------------

    def _check(self, signs: Mapping[str, Sign], rules: list[Rule]) -> None:
        seen: set[tuple[str, str]] = set()
        sources = self._section("sources")
        for rule, where in zip(rules, self._places_of_rules(), strict=True):
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
            seen.add((rule.id, rule.level))
            for source in rule.sources:
                if source not in sources:
                    self._fail(where, f"rule {rule.id} rests on an unknown source '{source}'",
                               "Explain it under `sources:`.")
            if rule.level != "contraindication" and not (
                    self._section("advice").get("families", {}).get(rule.advice, {}).get(rule.level)):
                self._fail(where, f"no advice '{rule.advice}' for level {rule.level}",
                           f"Write it under advice: families: {rule.advice}: {rule.level}.")
        self._check_use(signs, rules)
        self._check_against_each_other(rules)

    def _check_against_each_other(self, rules: list[Rule]) -> None:
        """No row decides what a higher rule decides anyway, and no two rules say different things to the same."""
        places = self._places_of_rules()
        for number, rule in enumerate(rules):
            for row in rule.when:
                for other in rules:
                    same = next((theirs for theirs in other.when if other is not rule and theirs.covers(row)), None)
                    if same is None or rule.level == "contraindication":
                        continue
                    higher = LEVELS.index(other.level) - LEVELS.index(rule.level)
                    if higher >= 0 and row.covers(same) and other.id != rule.id and (
                            higher or other.advice != rule.advice):
                        self._fail(places[number], f"rules {rule.id} ({rule.level}) and {other.id} ({other.level}) "
                                                   "contradict each other: the same signs meet both",
                                   "Decide for one, and take the signs out of the other.")
                    if higher > 0:
                        self._fail(places[number], f"a row of rule {rule.id} ({rule.level}) is never reached: whatever "
                                                   f"meets it meets {other.id} ({other.level})",
                                   "Take the row out, or say what the other does not mean with ` - `.")

    def _places_of_rules(self) -> list[tuple]:
        return [(section, number) for section in ("rules", "second_reader", "contraindications")
                for number in range(len(self._need(section)))]

    def _check_use(self, signs: Mapping[str, Sign], rules: list[Rule]) -> None:
        used = frozenset().union(*(rule.signs | rule.unless for rule in rules))
        for name in signs:
            if name not in used:
                self._fail(("signs", name), f"no rule uses the sign '{name}'", "Use it in a rule, or delete it.")
        for language, told in self._section("languages", self.words_file).items():
            for rule in told["says"]:
                if f"{rule} in {language}" not in signs:
                    self._fail(("says", "languages", language, "says", rule), f"there is no rule {rule}",
                               "Mend its id.")

    def _has(self, where: tuple, what: str, written: Mapping[str, Any], keys: tuple[str, ...]) -> None:
        missing = [key for key in keys if not written.get(key)]
        if missing:
            self._fail(where, f"{what} lacks {', '.join(missing)}", "Write it in.")

    def _section(self, name: str, data: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        section = self._need(name, data)
        if not isinstance(section, dict):
            self._fail((name,), f"`{name}` is not a list of names with what they hold", "See the other sections.")
        return section

    def _need(self, name: str, data: Mapping[str, Any] | None = None) -> Any:
        for given in (data,) if data is not None else (self.rules, self.words_file):
            if given.get(name):
                return given[name]
        self._fail((name,), f"`{name}:` is missing or empty", "Restore it from the sample clinic's file.")

    def _fail(self, where: tuple, what: str, remedy: str) -> NoReturn:
        path, line = next((self.places[where[:n]] for n in range(len(where), 0, -1) if where[:n] in self.places),
                          (self.first, 1))
        raise SafetyRulesError(f"{path}:{line}: {what}. {remedy}")


def _lines(node: yaml.Node | None, path: tuple = ()) -> Iterator[tuple[tuple, int]]:
    """For the path of every entry the line, from 1, on which it stands."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, key.value), key.start_mark.line + 1
            yield from _lines(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*path, number), value.start_mark.line + 1
            yield from _lines(value, (*path, number))


def _as_typed(phrase: str) -> str:
    """A phrase of the file in the form that a visitor's words are brought to."""
    return plain(phrase).replace("'", "").replace("-", " ")
