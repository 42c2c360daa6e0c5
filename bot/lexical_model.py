"""How much a text's words and pieces of words look like each intent's examples: TF-IDF, and a mean per intent."""
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

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
    def learn(cls, kind: str, texts: Sequence[str], least: int = 1) -> "Terms":
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
    """One kind of terms, and each intent's mean direction (terms x intents)."""

    terms: Terms
    directions: np.ndarray

    @classmethod
    def train(cls, kind: str, texts: Sequence[str], classes: np.ndarray, count: int) -> "LexicalModel":
        """*classes*: each text's intent, 0 to count - 1."""
        terms = Terms.learn(kind, texts)
        totals = np.zeros((len(terms.places), count), np.float32)
        for text, intent in zip(texts, classes, strict=True):
            places, values = terms.weigh(text)
            totals[places, intent] += values
        totals /= np.maximum(np.linalg.norm(totals, axis=0), 1e-9)
        return cls(terms, totals)

    def scores(self, texts: Sequence[str]) -> np.ndarray:
        """The cosine of each text to each intent, 0 to 1: float32, texts x intents."""
        found = np.zeros((len(texts), self.directions.shape[1]), np.float32)
        for row, text in zip(found, texts, strict=True):
            places, values = self.terms.weigh(text)
            row[:] = values @ self.directions[places]
        return found

    def save(self, folder: Path) -> None:
        self.terms.save(folder)
        np.save(folder / f"{self.terms.kind}.directions.npy", self.directions)

    @classmethod
    def load(cls, kind: str, folder: Path) -> "LexicalModel":
        return cls(Terms.load(kind, folder), np.load(folder / f"{kind}.directions.npy"))
