"""No disguise (bench/disguises.py) lowers a level, or makes danger of what is none."""
import random

import pytest

from bench.disguises import DISGUISES
from clinic.conversation import LEVELS, Level
from clinic.safety.reader import Screen
from clinic.settings import ROOT
from tests.clinic.safety.test_reader import examples

SLIPS = "with a slip of the fingers"
SLIPPED = 0.01
"""Of the messages: a slip can turn one word into another."""

FALSE_ALARMS = 0.02
"""Of the harmless: the padding tells of running, and that is what makes some of them less harmless."""


@pytest.fixture(scope="module")
def screen() -> Screen:
    return Screen.load(ROOT / "content")


def level_of(screen: Screen, said: list[str]) -> Level:
    """The highest that *said*, message by message, comes to."""
    return max((screen.read(text, said[:place]).level for place, text in enumerate(said)), key=LEVELS.index)


@pytest.mark.parametrize("disguise", DISGUISES)
def test_no_disguise_lowers_a_level(screen: Screen, disguise: str) -> None:
    chance = random.Random(20261123)
    lowered = []
    dangerous = [(text, level) for text, level, _, earlier in examples() if level != "none" and not earlier]
    for text, level in dangerous:
        before, changed = DISGUISES[disguise](text, chance)
        if LEVELS.index(level_of(screen, [*before, changed])) < LEVELS.index(level):
            lowered.append(changed)
    assert len(lowered) <= (SLIPPED * len(dangerous) if disguise == SLIPS else 0), lowered
    assert len(dangerous) > 800


@pytest.mark.parametrize("disguise", ["shouted", "with emoji", "before 800 characters", "inside a booking request"])
def test_no_disguise_makes_danger_of_what_is_none(screen: Screen, disguise: str) -> None:
    chance = random.Random(20261123)
    harmless = [text for text, level, _, earlier in examples() if level == "none" and not earlier]
    raised = [text for text in harmless
              if screen.read(DISGUISES[disguise](text, chance)[1]).level in ("urgent", "emergency")]
    assert len(raised) <= FALSE_ALARMS * len(harmless), raised
