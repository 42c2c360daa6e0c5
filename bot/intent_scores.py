"""What the examples teach: each intent's score for a text, and how strange the text is to all of ours."""
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from bot.encoder import WIDTH
from bot.lexical_model import KINDS, LexicalModel
from bot.softmax_regression import fit, log_softmax

# Chosen once, the same for every use, by cross-validation on the training sets of bench/understanding.py and our own.
WORDING_WEIGHT = 0.8   # of how it is said, beside what is meant
LIKENESS_WEIGHT = 8.0  # of the cosine to an intent's mean, beside the regression's logarithms
LEXICAL_WEIGHT = 1.0   # of the cosine of words and pieces
SHRINKAGE = 0.3        # of the spread within intents towards a ball
AXES = 512             # of 768: a third less to learn, and no worse
MAIN_AXES = 128        # that neighbours are compared on
NEIGHBOURS = 3
NEARNESS_WEIGHT = 5.0  # of the neighbours' cosine, beside the best intent's logarithm


@dataclass(frozen=True, slots=True)
class IntentScores:
    """Fitted arrays; *k* intents, *d* = AXES numbers a text."""

    ours: np.ndarray        # k, bool: False where an intent is out of scope
    centre: np.ndarray      # 384: the mean wording
    axes: np.ndarray        # 768 x d, those along which examples differ most first
    weights: np.ndarray     # d x k
    bias: np.ndarray        # k
    mean: np.ndarray        # d
    whitening: np.ndarray   # d x d: evens out how examples of one intent differ
    prototypes: np.ndarray  # d x k, columns of length 1
    examples: np.ndarray    # MAIN_AXES x n, columns of length 1: ours only
    lexical: tuple[LexicalModel, ...]

    @classmethod
    def train(cls, texts: Sequence[str], views: np.ndarray, classes: np.ndarray,
              ours: np.ndarray) -> "IntentScores":
        """*views*: n x 768 of the encoder; *classes*: each text's place in *ours*."""
        count, mine = len(ours), ours[classes]
        centre = views[:, WIDTH:].mean(0)
        features = _features(views, centre)
        axes = np.linalg.eigh(features.T @ features)[1][:, :-AXES - 1:-1].copy()  # the main ones come last
        rows = features @ axes
        weights, bias = fit(rows, classes, count)
        mean = rows[mine].mean(0)
        whitening = _whitening(rows[mine], classes[mine], count)
        totals = np.zeros((count, rows.shape[1]), np.float32)
        np.add.at(totals, classes, _unit((rows - mean) @ whitening))
        lexical = tuple(LexicalModel.train(kind, texts, classes, count) for kind in KINDS)
        return cls(ours, centre, axes, weights, bias, mean, whitening, _unit(totals).T.copy(),
                   _unit(rows[mine, :MAIN_AXES]).T.copy(), lexical)

    def __call__(self, texts: Sequence[str], views: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Scores, n x k, not yet calibrated, and strangeness, n: the higher, the less it is one of ours."""
        rows = _features(views, self.centre) @ self.axes
        known = log_softmax(rows @ self.weights + self.bias)
        likeness = _unit((rows - self.mean) @ self.whitening) @ self.prototypes
        lexical = sum(model.scores(texts) for model in self.lexical) / len(self.lexical)
        scores = known + LIKENESS_WEIGHT * likeness + LEXICAL_WEIGHT * lexical
        return scores, -known[:, self.ours].max(1) - NEARNESS_WEIGHT * self._nearness(rows)

    def _nearness(self, rows: np.ndarray) -> np.ndarray:
        """The mean cosine to the nearest examples of ours."""
        cosines = _unit(rows[:, :MAIN_AXES]) @ self.examples
        near = min(NEIGHBOURS, cosines.shape[1])
        return np.partition(cosines, -near, axis=1)[:, -near:].mean(1)

    def save(self, folder: Path) -> None:
        arrays = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "lexical"}
        np.savez(folder / "scores.npz", **arrays)
        for model in self.lexical:
            model.save(folder)

    @classmethod
    def load(cls, folder: Path) -> "IntentScores":
        with np.load(folder / "scores.npz") as saved:
            return cls(**saved, lexical=tuple(LexicalModel.load(kind, folder) for kind in KINDS))


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)


def _features(views: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Wording is centred first: early layers have much in common for any text."""
    wording = WORDING_WEIGHT * _unit(views[:, WIDTH:] - centre)
    return np.hstack([views[:, :WIDTH], wording]).astype(np.float32)


def _whitening(rows: np.ndarray, classes: np.ndarray, count: int) -> np.ndarray:
    """The inverse square root of the shrunk covariance within classes (as in linear discriminant analysis)."""
    totals = np.zeros((count, rows.shape[1]), np.float32)
    np.add.at(totals, classes, rows)
    means = totals / np.maximum(np.bincount(classes, minlength=count), 1)[:, None]
    apart = rows - means[classes]
    spread = apart.T @ apart / len(rows)
    ball = np.eye(len(spread), dtype=np.float32) * np.trace(spread) / len(spread)
    values, vectors = np.linalg.eigh((1 - SHRINKAGE) * spread + SHRINKAGE * ball)
    return ((vectors / np.sqrt(np.maximum(values, 1e-9))) @ vectors.T).astype(np.float32)
