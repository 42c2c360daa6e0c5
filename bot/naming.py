"""The answer to "What name shall I put down?": a name, whatever else it looks like. Words: `bot/words/names.yml`."""
import re
from pathlib import Path
from typing import Any

import yaml

from clinic.knowledge.facts import named_service
from clinic.knowledge.naming_places import named_places
from clinic.knowledge.practice import ClinicFacts
from clinic.naming import INTRODUCTION, NAMELIKE

Parse = dict[str, Any]
WORDS = Path(__file__).parent / "words" / "names.yml"
MORE = ("ask_", "fact_", "complain")
SURE = 0.9
"""How confident a reading as one of these must be to count; less is often only what a name looks like."""
TIMES = ("day", "time")


class Naming:
    """Reads the message that comes when the form asked for a name."""

    def __init__(self, words: dict[str, list[str]]) -> None:
        polite = "|".join(re.escape(word) for word in sorted(words["polite"], key=len, reverse=True))
        self._before = re.compile(rf"(?:(?:{polite})\b[\s,.!]*)*", re.I)
        self._after = re.compile(rf"(?:[\s,.!]+(?:{polite}))+$", re.I)
        self._introduction = re.compile(INTRODUCTION, re.I)
        self._never, self._alone, self._times, self._beside = (
            frozenset(words[key]) for key in ("never", "alone", "times", "beside_a_place"))

    @classmethod
    def load(cls, file: Path = WORDS) -> "Naming":
        return cls(yaml.safe_load(file.read_text(encoding="utf-8")))

    def read(self, text: str, parse: Parse, clinic: ClinicFacts) -> Parse:
        """*parse*, without a time that is a name; where all of *text* is a name, an `inform` with that name."""
        polite = self._before.match(text)
        begins = polite.end() if polite else 0
        introduction = self._introduction.match(text, begins)
        begins = introduction.end() if introduction else begins
        parse = {**parse, "entities": [e for e in parse["entities"] if not self._is_name(e, text, begins)]}
        name = self._after.sub("", text[begins:].strip(" ,.;:!-")).strip(" ,")
        if not self._may_be(name) or any(e["entity"] in TIMES for e in parse["entities"]):
            return parse
        plainly = introduction is not None and introduction["plainly"]
        if not plainly and (named_service(clinic, text) or self._is_place(name, clinic)
                            or self._means_more(name, text, parse)):
            return parse
        return {**parse, "intent": {"name": "inform", "confidence": 1.0},
                "entities": [{"entity": "name", "value": name}]}

    def _is_place(self, name: str, clinic: ClinicFacts) -> bool:
        """Whether it says no more than where: "leith instead", but not "Leith Harper"."""
        named = named_places(clinic.places, name)
        return bool(named.places) and set(_words(named.rest)) <= self._beside

    def _is_name(self, entity: Parse, text: str, begins: int) -> bool:
        said = text[entity["start"]:entity["end"]].lower()
        return entity["entity"] in TIMES and entity["start"] == begins and said in self._times

    def _may_be(self, name: str) -> bool:
        return NAMELIKE.fullmatch(name) is not None and self._never.isdisjoint(_words(name))

    def _means_more(self, name: str, text: str, parse: Parse) -> bool:
        """Whether it is clearly a question, an order or a complaint: by its words, or as it reads without capitals."""
        covered = {word for e in parse["entities"] for word in _words(text[e["start"]:e["end"]])}
        if set(_words(name)) <= self._alone | covered:
            return True
        capitals = " " in name and all(word[0].isupper() for word in name.split())
        asks = parse["intent"]["name"].startswith(MORE) and parse["intent"]["confidence"] >= SURE
        return asks and not capitals


def _words(text: str) -> list[str]:
    """Small letters, no signs around; an initial keeps its dot: "A. Khan" has no "a" in it."""
    words = [word.strip(",-") for word in re.sub("['’]", "", text.lower()).split()]
    return [word.rstrip(".") if len(word) > 2 else word for word in words]
