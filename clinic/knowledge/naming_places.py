"""Which of the clinic's places somebody names, in the words that `clinic.yml` has for each."""
import re
from collections.abc import Sequence
from dataclasses import dataclass

from clinic.knowledge.practice import Place

_LEAD = (r"(?P<without>\b(?:not|except(?: for)?|apart from|anywhere but|instead of|rather than)\s+)?"
         r"(?:\b(?:at|in|to|by|near)\s+)?(?:\b(?:the|your)\s+)?")
_TAIL = r"(?:\s+(?:one|branch|clinic|place|site|location|practice|studio))?"


@dataclass(frozen=True, slots=True)
class Named:
    """Ids of the places that are meant, in the order of `clinic.yml`; none where no place is named. `rest` is the text
    with spaces where a place was named, as long as before."""

    places: tuple[str, ...]
    rest: str


def named_places(places: Sequence[Place], text: str) -> Named:
    """The places that *text* names; "not the Leith one" means all the others."""
    wanted: set[str] = set()
    unwanted: set[str] = set()
    rest = text
    forms = [(form, place.id) for place in places for form in (place.name, *place.also)]
    for form, key in sorted(forms, key=lambda one: len(one[0]), reverse=True):  # "North Leith" is not "Leith"
        for found in re.finditer(rf"{_LEAD}(?<!\w){re.escape(form)}(?!\w){_TAIL}", rest, re.I):
            (unwanted if found["without"] else wanted).add(key)
            rest = rest[:found.start()] + " " * len(found[0]) + rest[found.end():]
    meant = wanted - unwanted or ({place.id for place in places} - unwanted if unwanted else set())
    return Named(tuple(place.id for place in places if place.id in meant), rest)
