"""A rules file that can't be relied on stops everything: with its file, the line, and what to do."""
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from clinic.safety.rules import SafetyRules, SafetyRulesError
from clinic.settings import ROOT

FILES = ("safety.yml", "safety-words.yml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(ROOT / "content" / name, tmp_path)
    return tmp_path


def change(file: Path, pattern: str, with_: str) -> None:
    """Replace the first match of *pattern*, which must be there."""
    text, times = re.subn(pattern, with_, file.read_text(encoding="utf-8"), count=1)
    assert times == 1
    file.write_text(text, encoding="utf-8")


FAULTS: dict[str, tuple[str, str, str, str]] = {
    "a sign that is not there": ("safety.yml", r"any: \[limb_cold\]", "any: [limb_colder]",
                                 "unknown sign 'limb_colder'"),
    "a group of words that is not there": ("safety-words.yml", r"- <wheezing>|- <faint>", "- <fainter>",
                                           "no group of words 'fainter'"),
    "an unknown level": ("safety.yml", "id: RF-32, level: emergency", "id: RF-32, level: dire", "unknown level 'dire'"),
    "a level without advice": ("safety.yml", "id: RF-32, level: emergency, advice: limb",
                               "id: RF-32, level: emergency, advice: gp", "no advice 'gp' for level emergency"),
    "a source that is not explained": ("safety.yml", "advice: limb, sources: S26", "advice: limb, sources: S99",
                                       "unknown source 'S99'"),
    "a sign that no rule uses": ("safety.yml", r"any: \[limb_cold\]", "any: [limb_numb + sweating]",
                                 "no rule uses the sign 'limb_cold'"),
    "a row that is never reached": ("safety.yml", r"any: \[foot_drop, ", "any: [foot_drop, limb_cold + foot_drop, ",
                                    "never reached"),
    "two rules that contradict": ("safety.yml", r"any: \[foot_drop, ", "any: [foot_drop, limb_cold, ", "contradict"),
    "a sign asked for and excluded": ("safety.yml", r"any: \[limb_cold\]", "any: [limb_cold - limb_cold]",
                                      "asks for a sign and excludes it"),
    "a contraindication of no group": ("safety.yml", "group: pregnancy", "group: nowhere", "belongs to no group"),
    "an unknown action": ("safety.yml", "action: clearance", "action: shrug", "unknown action 'shrug'"),
    "a screen without its question": ("safety.yml", "    question: ", "    questions: ", "lacks question"),
    "an answer in no language": ("safety.yml", "\n  pl:\n", "\n  px:\n", "nothing is answered in 'pl'"),
    "a second reader that is always sure": ("safety.yml", "advice: second, version: v0.2, from: 0.45",
                                            "advice: second, version: v0.2, from: 95", "share between 0 and 1"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_place(folder: Path, fault: str) -> None:
    name, pattern, with_, told = FAULTS[fault]
    change(folder / name, pattern, with_)
    with pytest.raises(SafetyRulesError, match=re.escape(told)) as raised:
        SafetyRules.load(folder)
    assert re.search(r"safety(-words)?\.yml:\d+: .+\. \w.+", str(raised.value))


BROKEN: dict[str, Callable[[Path], object]] = {
    "gone": lambda file: file.unlink(), "empty": lambda file: file.write_text(""),
    "not text": lambda file: file.write_bytes(b"\xff\xfe\x00"), "not YAML": lambda file: file.write_text("rules: [")}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("how", BROKEN)
def test_a_file_that_can_not_be_read_is_named(folder: Path, name: str, how: str) -> None:
    BROKEN[how](folder / name)
    with pytest.raises(SafetyRulesError, match=name):
        SafetyRules.load(folder)
