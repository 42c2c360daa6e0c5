"""The intent model on a handful of real sentences, with the real encoder."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from bot.encoder import Encoder, encoder_at
from bot.intent_model import IntentModel, folds
from clinic.settings import Settings

SAID = {
    "fact_hours": ["when are you open", "opening times?", "r u open on sunday", "what time do you close",
                   "are you there on saturdays", "do you open before 8", "till when today", "bank holiday hours?"],
    "fact_price": ["how much is it", "what do you charge", "price for an hour?", "is it expensive",
                   "cost of a session", "hw much 30 min", "what are your rates", "do you have a price list"],
    "book_appointment": ["can i book for thursday", "i'd like an appointment", "got anything free tomorrow",
                         "need a slot this week", "book me in please", "want to come in on monday",
                         "any space friday after six", "make a booking"],
    "nonsense": ["purple idea sleeps", "asdfgh", "the cheese votes", "lorem ipsum", "bla bla", "qwertz uiop",
                 "seven spoons of yesterday", "xyzzy"],
}
TEXTS = [text for texts in SAID.values() for text in texts]
LABELS = [intent for intent, texts in SAID.items() for _ in texts]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return encoder_at(Settings.read({}).encoder)


@pytest.fixture(scope="module")
def model(encoder) -> IntentModel:
    return IntentModel.train(TEXTS, LABELS, encoder.views, out_of_scope=["nonsense"])


def ask(model: IntentModel, encoder: Encoder, text: str):
    return model.predict(text, encoder.views([text])[0])


@pytest.mark.parametrize(("text", "intent"), [
    ("whats the price of a massage", "fact_price"),
    ("are u open tmrw evening", "fact_hours"),
    ("could I get an apointment next tuesday?", "book_appointment"),
])
def test_new_wordings_of_a_known_wish_are_understood(model, encoder, text, intent):
    assert ask(model, encoder, text).ranking[0][0] == intent


def test_what_is_ours_seems_less_strange_than_what_is_not(model, encoder):
    ours, theirs = (ask(model, encoder, text).out_of_scope
                    for text in ("how much does an hour cost", "who won the cricket in 1987"))
    assert ours < 0.5 < theirs


@trying(max_examples=60, deadline=None)
@given(text=st.text(max_size=60))
def test_confidences_are_a_distribution(model, encoder, text):
    prediction = ask(model, encoder, text)
    shares = [share for _, share in prediction.ranking]
    assert sum(shares) == pytest.approx(1)
    assert shares == sorted(shares, reverse=True)
    assert 0 <= shares[-1] <= shares[0] <= 1
    assert 0 <= prediction.out_of_scope <= 1
    assert {intent for intent, _ in prediction.ranking} == set(SAID)


@pytest.mark.parametrize("text", ["", "   ", "👍👍", "\u200b", "?!", "x" * 5_000])
def test_a_text_without_known_words_still_gets_an_answer(model, encoder, text):
    assert len(ask(model, encoder, text).ranking) == len(SAID)


def test_a_saved_model_says_the_same(model, encoder, tmp_path):
    model.save(tmp_path)
    again = IntentModel.load(tmp_path)
    assert [ask(again, encoder, text) for text in TEXTS] == [ask(model, encoder, text) for text in TEXTS]


def test_a_saved_model_needs_no_pickle(model, tmp_path):
    model.save(tmp_path)
    for file in tmp_path.glob("*.npz"):
        with np.load(file, allow_pickle=False) as saved:
            assert all(saved[name].dtype != object for name in saved)
    for file in tmp_path.glob("*.npy"):
        assert np.load(file, allow_pickle=False).dtype != object
    assert {file.suffix for file in tmp_path.iterdir()} == {".npz", ".npy", ".json"}


def test_the_same_examples_make_the_same_model(model, encoder):
    twin = IntentModel.train(TEXTS, LABELS, encoder.views, out_of_scope=["nonsense"])
    assert [ask(twin, encoder, text) for text in TEXTS] == [ask(model, encoder, text) for text in TEXTS]


def test_it_learns_without_an_example_of_what_is_not_ours(encoder):
    ours = [place for place, label in enumerate(LABELS) if label != "nonsense"]
    model = IntentModel.train([TEXTS[place] for place in ours], [LABELS[place] for place in ours], encoder.views)
    usual, strange = (ask(model, encoder, text).out_of_scope for text in ("how much is an hour", "cheese votes"))
    assert usual < strange


def test_an_intent_with_one_example_can_be_learned(encoder):
    model = IntentModel.train([*TEXTS, "where can I leave my car"], [*LABELS, "fact_parking"], encoder.views)
    assert ask(model, encoder, "where do I park the car").ranking[0][0] == "fact_parking"


def test_a_clinic_with_nothing_in_scope_is_refused(encoder):
    with pytest.raises(ValueError, match="in scope"):
        IntentModel.train(TEXTS, LABELS, encoder.views, out_of_scope=list(SAID))


@given(st.lists(st.integers(0, 5), min_size=1, max_size=60))
def test_each_class_is_spread_evenly_over_the_folds(classes):
    labels = np.array(classes)
    fold = folds(labels, 4)
    for name in np.unique(labels):
        sizes = np.bincount(fold[labels == name], minlength=4)
        assert sizes.max() - sizes.min() <= 1
