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
class LexicalModel:
    """One kind of terms, how rare each is, and each intent's mean direction (terms x intents)."""

    kind: str
    terms: dict[str, int]
    rarity: np.ndarray
    directions: np.ndarray

    @classmethod
    def train(cls, kind: str, texts: Sequence[str], classes: np.ndarray, count: int) -> "LexicalModel":
        """*classes*: each text's intent, 0 to count - 1."""
        bags = [KINDS[kind](text) for text in texts]
        seen = Counter(term for bag in bags for term in bag)
        terms = {term: place for place, term in enumerate(sorted(seen))}
        rarity = np.array([np.log((1 + len(bags)) / (1 + seen[term])) + 1 for term in terms], np.float32)
        totals = np.zeros((len(terms), count), np.float32)
        model = cls(kind, terms, rarity, totals)
        for bag, intent in zip(bags, classes, strict=True):
            places, values = model._weigh(bag)
            totals[places, intent] += values
        totals /= np.maximum(np.linalg.norm(totals, axis=0), 1e-9)
        return model

    def scores(self, texts: Sequence[str]) -> np.ndarray:
        """The cosine of each text to each intent, 0 to 1: float32, texts x intents."""
        found = np.zeros((len(texts), self.directions.shape[1]), np.float32)
        for row, text in zip(found, texts, strict=True):
            places, values = self._weigh(KINDS[self.kind](text))
            row[:] = values @ self.directions[places]
        return found

    def _weigh(self, bag: Counter[str]) -> tuple[np.ndarray, np.ndarray]:
        """The places of a text's terms and their values, of length 1; terms never seen in training are left out."""
        places = [place for term in bag if (place := self.terms.get(term)) is not None]
        times = np.array([times for term, times in bag.items() if term in self.terms], np.float32)
        values = (1 + np.log(times)) * self.rarity[places]
        return np.array(places, np.int64), values / max(np.linalg.norm(values), 1e-9)

    def save(self, folder: Path) -> None:
        np.savez(folder / f"{self.kind}.npz", rarity=self.rarity, directions=self.directions)
        (folder / f"{self.kind}.json").write_text(json.dumps(list(self.terms)), encoding="utf-8")

    @classmethod
    def load(cls, kind: str, folder: Path) -> "LexicalModel":
        terms = json.loads((folder / f"{kind}.json").read_text(encoding="utf-8"))
        with np.load(folder / f"{kind}.npz") as saved:
            return cls(kind, {term: place for place, term in enumerate(terms)},
                       saved["rarity"], saved["directions"])
