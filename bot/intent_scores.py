"""What the examples teach: each intent's score for a text, and how strange the text is to all of ours.

Kernel ridge regression: a text counts for an intent as the intent's examples near it do, and how much each example
says is what brings all of them right at once. Beside it a line on words and pieces of words, which it blurs."""
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from bot.encoder import WIDTH
from bot.kernel import Examples
from bot.lexical_model import LexicalModel

# Chosen once, the same for every use, by cross-validation on our own examples (docs/decisions/0004).
WORDING_WEIGHT = 1.0  # of how it is said, beside what is meant
NARROWNESS = 0.5      # of the kernel: at a squared distance of 2 an example counts for 1/e
HOLDING_BACK = 0.1    # the ridge, for an intent of the usual size; more for one with many examples
LEXICAL_WEIGHT = 0.3  # of what words and pieces tell
LEXICAL_HOLDING_BACK = 0.5
AXES = 256            # of 768: a third as much to compare, and no worse


@dataclass(frozen=True, slots=True)
class IntentScores:
    """Fitted arrays, float32; *n* examples, *k* intents."""

    ours: np.ndarray      # k, bool: False where an intent is out of scope
    centre: np.ndarray    # 384: the mean wording
    examples: Examples    # n
    weights: np.ndarray   # n x k: what each example says for and against each intent
    lexical: LexicalModel

    @classmethod
    def train(cls, texts: Sequence[str], views: np.ndarray, classes: np.ndarray,
              ours: np.ndarray) -> "IntentScores":
        """*views*: n x 768 of the encoder; *classes*: each text's place in *ours*."""
        centre = views[:, WIDTH:].mean(0)
        examples = Examples.along_main_axes(_features(views, centre), AXES, NARROWNESS)
        kernel = examples.among_themselves()
        sizes = np.bincount(classes, minlength=len(ours))[classes]
        kernel[np.diag_indices_from(kernel)] += HOLDING_BACK * np.sqrt(sizes / sizes.mean(), dtype=np.float32)
        right = np.eye(len(ours), dtype=np.float32)[classes]
        from scipy.linalg import cho_factor, cho_solve  # here: only training needs it

        with threadpool_limits(os.cpu_count(), user_api="blas"):
            factor = cho_factor(kernel.T, overwrite_a=True, check_finite=False)  # .T: as LAPACK has it, else it copies
            weights = cho_solve(factor, right, check_finite=False)
        return cls(ours, centre, examples, weights.astype(np.float32),
                   LexicalModel.train(texts, right, LEXICAL_HOLDING_BACK))

    def __call__(self, texts: Sequence[str], views: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Scores, n x k, not yet calibrated, and strangeness, n: the higher, the less it is one of ours."""
        taught = self.examples.nearness(_features(views, self.centre)) @ self.weights
        foreign = taught[:, ~self.ours].max(1) if not self.ours.all() else 0.0
        return taught + LEXICAL_WEIGHT * self.lexical.scores(texts), foreign - taught[:, self.ours].max(1)

    def save(self, folder: Path) -> None:
        np.savez(folder / "scores.npz", ours=self.ours, centre=self.centre, weights=self.weights,
                 **self.examples.as_arrays())
        self.lexical.save(folder)

    @classmethod
    def load(cls, folder: Path) -> "IntentScores":
        with np.load(folder / "scores.npz") as saved:
            return cls(saved["ours"], saved["centre"], Examples.from_arrays(saved), saved["weights"],
                       LexicalModel.load(folder))


def _features(views: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Wording is centred first: early layers have much in common for any text."""
    wording = views[:, WIDTH:] - centre
    wording *= WORDING_WEIGHT / np.maximum(np.linalg.norm(wording, axis=-1, keepdims=True), 1e-9)
    return np.hstack([views[:, :WIDTH], wording]).astype(np.float32)
