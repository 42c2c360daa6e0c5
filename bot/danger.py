"""The second reader of danger: whole messages against described presentations (data/danger*.tsv), by what the sentence
encoder makes of them and by their words and pieces of words.

It knows no rules, so it hears what nobody listed; it can't tell denial from complaint as surely, so it
only ever raises a level, and only where it is nearly certain. docs/decisions/0006 has what it adds."""
import csv
import hashlib
import inspect
import os
import re
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
from threadpoolctl import threadpool_limits

from bot import kernel, lexical_model
from bot.encoder import encoder_at
from bot.kernel import Examples
from bot.lexical_model import LexicalModel
from bot.vector_cache import VectorCache
from clinic.conversation import LEVELS
from clinic.settings import ROOT, Settings

DANGER = "danger"
PRESENTATIONS = (ROOT / "data" / "danger.tsv", ROOT / "data" / "danger_unheard.tsv")
"""What the rules are made to read, and what they do not hear yet."""
RAISED = ("gp", "urgent", "emergency")
ASKED_ABOUT = "contraindication"
"""Not a lower degree of danger but another matter: nobody's chest pain is one."""
# Chosen by cross-validation over the described presentations (docs/decisions/0006).
NARROWNESS = 1.0      # of the kernel: at a squared distance of 1 a presentation counts for 1/e
HOLDING_BACK = 0.1    # the ridge of what is compared by meaning
TERMS_HOLDING_BACK = 1.0  # and by words
ORDINARY_WEIGHT = 0.5  # of a phrase that means something ordinary, beside a described one
COMPARED = 3_000      # presentations that a message is held against: learning is from all
AXES = 256            # of 768
BLOCK = 1_000
"""Texts that are compared at a time while learning: all at once would hold half a gigabyte."""

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
    """Sets `danger` on a message, shares of 1: for gp, urgent and emergency how far it is like that or a higher one,
    and how far like a contraindication."""

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
        for module in (inspect.getmodule(cls), kernel, lexical_model):
            digest.update(inspect.getsource(module).encode())  # type: ignore[arg-type] # this one has a module
        return digest.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the presentations, with every phrase that people use for something ordinary as harmless."""
        described = [row for file in PRESENTATIONS for row in presentations(file)]
        ordinary = [example.get(TEXT) for example in training_data.intent_examples if example.get(TEXT)]
        texts = [text for text, _ in described] + ordinary
        rows = VectorCache(self._encoder, Settings.read().home / "cache")(texts)
        self._likeness = Likeness.fit(texts, rows, [level for _, level in described])
        with self._storage.write_to(self._resource) as folder:
            self._likeness.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            if text.strip() and self._likeness is not None:
                read = pieces(text)
                message.set(DANGER, self._likeness.of(read, self._encoder.views(read)), add_to_output=True)
        return messages


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far texts are like those described: the mean of two ridge regressions, float32, on what they mean (compared
    with *n* presentations) and on their terms. Either hears what the other does not; together they err less."""

    compared: Examples
    weights: np.ndarray  # n x 4: for each of RAISED, and for what is asked about
    lexical: LexicalModel

    @classmethod
    def fit(cls, texts: Sequence[str], rows: np.ndarray, levels: Sequence[str]) -> "Likeness":
        """*texts* and their *rows* of the encoder: those described with their *levels*, then any number of ordinary
        ones."""
        right = np.zeros((len(rows), len(RAISED) + 1), np.float32)
        right[:len(levels)] = [[*(LEVELS.index(said) >= LEVELS.index(level) for level in RAISED), said == ASKED_ABOUT]
                               for said in levels]
        counts = np.where(np.arange(len(rows)) < len(levels), 1.0, ORDINARY_WEIGHT).astype(np.float32)
        with threadpool_limits(os.cpu_count(), user_api="blas"):
            compared, weights = _by_meaning(rows, right, counts, len(levels))
        return cls(compared, weights, LexicalModel.train(texts, right, TERMS_HOLDING_BACK, counts))

    def of(self, texts: Sequence[str], views: np.ndarray) -> dict[str, float]:
        """By level, how far the worst of *texts* (m, with *views* m x 768) is like it: 0 not at all, 1 wholly."""
        likeness = (self.compared.nearness(views) @ self.weights + self.lexical.scores(texts)) / 2
        worst = likeness.max(0).clip(0, 1)
        return {level: float(share) for level, share in zip((*RAISED, ASKED_ABOUT), worst, strict=True)}

    def save(self, folder: Path) -> None:
        np.savez(folder / "danger.npz", weights=self.weights, **self.compared.as_arrays())
        self.lexical.save(folder)

    @classmethod
    def load(cls, folder: Path) -> "Likeness":
        with np.load(folder / "danger.npz") as saved:
            return cls(Examples.from_arrays(saved), saved["weights"], LexicalModel.load(folder))


def _by_meaning(rows: np.ndarray, right: np.ndarray, counts: np.ndarray, described: int) -> tuple[Examples, np.ndarray]:
    """Kernel ridge regression from *rows* to *right*, held against some of those *described*, which come first."""
    examples = Examples.along_main_axes(rows, AXES, NARROWNESS, kept=described)
    examples = examples.some(np.sort(np.random.default_rng(0).permutation(described)[:COMPARED]))
    held = HOLDING_BACK * examples.among_themselves().astype(float) + 1e-6 * np.eye(len(examples.rows))
    found = np.zeros((len(examples.rows), right.shape[1]))
    for start in range(0, len(rows), BLOCK):
        block = slice(start, start + BLOCK)
        near = examples.nearness(rows[block])
        held += near.T @ (counts[block, None] * near)
        found += near.T @ (counts[block, None] * right[block])
    return examples, np.linalg.solve(held, found).astype(np.float32)


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
