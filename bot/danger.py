"""The second reader of danger: the sentence encoder against described presentations (data/danger.tsv).

It knows no words and no rules, so it hears what nobody listed; it can't tell denial from complaint as surely, so it
only ever raises a level, and only where it is nearly certain. docs/decisions/0006 has what it adds."""
import csv
import hashlib
import inspect
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression

from bot.encoder import encoder_at
from bot.vector_cache import VectorCache
from clinic.conversation import LEVELS
from clinic.settings import ROOT, Settings

DANGER = "danger"
PRESENTATIONS = ROOT / "data" / "danger.tsv"
CLASSES = ("none", "gp", "urgent", "emergency")
STRENGTH = 10.0
"""Of the fit (scikit-learn's C): on the open sets, 3 to 10 made no difference and 30 cried wolf."""

PICTURES = re.compile("[\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]+")
FORCED = re.compile(r"\W*\w*\s*\{\s*\W?\w+\W?\s*:\s*\W?(.+?)\W?\}\W*", re.S)
"""A forced intent, of which only what is in its braces was said."""
ENDS = re.compile(r"[.?!;\n]+")
LONG = 160
"""Characters from which a text is read in pieces too."""
SHORTEST, PIECES = 15, 8
"""Characters of a piece, and how many of them are read; each costs as much as a message."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerReader(IntentClassifier, GraphComponent):
    """Sets `danger` on a message: for gp, urgent and emergency how likely it is that or higher, 0 to 1."""

    def __init__(self, storage: ModelStorage, resource: Resource, weights: np.ndarray | None = None) -> None:
        self._storage, self._resource, self._weights = storage, resource, weights
        self._encoder = encoder_at(Settings.read().encoder)

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> "DangerReader":
        return cls(model_storage, resource)

    @classmethod
    def load(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **_: Any) -> "DangerReader":
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, np.load(Path(folder) / "danger.npy"))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Rasa trains again when the presentations, the encoder or this code change."""
        digest = hashlib.sha256(encoder_at(Settings.read().encoder).fingerprint.encode())
        digest.update(PRESENTATIONS.read_bytes() + inspect.getsource(sys.modules[__name__]).encode())
        return digest.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the presentations, with every phrase that people use for something ordinary as harmless."""
        described = presentations(PRESENTATIONS)
        ordinary = [example.get(TEXT) for example in training_data.intent_examples if example.get(TEXT)]
        levels = [CLASSES.index(level) if level in CLASSES else 0 for _, level in described]
        rows = VectorCache(self._encoder, Settings.read().home / "cache")([text for text, _ in described] + ordinary)
        fit = LogisticRegression(C=STRENGTH, max_iter=2000).fit(rows, levels + [0] * len(ordinary))
        self._weights = np.hstack([fit.coef_, fit.intercept_[:, None]]).astype(np.float32)
        with self._storage.write_to(self._resource) as folder:
            np.save(Path(folder) / "danger.npy", self._weights)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            if text.strip() and self._weights is not None:
                message.set(DANGER, self._danger(text), add_to_output=True)
        return messages

    def _danger(self, text: str) -> dict[str, float]:
        assert self._weights is not None
        scores = self._encoder.views(pieces(text)) @ self._weights[:, :-1].T + self._weights[:, -1]
        shares = np.exp(scores - scores.max(1, keepdims=True))
        at_least = np.cumsum((shares / shares.sum(1, keepdims=True))[:, ::-1], axis=1)[:, ::-1].max(0)
        return {level: float(share) for level, share in zip(CLASSES[1:], at_least[1:], strict=True)}


def pieces(text: str) -> list[str]:
    """*text* as the encoder knows words best: without pictures; of a long one its sentences too, for a vector of all of
    it has little left of one."""
    if inside := FORCED.fullmatch(text):
        text = inside[1]
    plain = " ".join(PICTURES.sub(" ", text).split()) or text
    if len(plain) <= LONG:
        return [plain]
    sentences = [piece.strip() for piece in ENDS.split(plain)]
    return [plain, *[piece for piece in sentences if len(piece) >= SHORTEST][:PIECES]]


def presentations(file: Path) -> list[tuple[str, str]]:
    """Texts with their level, from *file*; not those that only complete what an earlier message said."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [(row["text"], row["level"]) for row in rows if not row["earlier"] and row["level"] in LEVELS]
