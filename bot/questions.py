"""Two questions in one message: found, so that both get answered. The words are data: `bot/words/questions.yml`."""
import re
from collections.abc import Awaitable, Callable, Container, Iterable
from pathlib import Path
from typing import Any

import yaml

Parse = dict[str, Any]
WORDS = Path(__file__).parent / "words" / "questions.yml"
SURE = 0.55
"""How confident both sides must be, each by itself."""
SURE_OF_A_STORY = 0.85
"""The same for a first side that asks nothing: most often it only leads up to the question."""
LOOKS = 4
"""Places where a message is tried; each costs two guesses."""
SHORTEST = 2
"""Words of a question."""


class Questions:
    """Splits a message; *parse* says how a text is understood."""

    def __init__(self, parse: Callable[[str], Awaitable[Parse]], words: dict[str, list[str]]) -> None:
        self._parse = parse
        self._joint = re.compile(rf"(?P<end>(?<=[?!.])\s+|\n+|;\s+)|,?\s+(?:{_any(words['joints'])})\s+"
                                 rf"|,\s+(?=(?:{_any(words['openers'])})\b)", re.I)
        self._opener = re.compile(rf"(?:{_any(words['openers'])})\b", re.I)
        self._never, self._declined = {*words["never"], None}, set(words["declined"])

    @classmethod
    def load(cls, parse: Callable[[str], Awaitable[Parse]], file: Path = WORDS) -> "Questions":
        return cls(parse, yaml.safe_load(file.read_text(encoding="utf-8")))

    async def split(self, text: str, whole: Parse) -> list[tuple[str, Parse]]:
        """*text* as one question, or as two with different intents that are each clear alone."""
        for joint in list(self._joint.finditer(text))[:LOOKS]:
            first, second = text[:joint.start()].strip(" ,"), text[joint.end():].strip(" ,")
            if min(len(first.split()), len(second.split())) < SHORTEST:
                continue
            two = await self._parse(second)
            if not self._clear(two, second, SURE):
                continue
            one = await self._parse(first)
            asked = not joint["end"] or self._asks(first)
            alike = {one["intent"]["name"].partition("_")[0], two["intent"]["name"].partition("_")[0]} == {"ask"}
            if alike and not self._asks(first):
                continue  # "I pulled my calf, would it help?" is one question and how it came about
            if (self._clear(one, first, SURE if asked else SURE_OF_A_STORY)
                    and one["intent"]["name"] != two["intent"]["name"]):
                return [(first, one), (second, _with_subject(two, one))]
        return [(text, whole)]

    def weighs(self, text: str, parse: Parse, told: Container[str]) -> bool:
        """Whether *text* asks or wants something by itself. A greeting doesn't, nor half a sentence, nor what somebody
        tells of themselves: an intent of those *told* that is put as no question."""
        name = parse["intent"]["name"]
        return self._asks(text) or (name not in told and self._clear(parse, text, SURE))

    def _clear(self, parse: Parse, text: str, sure: float) -> bool:
        name = parse["intent"]["name"]
        if name in self._never or (name in self._declined and not text.endswith("?")):
            return False
        return bool(parse["intent"]["confidence"] >= sure)

    def _asks(self, text: str) -> bool:
        last = re.split(r"(?<=[?!.])\s+", text)[-1]
        return "?" in text or self._opener.match(last) is not None


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _with_subject(second: Parse, first: Parse) -> Parse:
    """The second half speaks of what the first one named, unless it names something itself."""
    return second if second["entities"] else {**second, "entities": first["entities"]}
