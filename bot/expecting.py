"""What an open form waits for in free words is an answer, whatever question it resembles."""
import re
from typing import Any

from clinic.booking.reference import find_reference

FREE = {"health_check"}
"""Slots that are asked for in a visitor's own words."""
ASKED_FOR = re.compile(r'"name": "requested_slot", "value": (?:"(\w+)"|null)')
STANDS = {"stop", "go_back", "cancel_appointment", "ask_person", "affirm", "deny", "complain", "change_appointment",
          "delete_my_data", "ask_privacy", "instruct_machine"}
"""What a short message means all the same."""
PLAINLY = 0.6
"""How sure it has to be that somebody wants to go back: "hang on a sec" takes back nothing that was said."""
LOOKED_UP = {"known_reference", "known_contact"}
REACHABLE = re.compile(r"@|(?:\d\W?){7}")
"""What only a contact has."""
SHORT = 6
"""Words within which it does: a longer one tells something."""


def asked_for(tracker: str | None) -> str | None:
    """The slot that the form of *tracker* (events as JSON) waits for; None where no form is open."""
    asked = ASKED_FOR.findall(tracker or "")
    return asked[-1] or None if asked else None


def as_expected(tracker: str | None, text: str, parse: dict[str, Any]) -> dict[str, Any]:
    """*parse* of *text*, read as the detail that the form of *tracker* (events as JSON) waits for, where it may be."""
    asked = asked_for(tracker)
    if asked and parse["intent"]["name"] == "go_back" and parse["intent"]["confidence"] < PLAINLY:
        return {**parse, "intent": {"name": "nlu_fallback", "confidence": parse["intent"]["confidence"]}}
    if asked in LOOKED_UP and (find_reference(text) or REACHABLE.search(text)):
        return {**parse, "intent": {"name": "inform", "confidence": 1.0}}
    if asked not in FREE or "?" in text:
        return parse
    if parse["intent"]["name"] in STANDS and len(text.split()) <= SHORT:
        return parse
    return {**parse, "intent": {"name": "inform", "confidence": 1.0}}
