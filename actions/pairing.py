"""Two who come together: two appointments beside each other, made one after the other in one talk."""
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import latest
from actions.openings import BY_REQUEST, FIRST, TWO, Slots, words_of
from clinic.booking.opening import OpeningTaken, read_key
from clinic.visit import Visit

CARRIED = ("service", "wanted", "times", "gender", "place", "contact")
"""What holds for the second as well, unless they say otherwise."""


def take_party(tracker: Tracker, found: dict[str, Any], say: CollectingDispatcher) -> None:
    """Notes in *found* that two come, or one after all, and says what follows. More than two are for a person."""
    told, pair = latest.values(tracker, "party"), tracker.get_slot("pair")
    if TWO in told and pair is None:
        found["pair"] = FIRST
        say.utter_message(response="utter_booking_for_two")
    elif "one" in told and pair == FIRST:
        found.update(pair=None, beside=None)
        say.utter_message(response="utter_booking_for_one")


async def go_on(visit: Visit, say: CollectingDispatcher, slots: Slots, reference: str) -> list[EventType]:
    """The first has the appointment with *reference*: now the form for the second, with the time that was kept."""
    kept: dict[str, Any] = {name: slots.get(name) for name in CARRIED}
    kept |= {"pair": reference, "page": 0, "opening": await _kept(visit, say, slots)}
    return [*(SlotSet(name, value) for name, value in kept.items()), FollowupAction("booking_form")]


async def _kept(visit: Visit, say: CollectingDispatcher, slots: Slots) -> str | None:
    """The opening that the second has, still or again; None where one has to be chosen."""
    beside, clinic = slots.get("beside"), visit.knowledge.content.clinic
    if slots.get("opening") == BY_REQUEST:
        say.utter_message(response="utter_second_by_request")
        return BY_REQUEST
    try:
        held = await visit.diary.hold(beside, visit.waiting.conversation) if beside else None
    except OpeningTaken:
        held = None
    if held is None:
        say.utter_message(response="utter_second_sought")
        return None
    say.utter_message(response="utter_second_kept", minutes=clinic.booking.hold_minutes,
                      **words_of(visit, read_key(held.opening.key)))
    return beside
