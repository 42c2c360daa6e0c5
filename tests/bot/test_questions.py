"""Two questions in one message, told from one question with its story."""
from typing import Any

import pytest

from bot.questions import Questions

KNOWN = {"how much is it": "fact_prices", "where can i park": "fact_parking", "do u take cards": "fact_payment",
         "my calf is tight": "ask_injury", "which shoes should i buy": "other_services",
         "can you help with that": "help",
         "what are your hours": "fact_hours", "i ran on sunday": "ask_recovery"}


async def parse(text: str) -> dict[str, Any]:
    """How a handful of texts is understood; anything else is unclear."""
    name = KNOWN.get(text.strip(" ?.!").lower())
    return {"intent": {"name": name or "nlu_fallback", "confidence": 0.8 if name else 0.2}, "entities": []}


async def split(text: str) -> list[str]:
    whole = {"intent": {"name": "fact_prices", "confidence": 0.6}, "entities": []}
    return [part for part, _ in await Questions.load(parse).split(text, whole)]


@pytest.mark.parametrize("text", [
    "how much is it and where can i park?", "How much is it? Where can I park?", "how much is it, where can i park",
    "how much is it n do u take cards", "how much is it\nwhat are your hours", "how much is it? my calf is tight",
    "do u take cards? which shoes should i buy?",
])
async def test_two_questions_are_told_apart(text: str) -> None:
    assert len(await split(text)) == 2


@pytest.mark.parametrize("text", [
    "how much is it", "i ran on sunday. how much is it?", "my calf is tight, can you help with that?",
    "how much is it and how much is it", "which shoes should i buy, how much is it", "blue and how much is it",
])
async def test_one_question_stays_one(text: str) -> None:
    assert await split(text) == [text]


async def test_the_second_half_speaks_of_what_the_first_one_named() -> None:
    async def naming(text: str) -> dict[str, Any]:
        named = [{"entity": "injury", "value": "calf"}] if "calf" in text else []
        return {"intent": {"name": "ask_injury" if named else "fact_prices", "confidence": 0.9}, "entities": named}

    parts = await Questions.load(naming).split("my calf is tight? how much is it?", await naming(""))
    assert [parse["entities"] for _, parse in parts] == [[{"entity": "injury", "value": "calf"}]] * 2
