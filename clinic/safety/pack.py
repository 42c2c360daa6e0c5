"""The rules as a clinician reads them before signing: what is recognised, in plain words, and what is then said."""
from collections.abc import Collection, Iterator, Sequence

from clinic.conversation import LEVELS
from clinic.safety.rules import Row, Rule, SafetyRules
from clinic.safety.signature import Standing, part_name

HEADINGS = {"emergency": "Emergency: 999 or A&E, nothing else is said, somebody here is told",
            "urgent": "Urgent: a health professional today, somebody here is told",
            "gp": "Somebody to see before hands-on work"}
ACTIONS = {"decline": "not for now", "clearance": "a written OK first", "adapt": "goes ahead, adapted"}
TAKES_BACK = "what takes a sign back"
READERS_WORDS = ("When somebody denies a sign, tells of long ago or only asks, it does not count. These words, the "
                 "parts of the body or the spelling (safety-words.yml) have changed.")


def pack(rules: SafetyRules, clinic: str, scope: str, standing: Standing, only: Collection[str] | None) -> str:
    """The whole text, Markdown; with *only*, just the parts of these names (see `signature.parts_of`)."""
    return "\n".join(_lines(rules, clinic, scope, standing, only)).rstrip() + "\n"


def _lines(rules: SafetyRules, clinic: str, scope: str, standing: Standing,
           only: Collection[str] | None) -> Iterator[str]:
    yield f"# Safety rules of {clinic}"
    yield ""
    yield f"For: {scope}. {standing.why if only else 'This is all of it.'}"
    yield ("The assistant looks for these signs in every message, before anything else happens to it, and answers "
           "with the words below. It diagnoses nothing. Please read as if each message were from somebody unseen, "
           "and strike out or correct what you would not say.")
    yield f"Who may sign: somebody registered as {', '.join(rules.signing)}."
    for level in reversed(LEVELS[2:]):
        chosen = [rule for rule in rules.rules if rule.level == level and _wanted(part_name(rule.id, level), only)]
        if chosen:
            yield f"\n## {HEADINGS[level]}\n"
        for family in dict.fromkeys(rule.advice for rule in chosen):
            yield from _family(rules, family, [rule for rule in chosen if rule.advice == family])
    yield from _contraindications(rules, only)
    if _wanted("check before a booking", only):
        yield from _check(rules)
    if _wanted("lines of advice", only):
        yield from _advice(rules)
    if _wanted("other languages", only):
        yield "\n## Other languages: said first, English follows\n"
        yield from (f"- {code}: {told['reply']} (checked by: {told['checked_by']})"
                    for code, told in rules.languages.items() if "reply" in told)
    if only and TAKES_BACK in only:
        yield f"\n## {TAKES_BACK.capitalize()}\n\n{READERS_WORDS}"
    yield "\n## Sources\n"
    used = {source for rule in rules.rules if _wanted(part_name(rule.id, rule.level), only) for source in rule.sources}
    yield from (f"- {code}: {text}" for code, text in rules.sources.items() if code in used)
    yield "\nRead by: ____________________   Registration: ______________   Date: __________   Next review: __________"


def _family(rules: SafetyRules, family: str, chosen: Sequence[Rule]) -> Iterator[str]:
    """Rules that are answered alike, then the answer."""
    said = rules.advice["families"][family][chosen[0].level]
    for rule in chosen:
        yield f"### {rule.id} ({rule.level}, version {rule.version}, {' '.join(rule.sources)})"
        yield from _when(rules, rule)
    yield f"\n**We say:** {said['act']}"
    if "act_other" in said:
        yield f"**About somebody else:** {said['act_other']}"
    yield f"**To watch for:** {said['watch']}"
    for extra in ("later", "routes"):
        if extra in said:
            yield f"**{extra.capitalize()}:** {said[extra]}"
    yield ""


def _when(rules: SafetyRules, rule: Rule) -> Iterator[str]:
    """The rule's rows in plain words; those of other languages are the same signs."""
    rows = [row for row in rule.when if not any(rules.signs[name].language for choice in row.all for name in choice)]
    yield from dict.fromkeys(f"- When: {_in_words(rules, row)}" for row in rows)
    yield from (f"- When: a second reader, which compares whole messages with described ones, is {share:.0%} sure of "
                "this level or a higher one, and no rule has said so"
                for second, share in rules.second if second is rule)


def _in_words(rules: SafetyRules, row: Row) -> str:
    def one_of(names: Collection[str]) -> str:
        return " or ".join(dict.fromkeys(rules.signs[name].plain for name in sorted(names)))
    text = "; together with ".join(dict.fromkeys(one_of(choice) for choice in row.all))  # two signs of one name
    return f"{text}; but not with {one_of(row.unless)}" if row.unless else text


def _contraindications(rules: SafetyRules, only: Collection[str] | None) -> Iterator[str]:
    chosen = [rule for rule in rules.rules if rule.level == "contraindication" and _wanted(rule.id, only)]
    if chosen:
        yield "\n## Contraindications: asked about before hands-on work\n"
        yield f"Where the second reader is {rules.asks[1]:.0%} sure of one that has no name here, it asks openly.\n"
    for rule in chosen:
        told = rules.contraindications[rule.id]
        yield f"### {rule.id}: {told.name} ({ACTIONS[told.action]}, version {told.version}, {' '.join(rule.sources)})"
        yield from _when(rules, rule)
        yield f"- We ask: {told.ask}\n- What follows: {told.then}\n"


def _check(rules: SafetyRules) -> Iterator[str]:
    yield f"\n## The check before a booking (wording {rules.check.version})\n"
    yield from (f"- {name.replace('_', ' ')}: {line}" for name, line in rules.check.lines.items())
    yield from (f"- {group.label}: {group.about}. We ask: {group.ask} If the answer names nothing known: "
                f"{ACTIONS[group.action]}." for group in rules.check.groups.values())


def _advice(rules: SafetyRules) -> Iterator[str]:
    yield "\n## Lines in every advice\n"
    named: dict[str, list[str]] = {}  # what several levels say is read once
    for name, line in rules.advice["lines"].items():
        for part, text in line.items() if isinstance(line, dict) else [("", line)]:
            named.setdefault(str(text), []).append(f"{name} {part}".strip())
    yield from (f"- {', '.join(names)}: {text}" for text, names in named.items())


def _wanted(part: str, only: Collection[str] | None) -> bool:
    return only is None or part in only
