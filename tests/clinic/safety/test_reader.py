"""What is read as danger and what isn't, in the words of those who write: data/danger.tsv, a line a message."""
import csv
import re

import pytest

from bench.nlu_examples import examples as ordinary
from clinic.safety.reader import Screen
from clinic.safety.reading import Reading
from clinic.settings import ROOT

EXAMPLES = ROOT / "data" / "danger.tsv"
WORRY = "when is calf pain something to worry about"
DANGER = "crushing pain in my chest going down my left arm"
TELLS_OF_A_SIGN = {
    "he hurt me and wouldn't stop when I said", "is my achilles torn or is it only inflamed",
    "After, my arm floppy long time, I sign for work. Normal how many hours?"}
"""Examples of ordinary intents in which a sign is told all the same."""


def examples() -> list[tuple[str, str, str, list[str]]]:
    lines = [line for line in EXAMPLES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [(row["text"], row["level"], row["rule"], [row["earlier"]] if row["earlier"] else []) for row in rows]


@pytest.fixture(scope="module")
def screen() -> Screen:
    return Screen.load(ROOT / "content")


@pytest.mark.parametrize(("text", "level", "rule", "earlier"), examples())
def test_a_message_gets_its_level(screen: Screen, text: str, level: str, rule: str, earlier: list[str]) -> None:
    reading = screen.read(text, earlier)
    assert reading.level == level
    assert reading.general == (rule == "general")
    assert rule in ("-", "general") or rule in reading.rules


def test_ordinary_messages_raise_no_alarm(screen: Screen) -> None:
    """Some 9,600 phrasings of what people ask every day."""
    phrasings = [text for text, _ in ordinary(ROOT / "data")]
    assert len(phrasings) > 5000
    assert {text for text in phrasings if screen.read(text).alarm} == TELLS_OF_A_SIGN


@pytest.mark.parametrize(("text", "begins"), [
    ("my husband has a crushing pain in his chest and looks grey", "Call 999 now for them"),
    ("boli mnie w klatce piersiowej i mam duszno", "Proszę teraz zadzwonić pod 999"),
    ("ho un dolore fortissimo al petto", "Chiami subito il 999"),
    ("my boyfriend hits me", "You can talk to"), ("my sister's boyfriend hits her", "They can talk to"),
    (DANGER, "Call 999 now. Sit down")])
def test_advice_speaks_to_whoever_wrote(screen: Screen, text: str, begins: str) -> None:
    """To a helper as a helper; first in the language that was used, then in English."""
    advice = screen.advice(screen.read(text), None)
    assert advice.startswith(begins)
    assert re.search("999|0808", advice.splitlines()[0])
    assert re.search("[Cc]all 999", advice)


CERTAIN = {"gp": 1.0, "urgent": 1.0, "emergency": 1.0}


@pytest.mark.parametrize(("first", "share", "asked"), [
    (Reading("none"), 0.5, True), (Reading("none"), 0.1, False), (Reading("none", general=True), 0.9, False),
    (Reading("contraindication"), 0.9, False), (Reading("gp"), 0.9, False)])
def test_it_asks_about_what_nobody_named(screen: Screen, first: Reading, share: float, asked: bool) -> None:
    assert (screen.asks(first, {"contraindication": share}) is not None) is asked


@pytest.mark.parametrize(("first", "danger", "level"), [
    (Reading("none"), {"gp": 0.9, "urgent": 0.8, "emergency": 0.2}, "urgent"),
    (Reading("none"), {"gp": 0.9, "urgent": 0.8, "emergency": 0.35}, "emergency"),  # in doubt the higher
    (Reading("none"), {"gp": 0.58, "urgent": 0.4, "emergency": 0.35}, "gp"),  # but only of an alarm it is sure of
    (Reading("contraindication"), {"gp": 0.7, "urgent": 0.2, "emergency": 0.1}, None),  # that is asked about already
    (Reading("contraindication"), {"gp": 0.96, "urgent": 0.2, "emergency": 0.1}, "gp"),
    (Reading("none"), {"gp": 0.5, "urgent": 0.4, "emergency": 0.35}, None), (Reading("none"), {}, None),
    (Reading("urgent"), CERTAIN, "emergency"), (Reading("emergency"), CERTAIN, None),
    (Reading("urgent"), {"gp": 1.0, "urgent": 1.0, "emergency": 0.1}, None),
    (Reading("none", general=True), CERTAIN, None)])
def test_the_second_reader_only_raises_and_only_when_sure(screen: Screen, first: Reading, danger: dict[str, float],
                                                          level: str | None) -> None:
    second = screen.second(first, danger)
    assert (second.level if second else None) == level


def test_a_question_about_warning_signs_is_over_with_its_message(screen: Screen) -> None:
    """What was asked in general stays asked: the next message gets its own answer."""
    assert screen.read(WORRY).general
    assert not screen.read("what are your prices", [WORRY]).general


def test_a_sign_said_before_raises_nothing_by_itself(screen: Screen) -> None:
    assert screen.read("what are your prices", [DANGER]).level == "none"


def test_a_sign_now_completes_one_said_before(screen: Screen) -> None:
    """Danger told in two breaths is danger."""
    assert screen.read("my calf is swollen and hot").level == "urgent"
    assert screen.read("and now i cant catch my breath", ["my calf is swollen and hot"]).level == "emergency"


def test_what_to_do_stands_in_the_first_200_characters(screen: Screen) -> None:
    """The smallest channel cuts there."""
    for text, level, _, earlier in examples():
        if level == "emergency":
            head = screen.advice(screen.read(text, earlier), None)[:200]
            assert "999" in head or "A&E" in head or "helpline" in head, text
