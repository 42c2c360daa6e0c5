"""Two questions in one message: found, so that both get answered."""
import re
from collections.abc import Awaitable, Callable
from typing import Any

Parse = dict[str, Any]
JOINTS = re.compile(r"(?<=[?!.])\s+|\n+|;\s+|,?\s+(?:and also|and|also|plus|btw|oh and|&|\+)\s+|,\s+(?=(?:how|what|when|where|do|does|can|is|are|will|would)\b)", re.I)
"""Where one question may end and another begin. Only a place to look: both sides must make sense alone."""
SURE = 0.55
"""How confident both halves must be, each by itself."""
WORDS = 2
NOT_ALONE = {"inform", "affirm", "deny", "stop", "follow_up", "greet", "thank", "goodbye", "nlu_fallback",
             "other_services", "other_matters", "nonsense", "instruct_machine", None}
"""Intents that don't make a question of their own beside another."""


class Questions:
    def __init__(self, parse: Callable[[str], Awaitable[Parse]]) -> None:
        self._parse = parse

    async def split(self, text: str, whole: Parse) -> list[tuple[str, Parse]]:
        """*text* as one question, or as two with different intents that are each clear alone."""
        for joint in list(JOINTS.finditer(text))[:4]:
            first, second = text[:joint.start()].strip(" ,"), text[joint.end():].strip(" ,")
            if min(len(first.split()), len(second.split())) < WORDS:
                continue
            one, two = await self._parse(first), await self._parse(second)
            if _clear(one) and _clear(two) and one["intent"]["name"] != two["intent"]["name"]:
                return [(first, one), (second, _with_subject(two, one))]
        return [(text, whole)]


def _clear(parse: Parse) -> bool:
    return parse["intent"]["name"] not in NOT_ALONE and parse["intent"]["confidence"] >= SURE


def _with_subject(second: Parse, first: Parse) -> Parse:
    """The second half speaks of what the first one named, unless it names something itself."""
    return second if second["entities"] else {**second, "entities": first["entities"]}
