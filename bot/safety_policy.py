"""Help first inside Rasa too: under `rasa shell`, `rasa run` and `rasa test` no door has read the message before."""
from pathlib import Path
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, confidence_scores_for
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.in_process import SERVED
from clinic.safety.reader import Screen
from clinic.safety.reading import HELPED
from clinic.settings import Settings

ACTION = "action_safety"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class SafetyPolicy(Policy):
    """Reads the raw text before any rule, story or open form has a say. Learns nothing.

    Its predictions say that they need no message (`is_no_user_prediction`): Rasa lets an open form's do the same, and
    those beat every other policy at any priority."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
                 execution_context: ExecutionContext, **_: Any) -> None:
        super().__init__(config, model_storage, resource, execution_context)
        self._folder: Path = Settings.read().content
        self._screen: Screen | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"priority": 100}

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **_: Any) -> Resource:
        return self._resource

    def predict_action_probabilities(self, tracker: DialogueStateTracker, domain: Domain,
                                     rule_only_data: dict[str, Any] | None = None, **_: Any) -> PolicyPrediction:
        if tracker.latest_action_name == ACTION:
            return self._certain(ACTION_LISTEN_NAME, domain)
        if tracker.latest_action_name == ACTION_LISTEN_NAME and self._in_danger(tracker):
            return self._certain(ACTION, domain)
        return self._prediction(self._default_predictions(domain))

    def _certain(self, action: str, domain: Domain) -> PolicyPrediction:
        aside = [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)] if action == ACTION else []
        return self._prediction(confidence_scores_for(action, 1.0, domain), optional_events=aside,
                                is_no_user_prediction=True)

    def _in_danger(self, tracker: DialogueStateTracker) -> bool:
        latest = tracker.latest_message
        if latest is None or not latest.text or latest.input_channel == SERVED:  # the door has read that one
            return False
        self._screen = self._screen or Screen.load(self._folder)
        said = [event.text or "" for event in tracker.applied_events() if isinstance(event, UserUttered)]
        return self._screen.read(latest.text, said[:-1]).level in HELPED
