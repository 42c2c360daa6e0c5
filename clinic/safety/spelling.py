"""Which known word a typed one stands for: shortened, drawn out, run together or mistyped."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz.distance import OSA

SLIP_FROM = 5         # letters; in shorter words one slip too often makes another real word
TWO_SLIPS_FROM = 10
LONGEST = 24          # a longer run of letters is not a word, and would only cost time
DRAWN_OUT = re.compile(r"(.)\1{2,}")
COUNTED = re.compile(r"(\d+)(?!am$|pm$|st$|nd$|rd$|th$)([a-z]+)")     # "5wks", "13yo"


class Spelling:
    """Reads one word at a time. Keeps the vocabulary and nothing of what was read."""

    def __init__(self, vocabulary: Iterable[str], short: Mapping[str, str], real: Iterable[str], joined: Iterable[str]):
        self._short = {word: tuple(meant.split()) for word, meant in short.items()}
        self._known = frozenset(vocabulary)
        self._real = frozenset(real)
        self._joined = frozenset(joined)
        self._slips = _by_shortened(word for word in self._known if len(word) >= SLIP_FROM and word.isalpha())

    def __call__(self, typed: str) -> tuple[str, ...]:
        """The known word or words meant by *typed*, or *typed* itself."""
        word = self._without_apostrophe(typed)
        if word in self._short:
            return self._short[word]
        if word not in self._known and (counted := COUNTED.fullmatch(word)):
            return counted[1], *self(counted[2])
        if word in self._known or word in self._real or not 4 < len(word) <= LONGEST:
            return (self._calm(word),)
        return self._guess(self._calm(word))

    def _without_apostrophe(self, typed: str) -> str:
        stem, mark, ending = typed.partition("'")
        if mark and ending == "s" and stem not in self._joined:
            return stem                       # "my leg's numb" is one leg, not two legs
        return typed.replace("'", "")

    def _calm(self, word: str) -> str:
        if word in self._known or not DRAWN_OUT.search(word):
            return word
        single, double = DRAWN_OUT.sub(r"\1", word[:200]), DRAWN_OUT.sub(r"\1\1", word[:200])
        meant = single if single in self._known else double
        return meant if meant in self._known else single

    def _guess(self, word: str) -> tuple[str, ...]:
        if word in self._known or word in self._short:
            return self._short.get(word, (word,))
        if word.endswith("in") and word + "g" in self._known:
            return (word + "g",)
        for cut in range(4, len(word) - 2):
            if word[:cut] in self._known and word[cut:] in self._known:
                return word[:cut], word[cut:]
        return (self._nearest(word),)

    def _nearest(self, word: str) -> str:
        """The vocabulary's word one slip away (two in a long one with the same first letter); of equals the one of the
        same letters, for fingers change places, then the longest: a letter is left out more often than put in."""
        allowed = 2 if len(word) >= TWO_SLIPS_FROM else 1
        letters = sorted(word)
        best, rank = word, (allowed + 1, True, 0, "")
        for candidate in {known for short in _shortened(word, allowed) for known in self._slips.get(short, ())}:
            distance = OSA.distance(word, candidate, score_cutoff=allowed)
            if distance == 2 and candidate[0] != word[0]:
                continue
            this = (distance, sorted(candidate) != letters, -len(candidate), candidate)
            if this < rank:
                best, rank = candidate, this
        return best


def _by_shortened(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    index: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        for short in _shortened(word, 2 if len(word) >= TWO_SLIPS_FROM - 1 else 1):
            index[short].append(word)
    return {short: tuple(found) for short, found in index.items()}


def _shortened(word: str, letters: int) -> Iterator[str]:
    """*word*, and all it becomes when up to *letters* letters are left out."""
    ones = {word[:i] + word[i + 1:] for i in range(len(word))}
    yield word
    yield from ones
    if letters == 2:
        yield from {one[:i] + one[i + 1:] for one in ones for i in range(len(one))}
