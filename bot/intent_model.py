"""Which intent a text has, how sure that is, and whether it is ours at all. Free of Rasa."""
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

Encode = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a text is taken for."""

    ranking: list[tuple[str, float]]
    """Every intent with its calibrated confidence, surest first; they add up to 1."""
    out_of_scope: float
    """0: surely one of our intents; 1: surely none of them."""


class IntentModel:
    """Linear models on sentence vectors; kept as plain arrays."""

    def __init__(self, intents: list[str], ours: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> None:
        self.intents, self.ours, self.weights, self.bias = intents, ours, weights, bias

    @classmethod
    def train(cls, texts: Sequence[str], labels: Sequence[str], encoder: Encode,
              out_of_scope: Collection[str] = ()) -> "IntentModel":
        model = LogisticRegression(C=10.0, max_iter=1000, class_weight="balanced")
        model.fit(encoder(texts), labels)
        intents = [str(name) for name in model.classes_]
        ours = np.array([name not in out_of_scope for name in intents])
        return cls(intents, ours, model.coef_.astype("f4"), model.intercept_.astype("f4"))

    def predict(self, text: str, vector: np.ndarray) -> Prediction:
        scores = self.weights @ vector + self.bias
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        order = np.argsort(-shares)
        ranking = [(self.intents[i], float(shares[i])) for i in order]
        return Prediction(ranking, float(1 - shares[self.ours].max()))

    def save(self, folder: Path) -> None:
        np.savez(folder / "intents.npz", ours=self.ours, weights=self.weights, bias=self.bias)
        (folder / "intents.json").write_text(json.dumps(self.intents), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "IntentModel":
        intents = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        with np.load(folder / "intents.npz") as saved:
            return cls(intents, saved["ours"], saved["weights"], saved["bias"])
