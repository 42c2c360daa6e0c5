"""When a message counts as understood."""
import pytest

from bot import slim

slim.install()

from rasa.shared.nlu.training_data.message import Message  # noqa: E402 - Rasa loads only after slim

from bot.doubt import Doubt  # noqa: E402

DOUBT = Doubt({"unsure": 0.4, "not_ours": 0.5, "sure_together": 0.5, "alike": [["ask_benefits", "ask_recovery"]]})


def read(*ranking: tuple[str, float], out_of_scope: float = 0.1) -> str:
    guesses = [{"name": name, "confidence": share} for name, share in ranking]
    message = Message({"text": "what about it", "intent": guesses[0], "intent_ranking": guesses,
                       "out_of_scope": out_of_scope})
    return str(DOUBT.process([message])[0].get("intent")["name"])


@pytest.mark.parametrize(("ranking", "name"), [
    ([("fact_prices", 0.41), ("fact_hours", 0.3)], "fact_prices"),
    ([("fact_prices", 0.39), ("fact_hours", 0.38)], "nlu_fallback"),
    ([("ask_benefits", 0.3), ("ask_recovery", 0.25)], "ask_benefits"),       # alike: whichever it is
    ([("ask_benefits", 0.3), ("fact_hours", 0.25)], "nlu_fallback"),
    ([("fact_hours", 0.3), ("ask_benefits", 0.3), ("ask_recovery", 0.3)], "nlu_fallback"),
])
def test_an_unsure_message_says_so(ranking: list[tuple[str, float]], name: str) -> None:
    assert read(*ranking) == name


def test_what_is_most_likely_not_ours_is_not_answered() -> None:
    assert read(("ask_benefits", 0.6), out_of_scope=0.6) == "other_matters"


def test_what_kind_of_not_ours_it_is_stays_known() -> None:
    assert read(("other_services", 0.6), out_of_scope=0.9) == "other_services"
