"""What a text's words and pieces of words tell: TF-IDF, and a line from their values to each answer."""
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

LEAST = 2
"""Texts that a term must be in to be learnt from."""
CLOSE = 1e-2
"""How near to the best line is near enough: nearer told no better, and took longer."""
WORD = re.compile(r"[^\W_]+(?:'\w+)?")


def words(text: str) -> Counter[str]:
    """Single words and pairs of neighbours."""
    found = WORD.findall(text.lower())
    return Counter(found + [f"{a} {b}" for a, b in pairwise(found)])


def pieces(text: str) -> Counter[str]:
    """Two to five characters in a row within a word and the spaces around it: misspelt words share most of them."""
    padded = [f" {word} " for word in WORD.findall(text.lower())]
    return Counter(word[start:start + size] for word in padded for size in range(2, 6)
                   for start in range(len(word) - size + 1))


KINDS: dict[str, Callable[[str], Counter[str]]] = {"words": words, "pieces": pieces}


@dataclass(frozen=True, slots=True)
class Terms:
    """One kind of terms with a place for each, and how rare it is."""

    kind: str
    places: dict[str, int]
    rarity: np.ndarray  # of each, float32

    @classmethod
    def learn(cls, kind: str, texts: Sequence[str], least: int) -> "Terms":
        """Those that at least *least* of *texts* have."""
        seen = Counter(term for text in texts for term in KINDS[kind](text))
        kept = sorted(term for term, times in seen.items() if times >= least)
        rarity = [np.log((1 + len(texts)) / (1 + seen[term])) + 1 for term in kept]
        return cls(kind, {term: place for place, term in enumerate(kept)}, np.array(rarity, np.float32))

    def weigh(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The places of *text*'s terms and their values, of length 1; terms that were never learnt are left out."""
        found = [(place, times) for term, times in KINDS[self.kind](text).items()
                 if (place := self.places.get(term)) is not None]
        places = np.array([place for place, _ in found], np.int64)
        values = (1 + np.log(np.array([times for _, times in found], np.float32))) * self.rarity[places]
        return places, values / max(np.linalg.norm(values), 1e-9)

    def save(self, folder: Path) -> None:
        np.save(folder / f"{self.kind}.rarity.npy", self.rarity)
        (folder / f"{self.kind}.json").write_text(json.dumps(list(self.places)), encoding="utf-8")

    @classmethod
    def load(cls, kind: str, folder: Path) -> "Terms":
        terms = json.loads((folder / f"{kind}.json").read_text(encoding="utf-8"))
        return cls(kind, {term: place for place, term in enumerate(terms)}, np.load(folder / f"{kind}.rarity.npy"))


@dataclass(frozen=True, slots=True)
class LexicalModel:
    """What each term tells for and against each of *k* answers: ridge regression on the terms of all kinds, float32."""

    terms: tuple[Terms, ...]
    worth: tuple[np.ndarray, ...]  # of each kind: terms x k

    @classmethod
    def train(cls, texts: Sequence[str], right: np.ndarray, holding_back: float,
              counts: np.ndarray | None = None) -> "LexicalModel":
        """From *texts* to *right*, n x k; *counts*: how much each text counts, 1 if not said."""
        from scipy.sparse import csr_array, hstack  # here: only training needs them
        from sklearn.linear_model import Ridge

        kinds, parts = tuple(Terms.learn(kind, texts, LEAST) for kind in KINDS), []
        for terms in kinds:
            found = [terms.weigh(text) for text in texts]
            ends = np.cumsum([0, *(len(places) for places, _ in found)])
            places, values = (np.concatenate(part) for part in zip(*found, strict=True))
            parts.append(csr_array((values, places, ends), shape=(len(texts), len(terms.places))))
        line = Ridge(alpha=holding_back, solver="sparse_cg", tol=CLOSE, fit_intercept=False)
        worth = line.fit(hstack(parts, format="csr"), right, sample_weight=counts).coef_.T.astype(np.float32)
        ends = np.cumsum([part.shape[1] for part in parts])[:-1]
        return cls(kinds, tuple(np.ascontiguousarray(part) for part in np.split(worth, ends)))

    def scores(self, texts: Sequence[str]) -> np.ndarray:
        """What the terms of each text come to: float32, texts x k."""
        found = np.zeros((len(texts), self.worth[0].shape[1]), np.float32)
        for terms, worth in zip(self.terms, self.worth, strict=True):
            for row, text in zip(found, texts, strict=True):
                places, values = terms.weigh(text)
                row += values @ worth[places]
        return found

    def save(self, folder: Path) -> None:
        for terms, worth in zip(self.terms, self.worth, strict=True):
            terms.save(folder)
            np.save(folder / f"{terms.kind}.worth.npy", worth)

    @classmethod
    def load(cls, folder: Path) -> "LexicalModel":
        return cls(tuple(Terms.load(kind, folder) for kind in KINDS),
                   tuple(np.load(folder / f"{kind}.worth.npy") for kind in KINDS))
