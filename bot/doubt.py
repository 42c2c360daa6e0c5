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
    out-of-scope score is above `not_ours`. The ranking stays, for a choice to be made from it."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._unsure, self._not_ours = config["unsure"], config["not_ours"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"unsure": 0.4, "not_ours": 0.5}

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
        elif best["confidence"] < self._unsure:
            message.set(INTENT, {"name": UNCLEAR, "confidence": best["confidence"]}, add_to_output=True)
