"""Doubt: a message that was not understood well enough says so, instead of being answered as if it was."""
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

UNCLEAR = "nlu_fallback"
NOT_OURS = "other_matters"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Doubt(IntentClassifier, GraphComponent):
    """Puts `nlu_fallback` first where the best intent is below `unsure`, and `other_matters` where the
    out-of-scope score is above `not_ours`. The ranking stays, for a choice to be made from it.

    `alike` are groups of intents that get answers of one kind, found by the text itself: where those of one group
    together reach `sure_together`, a choice between them would only hold people up."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._unsure, self._not_ours = config["unsure"], config["not_ours"]
        self._alike, self._together = [set(group) for group in config["alike"]], config["sure_together"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"unsure": 0.4, "not_ours": 0.5, "alike": [], "sure_together": 0.5}

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> "Doubt":
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT) and message.get(INTENT_RANKING_KEY):
                self._doubt(message)
        return messages

    def _doubt(self, message: Message) -> None:
        best = message.get(INTENT)
        if (message.get("out_of_scope") or 0.0) > self._not_ours:
            if best["name"] not in ("other_services", "nonsense", "instruct_machine"):
                message.set(INTENT, {"name": NOT_OURS, "confidence": best["confidence"]}, add_to_output=True)
        elif best["confidence"] < self._unsure and not self._sure_of_a_group(message):
            message.set(INTENT, {"name": UNCLEAR, "confidence": best["confidence"]}, add_to_output=True)

    def _sure_of_a_group(self, message: Message) -> bool:
        ranking = message.get(INTENT_RANKING_KEY)
        groups = [group for group in self._alike if ranking[0]["name"] in group]
        return any(sum(guess["confidence"] for guess in ranking if guess["name"] in group) >= self._together
                   for group in groups)
