"""What a booking comes to, said back before the yes and after it."""
from typing import Any

from rasa_sdk import Tracker

from actions import checking
from actions.openings import BY_REQUEST, places_of
from clinic.booking import spoken
from clinic.booking.opening import read_key
from clinic.knowledge.facts import pounds
from clinic.visit import Visit


def read_back(visit: Visit, tracker: Tracker, made: bool = False) -> tuple[str, dict[str, Any]]:
    """The response that fits, and what it is filled with. *made*: it has been done."""
    slots, clinic = tracker.current_slot_values(), visit.knowledge.content.clinic
    service, terms = visit.diary.service(slots.get("service")), clinic.texts.get("cancellation", "")
    pieces = {"service": service.name if service else slots.get("service"), "name": slots.get("name"),
              "contact": slots.get("contact"), "when": slots.get("wanted"), "address": clinic.address,
              "price": pounds(service.price_pence) if service else "",
              "notes": "".join(f"{note}\n" for note in (clinic.booking.wear, clinic.booking.companion, terms) if note),
              "terms": terms}
    opening = slots.get("opening")
    if opening and opening != BY_REQUEST:
        named = read_key(opening)
        who = visit.diary.therapist(named.therapist)
        pieces |= {"when": spoken.when_and_where(clinic, named),
                   "who": who.role if who else "", "address": clinic.address_of(named.place)}
    elif at := places_of(visit, slots):
        pieces["when"] = spoken.there(pieces["when"], " / ".join(filter(None, map(clinic.name_of, at))))
    kind = _kind(tracker, opening, service.booking if service else "request")
    return (f"utter_made_{kind}" if made else f"utter_read_back_{kind}"), pieces


def _kind(tracker: Tracker, opening: str | None, booking: str) -> str:
    """How true what the visitor gets is: moved, for a person to look at, a wish, held for an answer, booked."""
    if tracker.get_slot("moving"):
        return "move"
    if checking.needs_person(tracker):
        return "for_review"
    if opening == BY_REQUEST:
        return "wish"
    return "booking" if booking == "confirm" else "request"
