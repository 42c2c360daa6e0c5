"""A request for an appointment: asked for piece by piece, in any order, read back, then stored."""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import checking, latest
from actions.details import read_details
from actions.offers import offers
from clinic.booking.request import Request
from clinic.visit import current

PIECES = ("service", "wanted", "name", "contact")
TRIES = 3
"""Answers in a row that can't be read, after which a person is asked to rather than the visitor once more."""


class ActionBeginBooking(Action):
    """Starts afresh, and says what a request is. After a red flag a person decides instead."""

    def name(self) -> str:
        return "action_begin_booking"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            serious = visit.alarmed  # then the form says that a person arranges it
        if not tracker.active_loop.get("name") and not serious:
            dispatcher.utter_message(response="utter_begin_booking")
        return [SlotSet("misunderstood", 0)]


class ValidateBookingForm(Action):
    """Takes what a message gives, whatever was asked; gives nothing back where it holds no detail at all."""

    def name(self) -> str:
        return "validate_booking_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            if visit.alarmed:
                await visit.take_over("booking_after_red_flag")
                dispatcher.utter_message(response="utter_booking_needs_person")
                return [ActiveLoop(None), *_emptied()]
            if latest.already_answered(tracker):
                return []  # coming back to the form after an answer in between
            asked = tracker.get_slot("requested_slot")
            if asked == "health_check" and not checking.is_about_the_rest(visit, tracker):
                return checking.take(visit, tracker)
            details = read_details(tracker, visit.knowledge.content.clinic.services)
            ways_out = offers(visit, "stop", "ask_person")
        unread = int(tracker.get_slot("unread") or 0)
        if details.unread:
            unread += 1
        elif any(value is not None for value in details.found.values()):
            unread = 0
        if asked and not details.found and latest.intent(tracker) in ("deny", "affirm", "change_appointment"):
            details.found[asked] = None  # a form that is given nothing at all says nothing
            if asked in PIECES and latest.intent(tracker) == "deny":
                details.unread.append("utter_way_out")
        if unread >= TRIES:
            async with current(tracker.sender_id) as visit:
                await visit.take_over("booking_unread")
            dispatcher.utter_message(response="utter_booking_unread")
            return [ActiveLoop(None), *_emptied()]
        for response in details.unread:
            dispatcher.utter_message(response=response, json_message={"offers": ways_out})
        if details.found:  # a form that is given nothing at all, not even this, leaves the message to another action
            details.found["unread"] = unread
        return [SlotSet(name, value) for name, value in details.found.items()]


class ActionAskService(Action):
    """Which of the clinic's services, as choices."""

    def name(self) -> str:
        return "action_ask_service"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            choices = [{"label": service.name, "means": {"intent": "inform", "entities": {"service": service.id}}}
                       for service in visit.knowledge.content.clinic.services]
        dispatcher.utter_message(response="utter_ask_service", json_message={"offers": choices})
        return []


class ActionAskConfirmed(Action):
    """Says it all back; nothing is sent before a yes."""

    def name(self) -> str:
        return "action_ask_confirmed"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        if latest.intent(tracker) in ("deny", "change_appointment") and not latest.filled(
                tracker, *PIECES, "health_check"):
            dispatcher.utter_message(response="utter_ask_change")
            return [SlotSet("read_back", False)]
        async with current(tracker.sender_id) as visit:
            names = {service.id: service.name for service in visit.knowledge.content.clinic.services}
            choices = offers(visit, "affirm", "deny", "stop")
            visit.closed += [n for n, _ in visit.offers]  # an older "Yes" was for another version
            if latest.filled(tracker, "health_check") and (said := checking.says(visit, tracker)):
                dispatcher.utter_message(text=said, json_message={"kind": "booking"})
        pieces = {piece: tracker.get_slot(piece) for piece in PIECES}
        pieces["service"] = names.get(pieces["service"], pieces["service"])
        response = "utter_read_back_for_review" if checking.needs_person(tracker) else "utter_read_back"
        dispatcher.utter_message(response=response, json_message={"offers": choices}, **pieces)
        return [SlotSet("read_back", True)]


class ActionAskHealthCheck(Action):
    """The next question of the check before a request; the first one asks whether it may ask."""

    def name(self) -> str:
        return "action_ask_health_check"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            state, text, choices = await checking.ask(visit, tracker)
        dispatcher.utter_message(text=text, json_message={"kind": "booking", "offers": choices})
        return [SlotSet("health_state", state)]


class ActionStoreRequest(Action):
    """The request is in the book, and the clinic hears of it."""

    def name(self) -> str:
        return "action_store_request"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        if not tracker.get_slot("confirmed"):
            return []
        pieces = {piece: tracker.get_slot(piece) for piece in PIECES}
        async with current(tracker.sender_id) as visit:
            reference = await visit.records.requests.add(
                Request(visit.waiting.conversation, "book", screening=checking.record(visit, tracker), **pieces),
                visit.now)
            await visit.tell("request", reference)
            if checking.needs_person(tracker):
                await visit.take_over("check_before_booking")
        response = "utter_review_stored" if checking.needs_person(tracker) else "utter_request_stored"
        dispatcher.utter_message(response=response, reference=reference, contact=pieces["contact"])
        return _emptied()


class ActionDropRequest(Action):
    """Stopped: nothing was sent, and nothing is kept for the next one."""

    def name(self) -> str:
        return "action_drop_request"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        dispatcher.utter_message(response="utter_request_dropped")
        return _emptied()


class ActionLooseDetail(Action):
    """A day, a name or a number out of nowhere: asks whether it is for an appointment."""

    def name(self) -> str:
        return "action_loose_detail"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            if visit.alarmed:
                await visit.take_over("booking_after_red_flag")
                dispatcher.utter_message(response="utter_booking_needs_person")
                return []
            details = read_details(tracker, visit.knowledge.content.clinic.services)
            dispatcher.utter_message(response="utter_loose_detail",
                                     json_message={"offers": offers(visit, "book_appointment")})
        return [SlotSet(name, value) for name, value in details.found.items() if name != "confirmed"]


def _emptied() -> list[EventType]:
    return [SlotSet(piece, None) for piece in (*PIECES, *checking.SLOTS, "confirmed", "read_back",
                                                 "unread", "requested_slot")]
