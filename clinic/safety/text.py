"""What somebody typed, as words that can be compared, each still knowing where it stood in the original."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

WORD_OR_MARK = re.compile(r"\d+\.\d+(?!\w)|\w+(?:'\w+)*|[.?!;,:()\n/&]|(?<=\s)[-\u2013\u2014]+(?=\s)|\.\.\.")
SENTENCE_ENDS = frozenset(".?!;\n")
APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u00b4\u0060\u201b\uff07"), "'")
# Letters that Unicode does not take apart into a plain one and an accent.
PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"})


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark; `start` and `end` are character offsets into the text as typed."""

    word: str
    start: int
    end: int

    @property
    def is_mark(self) -> bool:
        return not (self.word[0].isalnum() or self.word[0] == "_")


def plain(text: str) -> str:
    """*text* in lower case, compatibility forms and accents undone, invisible characters gone."""
    return "".join(_plain_characters(text)[0])


def tokens_of(text: str, spell: Callable[[str], tuple[str, ...]]) -> Iterator[Token]:
    """The words and marks of *text* in order; *spell* says which known words a word stands for."""
    flat, places = _plain_with_places(text)
    for found in WORD_OR_MARK.finditer(flat):
        start, end = places(found.start()), places(found.end() - 1) + 1
        if found[0][0].isalnum() or found[0][0] == "_":
            yield from (Token(word, start, end) for word in spell(found[0]))
        else:
            yield Token("and" if found[0] == "&" else found[0][0], start, end)


def _plain_with_places(text: str) -> tuple[str, Callable[[int], int]]:
    if text.isascii() and text.isprintable():
        return text.lower().replace("_", " ").replace("`", "'"), lambda place: place
    characters, places = _plain_characters(text)
    return "".join(characters), places.__getitem__


def _plain_characters(text: str) -> tuple[list[str], list[int]]:
    """Plain characters, and for each the offset of the one it came from."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for piece in _plain_character(character):
            characters.append(piece)
            places.append(place)
    return characters, places


def _plain_character(character: str) -> str:
    if character.isascii():
        return _plain_ascii(character)
    folded = unicodedata.normalize("NFKD", character.translate(APOSTROPHES)).translate(APOSTROPHES).lower()
    return "".join(c for c in folded.translate(PLAIN) if unicodedata.category(c) not in ("Mn", "Cf", "Cc", "Me"))


def _plain_ascii(character: str) -> str:
    if character in "\r\x0b\x0c\x1e":
        return "\n"
    if character in "_\t":
        return " "
    return "" if character < " " and character != "\n" else character.translate(APOSTROPHES).lower()
