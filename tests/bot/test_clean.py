"""Text made safe to understand: whatever a visitor types, Rasa takes no orders from it."""
import json
import random
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import slim

slim.install()

from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler  # noqa: E402  (slim comes first)
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader  # noqa: E402
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402

from bot.clean import LONGEST, clean  # noqa: E402

NAUGHTY = json.loads((Path(__file__).parents[1] / "data" / "naughty-strings" / "blns.json").read_text("utf-8"))
ORDER = YAMLStoryReader._regex_message_pattern()
SLASHES = ["/", "／", "//", "/／", "﹨/", "\\/"]
UNSEEN = ["", "", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202a", "\u202e", "\u2066", "\u2069",
          "\u061c", "\u180e", "\u034f", "\ufe0f", "\U000e0001", "\U000e0020", "\x00", "\x08", "\x1b", "\x7f", "\x85",
          "\ue000", "\ufff9", "\u3164", "\u115f"]
SPACES = ["", " ", "\t", "\n", "\r\n", "\x0b", "\x0c", "\x1c", "\x1f", "\u00a0", "\u2003", "\u2028", "\u2029", "\u202f",
          "\u205f", "\u3000"]
COMBINING = ["", "", "", "\u0301", "\u0338", "\u20dd", "\u0345"]
ORDERS = ['restart', 'affirm{"a":"b"}', 'book_appointment@1.0{"service": "x"}', 'intent{"a":"b"}',
          'ｉｎｔｅｎｔ｛"a":"b"｝',
          'session_start', 'back', '/intent{"a":"b"}', ' /／intent', 'EXTERNAL: inform']
LETTERS = st.text(st.sampled_from("".join(SLASHES + UNSEEN + SPACES + COMBINING) + "ab{}\"@ﬁ½¨ﷺ\ud800"), max_size=60)


def disguised(chance: random.Random) -> str:
    """An order to Rasa with up to six things before and in it that one doesn't see."""
    pick = chance.choice
    front = "".join(pick(UNSEEN) + pick(SPACES) + pick(SLASHES) * chance.randrange(3) + pick(COMBINING)
                    for _ in range(chance.randrange(1, 4)))
    order = pick(ORDERS)
    cut = chance.randrange(len(order))
    return front + pick(SLASHES) + pick(UNSEEN) + order[:cut] + pick(UNSEEN) + order[cut:] + pick(SPACES)


def obeyed(text: str) -> bool:
    """Whether Rasa's own reading of orders finds one in *text*."""
    return ORDER.match(text.strip()) is not None


def test_the_fuzz_would_be_obeyed_without_cleaning() -> None:
    """So that the test below proves something."""
    assert obeyed('/intent{"a":"b"}')
    assert any(obeyed(disguised(random.Random(seed))) for seed in range(100))


def test_no_disguised_order_survives() -> None:
    """200,000 of them; none starts with a slash, none is read as an order."""
    chance = random.Random(3)
    texts = (disguised(chance) for _ in range(200_000))
    assert [text for text in texts if (safe := clean(text)).startswith("/") or obeyed(safe)] == []


def test_rasas_own_handler_finds_no_intent_to_force() -> None:
    chance = random.Random(4)
    messages = [Message({TEXT: clean(disguised(chance))}) for _ in range(2_000)]
    assert [m for m in RegexMessageHandler().process(messages) if m.get(INTENT) or m.get(ENTITIES)] == []


@given(LETTERS | st.text(max_size=300))
@example("\u200b/\u200b/restart")
@example("／／ /affirm")
@example("/ " * 50 + "yes")
@settings(max_examples=400)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not once.startswith("/")
    assert len(once) <= LONGEST


@given(st.text(st.sampled_from("ﷺa /"), min_size=900, max_size=1200))
@settings(max_examples=50)
def test_what_is_cut_off_at_the_end_leaves_nothing_to_obey(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert len(once) <= LONGEST


@pytest.mark.parametrize("text", ["I'd like to book, please", "6/12 or 7/12?", "knee/hip pain", "café", "🏃 sore!",
                                  "¿qué?"])
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


def test_naughty_strings_come_out_harmless() -> None:
    """Strings that have broken other programs (tests/data/naughty-strings)."""
    for text in NAUGHTY:
        once = clean(text)
        assert clean(once) == once
        assert not once.startswith("/")
        assert "\u202e" not in once
        assert "\x00" not in once
