"""The classifier as Rasa runs it: what it writes on a message, and when Rasa trains it again."""
import shutil
from pathlib import Path

import pytest

from bot import slim

slim.install()

from rasa.engine.graph import ExecutionContext, GraphSchema  # noqa: E402 - Rasa loads only after slim
from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.engine.storage.resource import Resource  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402

from bot.intent_classifier import EncoderIntentClassifier  # noqa: E402
from clinic.settings import Settings  # noqa: E402

EXAMPLES = {"fact_hours": ["when are you open", "opening times?", "r u open sunday", "till when today"],
            "fact_prices": ["how much is it", "what do you charge", "price of an hour?", "is it expensive"],
            "nonsense": ["asdfgh", "the cheese votes", "bla bla", "purple idea sleeps"]}


def config(encoder: Path) -> dict[str, object]:
    return {"encoder": str(encoder), "out_of_scope": ["nonsense"]}


@pytest.fixture(scope="module")
def classifier(tmp_path_factory) -> EncoderIntentClassifier:
    """Trained, stored, and loaded again as a server does."""
    storage = LocalModelStorage(tmp_path_factory.mktemp("storage"))
    context, resource = ExecutionContext(GraphSchema({})), Resource("classifier")
    messages = [Message.build(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    settings = config(Settings.read({}).encoder)
    EncoderIntentClassifier.create(settings, storage, resource, context).train(TrainingData(messages))
    return EncoderIntentClassifier.load(settings, storage, resource, context)


def test_a_message_carries_its_intent_before_its_rivals(classifier):
    message = classifier.process([Message.build("whats the price")])[0]
    ranking = message.get("intent_ranking")
    assert message.get("intent") == ranking[0]
    assert ranking[0]["name"] == "fact_prices"
    assert 0 <= message.get("out_of_scope") <= 1


def test_an_empty_message_has_no_intent(classifier):
    message = classifier.process([Message.build("  ")])[0]
    assert message.get("intent")["name"] is None
    assert message.get("out_of_scope") == 1


def test_rasa_trains_again_when_the_encoder_changes(tmp_path):
    """Rasa asks for this before it takes a classifier from its cache."""
    same, changed = tmp_path / "same", tmp_path / "changed"
    for folder in (same, changed):
        shutil.copytree(Settings.read({}).encoder, folder)
    with (changed / "tokenizer.json").open("a") as end:
        end.write("\n")
    ours = EncoderIntentClassifier.fingerprint_addon(config(Settings.read({}).encoder))
    assert EncoderIntentClassifier.fingerprint_addon(config(same)) == ours
    assert EncoderIntentClassifier.fingerprint_addon(config(changed)) != ours
