"""The vocabulary of `words.yml`: what a word, or several that stand for one idea, means for a time."""
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("words.yml")
TAKES_PLURAL = {"weekday": "weekdays", "part": "parts"}
"""Kinds whose words may end in an s, and what they are then: what recurs."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A kind (weekday, part, after ...) and which one of it, as a name and, where it has one, a number."""

    kind: str
    name: str

    @property
    def number(self) -> int:
        return int(self.name)


class Words:
    """What is known. Reads `words.yml` once; keeps nothing of what is looked up."""

    def __init__(self, kinds: Mapping[str, Mapping[object, str]]) -> None:
        self.single: dict[str, Meaning] = {}
        self.several: dict[str, list[tuple[tuple[str, ...], Meaning]]] = defaultdict(list)
        for words, meaning in _entries(kinds):
            if len(words) == 1:
                self.single.setdefault(words[0], meaning)
            else:
                self.several[words[0]].append((words, meaning))
        for kind, plural in TAKES_PLURAL.items():
            for word, meaning in [pair for pair in self.single.items() if pair[1].kind == kind]:
                self.single.setdefault(word + "s", Meaning(plural, meaning.name))
        for found in self.several.values():
            found.sort(key=lambda entry: -len(entry[0]))
        self.present = frozenset(str(tables()["spelling"]["present"]).split())
        self.parts_of_phrases = {word for found in self.several.values() for words, _ in found for word in words}


def _entries(kinds: Mapping[str, Mapping[object, str]]) -> Iterator[tuple[tuple[str, ...], Meaning]]:
    for kind, names in kinds.items():
        for name, written in names.items():
            for words in written.split(","):
                yield tuple(words.replace("'", "").split()), Meaning(kind, str(name))


@cache
def vocabulary() -> Words:
    """The words of `words.yml`. The file ships with the code, so an error in it stays loud."""
    return Words(yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["kinds"])


@cache
def tables() -> Mapping[str, Mapping[str, object]]:
    """What `words.yml` holds besides words: the hours of the parts of the day, spellings that stay as they are."""
    loaded: Mapping[str, Mapping[str, object]] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return loaded
