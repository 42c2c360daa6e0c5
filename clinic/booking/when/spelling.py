"""A word as typed, put right: drawn out, run together, or a slip of the fingers in a long word."""
import re
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from clinic.booking.when.words import Meaning, tables, vocabulary

SHORTEST = 6
"""Letters. A slip in a shorter word too often makes another real word."""
LONG = 8
"""Letters of a meant word that may hold two slips; a shorter one may hold one."""
LONGEST = 24
"""Letters. What is longer is no word, and would only cost time."""
DRAWN_OUT = re.compile(r"(.)\1{2,}")
JOINED = frozenset({"weekday", "weekdays", "day", "part", "parts", "tonight", "next", "this", "unit", "weekend",
                    "early", "late", "after", "before", "coming", "any", "number", "ish"})
SHORT_PART = 3


@lru_cache(maxsize=4096)
def understood(word: str) -> tuple[Meaning | None, ...]:
    """What *word* (small letters, no apostrophe) means: mostly one meaning, None where it says nothing about a time."""
    words = vocabulary()
    if word in words.single:
        return (words.single[word],)
    if len(word) > LONGEST:
        return (None,)
    if DRAWN_OUT.search(word):
        for calm in (DRAWN_OUT.sub(r"\1", word), DRAWN_OUT.sub(r"\1\1", word)):
            if calm in words.single:
                return (words.single[calm],)
    if word in _real() or len(word) < SHORTEST:
        return (None,)
    return _apart(word) or (_nearest(word),)


def _apart(word: str) -> tuple[Meaning | None, ...]:
    """Two known words about a time, run together ("fridaymorning"); nothing where it is not that."""
    single = vocabulary().single
    for cut in range(SHORT_PART, len(word) - SHORT_PART + 1):
        first, second = single.get(word[:cut]), single.get(word[cut:])
        if first and second and first.kind in JOINED and second.kind in JOINED and second.kind != "number":
            return first, second
    return ()


def _nearest(word: str) -> Meaning | None:
    plural = word.endswith("s") and word[:-1] not in vocabulary().single
    for typed in (word, word[:-1]) if plural else (word,):
        near = process.extractOne(typed, _meant().get(typed[0], ()), scorer=OSA.distance, score_cutoff=2)
        if near and near[1] <= (2 if len(near[0]) >= LONG and len(typed) >= LONG - 1 else 1):
            return vocabulary().single.get(near[0] + ("s" if typed != word else "")) or vocabulary().single.get(near[0])
    return None


@lru_cache(maxsize=1)
def _real() -> frozenset[str]:
    return frozenset(str(tables()["spelling"]["real"]).split())


@lru_cache(maxsize=1)
def _meant() -> dict[str, list[str]]:
    by_letter: dict[str, list[str]] = {}
    for word in str(tables()["spelling"]["meant"]).replace("'", "").split():
        by_letter.setdefault(word[0], []).append(word)
    return by_letter
