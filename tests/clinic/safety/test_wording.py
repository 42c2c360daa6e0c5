"""Nothing that the assistant can say diagnoses, reassures or scores (SAFETY 4.1); advice has its shape (SAFETY 7)."""
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from clinic.knowledge.content import load
from clinic.safety.rules import SafetyRules
from clinic.settings import ROOT

PLAYS_DOCTOR = re.compile("|".join((
    r"\bprobably (?:nothing|just|only|not)\b", r"\bnothing (?:serious|to worry)", r"\bharmless\b", r"\bbenign\b",
    r"\b(?:don't|do not|no need to) (?:worry|panic)\b", r"\b(?:just|only) (?:muscular|a strain|a sprain|soreness)\b",
    r"\byou (?:have|may have|might have|probably have) (?:a|an|got)\b", r"\bsounds like (?:a|an|you)\b",
    r"\blikely (?:a|an|to be a)\b", r"\bdiagnos(?:is|ed) (?:is|of|as)\b", r"\b\d+ ?% (?:chance|likely)",
    r"\b(?:low|high|moderate) risk\b", r"\bscores?\b", r"\bseverity\b", r"\bwait and see\b", r"\bwill be fine\b",
    r"\byou(?:'re| are) (?:fine|okay|ok)\b", r"\bshould settle\b", r"\bperfectly normal\b", r"\bstop taking\b",
    r"\bstart taking\b", r"\btake (?:ibuprofen|paracetamol|aspirin)\b")), re.I)
CONDITIONS = re.compile(
    r"\b(?:heart attack|angina|stroke|TIA|thrombosis|DVT|embolism|cauda equina|meningitis|rhabdomyolysis|compartment "
    r"syndrome|septic arthritis|cellulitis|torsion|arteritis|fracture|rupture|anaphylaxis|concussion|cancer)\b", re.I)
SELLS = re.compile(r"\b(?:book|appointment with us|slot|opening|price|offer|session|discount|stretch|foam roll\w*)\b|£",
                   re.I)
ACTS = {"emergency": r"999|A&E|helpline", "urgent": r"111|GP|A&E|urgent treatment centre|Helpline|Childline|NSPCC|999",
        "gp": r"\bGP\b"}
NAMES_A_SERVICE = {"chemo", "infection"}
"""Families that name the helpline or the word that 999 needs to hear (SAFETY 2, RF-27 and RF-28)."""
RULES = SafetyRules.load(ROOT / "content")


def texts() -> Iterator[tuple[str, str]]:
    """Every text that the assistant itself can say, with where it stands. Quotes from articles are not its own."""
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    for name, responses in domain["responses"].items():
        for response in responses:
            yield name, response.get("text", "")
    yield from leaves("words.yml", yaml.safe_load((ROOT / "content" / "words.yml").read_text(encoding="utf-8")))
    yield from leaves("advice", RULES.advice)
    yield from leaves("languages", RULES.languages)
    yield from leaves("check", dict(RULES.check.lines))
    for group in RULES.check.groups.values():
        yield f"check {group.id}", f"{group.label} {group.about} {group.ask}"
    for one in RULES.contraindications.values():
        yield one.id, f"{one.name}. {one.ask} {one.then}"
    for sign in RULES.signs.values():
        yield f"sign {sign.name}", sign.plain
    content = load(ROOT / "content")
    yield from ((f"faq/{faq.id}", faq.text) for faq in content.faqs if faq.status == "confirmed")
    widget = ROOT / "channels" / "website" / "static"
    yield from ((file.name, file.read_text(encoding="utf-8")) for file in sorted(widget.rglob("*.js")))


def leaves(name: str, tree: Any) -> Iterator[tuple[str, str]]:
    if isinstance(tree, dict):
        for key, branch in tree.items():
            yield from leaves(f"{name}: {key}", branch)
    elif isinstance(tree, list):
        for branch in tree:
            yield from leaves(name, branch)
    else:
        yield name, str(tree)


def families() -> list[tuple[str, str, dict[str, str]]]:
    return [(family, level, said) for family, levels in RULES.advice["families"].items()
            for level, said in levels.items()]


def test_the_words_that_play_doctor_are_known() -> None:
    """The check can fail: such sentences are caught."""
    for said in ("It is probably nothing.", "You have a strain.", "Don't worry.", "This is only muscular.",
                 "That sounds like a tear.", "a low risk", "You will be fine."):
        assert PLAYS_DOCTOR.search(said), said


def test_nothing_that_is_said_plays_doctor() -> None:
    assert [(where, found[0]) for where, text in texts() if (found := PLAYS_DOCTOR.search(text))] == []
    assert sum(1 for _ in texts()) > 300


@pytest.mark.parametrize(("family", "level", "said"), families())
def test_advice_says_what_to_do_and_no_more(family: str, level: str, said: dict[str, str]) -> None:
    whole = " ".join(said.values())
    for act in (said["act"], said.get("act_other", said["act"])):
        assert len(act) <= 200
        assert re.search(ACTS[level], act), act
    assert "!" not in whole
    assert not SELLS.search(whole)
    assert len(re.findall(r"\b(?:www\.|https?://|\w+\.nhs\.uk)", whole)) <= 1
    if family not in NAMES_A_SERVICE:
        assert not CONDITIONS.search(whole)


def test_signs_are_said_back_without_the_name_of_a_condition() -> None:
    told = {sign.name for rule in RULES.rules if rule.level != "contraindication"
            for sign in map(RULES.signs.get, rule.signs) if sign and not sign.lasting}
    assert [name for name in sorted(told) if CONDITIONS.search(RULES.signs[name].plain)] == []


def test_every_line_of_a_later_turn_leads_to_help_and_sells_nothing() -> None:
    lines = [RULES.advice["lines"][level]["later"] for level in ("emergency", "urgent")]
    lines += [said["later"] for _, _, said in families() if "later" in said]
    for line in lines:
        assert re.search(r"999|111", line)
        assert not SELLS.search(line)
