"""An appointment that stands: looked up, moved, cancelled. Whoever asks shows that it is theirs, by talking where it
was made or with its reference and the contact given; nothing is told about anybody else's."""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import latest
from actions.answering import going_on
from actions.moving import moving_slots, too_late
from actions.offers import offer, offers
from clinic.booking import spoken
from clinic.booking.appointment import Appointment
from clinic.booking.choosing import fits
from clinic.booking.contact import ContactUnusable, find_contact
from clinic.booking.opening import AppointmentUnknown, TooLate
from clinic.booking.reference import find_reference, without_reference
from clinic.booking.when import read
from clinic.visit import Visit, current

LOOKED_UP = ("known_reference", "known_contact", "lookups")
UNREADABLE = ("inform", "nlu_fallback", "nonsense", "deny", "affirm", "go_back")
"""Readings of a message that was meant as an answer."""
MOST = 3
"""References that are not found, after which a person helps: nobody guesses a thousand."""


class ActionFindAppointments(Action):
    """Shows what stands; where none is known in this conversation, its reference is asked for."""

    def name(self) -> str:
        return "action_find_appointments"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            own = await visit.records.book.of(visit.waiting.conversation, visit.now)
            if not own:
                return [SlotSet("misunderstood", 0), FollowupAction("lookup_form")]
            chosen = _chosen(visit, tracker, own)
            if chosen and latest.intent(tracker) == "cancel_appointment":
                await _ask_to_cancel(visit, dispatcher, chosen)
            elif chosen and latest.intent(tracker) == "change_appointment":
                return await _begin_move(visit, dispatcher, chosen)
            else:
                _show(visit, dispatcher, own)
        return [SlotSet("misunderstood", 0), *going_on(tracker)]


class ActionCancelAppointment(Action):
    """Cancels the appointment that was shown, after a yes to it; or keeps it."""

    def name(self) -> str:
        return "action_cancel_appointment"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            own = await visit.records.book.of(visit.waiting.conversation, visit.now)
            chosen = next((one for one in own if [one.reference] == latest.values(tracker, "cancelled")), None)
            if chosen is None:
                dispatcher.utter_message(response="utter_nothing_to_cancel")
                return []
            when = _when(visit, chosen)
            try:
                cancelled = await visit.diary.cancel(chosen)
            except TooLate:
                await too_late(visit, dispatcher, when)
                return []
            await visit.tell("cancelled", chosen.reference)
            await visit.write(cancelled, "cancelled")
        dispatcher.utter_message(response="utter_cancelled", when=when, reference=chosen.reference)
        return []


class ValidateLookupForm(Action):
    """Takes a reference and a contact, in any order; three that belong to nothing bring a person."""

    def name(self) -> str:
        return "validate_lookup_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        if latest.already_answered(tracker):
            return []
        said, found = latest.text(tracker), {}
        if reference := find_reference(said):
            found["known_reference"] = reference
        try:
            if contact := find_contact(without_reference(said)):
                found["known_contact"] = contact
        except ContactUnusable:
            pass  # asked for again
        if not found:
            return await self._nothing(dispatcher, tracker)
        slots = {**tracker.current_slot_values(), **found}
        if not (slots.get("known_reference") and slots.get("known_contact")):
            if tracker.get_slot("requested_slot") not in (None, *found):
                dispatcher.utter_message(response="utter_kept")
            return [SlotSet("unread", None), *(SlotSet(name, value) for name, value in found.items())]
        async with current(tracker.sender_id) as visit:
            return await self._look_up(visit, dispatcher, slots)

    async def _nothing(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """No detail in it: another action answers a question; what looks like an answer was not readable."""
        asked = tracker.get_slot("requested_slot")
        if asked is None or latest.intent(tracker) not in UNREADABLE:
            return []
        if latest.intent(tracker) == "go_back":
            return [SlotSet("known_reference", None), SlotSet("known_contact", None)]
        unread = int(tracker.get_slot("unread") or 0) + 1
        async with current(tracker.sender_id) as visit:
            if unread >= MOST:
                await visit.take_over("appointment_not_found")
                dispatcher.utter_message(response="utter_appointment_not_found")
                return _over()
            dispatcher.utter_message(response="utter_unread_lookup",
                                     json_message={"offers": offers(visit, "stop", "ask_person")})
        return [SlotSet(asked, None), SlotSet("unread", unread)]

    async def _look_up(self, visit: Visit, dispatcher: CollectingDispatcher, slots: dict[str, Any]) -> list[EventType]:
        emptied = _over()
        tries, reference = int(slots.get("lookups") or 0), slots["known_reference"]
        if not await visit.records.lookups.may(reference, visit.now):
            await visit.put_before_staff("appointments_guessed")
            dispatcher.utter_message(response="utter_lookups_closed")
            return emptied
        try:
            found = await _find(visit, reference, slots["known_contact"], tries)
        except AppointmentUnknown:
            tries += 1
            if tries < MOST:
                dispatcher.utter_message(response="utter_appointment_unknown")
                return [SlotSet("known_reference", None), SlotSet("known_contact", None), SlotSet("lookups", tries)]
            await visit.take_over("appointment_not_found")
            dispatcher.utter_message(response="utter_appointment_not_found")
            return [*emptied, SlotSet("lookups", MOST)]  # from now on it is for a person, whatever is right by then
        await visit.records.book.adopt(found.reference, visit.waiting.conversation)
        if found.stands and found.starts > visit.now:
            _show(visit, dispatcher, [found])
        else:
            dispatcher.utter_message(response="utter_appointment_over",
                                     when=_when(visit, found))
        return emptied


async def _find(visit: Visit, reference: str, contact: str, tries: int) -> Appointment:
    """Raises AppointmentUnknown, and counts that against whoever guesses from one conversation after the other."""
    if tries >= MOST:
        raise AppointmentUnknown("looked for too often")
    try:
        return await visit.records.book.find(reference, contact, visit.waiting.conversation)
    except AppointmentUnknown:
        if await visit.records.lookups.failed(reference, visit.now):
            await visit.tell("appointments_guessed", str(visit.waiting.conversation))
        raise


def _over() -> list[EventType]:
    """The look-up is left, and what it asked for is forgotten."""
    return [ActiveLoop(None), *(SlotSet(slot, None) for slot in (*LOOKED_UP, "unread", "requested_slot"))]


def _chosen(visit: Visit, tracker: Tracker, own: list[Appointment]) -> Appointment | None:
    """The one that was tapped, the only one there is, or the only one at a time that is named ("the friday one")."""
    references = latest.values(tracker, "appointment")
    if references:
        return next((one for one in own if one.reference == references[0]), None)
    for names in (("day",), ("day", "time")):  # "the friday one" has an hour in it only by its words
        if len(own) > 1:
            own = _at(visit, latest.spoken(tracker, *names), own)
    return own[0] if len(own) == 1 else None


def _at(visit: Visit, said: str, own: list[Appointment]) -> list[Appointment]:
    """Those of *own* that are when *said* says; all of them where it says no time, or that of none."""
    zone = visit.knowledge.content.clinic.zone
    times = read(said, visit.now, zone).intervals
    return [one for one in own if fits(one.opening, times, zone)] or own


def _show(visit: Visit, say: CollectingDispatcher, own: list[Appointment]) -> None:
    """Each appointment, with what can be done about it; of several, the choices say about which."""
    clinic = visit.knowledge.content.clinic
    for one in own:
        service = visit.diary.service(one.service)
        choices = [offer(visit, "move_it", "change_appointment", appointment=one.reference),
                   offer(visit, "cancel_it", "cancel_appointment", appointment=one.reference)]
        if len(own) > 1:
            when = spoken.when_and_where_in_short(clinic, one)
            choices = [{**choice, "label": f"{choice['label']}: {when}"} for choice in choices]
        say.utter_message(response=f"utter_appointment_{one.state}", when=_when(visit, one), reference=one.reference,
                          service=service.name if service else "", address=clinic.address_of(one.place),
                          json_message={"offers": choices})


async def _ask_to_cancel(visit: Visit, say: CollectingDispatcher, one: Appointment) -> None:
    when = _when(visit, one)
    try:
        visit.diary.check_terms(one)
    except TooLate:
        await too_late(visit, say, when)
        return
    say.utter_message(response="utter_ask_cancel", when=when, json_message={"offers": [
        offer(visit, "cancel_it", "confirm_cancel", cancelled=one.reference), offer(visit, "keep_it", "deny")]})


async def _begin_move(visit: Visit, say: CollectingDispatcher, one: Appointment) -> list[EventType]:
    """The booking form once more, with all that stays the same filled in."""
    when = _when(visit, one)
    try:
        visit.diary.check_terms(one)
    except TooLate:
        await too_late(visit, say, when)
        return []
    say.utter_message(response="utter_begin_move", when=when)
    slots = {**moving_slots(one), "place": one.place or None, "opening": None, "wanted": None, "times": None, "page": 0}
    return [*(SlotSet(name, value) for name, value in slots.items()), FollowupAction("booking_form")]


def _when(visit: Visit, one: Appointment) -> str:
    return spoken.when_and_where(visit.knowledge.content.clinic, one)
