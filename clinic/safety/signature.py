"""Who signed the safety rules, and whether that still covers them: `safety-signature.yml`, beside the rules.

A signature is over each part by a hash of all that it comes to, words and wording included: a change voids it for that
part, and only that part has to be read again (SAFETY 6)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from clinic.errors import ClinicError
from clinic.safety.rules import SafetyRules

FILE = "safety-signature.yml"
HEAD = "# Written by `frontdesk safety sign`. Do not edit: sign again instead.\n"


class SignatureUnusable(ClinicError):
    """The signature can't be read, or can't be given; the text says why."""


@dataclass(frozen=True, slots=True)
class Signature:
    """`parts`: what was signed, by a hash of each. `scope`: what the clinic did then; another one voids it."""

    by: str
    profession: str
    registration: str
    signed_on: date
    next_review: date
    scope: str
    parts: Mapping[str, str]

    @classmethod
    def read(cls, folder: Path) -> "Signature | None":
        """The signature in *folder*; None where nobody has signed. Raises SignatureUnusable."""
        path = folder / FILE
        if not path.is_file():
            return None
        try:
            return cls(**yaml.safe_load(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError) as error:
            raise SignatureUnusable(f"{path}: can't be read as a signature ({type(error).__name__}). "
                                    "Delete it and sign again with `frontdesk safety sign`.") from error

    def write(self, folder: Path) -> Path:
        path = folder / FILE
        path.write_text(HEAD + yaml.safe_dump(asdict(self), sort_keys=False, allow_unicode=True), encoding="utf-8")
        return path


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the rules are signed as they stand; `why` says what is missing, in one sentence."""

    signed: bool
    why: str
    changed: tuple[str, ...] = ()
    """Parts that nobody has signed as they are now."""


def standing(rules: SafetyRules, signature: Signature | None, scope: str, today: date) -> Standing:
    """How *signature* stands to *rules* at a clinic that does *scope*."""
    parts = parts_of(rules)
    if signature is None:
        return Standing(False, "Nobody has signed the safety rules and their wording.", tuple(parts))
    signer = f"{signature.by} ({signature.profession}, {signature.registration})"
    changed = tuple(name for name, mark in parts.items() if signature.parts.get(name) != mark)
    if signature.scope != scope:
        return Standing(False, f"{signer} signed for another scope: '{signature.scope}', and the clinic now says "
                               f"'{scope}'.", tuple(parts))
    if changed:
        return Standing(False, f"Changed since {signer} signed: {', '.join(changed)}.", changed)
    if gone := signature.parts.keys() - parts.keys():
        return Standing(False, f"Left out since {signer} signed: {', '.join(sorted(gone))}.", ())
    if today >= signature.next_review:
        return Standing(False, f"The review that {signer} set was due on {signature.next_review}.", tuple(parts))
    return Standing(True, f"Signed by {signer} on {signature.signed_on}, until {signature.next_review}.")


def parts_of(rules: SafetyRules) -> dict[str, str]:
    """Every part that is read and signed, with a hash of all that it comes to."""
    signs = {name: [sign.plain, sign.lasting, sign.though_gone, sign.background, sign.own, sign.unlikely_with,
                    sign.language, [[step.group, step.ordered, step.within, rules.groups[step.group]]
                     for pattern in sign.patterns for step in pattern.steps]]
             for name, sign in rules.signs.items()}
    sure = {rule.id: share for rule, share in rules.second}
    parts: dict[str, str] = {}
    for rule in rules.rules:
        said: Any = (asdict(rules.contraindications[rule.id]) if rule.level == "contraindication"
                     else rules.advice["families"][rule.advice][rule.level])
        rows = [[sorted(map(sorted, row.all)), sorted(row.unless)] for row in rule.when]
        heard = {name: signs[name] for name in sorted(rule.signs | rule.unless)}
        parts[part_name(rule.id, rule.level)] = _mark(
            [rule.level, sure.get(rule.id), rule.version, rule.sources, rows, said, heard])
    used = {group for sign in rules.signs.values() for pattern in sign.patterns for group in pattern.groups}
    readers = {name: words for name, words in rules.groups.items() if name not in used}
    parts["what is asked unnamed"] = _mark([rules.asks[0].id, rules.asks[0].version, rules.asks[1]])
    parts["what takes a sign back"] = _mark([sorted(readers.items()), sorted(rules.bodies), rules.spelling])
    parts["lines of advice"] = _mark(rules.advice["lines"])
    parts["other languages"] = _mark(rules.languages)
    parts["check before a booking"] = _mark(asdict(rules.check))
    return parts


def part_name(rule: str, level: str) -> str:
    return rule if level == "contraindication" else f"{rule} {level}"


def _mark(content: Any) -> str:
    return sha256(json.dumps(content, sort_keys=True, default=list, ensure_ascii=False).encode()).hexdigest()[:16]
