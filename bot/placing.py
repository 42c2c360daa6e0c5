"""The answer to "which of our places?", and one that is named while a form is open. Words: `bot/words/places.yml`."""
from pathlib import Path
from typing import Any

import yaml

from bot.expecting import FREE, SHORT
from clinic.knowledge.naming_places import named_places
from clinic.knowledge.practice import ClinicFacts

Parse = dict[str, Any]
WORDS = Path(__file__).parent / "words" / "places.yml"
PLACE = "place"


class Placing:
    def __init__(self, words: dict[str, list[str]]) -> None:
        self._whichever = frozenset(words["whichever"])

    @classmethod
    def load(cls, file: Path = WORDS) -> "Placing":
        return cls(yaml.safe_load(file.read_text(encoding="utf-8")))

    def read(self, asked: str | None, text: str, parse: Parse, clinic: ClinicFacts) -> Parse:
        """*parse* of *text*, as a detail where it is a short answer that says at which of several places: "leith then".
        A name of one resembles any intent. *asked*: the slot that an open form waits for."""
        if not asked or asked in FREE or len(clinic.places) < 2 or "?" in text or len(text.split()) > SHORT:
            return parse
        if asked == PLACE and self._is_whichever(text):
            return _inform({**parse, "entities": [*parse["entities"], {"entity": PLACE, "value": "any"}]})
        told = asked == PLACE and any(entity["entity"] == PLACE for entity in parse["entities"])
        return _inform(parse) if told or named_places(clinic.places, text).places else parse

    def _is_whichever(self, text: str) -> bool:
        return text.lower().replace("'", "").replace("’", "").strip(" .,!") in self._whichever


def _inform(parse: Parse) -> Parse:
    return {**parse, "intent": {"name": "inform", "confidence": 1.0}}
