"""A signature covers what was read, and nothing that changed since."""
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from clinic.safety.pack import pack
from clinic.safety.rules import SafetyRules
from clinic.safety.signature import Signature, SignatureUnusable, parts_of, standing
from clinic.settings import ROOT, Settings
from desk.safety import review, sign

TODAY = date(2026, 11, 23)
SCOPE = "sports massage"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    return tmp_path / "content"


def signed(rules: SafetyRules) -> Signature:
    until = TODAY + timedelta(days=365)
    return Signature("A Clinician", "doctor", "GMC 1234567", TODAY, until, SCOPE, parts_of(rules))


def edit(folder: Path, name: str, old: str, new: str) -> SafetyRules:
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return SafetyRules.load(folder)


def test_nobody_has_signed_at_first(folder: Path) -> None:
    now = standing(SafetyRules.load(folder), Signature.read(folder), SCOPE, TODAY)
    assert not now.signed
    assert "Nobody has signed" in now.why


def test_what_was_signed_stays_signed(folder: Path) -> None:
    rules = SafetyRules.load(folder)
    signed(rules).write(folder)
    assert standing(rules, Signature.read(folder), SCOPE, TODAY).signed


@pytest.mark.parametrize(("name", "old", "new", "part"), [
    ("safety.yml", "Do not rub, press or massage the leg.", "Do not rub the leg.", "RF-09 urgent"),
    ("safety.yml", "any: [limb_cold]", "any: [limb_cold, limb_numb + sweating]", "RF-32 emergency"),
    ("safety.yml", "Which medicine is it,", "What is it,", "CI-01"),
    ("safety-words.yml", "warfarin|", "", "CI-01"),
    ("safety.yml", "May I ask?", "All right?", "check before a booking"),
    ("safety.yml", "A note is left for the clinic, but", "A note is left;", "lines of advice"),
    ("safety.yml", "Llame al 999", "Llama al 999", "other languages"),
    ("safety-words.yml", "denial: >-\n    nothing, ", "denial: >-\n    ", "what takes a sign back"),
    ("safety.yml", "level: gp, advice: gp, version: v0.2, from: 0.55",
     "level: gp, advice: gp, version: v0.2, from: 0.5", "SR-03 gp"),
])
def test_a_change_voids_it_for_that_part(folder: Path, name: str, old: str, new: str, part: str) -> None:
    signature = signed(SafetyRules.load(folder))
    now = standing(edit(folder, name, old, new), signature, SCOPE, TODAY)
    assert not now.signed
    assert part in now.changed
    assert len(now.changed) < len(signature.parts) / 4  # the rest need not be read again


def test_another_scope_or_a_review_that_is_due_voids_all_of_it(folder: Path) -> None:
    rules = SafetyRules.load(folder)
    signature = signed(rules)
    for now in (standing(rules, signature, "physiotherapy", TODAY),
                standing(rules, signature, SCOPE, signature.next_review)):
        assert not now.signed
        assert set(now.changed) == set(signature.parts)


def test_a_rule_that_was_taken_out_is_missed(folder: Path) -> None:
    rules = SafetyRules.load(folder)
    signature = signed(rules)
    less = replace(rules, rules=tuple(rule for rule in rules.rules if rule.id != "RF-32"))
    now = standing(less, signature, SCOPE, TODAY)
    assert not now.signed
    assert "RF-32 emergency" in now.why


def test_the_pack_shows_only_what_changed(folder: Path) -> None:
    signature = signed(SafetyRules.load(folder))
    rules = edit(folder, "safety.yml", "any: [limb_cold]", "any: [limb_cold, limb_numb + sweating]")
    now = standing(rules, signature, SCOPE, TODAY)
    text = pack(rules, "Harbour Lane", SCOPE, now, set(now.changed))
    assert "RF-32" in text
    assert "RF-01" not in text
    assert "Changed since A Clinician" in text


def test_the_whole_pack_names_every_rule(folder: Path) -> None:
    rules = SafetyRules.load(folder)
    text = pack(rules, "Harbour Lane", SCOPE, standing(rules, None, SCOPE, TODAY), None)
    assert [rule.id for rule in rules.rules if f"### {rule.id}" not in text] == []
    assert len(text.split()) < 10_000  # half an hour's reading


async def test_it_is_signed_from_the_command_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings.read({"FRONTDESK_CONTENT": str(folder)})
    await sign(settings, "A Clinician", "nurse", "12A3456E", None)
    await review(settings, everything=False)
    told = capsys.readouterr().out
    assert "Signed by A Clinician (nurse, NMC 12A3456E)" in told


@pytest.mark.parametrize(("by", "profession", "registration", "until"), [
    ("A Clinician", "therapist", "1234567", None), ("", "doctor", "1234567", None),
    ("A Clinician", "doctor", "none", None),
    ("A Clinician", "doctor", "1234567", date(2020, 1, 1)), ("A Clinician", "doctor", "1234567", date(2099, 1, 1))])
async def test_who_may_not_sign_is_told_why(folder: Path, by: str, profession: str, registration: str,
                                            until: date | None) -> None:
    with pytest.raises(SignatureUnusable):
        await sign(Settings.read({"FRONTDESK_CONTENT": str(folder)}), by, profession, registration, until)
    assert Signature.read(folder) is None


def test_a_signature_that_was_tampered_with_is_refused(folder: Path) -> None:
    (folder / "safety-signature.yml").write_text("by: me\n")
    with pytest.raises(SignatureUnusable, match="sign again"):
        Signature.read(folder)
