"""The intent model as a part of Rasa's pipeline."""
import hashlib
import inspect
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import calibration, intent_model, intent_scores, kernel, lexical_model
from bot.encoder import encoder_at
from bot.intent_model import IntentModel, Prediction
from bot.vector_cache import VectorCache
from clinic.settings import Settings

OUT_OF_SCOPE = "out_of_scope"
RANKED = 5
EVEN = 0.5
"""The out-of-scope score at which a text is as likely ours as not."""
SETTLED = 0.9
"""The confidence from which none of some hundred second readings took another intent for the likeliest."""
LEARNS = (intent_model, intent_scores, kernel, lexical_model, calibration)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EncoderIntentClassifier(IntentClassifier, GraphComponent):
    """Sets `intent`, `intent_ranking` and `out_of_scope` (0 ours, 1 not) on a message.

    A message that holds an entity of `reads_again`, and leaves a doubt, is read a second time with that entity in plain
    words, and both readings count: to the encoder "my IT band is playing up" is about music.

    Config: `encoder`, a folder (default: FRONTDESK_HOME/encoder); `out_of_scope`, the intents that aren't ours;
    `reads_again`, for each entity the words that stand for it, with {value} for its canonical name."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource,
                 model: IntentModel | None = None) -> None:
        self.config, self.storage, self.resource, self.model = config, storage, resource, model
        self.encoder = encoder_at(_folder(config))

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"encoder": None, OUT_OF_SCOPE: [], "reads_again": {}}

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> "EncoderIntentClassifier":
        return cls(config, model_storage, resource)

    @classmethod
    def load(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> "EncoderIntentClassifier":
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.load(folder))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Rasa trains again when the encoder or the model's own code changes, not only the examples."""
        digest = hashlib.sha256(encoder_at(_folder(config)).fingerprint.encode())
        for module in LEARNS:
            digest.update(inspect.getsource(module).encode())
        return digest.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        encode = VectorCache(self.encoder, Settings.read().home / "cache")
        self.model = IntentModel.train([example.get(TEXT) for example in examples],
                                       [example.get(INTENT) for example in examples],
                                       encode, self.config[OUT_OF_SCOPE])
        with self.storage.write_to(self.resource) as folder:
            self.model.save(folder)
        return self.resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        text = message.get(TEXT) or ""
        if not text.strip() or self.model is None:
            ranking, out_of_scope = [], 1.0
        else:
            prediction = self._read(self.model, text)
            plain = _in_plain_words(text, message.get(ENTITIES, []), self.config.get("reads_again", {}))
            if plain != text and not _settled(prediction):
                prediction = together([prediction, self._read(self.model, plain)])
            ranking = [{"name": name, "confidence": share} for name, share in prediction.ranking[:RANKED]]
            out_of_scope = prediction.out_of_scope
        message.set(INTENT, ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(OUT_OF_SCOPE, out_of_scope, add_to_output=True)

    def _read(self, model: IntentModel, text: str) -> Prediction:
        return model.predict(text, self.encoder.views([text])[0])


def _settled(reading: Prediction) -> bool:
    """Whether a second reading would change nothing but the digits, and cost as much again."""
    return reading.ranking[0][1] >= SETTLED and reading.out_of_scope < EVEN


def together(readings: Sequence[Prediction]) -> Prediction:
    """What several readings of one text come to: the mean of those that say it is ours, if any of them does."""
    counted = [reading for reading in readings if reading.out_of_scope < EVEN] or readings
    shares: dict[str, float] = defaultdict(float)
    for reading in counted:
        for name, share in reading.ranking:
            shares[name] += share / len(counted)
    ranking = sorted(shares.items(), key=lambda guess: -guess[1])
    return Prediction(ranking, min(reading.out_of_scope for reading in readings))


def _in_plain_words(text: str, entities: Sequence[dict[str, Any]], words: Mapping[str, str]) -> str:
    """*text* with each entity that has *words* said in these."""
    for entity in sorted(entities, key=lambda entity: -entity.get("start", 0)):
        if entity["entity"] in words and "start" in entity:
            said = words[entity["entity"]].format(value=entity["value"])
            text = text[:entity["start"]] + said + text[entity["end"]:]
    return text


def _folder(config: dict[str, Any]) -> Path:
    return Path(config["encoder"]) if config.get("encoder") else Settings.read().encoder
