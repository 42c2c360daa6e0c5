"""Finding the passages nearest to a question: by meaning (vectors) and by shared words, mixed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clinic.knowledge.lexical import Floats, Lexical

# Found on the four sets of bench/search.py together, and the same for every clinic.
_SHARED_WORDS = 0.2
_HEADING = 0.3


@dataclass(frozen=True, slots=True)
class Hit:
    """The number of a passage, as it was given to `build`, and how far it stands out from the others."""

    place: int
    score: float


class Index:
    """Passages, ready to be searched. One product of matrices and a few postings a question."""

    def __init__(self, lexical: Lexical, vectors: Floats) -> None:
        self.lexical, self.vectors = lexical, vectors

    @classmethod
    def build(cls, passages: Sequence[str], vectors: Floats) -> "Index":
        """An index of *passages* and their *vectors*: one float32 row of length 1 each, in the same order."""
        if len(passages) != len(vectors):
            raise ValueError(f"{len(passages)} passages but {len(vectors)} vectors")
        return cls(Lexical(passages), np.ascontiguousarray(vectors, dtype=np.float32))

    def search(
        self, text: str, vector: Floats, allowed: NDArray[np.intp] | None = None, top: int = 10
    ) -> list[Hit]:
        """The *top* passages for a question, best first; only those whose numbers are *allowed*, if given."""
        places = np.arange(self.lexical.size) if allowed is None else allowed
        if not len(places):
            return []
        scores = self.scores(text, vector)[places]
        best = np.argpartition(-scores, min(top, len(scores)) - 1)[:top]
        best = best[np.argsort(-scores[best], kind="stable")]
        return [Hit(int(places[i]), float(scores[i])) for i in best]

    def scores(self, text: str, vector: Floats) -> Floats:
        """One score a passage, in standard deviations of likeness above the average passage."""
        return standard(self.vectors @ vector) + _SHARED_WORDS * standard(self.lexical.scores(text))


def with_headings(passages: Floats, headings: Floats) -> Floats:
    """Vectors of whole passages moved towards those of their headings, which say what they are about.

    Both n x 384; a passage without a heading brings its own vector again."""
    return (1 - _HEADING) * passages + _HEADING * headings


def standard(scores: Floats) -> Floats:
    """*scores* as standard deviations from their mean; all alike become 0."""
    centred: Floats = scores - scores.mean()
    deviation = float(np.sqrt(np.mean(centred * centred)))
    return np.divide(centred, deviation) if deviation > 0 else centred
