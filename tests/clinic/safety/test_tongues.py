"""A language is known by its small words, and English is never taken for another."""
import re

import pytest
import yaml

from clinic.safety.reader import Screen
from clinic.safety.tongues import OTHER, Tongues
from clinic.settings import ROOT

RULES = Screen.load(ROOT / "content").rules


@pytest.fixture(scope="module")
def tongues() -> Tongues:
    return Tongues(RULES)


@pytest.mark.parametrize(("text", "code"), [
    ("cuánto cuesta un masaje para la rodilla", "es"), ("ile kosztuje masaż i czy mogę dzisiaj", "pl"),
    ("bonjour, combien coûte un massage", "fr"), ("ich habe Schmerzen im Knie, kann ich einen Termin haben", "de"),
    ("quanto costa un massaggio", "it"), ("quero marcar uma massagem para amanhã", "pt"),
    ("cât costă un masaj la voi", "ro"), ("hoeveel kost het en wanneer kan ik", "nl"),
    ("скільки коштує масаж і коли можна", "uk"), ("masaj ne kadar ve ne zaman", "tr"),
    ("faint ydy hi i gael apwyntiad", "cy"), ("kiek kainuoja masažas ir kada", "lt"),
    ("hej jag vill gärna boka en tid", "sv"), ("сколько стоит массаж и когда можно", "ru"),
    ("مرحبا اريد حجز موعد", "ar"),
    ("मुझे अपॉइंटमेंट चाहिए", "hi"), ("我想预约按摩", "zh"), ("γεια σας θέλω ραντεβού", OTHER), ("예약하고 싶어요", OTHER)])
def test_a_language_is_known(tongues: Tongues, text: str, code: str) -> None:
    assert tongues.other_than_english(text) == code


def test_what_people_write_in_english_is_english(tongues: Tongues) -> None:
    """All the phrases of the training data: in none of them is a visitor told that we answer in English."""
    files = [ROOT / "data" / "nlu.yml", *sorted((ROOT / "data" / "nlu").glob("*.yml"))]
    phrases = [re.sub(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})", r"\1", line[2:])
               for file in files for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
               if entry["intent"] not in ("nonsense", "other_matters", "other_services")
               for line in entry["examples"].splitlines()]
    foreign = [phrase for phrase in phrases if tongues.other_than_english(phrase)]
    assert len(phrases) > 7_000
    assert len(foreign) <= 5, foreign


@pytest.mark.parametrize("text", ["café at 5 o’clock?", "Jürgen Müller", "👍👍", "07700 900123", "...", "", "ok 谢"])
def test_a_name_or_a_sign_from_elsewhere_is_no_language(tongues: Tongues, text: str) -> None:
    assert tongues.other_than_english(text) is None


def test_every_language_has_an_answer_and_its_number() -> None:
    assert set(RULES.tongues) | set(RULES.scripts.values()) == set(RULES.languages)
    words = yaml.safe_load((ROOT / "content" / "safety-words.yml").read_text(encoding="utf-8"))
    assert words["languages"].keys() == {code for code, told in RULES.languages.items() if "reply" in told}
    for told in RULES.languages.values():
        assert "999" in told.get("reply", "999")
        assert "999" in told["in_english"]
        assert told["checked_by"]  # it says so where nobody has
