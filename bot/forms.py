"""The forms in which people write a thing, from plain words to patterns, found with spaCy's matchers.

How a form is written is told at the top of `bot/words/entities.yml`.
"""
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

WORD = re.compile(r"\d+(?:[.:/]\d+)*|[^\W\d_](?:\.[^\W\d_])+\b\.?|[^\W\d_]+(?:['’][^\W\d_]+)*|\S")
"""A number with what joins its digits, letters with dots or apostrophes, or one sign: 6p.m. is two, 3/12 is one."""
PATTERN = re.compile(r"[<>{|?]")
"""What only a pattern has; a form without any is a plain phrase."""
Classes = Mapping[str, Sequence[str]]


def plain(word: str) -> str:
    """*word* as forms have it: small letters, no apostrophes, no dots between letters."""
    small = word.lower()
    return small if len(small) == 1 or small[0].isdigit() else re.sub("[.'’]", "", small)


def words_of(form: str) -> list[str]:
    return [plain(word) for word in WORD.findall(form)]


@dataclass(frozen=True, slots=True)
class Form:
    label: str
    name: str
    text: str
    rank: int
    """Its place in the file: the earlier of two that are equally long wins."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A form in a text: how many words it took to see it, and those that it keeps."""

    form: Form
    seen: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A form with choices, and what must be in a text for it to be worth looking for."""

    form: Form
    needs: frozenset[str]
    kept: range | None
    """Which of its parts the entity keeps; None: all."""
    matcher: Matcher

    def sightings(self, doc: Doc) -> Iterator[Sighting]:
        if self.kept is None:
            for _, start, stop in self.matcher(doc):
                yield Sighting(self.form, stop - start, start, stop)
            return
        for _, start, stop, places in cast(Any, self.matcher(doc, with_alignments=True)):
            kept = [start + n for n, place in enumerate(places) if place in self.kept]
            if kept:
                yield Sighting(self.form, stop - start, kept[0], kept[-1] + 1)


class Forms:
    """All forms, ready to be found in the words of a text."""

    def __init__(self, forms: Sequence[Form], classes: Classes, vocab: Vocab) -> None:
        self._vocab, self._choices = vocab, Choices(classes)
        self._phrases = PhraseMatcher(vocab, attr="ORTH")
        self._forms = {str(form.rank): form for form in forms}
        self._patterns = [self._pattern(form) for form in forms if PATTERN.search(form.text)]
        for form in forms:
            if not PATTERN.search(form.text):
                self._phrases.add(str(form.rank), [Doc(vocab, words=words_of(form.text))])

    def find(self, words: list[str]) -> Iterator[Sighting]:
        """Every sighting in *words* (plain, spelt right), overlapping or not."""
        doc = Doc(self._vocab, words=words)
        for key, start, stop in self._phrases(doc):
            yield Sighting(self._forms[self._vocab.strings[key]], stop - start, start, stop)
        there = self._choices.in_any(words)
        for pattern in self._patterns:
            if pattern.needs <= there:
                yield from pattern.sightings(doc)

    def _pattern(self, form: Form) -> Pattern:
        parts = form.text.split()
        first = [n for n, part in enumerate(parts) if part[0] == "<"]
        last = [n for n, part in enumerate(parts) if part.rstrip("?")[-1] == ">"]
        bare = [part.strip("<>?") for part in parts]
        may_be_left_out = [part[-1] == "?" for part in parts]
        matcher = Matcher(self._vocab)
        matcher.add("form", [[self._choices.test(part) | ({"OP": "?"} if optional else {})
                              for part, optional in zip(bare, may_be_left_out, strict=True)]])
        needs = frozenset(part for part, optional in zip(bare, may_be_left_out, strict=True) if not optional)
        return Pattern(form, needs, range(first[0], last[0] + 1) if first else None, matcher)


class Choices:
    """The parts of patterns, `a|b|{class}`: as spaCy tests, and which of them a text has any word for.

    spaCy asks every pattern about every word, at half a millisecond a message; most need a word that isn't there."""

    def __init__(self, classes: Classes) -> None:
        self._classes = classes
        self._of_word: dict[str, set[str]] = {}
        self._of_number: dict[str, re.Pattern[str]] = {}

    def test(self, choice: str) -> dict[str, Any]:
        """*choice* as one token of a spaCy pattern. Raises KeyError where it names an unknown class."""
        words = [str(word) for part in choice.split("|")
                 for word in (self._classes[part[1:-1]] if part[0] == "{" else [part])]
        numbers = "|".join(word[1:-1] for word in words if _is_regex(word))
        exact = [word for word in words if not _is_regex(word)]
        for word in exact:
            self._of_word.setdefault(word, set()).add(choice)
        if not numbers:
            return {"ORTH": {"IN": exact}} if len(exact) > 1 else {"ORTH": exact[0]}
        self._of_number[choice] = re.compile(numbers)
        return {"ORTH": {"REGEX": f"^(?:{'|'.join([numbers, *map(re.escape, exact)])})$"}}

    def in_any(self, words: list[str]) -> set[str]:
        there: set[str] = set()
        for word in words:
            there |= self._of_word.get(word, set())
            if word[0].isdigit():
                there |= {choice for choice, number in self._of_number.items() if number.fullmatch(word)}
        return there


def _is_regex(word: str) -> bool:
    return len(word) > 1 and word[0] == word[-1] == "/"
