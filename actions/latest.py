"""What the message being answered came to, as actions read it from Rasa's tracker."""
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from rasa_sdk import Tracker

BEFORE_A_FORM = ("action_listen", "action_begin_booking", "action_loose_detail", "booking_form",
                 "action_find_appointments", "lookup_form")
ABOUT = ("injury", "body_part")
IN_DOUBT = 0.12
"""What the next likeliest intent comes to where it may be meant: of those that were, nearly half come to as much, of
others one in twelve."""


def intent(tracker: Tracker) -> str:
    return str((tracker.latest_message.get("intent") or {}).get("name") or "")


def perhaps(tracker: Tracker) -> str:
    """The intent that the message may have had instead; empty where there is no such doubt."""
    others = [one for one in tracker.latest_message.get("intent_ranking") or [] if one["name"] != intent(tracker)]
    return str(others[0]["name"]) if others and others[0]["confidence"] >= IN_DOUBT else ""


def text(tracker: Tracker) -> str:
    return str(tracker.latest_message.get("text") or "")


def entities(tracker: Tracker) -> list[dict[str, Any]]:
    return list(tracker.latest_message.get("entities") or [])


def values(tracker: Tracker, *names: str) -> list[str]:
    """The values of the entities called *names*, in the order of the message, each once."""
    found = [str(entity["value"]) for entity in entities(tracker) if entity["entity"] in names]
    return list(dict.fromkeys(found))


def spoken(tracker: Tracker, *names: str) -> str:
    """The words of the entities called *names*, as they were written, without what stands around them."""
    said = text(tracker)
    return " ".join(said[entity["start"]:entity["end"]] for entity in entities(tracker)
                    if entity["entity"] in names and "start" in entity)


def subjects(tracker: Tracker) -> list[str]:
    """What the message says hurts, or asks about."""
    return values(tracker, *ABOUT)


def filled(tracker: Tracker, *slots: str) -> bool:
    """Whether this message filled one of *slots*."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "slot" and event["name"] in slots and event["value"] is not None:
            return True
    return False


def begun(tracker: Tracker) -> bool:
    """Whether a booking begins with this message."""
    return bool({"action_begin_booking", "action_take_offered"} & _actions_of(tracker.events))


def before(tracker: Tracker) -> set[str]:
    """The actions that answered the message before this one."""
    events = list(tracker.events)
    last = max((n for n, event in enumerate(events) if event["event"] == "user"), default=0)
    return _actions_of(events[:last])


def _actions_of(events: Sequence[dict[str, Any]]) -> set[str]:
    """Actions since the last message in *events*."""
    done = takewhile(lambda event: event["event"] != "user", reversed(events))
    return {event["name"] for event in done if event["event"] == "action"}


def already_answered(tracker: Tracker) -> bool:
    """Whether some other action dealt with the message before the open form came to it."""
    return not _actions_of(tracker.events) <= set(BEFORE_A_FORM)


def said(tracker: Tracker, *responses: str) -> bool:
    """Whether one of *responses* has been said to this message."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "bot" and (event.get("metadata") or {}).get("utter_action") in responses:
            return True
    return False
