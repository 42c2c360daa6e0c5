"""Which intent a text has, how sure that is, and whether it is ours at all. Free of Rasa."""
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bot.calibration import Calibration
from bot.intent_scores import IntentScores

Encode = Callable[[Sequence[str]], np.ndarray]
FOLDS = 3
ENOUGH = 2_000
"""Examples to calibrate on: four numbers are fitted, and each fold takes as long as half of the training."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a text is taken for."""

    ranking: list[tuple[str, float]]
    """Every intent with its calibrated confidence, surest first; they add up to 1."""
    out_of_scope: float
    """0: surely one of our intents; 1: surely none of them."""


@dataclass(frozen=True, slots=True)
class IntentModel:
    """Linear models on sentence vectors and on words, calibrated; kept as plain arrays."""

    intents: list[str]
    scores: IntentScores
    calibration: Calibration

    @classmethod
    def train(cls, texts: Sequence[str], labels: Sequence[str], encoder: Encode,
              out_of_scope: Collection[str] = ()) -> "IntentModel":
        """Learn from *texts* with their *labels*; *encoder* gives n x 768 (`Encoder.views`).

        *out_of_scope* names the labels that aren't ours. Raises ValueError where none is ours."""
        intents = sorted(set(labels))
        ours = np.array([name not in out_of_scope for name in intents], bool)
        if not ours.any():
            raise ValueError("there is no intent to learn that is in scope")
        classes = np.array([intents.index(label) for label in labels])
        lesson = Lesson(list(texts), encoder(texts), classes, _names(intents, ours, encoder), ours)
        return cls(intents, lesson.teach(np.arange(len(texts))), lesson.calibrate())

    def predict(self, text: str, vector: np.ndarray) -> Prediction:
        """*vector*: the text's row of `Encoder.views`, 768."""
        scores, strangeness = self.scores([text], vector[None])
        shares = self.calibration.confidences(scores, self.scores.ours)[0]
        ranking = [(self.intents[place], float(shares[place])) for place in np.argsort(-shares)]
        return Prediction(ranking, float(self.calibration.out_of_scope(strangeness)[0]))

    def save(self, folder: Path) -> None:
        """Several files in *folder*, which exists; no pickle among them."""
        self.scores.save(folder)
        facts = {"intents": self.intents, "calibration": asdict(self.calibration)}
        (folder / "model.json").write_text(json.dumps(facts), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "IntentModel":
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        return cls(facts["intents"], IntentScores.load(folder), Calibration(**facts["calibration"]))


@dataclass(frozen=True, slots=True)
class Names:
    """The names of our intents as one more example each: `book_appointment` teaches "book appointment"."""

    texts: list[str]
    views: np.ndarray
    classes: np.ndarray


def _names(intents: Sequence[str], ours: np.ndarray, encoder: Encode) -> Names:
    classes = np.flatnonzero(ours)
    texts = [intents[int(place)].replace("_", " ").replace("/", " ") for place in classes]
    return Names(texts, encoder(texts), classes)


@dataclass(frozen=True, slots=True)
class Lesson:
    """All that there is to learn from, so that a part of it can be held back."""

    texts: list[str]
    views: np.ndarray
    classes: np.ndarray
    names: Names
    ours: np.ndarray

    def teach(self, places: np.ndarray) -> IntentScores:
        """Learn from the examples at *places*."""
        return IntentScores.train([self.texts[place] for place in places] + self.names.texts,
                                  np.vstack([self.views[places], self.names.views]),
                                  np.concatenate([self.classes[places], self.names.classes]), self.ours)

    def calibrate(self) -> Calibration:
        """From what models say of examples that they haven't seen: of all, or of ENOUGH."""
        fold, held_back = folds(self.classes, FOLDS), np.zeros(0, int)
        scores, strangeness = [], []
        for number in range(FOLDS):
            held = np.flatnonzero(fold == number)
            model = self.teach(np.flatnonzero(fold != number))
            said = model([self.texts[place] for place in held], self.views[held])
            scores.append(said[0])
            strangeness.append(said[1])
            held_back = np.concatenate([held_back, held])
            if len(held_back) >= ENOUGH:
                break
        return Calibration.fit(np.vstack(scores), np.concatenate(strangeness), self.classes[held_back], self.ours)


def folds(classes: np.ndarray, count: int) -> np.ndarray:
    """A fold, 0 to count - 1, for each example, every class spread evenly; the same for the same classes."""
    chance, fold = np.random.default_rng(0), np.zeros(len(classes), int)
    for name in np.unique(classes):
        places = chance.permutation(np.flatnonzero(classes == name))
        fold[places] = (np.arange(len(places)) + chance.integers(count)) % count
    return fold
