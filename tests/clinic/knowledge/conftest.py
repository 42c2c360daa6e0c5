"""The sample clinic and a physiotherapy clinic, with the real sentence encoder."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.encoder import Encoder
from clinic.knowledge.answer import Answer, Knowledge, NotCovered, Question
from clinic.knowledge.content import load, texts_in

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 24)

Ask = Callable[..., Answer | NotCovered]


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return Encoder(Path(os.environ.get("FRONTDESK_HOME", ROOT / "var")) / "encoder")


@pytest.fixture(scope="session")
def sample(encoder: Encoder) -> Knowledge:
    return Knowledge(load(ROOT / "content"), {}, encoder)


@pytest.fixture(scope="session")
def physio(encoder: Encoder) -> Knowledge:
    return Knowledge(load(ROOT / "tests/clinics/physio"), {}, encoder)


@pytest.fixture(scope="session")
def ask(sample: Knowledge, encoder: Encoder) -> Ask:
    return _asker(sample, encoder)


@pytest.fixture(scope="session")
def ask_physio(physio: Knowledge, encoder: Encoder) -> Ask:
    return _asker(physio, encoder)


@pytest.fixture
def texts() -> dict[str, str]:
    """The physiotherapy clinic's files, to be spoilt one at a time."""
    return texts_in(ROOT / "tests/clinics/physio")


def _asker(knowledge: Knowledge, encoder: Encoder) -> Ask:
    def ask(need: str, text: str, *subjects: str, today: date = TODAY) -> Answer | NotCovered:
        return knowledge.answer(Question(text, encoder([text])[0], need, subjects), today)

    return ask
