"""The second reader of danger: the sentence encoder against described presentations (data/danger*.tsv).

It knows no words and no rules, so it hears what nobody listed; it can't tell denial from complaint as surely, so it
only ever raises a level, and only where it is nearly certain. docs/decisions/0006 has what it adds."""
import csv
import hashlib
import inspect
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
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

from bot.encoder import encoder_at
from bot.vector_cache import VectorCache
from clinic.conversation import LEVELS
from clinic.settings import ROOT, Settings

DANGER = "danger"
PRESENTATIONS = (ROOT / "data" / "danger.tsv", ROOT / "data" / "danger_unheard.tsv")
"""What the rules are made to read, and what they do not hear yet."""
RAISED = ("gp", "urgent", "emergency")
# Chosen by cross-validation over the described presentations (docs/decisions/0006).
NARROWNESS = 1.0      # of the kernel: at a squared distance of 1 a presentation counts for 1/e
HOLDING_BACK = 0.05   # the ridge
ORDINARY_WEIGHT = 0.3  # of a phrase that means something ordinary, beside a described one

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
    """Sets `danger` on a message: for gp, urgent and emergency how far it is like that or a higher one, 0 to 1."""

    def __init__(self, storage: ModelStorage, resource: Resource, likeness: "Likeness | None" = None) -> None:
        self._storage, self._resource, self._likeness = storage, resource, likeness
        self._encoder = encoder_at(Settings.read().encoder)

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> "DangerReader":
        return cls(model_storage, resource)

    @classmethod
    def load(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **_: Any) -> "DangerReader":
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Likeness.load(Path(folder)))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Rasa trains again when the presentations, the encoder or this code change."""
        digest = hashlib.sha256(encoder_at(Settings.read().encoder).fingerprint.encode())
        digest.update(b"".join(file.read_bytes() for file in PRESENTATIONS))
        digest.update(inspect.getsource(sys.modules[__name__]).encode())
        return digest.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the presentations, with every phrase that people use for something ordinary as harmless."""
        described = [row for file in PRESENTATIONS for row in presentations(file)]
        ordinary = [example.get(TEXT) for example in training_data.intent_examples if example.get(TEXT)]
        rows = VectorCache(self._encoder, Settings.read().home / "cache")([text for text, _ in described] + ordinary)
        self._likeness = Likeness.fit(rows, [level for _, level in described])
        with self._storage.write_to(self._resource) as folder:
            self._likeness.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            if text.strip() and self._likeness is not None:
                message.set(DANGER, self._likeness.of(self._encoder.views(pieces(text))), add_to_output=True)
        return messages


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far texts are like those described as dangerous: kernel ridge regression, float32.

    What is ordinary is learnt from too, but held against what is described only: *n* presentations, d = 768."""

    described: np.ndarray  # n x d
    weights: np.ndarray    # n x 3, for each of RAISED

    @classmethod
    def fit(cls, rows: np.ndarray, levels: Sequence[str]) -> "Likeness":
        """*rows*: those of the described texts with their *levels*, then any number of ordinary ones."""
        described, ranks = rows[:len(levels)], [LEVELS.index(level) for level in levels]
        right = np.zeros((len(rows), len(RAISED)))
        right[:len(levels)] = [[rank >= LEVELS.index(level) for level in RAISED] for rank in ranks]
        weight = np.where(np.arange(len(rows)) < len(levels), 1.0, ORDINARY_WEIGHT)[:, None]
        near = _nearness(rows, described).astype(float)
        held = near.T @ (weight * near) + HOLDING_BACK * near[:len(levels)] + 1e-6 * np.eye(len(levels))
        weights = np.linalg.solve(held, near.T @ (weight * right))
        return cls(described, weights.astype(np.float32))

    def of(self, views: np.ndarray) -> dict[str, float]:
        """By level, how far the worst of *views* (m x d) is like that or a higher one: 0 not at all, 1 wholly."""
        likeness = (_nearness(views, self.described) @ self.weights).max(0).clip(0, 1)
        return {level: float(share) for level, share in zip(RAISED, likeness, strict=True)}

    def save(self, folder: Path) -> None:
        np.savez(folder / "danger.npz", described=self.described, weights=self.weights)

    @classmethod
    def load(cls, folder: Path) -> "Likeness":
        with np.load(folder / "danger.npz") as saved:
            return cls(saved["described"], saved["weights"])


def _nearness(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """How near each of *rows* is to each of *others*: 1 where they are the same, towards 0 far away. A row's squared
    length is 2, for both halves of an encoder's view are of length 1."""
    return np.exp(NARROWNESS * (2 * (rows @ others.T) - 4))


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
