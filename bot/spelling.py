"""A slip of the fingers put right, to the nearest long word that somebody listed."""
from collections.abc import Collection

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 6
"""Letters. Shorter words are too like one another to guess at."""
LONG = 8
"""Letters of a word that may hold two slips; a shorter one may hold one."""


class Spelling:
    """Puts slips right where the first letter is. Two letters that changed places are one slip."""

    def __init__(self, put_right: Collection[str], right: Collection[str]) -> None:
        """*put_right* are what a slip may be meant for; those in *right* stay what they are."""
        self._known = {*put_right, *right}
        self._by_letter: dict[str, list[str]] = {}
        for word in sorted(put_right):
            self._by_letter.setdefault(word[0], []).append(word)

    def right(self, word: str) -> str:
        """*word*, or the one it was meant to be. Both in small letters."""
        if len(word) < SHORTEST or word in self._known:
            return word
        near = process.extractOne(word, self._by_letter.get(word[0], ()), scorer=OSA.distance, score_cutoff=2)
        return near[0] if near and near[1] <= (2 if len(near[0]) >= LONG else 1) else word
