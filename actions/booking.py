"""A booking: asked for piece by piece, in any order, its time held, read back, then made."""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import checking, latest, openings
from actions.answering import going_on
from actions.details import DETAILS, Details, read_details
from actions.making import make
from actions.moving import refused
from actions.offers import offer, offers
from actions.openings import BY_REQUEST
from actions.pairing import go_on, take_party
from actions.reaching import reach
from actions.reading_back import read_back
from clinic.booking.opening import AppointmentUnknown, OpeningTaken, TooLate
from clinic.knowledge.practice import Service
from clinic.visit import Visit, current

PIECES = ("service", "wanted", "opening", "name", "contact")
TOLD = ("service", "wanted", "name", "contact")
"""Pieces that are asked for in words."""
KEPT = (*PIECES, "times", "page", "gender", "place", "pair", "beside", "moving", "reference", *checking.SLOTS,
        "confirmed", "read_back", "unread", "requested_slot")
"""Slots of a booking: emptied when it ends."""
UNDONE = {**dict.fromkeys(("wanted", "opening"), ("wanted", "times", "opening")), "health_check": checking.SLOTS}
"""What goes with a piece that is taken back."""
MANY = "many"
"""The party that is for a person to arrange."""
BEHIND = ("name", "contact")
"""Pieces whose coming changes nothing else that was said."""
TRIES = 3
"""Answers in a row that can't be read, after which a person is asked to rather than the visitor once more."""


class ActionBeginBooking(Action):
    """Starts afresh, and says how a booking is made here. After a red flag a person decides instead."""

    def name(self) -> str:
        return "action_begin_booking"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            # then the form says that a person arranges it
            for_person = visit.alarmed or MANY in latest.values(tracker, "party")
            sure = all(service.booking == "confirm" for service in visit.knowledge.content.clinic.services)
        if not tracker.active_loop.get("name") and not for_person:
            dispatcher.utter_message(response="utter_begin_sure_booking" if sure else "utter_begin_booking")
        return [SlotSet("misunderstood", 0)]


class ValidateBookingForm(Action):
    """Takes what a message gives, whatever was asked; gives nothing back where it holds no detail at all."""

    def name(self) -> str:
        return "validate_booking_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            if visit.alarmed:
                return await _leave_to_person(visit, dispatcher, "booking_after_red_flag", "utter_booking_needs_person")
            if latest.already_answered(tracker):
                return []  # coming back to the form after an answer in between
            asked = tracker.get_slot("requested_slot")
            if asked == "health_check" and not checking.is_about_the_rest(visit, tracker):
                return await checking.take(visit, tracker)
            several = latest.intent(tracker) in DETAILS and not tracker.get_slot("moving")
            if several and MANY in latest.values(tracker, "party"):
                return await _leave_to_person(visit, dispatcher, "booking_for_many", "utter_booking_for_many")
            details = read_details(visit, tracker)
            if several:
                take_party(tracker, details.found, dispatcher)
            _take_back(details, tracker, asked)
            _mend(details, asked, latest.intent(tracker))
            unread = _unread(details, tracker)
            if unread >= TRIES:
                return await _leave_to_person(visit, dispatcher, "booking_unread", "utter_booking_unread")
            if _kept_ahead(details, asked):
                dispatcher.utter_message(response="utter_kept")
            for response, choices in details.said:
                dispatcher.utter_message(response=response,
                                         json_message={"offers": choices or offers(visit, "stop", "ask_person")})
            try:
                found = {**details.found, **await _on_with(visit, tracker, details, dispatcher)}
            except (TooLate, AppointmentUnknown) as error:
                await refused(visit, dispatcher, tracker.get_slot("moving"), error)
                return [ActiveLoop(None), *emptied()]
            service = visit.diary.service(found.get("service"))
            if service and service.booking == "link":
                return await _elsewhere(visit, dispatcher, service)
        if found:  # a form that is given nothing at all, not even this, leaves the message to another action
            found["unread"] = unread
        return [SlotSet(name, value) for name, value in found.items()]


async def _on_with(visit: Visit, tracker: Tracker, details: Details, say: CollectingDispatcher) -> dict[str, Any]:
    """What follows from the details: an opening held, or given up for another wish; the booking made."""
    found = dict(details.found)
    if {"service", "times", "gender", "place", "pair"} & found.keys() and details.picked is None:
        found.update(opening=None, beside=None, page=0)
    if elsewhere := openings.not_at(visit, {**tracker.current_slot_values(), **found}):
        say.utter_message(response="utter_not_at_place", **elsewhere)
        found["place"] = None
    slots = {**tracker.current_slot_values(), **found}
    if details.picked is not None or found:
        found |= await openings.take(visit, slots, details.picked, say)
        await visit.diary.extend(visit.waiting.conversation)
    if found.get("confirmed"):
        try:
            found["reference"] = await make(visit, tracker, {**slots, **found})
        except OpeningTaken:
            say.utter_message(response="utter_opening_taken")
            found.update(confirmed=None, opening=None, beside=None, page=0, read_back=False)
    return found


def _take_back(details: Details, tracker: Tracker, asked: str | None) -> None:
    """The piece that is said to be wrong, or the last one before what was asked, is asked for once more; what the
    message gives instead stands."""
    wrong = latest.values(tracker, "piece")
    if not wrong and latest.intent(tracker) != "go_back":
        return
    filled = [piece for piece in (*PIECES, "health_check") if tracker.get_slot(piece) is not None and piece != asked]
    before = filled[:(*PIECES, "health_check").index(asked)] if asked in (*PIECES, "health_check") else filled
    piece = wrong[0] if wrong else before[-1] if before else asked
    if piece and details.found.get(piece) is None:
        details.found |= dict.fromkeys(UNDONE.get(piece, (piece,)))


def _mend(details: Details, asked: str | None, intent: str) -> None:
    """A yes or a no that gives no detail leaves what was asked for open, and a no is shown the way out."""
    if asked and not details.found and intent in ("deny", "affirm", "change_appointment"):
        details.found[asked] = None  # a form that is given nothing at all says nothing
        if asked in (*PIECES, "place") and intent == "deny":
            details.said.append(("utter_way_out", []))


def _kept_ahead(details: Details, asked: str | None) -> bool:
    """Whether a piece came that was not asked for, and what was asked is still open: who hears only the same question
    again thinks that it was lost."""
    given = any(details.found.get(piece) is not None for piece in BEHIND if piece != asked)
    return given and asked in BEHIND and details.found.get(asked) is None and not details.said


def _unread(details: Details, tracker: Tracker) -> int:
    """How many answers in a row could not be read, with this one."""
    unread = int(tracker.get_slot("unread") or 0)
    if details.unread:
        return unread + 1
    return 0 if any(value is not None for value in details.found.values()) else unread


async def _leave_to_person(visit: Visit, say: CollectingDispatcher, reason: str, response: str) -> list[EventType]:
    await visit.take_over(reason)
    await visit.records.book.let_go(visit.waiting.conversation)
    say.utter_message(response=response)
    return [ActiveLoop(None), *emptied()]


async def _elsewhere(visit: Visit, say: CollectingDispatcher, service: Service) -> list[EventType]:
    """The clinic takes bookings for this in another place: the way there, and a note that somebody was sent."""
    await visit.take_over("booked_elsewhere")
    say.utter_message(response="utter_booked_elsewhere", service=service.name, link=service.link)
    return [ActiveLoop(None), *emptied()]


class ActionAskService(Action):
    """Which of the clinic's services, as choices; whoever has just said when sees first what is free then."""

    def name(self) -> str:
        return "action_ask_service"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        if latest.said(tracker, *openings.ABOUT_A_TIME):
            return []  # one question at a time
        async with current(tracker.sender_id) as visit:
            choices = [{"label": service.name, "means": {"intent": "inform", "entities": {"service": service.id}}}
                       for service in visit.knowledge.content.clinic.services]
            new = latest.filled(tracker, "times") or latest.begun(tracker)
            if new and tracker.get_slot("times") is not None:
                await openings.say_first(visit, tracker.current_slot_values(), dispatcher)
        dispatcher.utter_message(response="utter_ask_service", json_message={"offers": choices})
        return []


class ActionAskHealthCheck(Action):
    """The next question of the check before a booking; the first one asks whether it may ask."""

    def name(self) -> str:
        return "action_ask_health_check"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            state, text, choices = await checking.ask(visit, tracker)
        dispatcher.utter_message(text=text, json_message={"kind": "booking", "offers": choices})
        return [SlotSet("health_state", state)]


class ActionAskConfirmed(Action):
    """Says it all back; nothing is made before a yes."""

    def name(self) -> str:
        return "action_ask_confirmed"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        if latest.intent(tracker) in ("deny", "change_appointment") and not latest.filled(
                tracker, *PIECES, "health_check"):
            async with current(tracker.sender_id) as visit:
                ways = [offer(visit, "another_day", "inform", anew="wanted"), *offers(visit, "ask_person", "stop")]
            dispatcher.utter_message(response="utter_ask_change", json_message={"offers": ways})
            return [SlotSet("read_back", False)]
        async with current(tracker.sender_id) as visit:
            choices = offers(visit, "affirm", "deny", "stop")
            visit.closed += [n for n, _ in visit.offers]  # an older "Yes" was for another version
            if latest.filled(tracker, "health_check") and (said := checking.says(visit, tracker)):
                dispatcher.utter_message(text=said, json_message={"kind": "booking"})
            response, pieces = read_back(visit, tracker)
        dispatcher.utter_message(response=response, json_message={"offers": choices}, **pieces)
        return [SlotSet("read_back", True)]


class ActionStoreRequest(Action):
    """Says what the visitor has got: an appointment, or a wish that the clinic answers."""

    def name(self) -> str:
        return "action_store_request"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        reference = tracker.get_slot("reference")
        if not tracker.get_slot("confirmed") or not reference:
            return []
        async with current(tracker.sender_id) as visit:
            response, pieces = read_back(visit, tracker, made=True)
            calendar = await visit.calendar_link(reference)
            dispatcher.utter_message(response=response, reference=reference, calendar=calendar, **pieces)
            if tracker.get_slot("pair") == openings.FIRST:
                return [*emptied(), *await go_on(visit, dispatcher, tracker.current_slot_values(), reference)]
        return emptied()


class ActionDropRequest(Action):
    """Stopped: nothing was sent, and nothing is kept for the next one."""

    def name(self) -> str:
        return "action_drop_request"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        moving, pair = tracker.get_slot("moving"), tracker.get_slot("pair")
        async with current(tracker.sender_id) as visit:
            await visit.records.book.let_go(visit.waiting.conversation)
        if pair and pair != openings.FIRST:
            dispatcher.utter_message(response="utter_second_dropped", reference=pair)
            return emptied()
        dispatcher.utter_message(response="utter_move_dropped" if moving else "utter_request_dropped")
        return emptied()


class ActionLooseDetail(Action):
    """A day, a name or a number out of nowhere: asks whether it is for an appointment."""

    def name(self) -> str:
        return "action_loose_detail"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        if tracker.active_loop.get("name"):  # a form could make nothing of it
            dispatcher.utter_message(response="utter_unread")
            return going_on(tracker)
        async with current(tracker.sender_id) as visit:
            if "action_pass_on" in latest.before(tracker):  # "about ten minutes" goes on with being late
                await visit.take_over("running_late")
                dispatcher.utter_message(response="utter_passed_on_too")
                return []
            if visit.alarmed:
                await visit.take_over("booking_after_red_flag")
                dispatcher.utter_message(response="utter_booking_needs_person")
                return []
            found = {name: value for name, value in read_details(visit, tracker).found.items() if name != "confirmed"}
            if set(found) == {"contact"} and await reach(visit, dispatcher, found["contact"]):
                return []
            if found.get("times") and (found.get("name") or found.get("contact")):
                return [FollowupAction("booking_form")]  # a time, and who for: a wish, which the form reads
            if MANY in latest.values(tracker, "party"):
                return await _leave_to_person(visit, dispatcher, "booking_for_many", "utter_booking_for_many")
            take_party(tracker, found, dispatcher)
            dispatcher.utter_message(response="utter_loose_detail",
                                     json_message={"offers": offers(visit, "book_appointment")})
        return [SlotSet(name, value) for name, value in found.items()]


def emptied() -> list[EventType]:
    return [SlotSet(piece, None) for piece in KEPT]


__all__ = ["BY_REQUEST", "KEPT", "PIECES", "emptied"]
