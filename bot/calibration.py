"""From scores to honest probabilities, fitted on examples that the scoring model hasn't seen."""
from dataclasses import dataclass

import numpy as np

USUAL, EDGE = 50, 95  # per cent of our own texts: least strange up to here
USUAL_SHARE = 0.05    # the out-of-scope score of a usual text where nothing shows what is out of scope


@dataclass(frozen=True, slots=True)
class Calibration:
    """A straight line for each of the two questions: which intent, and ours at all?"""

    sharpness: float   # what scores are multiplied by
    lean: float        # what is added to scores of intents that aren't ours
    slope: float
    threshold: float   # the strangeness at which a text is as likely ours as not

    @classmethod
    def fit(cls, scores: np.ndarray, strangeness: np.ndarray, classes: np.ndarray,
            ours: np.ndarray) -> "Calibration":
        """*scores*: n x k and *strangeness*: n, of held-back examples; *classes*: n; *ours*: k, bool."""
        from scipy.optimize import minimize  # here: only training needs it, and serving would hold it all day

        each = np.arange(len(classes))

        def loss(found: np.ndarray) -> float:
            leaning = (scores + found[1] * ~ours) * np.exp(found[0])
            return float(-log_softmax(leaning)[each, classes].mean() + 1e-3 * (found ** 2).sum())

        sharpness, lean = minimize(loss, np.zeros(2), method="BFGS").x
        slope, threshold = _edge(strangeness, ~ours[classes])
        return cls(float(np.exp(sharpness)), float(lean), slope, threshold)

    def confidences(self, scores: np.ndarray, ours: np.ndarray) -> np.ndarray:
        """Rows that add up to 1."""
        return np.exp(log_softmax((scores + self.lean * ~ours).astype(np.float64) * self.sharpness))

    def out_of_scope(self, strangeness: np.ndarray) -> np.ndarray:
        """0 to 1 for each."""
        return 1 / (1 + np.exp(-self.slope * (strangeness - self.threshold)))


def _edge(strangeness: np.ndarray, foreign: np.ndarray) -> tuple[float, float]:
    """Slope and threshold: between ours and the others, or at the edge of ours where there are no others."""
    if foreign.any():
        from sklearn.linear_model import LogisticRegression  # 50 MB that only training needs

        line = LogisticRegression(class_weight="balanced").fit(strangeness[:, None], foreign)
        slope = max(float(line.coef_[0, 0]), 1e-3)
        return slope, -float(line.intercept_[0]) / slope
    usual, edge = np.percentile(strangeness, [USUAL, EDGE])
    return float(np.log(1 / USUAL_SHARE - 1) / max(edge - usual, 1e-3)), float(edge)


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """Rows of logarithms of probabilities, of the shape and type of *scores*."""
    scores = scores - scores.max(axis=-1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))
