"""Groups of phrases found in one walk over the words, however many phrases there are.

A trie of our own rather than spaCy's PhraseMatcher: spaCy's vocabulary keeps every word that it ever reads,
and here those are the words of people who are ill."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

END = ""              # no word is empty, so the key is free for the groups that end at a node


class Hit(NamedTuple):
    """A phrase found: tokens `start` up to, not including, `end`."""

    start: int
    end: int


class Phrases:
    """Finds every phrase of every group."""

    def __init__(self, groups: Mapping[str, Iterable[str]]):
        self._root: dict = {}
        for group, phrases in groups.items():
            for phrase in phrases:
                self._add(group, phrase.split())

    def _add(self, group: str, words: Sequence[str]) -> None:
        node = self._root
        for word in words:
            node = node.setdefault(word, {})
        if group not in node.setdefault(END, []):
            node[END].append(group)

    def find(self, words: Sequence[str]) -> dict[str, list[Hit]]:
        """By group, the hits in order of their start; time grows with the number of words only."""
        hits: dict[str, list[Hit]] = defaultdict(list)
        for start in range(len(words)):
            node, place = self._root.get(words[start]), start + 1
            while node is not None:
                groups = node.get(END)
                if groups:
                    hit = Hit(start, place)
                    for group in groups:
                        hits[group].append(hit)
                node = node.get(words[place]) if place < len(words) else None
                place += 1
        return hits
