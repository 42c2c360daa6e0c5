"""From a yes to an appointment, or to a wish that staff answer."""
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Tracker

from actions import checking
from actions.openings import BY_REQUEST, Slots, places_of
from clinic.booking.appointment import Details
from clinic.booking.choosing import fits
from clinic.booking.opening import Opening
from clinic.booking.request import Request
from clinic.booking.waiting import Wanted
from clinic.visit import Visit


async def make(visit: Visit, tracker: Tracker, slots: Slots) -> str:
    """Write it down, tell the clinic; its reference. Raises OpeningTaken where the time is somebody else's by now,
    TooLate and AppointmentUnknown where what was to be moved can't be any more."""
    review = checking.needs_person(tracker)
    if slots.get("moving"):
        before = await visit.records.ledger.get(slots["moving"])
        moved = await visit.diary.move(before, slots["opening"])
        await visit.write(moved, "moved" if moved.state == "booked" else "moved_request")
        await _wait_no_more(visit, slots["opening"], moved.reference)
        reference = moved.reference
    elif slots["opening"] == BY_REQUEST:
        reference = await visit.records.requests.add(_request(visit, tracker, slots), visit.now)
    else:
        service = visit.diary.service(slots["service"])
        state = "booked" if service and service.booking == "confirm" and not review else "requested"
        details = Details(slots["name"], slots["contact"], _screening(visit, tracker), slots["wanted"])
        made = await visit.diary.confirm(slots["opening"], visit.waiting.conversation, details,
                                         "booked" if state == "booked" else "requested")
        await visit.write(made, made.state)
        await _wait_no_more(visit, slots["opening"])
        reference = made.reference
    await visit.tell("request", reference)
    if review:
        await visit.take_over("check_before_booking")
    return reference


async def _wait_no_more(visit: Visit, key: str, moving: str | None = None) -> None:
    """The opening of that *key* is an appointment of the visitor's, a new one or the one that was *moving*: they need
    not be told of another like it."""
    zone, waiting = visit.knowledge.content.clinic.zone, visit.records.waiting_list
    opening = visit.diary.opening(key)
    got = [place for place in await waiting.of(visit.waiting.conversation)
           if place.opening == key or _is_met(place.wanted, opening, moving, zone)]
    await waiting.end(got, "booked")


def _is_met(wanted: Wanted, opening: Opening, moving: str | None, zone: ZoneInfo) -> bool:
    return (wanted.moving == moving and wanted.service == opening.service and fits(opening, wanted.times, zone)
            and (not wanted.at or opening.place in wanted.at))


def _request(visit: Visit, tracker: Tracker, slots: Slots) -> Request:
    return Request(visit.waiting.conversation, "book", slots["service"], slots["wanted"], slots["name"],
                   slots["contact"], _screening(visit, tracker), at=places_of(visit, slots))


def _screening(visit: Visit, tracker: Tracker) -> dict[str, Any] | None:
    return checking.record(visit, tracker) if tracker.get_slot("health_state") else None
