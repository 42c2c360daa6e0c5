"""Which passages share words with a question: BM25 (Robertson and Zaragoza, 2009) over an inverted index."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_WORD = re.compile(r"[a-z0-9]+")
_POSSESSIVE = re.compile(r"['\u2019]s\b")
_K1, _B = 0.9, 0.4
_FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a about after am an and any are as at be been before but by can could did do does for from get "
        "got had has have he help her his how i if im in is it its made make makes me more much my no "
        "not of on or our she should so some than that the their them then there they this to up us was "
        "we were what when where which who why will with would you your",
    )
)
# The first ending that fits comes off: enough for running and runs to meet, and no dictionary to keep.
_ENDINGS = (
    (re.compile(r"(?<=[sxz])es$|(?<=[cs]h)es$"), ""),
    (re.compile(r"ies$"), "y"),
    (re.compile(r"ing$|edly$|ed$|ly$|s$"), ""),
)
_SHORTEST = 3


def words(text: str) -> list[str]:
    """The words of *text* that carry meaning, in lower case and without their endings."""
    found = _WORD.findall(_POSSESSIVE.sub("", text.lower()))
    return [_stem(word) for word in found if word not in _FUNCTION_WORDS]


@lru_cache(50_000)
def _stem(word: str) -> str:
    if len(word) <= _SHORTEST or word.endswith("ss"):
        return word
    for ending, instead in _ENDINGS:
        stem, found = ending.subn(instead, word)
        if found and len(stem) >= _SHORTEST:
            return stem
    return word


class Lexical:
    """Postings by word: the passages that have it, and what it adds to the score of each."""

    def __init__(self, passages: Sequence[str]) -> None:
        counts = [Counter(words(passage)) for passage in passages]
        lengths = np.array([sum(count.values()) for count in counts], dtype=np.float32)
        mean = max(float(lengths.mean()), 1.0) if counts else 1.0
        self._norms = _K1 * (1 - _B + _B * lengths / mean)
        self.size = len(counts)
        found: dict[str, tuple[list[int], list[int]]] = {}
        for number, count in enumerate(counts):
            for word, times in count.items():
                places, often = found.setdefault(word, ([], []))
                places.append(number)
                often.append(times)
        self._postings = {word: self._weigh(*entry) for word, entry in found.items()}

    def _weigh(self, places: list[int], often: list[int]) -> tuple[NDArray[np.intp], Floats]:
        where, times = np.array(places, dtype=np.intp), np.array(often, dtype=np.float32)
        rarity = np.log(1 + (self.size - len(places) + 0.5) / (len(places) + 0.5))
        return where, (rarity * times / (times + self._norms[where])).astype(np.float32)

    def scores(self, text: str) -> Floats:
        """One score a passage, 0 where no word is shared."""
        total = np.zeros(self.size, dtype=np.float32)
        for word in words(text):
            if word in self._postings:
                where, weights = self._postings[word]
                total[where] += weights
        return total
