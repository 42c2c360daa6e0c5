"""Openings in the booking form: what is free for the wish, and keeping what somebody picks."""
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import latest
from actions.offers import offer
from clinic.booking import spoken
from clinic.booking.choosing import as_intervals, is_a_point
from clinic.booking.diary import Wish
from clinic.booking.opening import OpeningTaken
from clinic.visit import Visit, current

BY_REQUEST = "by_request"
"""The slot's value where no opening is taken: the clinic finds a time for the wish as it was said."""
ABOUT_A_TIME = ("utter_which_time", "utter_when_is_that", "utter_no_such_time")
"""What asks for a time by itself."""
Slots = Mapping[str, Any]


def wish_of(visit: Visit, slots: Slots) -> Wish | None:
    """What the slots ask of the book; None until there is a service and a time."""
    service = visit.diary.service(slots.get("service"))
    if service is None or slots.get("times") is None:
        return None
    return Wish(service, as_intervals(slots["times"]), slots.get("gender"), slots.get("moving"))


async def take(visit: Visit, slots: Slots, picked: str | None, say: CollectingDispatcher) -> dict[str, Any]:
    """The slots after a message that picked an opening, or wished for one clock time that is free."""
    conversation, zone = visit.waiting.conversation, visit.knowledge.content.clinic.zone
    wish = wish_of(visit, slots)
    if picked is None and wish and is_a_point(wish.times) and slots.get("opening") is None:
        shown = await visit.diary.offer(wish, conversation)
        picked = shown.openings[0].key if shown.fits and len(shown.openings) == 1 else None
    if picked == BY_REQUEST and slots.get("moving"):  # a choice from a list that was there before the move
        return {"opening": None}
    if picked is None or picked == BY_REQUEST:
        return {"opening": picked} if picked else {}
    try:
        held = await (visit.diary.hold_to_move(picked, conversation, slots["moving"]) if slots.get("moving")
                      else visit.diary.hold(picked, conversation))
    except OpeningTaken:
        say.utter_message(response="utter_opening_taken")
        return {"opening": None, "page": 0}
    say.utter_message(response="utter_opening_held", when=spoken.in_full(held.starts, zone),
                      minutes=visit.knowledge.content.clinic.booking.hold_minutes)
    return {"opening": picked, "read_back": False}


async def say_first(visit: Visit, slots: Slots, say: CollectingDispatcher) -> None:
    """For a wish for a time that names no service yet: when each is free first, so that what was asked is answered."""
    zone, conversation = visit.knowledge.content.clinic.zone, visit.waiting.conversation
    found = []
    for service in visit.knowledge.content.clinic.services:
        if service.booking != "link":  # such times are in another book
            wish = Wish(service, as_intervals(slots["times"]), slots.get("gender"))
            found.append((service, await visit.diary.offer(wish, conversation)))
    fits = any(shown.fits for _, shown in found)
    lines = [f"{service.name}: {spoken.in_short(shown.openings[0].starts, zone)}" for service, shown in found
             if shown.openings and shown.fits == fits]
    if lines:
        say.utter_message(response="utter_first_free" if fits else "utter_first_free_nearest", free="\n".join(lines))


class ActionAskWanted(Action):
    """Asks for a day and a time, unless a doubt about one has just been asked about."""

    def name(self) -> str:
        return "action_ask_wanted"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        if not latest.said(tracker, *ABOUT_A_TIME):
            dispatcher.utter_message(response="utter_ask_wanted")
        return []


class ActionAskOpening(Action):
    """Real openings as choices, nearest to what was asked, with the ways out beside them."""

    def name(self) -> str:
        return "action_ask_opening"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            slots = tracker.current_slot_values()
            wish, page = wish_of(visit, slots), int(slots.get("page") or 0)
            if wish is None:  # begun before times were read
                dispatcher.utter_message(response="utter_ask_wanted")
                return [SlotSet("wanted", None), SlotSet("requested_slot", "wanted")]
            shown = await visit.diary.offer(wish, visit.waiting.conversation, page)
            zone = visit.knowledge.content.clinic.zone
            choices = [{"label": spoken.in_short(free.starts, zone),
                        "means": {"intent": "inform", "entities": {"opening": free.key}}} for free in shown.openings]
            if shown.more:
                choices.append(offer(visit, "more_times", "inform", page=str(page + 1)))
            if not shown.fits and not slots.get("moving"):
                choices.append(offer(visit, "wait_for_one", "join_waiting_list"))
            choices.append(offer(visit, "another_day", "inform", anew="wanted"))
            if not slots.get("moving"):  # a wish has no time yet, and nothing can be moved to none
                choices.append(offer(visit, "by_request", "inform", opening=BY_REQUEST))
            choices.append(offer(visit, "ask_person"))
            visit.closed += [n for n, _ in visit.offers]  # an older list is no longer what is free
        response = "utter_ask_opening" if shown.fits else "utter_ask_opening_nearest"
        dispatcher.utter_message(response=response if shown.openings else "utter_no_openings",
                                 json_message={"offers": choices})
        return []
