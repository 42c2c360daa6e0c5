"""Choices: which one a visitor tapped, or named, numbered or counted in words ("the second one")."""
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz

from clinic.conversation import Offer, Waiting
from clinic.visit import Visit

WORDS = Path(__file__).parent / "words" / "choosing.yml"
NO = ("deny", "pass_waiting")
BEGINS = ("book_appointment", "ask_person")
"""What stands beside an answer for whoever wants it: "ok" to the answer does not take it, as a yes does."""
NEAR = 88.0
"""How alike a typed label must be, of 100: one slip in a short label, two or three in a long one."""


class Choosing:
    """Reads a choice; which words count is data (`bot/words/choosing.yml`)."""

    def __init__(self, ordinals: dict[str, int], yes: frozenset[str], heard: frozenset[str], beside: Sequence[str],
                 wishing: Sequence[str]) -> None:
        self._ordinals, self._yes, self._heard = ordinals, yes | heard, heard
        self._before = re.compile(rf"(?:(?:{_any(beside)})[\s,.!]+)*(?:(?:{_any(wishing)}) (?=the ))?")
        self._after = re.compile(rf"(?:[\s,.!]+(?:{_any(beside)}))+$")

    @classmethod
    def load(cls, file: Path = WORDS) -> "Choosing":
        words = yaml.safe_load(file.read_text(encoding="utf-8"))
        places = {word: place for place, group in words["places"].items() for word in group}
        return cls(places, frozenset(words["agreeing"]), frozenset(words["heard"]), words["beside"], words["wishing"])

    def meant(self, waiting: Waiting, visit: Visit) -> dict[str, Any] | None:
        """The message as Rasa would have parsed it, if it takes a choice; None if it is plain talk.

        A tapped choice that is no longer open is `stale_choice`, which offers fresh ones."""
        if waiting.choice is not None:
            return self._tapped(waiting.choice, visit)
        for n, offers in visit.offers[:1]:
            said = " ".join(waiting.text.lower().strip(" .!?)(").split())
            offer = self._named(said, offers)
            ways = [one for one in offers if one.means["intent"] not in NO]
            begins = any(way.means["intent"] in BEGINS for way in ways)
            if said in self._yes and len(ways) == 1 and n == waiting.n - 1 and not (begins and said in self._heard):
                offer = ways[0]  # what was asked can only be that, or nothing
            if offer:
                visit.closed.append(n)
                return _parse(offer)
        return None

    def names(self, text: str, visit: Visit) -> bool:
        """Whether *text* may take one of the choices that were offered last."""
        said = " ".join(text.lower().strip(" .!?)(").split())
        return any(said in self._yes or self._named(said, offers) is not None for _, offers in visit.offers[:1])

    def _tapped(self, token: str, visit: Visit) -> dict[str, Any]:
        for n, offers in visit.offers:
            for offer in offers:
                if offer.token == token:
                    visit.closed.append(n)
                    return _parse(offer)
        return _parse(Offer("", {"intent": "stale_choice"}))

    def _named(self, said: str, offers: list[Offer]) -> Offer | None:
        bare = self._after.sub("", self._before.sub("", said, count=1))
        place = self._ordinals.get(said) or self._ordinals.get(bare)
        if place is not None:
            index = place - 1 if place > 0 else len(offers) + place
            return offers[index] if 0 <= index < len(offers) else None
        best = max(offers, key=lambda o: fuzz.ratio(said, o.label.lower()), default=None)
        return best if best and fuzz.ratio(said, best.label.lower()) >= NEAR else None


def _any(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _parse(offer: Offer) -> dict[str, Any]:
    entities = [{"entity": name, "value": value} for name, value in offer.means.get("entities", {}).items()]
    return {"text": offer.label or "-", "intent": {"name": offer.means["intent"], "confidence": 1.0},
            "intent_ranking": [], "entities": entities}
