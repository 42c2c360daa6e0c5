"""The waiting list in the talk: joined after a yes to being told here, left at any time; an offer taken or let go."""
from datetime import datetime, timedelta
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import latest
from actions.booking import emptied
from actions.details import read_details
from actions.moving import moving_slots
from actions.offers import offer, offers
from actions.openings import FIRST, Slots, wish_of
from clinic.booking import spoken
from clinic.booking.appointment import Appointment
from clinic.booking.choosing import as_line
from clinic.booking.diary import Wish
from clinic.booking.opening import AppointmentUnknown, OpeningTaken, TooLate
from clinic.booking.waiting import InLine, Wanted
from clinic.visit import Visit, current

FORM = "booking_form"
YOURS = FollowupAction("action_listen")
"""It is the visitor's turn, with whatever form is open."""
FETCHED = ("website", "rasa", "cli")
"""Channels on which nobody hears of what is said later unless they look."""


class ActionAskToWait(Action):
    """Says what the waiting list is and asks whether to go on it, once it is clear what for; else asks for that."""

    def name(self) -> str:
        return "action_ask_to_wait"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        in_form = tracker.active_loop.get("name") == FORM
        async with current(tracker.sender_id) as visit:
            if visit.alarmed:
                return await _to_person(visit, dispatcher)
            if tracker.get_slot("pair") == FIRST:
                await visit.take_over("waits_for_two")
                dispatcher.utter_message(response="utter_waiting_for_two")
                return [YOURS]
            details = read_details(visit, tracker).found
            kept = {"contact": details["contact"]} if details.get("contact") else {}
            found = kept if in_form else {**_fresh(), **details}
            slots = {**tracker.current_slot_values(), **found}
            wish = wish_of(visit, slots)
            if wish is None or (not in_form and await _free_now(visit, wish)):
                dispatcher.utter_message(response="utter_look_first")
                return [*(SlotSet(name, value) for name, value in found.items()), FollowupAction(FORM)]
            ask(visit, dispatcher, wish, slots)
        return [*(SlotSet(name, value) for name, value in found.items()), SlotSet("misunderstood", 0), YOURS]


class ActionJoinWaitingList(Action):
    """Puts the visitor on the list, for what they had just asked to book."""

    def name(self) -> str:
        return "action_join_waiting_list"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            if visit.alarmed:
                return await _to_person(visit, dispatcher)
            slots, clinic = tracker.current_slot_values(), visit.knowledge.content.clinic
            wish, key = wish_of(visit, slots), visit.waiting.conversation
            if wish is None:
                dispatcher.utter_message(response="utter_look_first")
                return [FollowupAction(FORM)]
            await visit.records.book.let_go(key)
            free = await visit.diary.fitting(wish, key)
            joined = await visit.records.waiting_list.join(key, _wanted(wish, slots), {one.key for one in free},
                                                           clinic.zone, visit.now, await _latest(visit, wish))
            wanted = wanted_of(visit, wish, slots)
            joined_as = ("utter_waiting_to_move" if wish.moving else
                         "utter_waiting_no_mail" if visit.could_mail(slots.get("contact")) else "utter_waiting")
        dispatcher.utter_message(response=joined_as if joined else "utter_waiting_enough", wanted=wanted)
        return [ActiveLoop(None), *emptied(), YOURS]


class ActionLeaveWaitingList(Action):
    """Takes the visitor off it; what was kept for them is for the next."""

    def name(self) -> str:
        return "action_leave_waiting_list"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            key = visit.waiting.conversation
            if await visit.records.waiting_list.offered_to(key):
                await visit.records.book.let_go(key)
            places = await visit.records.waiting_list.of(key)
            await visit.records.waiting_list.end(places, "left")
        dispatcher.utter_message(response="utter_waiting_left" if places else "utter_not_waiting")
        return [SlotSet("misunderstood", 0), YOURS]


class ActionTakeOffered(Action):
    """A yes to a time that came free: it is booked as any other, check and all."""

    def name(self) -> str:
        return "action_take_offered"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            place = await _offered(visit, tracker)
            if place is None and "action_loose_detail" in latest.before(tracker):  # it had asked whether to look
                return [SlotSet("misunderstood", 0), FollowupAction(FORM)]
            if place is None:
                gone = latest.intent(tracker) == "take_waiting"
                dispatcher.utter_message(response="utter_offer_gone" if gone else "utter_affirm", json_message={
                    "offers": offers(visit, "book_appointment") if gone else []})
                return [SlotSet("misunderstood", 0), YOURS]
            if visit.alarmed:
                return await _to_person(visit, dispatcher)
            return await _begin(visit, dispatcher, place)


class ActionPassOffered(Action):
    """A no to it: the next in line hears of it."""

    def name(self) -> str:
        return "action_pass_offered"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            place = await _offered(visit, tracker)
            if place:
                await visit.records.book.let_go(visit.waiting.conversation)
                await visit.records.waiting_list.pass_on(place)
        if place:
            dispatcher.utter_message(response="utter_passed_to_next")
        else:
            dispatcher.utter_message(response="utter_offer_gone" if latest.intent(tracker) == "pass_waiting"
                                     else "utter_deny")
        return [SlotSet("misunderstood", 0), YOURS]


def ask(visit: Visit, say: CollectingDispatcher, wish: Wish, slots: Slots) -> None:
    """What it means to go on the list: for what, how they hear of it, how long a time is kept, how to leave."""
    where = "utter_ask_to_wait_here" if visit.waiting.channel in FETCHED else "utter_ask_to_wait"
    if visit.tidings.can_mail(visit.waiting.channel, slots.get("contact")):
        where = "utter_ask_to_wait_mail"
    if wish.moving:
        where = "utter_ask_to_wait_to_move"
    say.utter_message(
        response=where, contact=slots.get("contact"), service=wish.service.name, wanted=wanted_of(visit, wish, slots),
        minutes=visit.knowledge.content.clinic.booking.waiting_minutes,
        json_message={"offers": [offer(visit, "join_list", "confirm_waiting"), offer(visit, "not_listed", "deny")]})


def wanted_of(visit: Visit, wish: Wish, slots: Slots) -> str:
    """When, in the visitor's own words, and where, if they said it."""
    names = filter(None, map(visit.knowledge.content.clinic.name_of, wish.at))
    return spoken.there(str(slots.get("wanted") or ""), " / ".join(names))


async def _offered(visit: Visit, tracker: Tracker) -> InLine | None:
    """The place for which a time is kept: the one that was tapped, or where it was said in words the one there is."""
    place = await visit.records.waiting_list.offered_to(visit.waiting.conversation)
    tapped = latest.values(tracker, "offered")
    return place if place and (not tapped or tapped == [place.opening]) else None


async def _begin(visit: Visit, say: CollectingDispatcher, place: InLine) -> list[EventType]:
    """The booking form, with the time that was kept and what is known of the visitor filled in."""
    opening, moving = str(place.opening), {}
    try:
        if place.wanted.moving:
            moving = await _moving(visit, place.wanted.moving)
        held = await _kept(visit, opening) or await visit.diary.hold(opening, visit.waiting.conversation)
    except (OpeningTaken, TooLate, AppointmentUnknown):
        await visit.records.book.let_go(visit.waiting.conversation)
        await visit.records.waiting_list.pass_on(place)
        say.utter_message(response="utter_offer_gone", json_message={"offers": offers(visit, "book_appointment")})
        return [YOURS]
    say.utter_message(response="utter_offer_taken", when=spoken.when_and_where(visit.knowledge.content.clinic, held))
    wanted = place.wanted
    slots = {**_fresh(), "service": wanted.service, "wanted": wanted.words, "times": as_line(wanted.times),
             "gender": wanted.gender, "place": " ".join(wanted.at) or None, "opening": opening,
             "name": wanted.name, "contact": wanted.contact, "page": 0, "misunderstood": 0,
             **moving}
    return [*(SlotSet(name, value) for name, value in slots.items()), FollowupAction(FORM)]


async def _moving(visit: Visit, reference: str) -> dict[str, Any]:
    """The slots of a move of that appointment. Raises AppointmentUnknown where it is not theirs any more, or off, and
    TooLate within the clinic's terms."""
    own = await visit.records.book.of(visit.waiting.conversation, visit.now)
    one = next((one for one in own if one.reference == reference), None)
    if one is None:
        raise AppointmentUnknown(reference)
    visit.diary.check_terms(one)
    return moving_slots(one)


async def _latest(visit: Visit, wish: Wish) -> datetime | None:
    """Until when somebody can wait for another time of an appointment: as long as they may move it themselves."""
    if wish.moving is None:
        return None
    there = await visit.records.ledger.get(wish.moving)
    return there.starts - timedelta(hours=visit.knowledge.content.clinic.booking.change_hours)


async def _kept(visit: Visit, opening: str) -> Appointment | None:
    """What is held for the visitor, where it is that opening and still theirs as it was promised."""
    held = await visit.records.book.held(visit.waiting.conversation)
    return held if held and held.opening.key == opening and not held.is_over(visit.now) else None


def _fresh() -> dict[str, Any]:
    """A booking of which nothing is known."""
    return {event["name"]: None for event in emptied()}


def _wanted(wish: Wish, slots: Slots) -> Wanted:
    return Wanted(wish.service.id, tuple(wish.times), str(slots.get("wanted") or ""), wish.gender, slots.get("name"),
                  slots.get("contact"), wish.at, wish.moving)


async def _free_now(visit: Visit, wish: Wish) -> bool:
    return bool(await visit.diary.fitting(wish, visit.waiting.conversation))


async def _to_person(visit: Visit, say: CollectingDispatcher) -> list[EventType]:
    await visit.take_over("waiting_after_red_flag")
    say.utter_message(response="utter_booking_needs_person")
    return [ActiveLoop(None), *emptied(), YOURS]
