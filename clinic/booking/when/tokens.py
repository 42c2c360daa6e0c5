"""What each piece of a message is: a word with its meaning, a clock time, a date, a number, a mark; or noise."""
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from clinic.booking.when.spelling import understood
from clinic.booking.when.words import Meaning, vocabulary

LONGEST = 10_000
"""Characters that are read; a wish for a time stands before that or nowhere."""
NOISE = "noise"
AS_WORDS = ((24, 7), (1, 2))
"""What looks like a date and mostly means something else: always, and a half."""
PAST, SHORTEST_PAST = "ed", 5
"""How an unknown word ends that tells of the past, and how long it is at least: suggested, climbed."""
DAYS = ("weekday", "month", "part")
"""Kinds that nobody writes with an apostrophe inside: "we'd" is no Wednesday."""
PLAIN = str.maketrans({"’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "−": "-", "½": "1/2"})
PIECE = re.compile(
    r"(?P<nothing>[^\s@]{1,64}@[^\s@]{1,64}\.\w+|https?://\S+|[£$€]\s?\d+(?:[.,]\d+)*k?"
    r"|(?:\+\d|(?<!\d)0[1-37])(?:[ ()-]{0,2}\d){8,13}(?!\d)"
    r"|\d{7,}|\d+(?:\.\d+)?\s?%)"
    r"|(?P<known>(?<![^\W_])(?:" + "|".join(sorted(
        (re.escape(word) for word in vocabulary().single if not word.isalpha() and len(word) > 1),
        key=len, reverse=True))
    + r")(?![^\W_]))"
    r"|(?P<iso>\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:t(?=\d))?)"
    r"|(?P<full>\d{1,2}(?P<apart>[/.-])\d{1,2}(?P=apart)(?:\d{4}|\d{2})(?!\d))"
    r"|(?P<short>\d{1,2}/\d{1,2}(?![\d/]|[:.]\d|\s?[ap]\.?m))"
    r"|(?P<clock>\d{1,2}(?:[:.;h]\d{2})?\s?[ap]\.?\s?m(?![a-z])\.?|\d{1,2}(?:[:.]\d{2})?[ap](?=\s|$|[,.?!-])"
    r"|\d{3,4}\s?[ap]m(?![a-z])|\d{1,2}[:.h]\d{2}(?!\d|[.:]\d)(?:\s?h(?:rs)?(?![a-z]))?|\d{1,2}h(?![a-z0-9]))"
    r"|(?P<ordinal>\d{1,2}\s?(?:st|nd|rd|th)(?![a-z0-9]))"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)"
    r"|(?P<mark>\.{2,}|[-,.;:!?()&+/~@\n])")
HALF_OF_DAY = re.compile(r"\b([ap])\.\s?m\b\.?")
MARKS = {",": "comma", ";": "comma", ":": "colon", "-": "dash", "&": "and", "+": "onwards", "/": "or", "~": "around",
         "@": "at", "(": "open", ")": "close"}


@dataclass(frozen=True, slots=True)
class Token:
    """One piece. `numbers` are hour, minute, half (0 none, 1 am, 2 pm), as written (1) of a clock; day, month, year of
    a date (0 where not given); the value of a number or ordinal. `glued`: no space between it and the piece before."""

    kind: str
    name: str = ""
    numbers: tuple[int, ...] = ()
    text: str = ""
    glued: bool = False
    owns: bool = False
    """Whether it is written with 's: "friday's run"."""

    @property
    def number(self) -> int:
        return self.numbers[0] if self.numbers else 0


def tokens(text: str) -> list[Token]:
    """The pieces of *text* in their order, of its first 10,000 characters."""
    plain = unicodedata.normalize("NFC", text[:LONGEST]).translate(PLAIN).lower()
    plain = HALF_OF_DAY.sub(r"\1m", plain)
    return _phrases(list(_pieces(plain)))


def _pieces(plain: str) -> Iterator[Token]:
    end, glue = -1, False
    for match in PIECE.finditer(plain):
        glue, end = match.start() == end, match.end()
        kind, written = match.lastgroup or NOISE, match[0]
        if kind in ("word", "known"):
            yield from _word(written, glue)
        elif kind == "mark":
            yield Token(MARKS.get(written, "stop"), text=written, glued=glue)
        elif kind == "nothing":
            yield Token(NOISE, text=written)
        else:
            yield READERS[kind](written, glue)


def _word(written: str, glue: bool) -> Iterator[Token]:
    joined = written.replace("'", "")
    stem = written[:-2] if written.endswith("'s") and not _known(joined, "measure") else ""
    typed = stem or joined
    if "'" in written and not stem and not _known(joined, *DAYS):
        yield Token("pronoun" if joined in vocabulary().single else "word", text=joined, glued=glue)
        return
    for meaning in understood(typed):
        yield _meant(meaning, typed, glue, bool(stem))


def _known(joined: str, *but: str) -> bool:
    meaning = vocabulary().single.get(joined)
    return meaning is not None and meaning.kind not in ("weekdays", "parts", *but)


def _meant(meaning: Meaning | None, typed: str, glue: bool, owns: bool = False) -> Token:
    if meaning is None:
        past = len(typed) >= SHORTEST_PAST and typed.endswith(PAST) and typed not in vocabulary().present
        return Token("was" if past else "word", typed, (), typed, glue, owns)
    number: tuple[int, ...] = (int(meaning.name),) if meaning.name.lstrip("-").isdigit() else ()
    if meaning.kind == "clockword":
        number = (int(meaning.name[:2]), int(meaning.name[3:]), 0, 1)
        return Token("clock", meaning.name, number, typed, glue, owns)
    return Token(meaning.kind, meaning.name, number, typed, glue, owns)


def _phrases(pieces: list[Token]) -> list[Token]:
    """Words that stand for one idea made into one piece, the longest first."""
    several, found, at = vocabulary().several, [], 0
    while at < len(pieces):
        for words, meaning in several.get(pieces[at].text, ()):
            span = _span(pieces, at, words)
            if span:
                found.append(_meant(meaning, " ".join(words), pieces[at].glued, span[-1].owns))
                at += len(span)
                break
        else:
            found.append(pieces[at])
            at += 1
    return found


def _span(pieces: list[Token], at: int, words: tuple[str, ...]) -> list[Token]:
    """The pieces from *at* on that are *words*, a hyphen between two of them or not; none where they are not."""
    end = at
    for number, word in enumerate(words):
        hyphen = number and end + 1 < len(pieces) and pieces[end].kind == "dash" and pieces[end].glued
        end += 1 if hyphen and pieces[end + 1].glued else 0
        if end >= len(pieces) or pieces[end].text != word:
            return []
        end += 1
    return pieces[at:end]


def _iso(written: str, glue: bool) -> Token:
    year, month, day = (int(part) for part in re.split("[-/]", written.rstrip("t")))
    return Token("date", "iso", (day, month, year), written, glue)


def _full(written: str, glue: bool) -> Token:
    day, month, year = (int(part) for part in re.split(r"[/.-]", written))
    return Token("date", "full", (day, month, year if year > 99 else 2000 + year), written, glue)


def _short(written: str, glue: bool) -> Token:
    day, month = (int(part) for part in written.split("/"))
    if (day, month) in AS_WORDS:
        return Token("date", "words", (day, month, 0), written, glue)
    if not (0 < day < 32 and 0 < month < 32) or (day > 12 and month > 12):
        return Token(NOISE, text=written, glued=glue)
    return Token("date", "short", (day, month, 0), written, glue)


def _clock(written: str, glue: bool) -> Token:
    digits, letter = re.findall(r"\d+", written), re.search("[ap]", written)
    if len(digits) == 1 and len(digits[0]) > 2:
        digits = [digits[0][:-2], digits[0][-2:]]
    hour, minute = int(digits[0]), int(digits[1]) if len(digits) > 1 else 0
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        dated = "." in written and hour < 32 and 0 < minute < 13 and letter is None
        return Token("date", "short", (hour, minute, 0), written, glue) if dated else Token(NOISE, text=written, glued=glue)
    as_written = hour > 12 or hour == 0 or written[0] == "0" or "h" in written
    half = 0 if letter is None else 1 + "ap".index(letter[0])
    return Token("clock", "", (hour, minute, half, int(as_written)), written, glue)


def _ordinal(written: str, glue: bool) -> Token:
    return Token("ordinal", "", (int(re.sub(r"\D", "", written)),), written, glue)


def _number(written: str, glue: bool) -> Token:
    day, _, month = written.partition(".")
    if month.isdigit() and len(month) == 1 and 0 < int(day) < 32 and int(month):
        return Token("date", "dotted", (int(day), int(month), 0), written, glue)
    if month or len(written) > 4:
        return Token(NOISE, text=written, glued=glue)
    return Token("number", "digits", (int(written),), written, glue)


READERS = {"iso": _iso, "full": _full, "short": _short, "clock": _clock, "ordinal": _ordinal, "number": _number}
