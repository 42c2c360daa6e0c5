"""Openings in the booking form: what is free for the wish, and keeping what somebody picks."""
from collections.abc import Iterable, Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import latest
from actions.offers import offer
from clinic.booking import spoken
from clinic.booking.choosing import Shown, as_intervals, is_a_point
from clinic.booking.diary import Wish
from clinic.booking.opening import Named, Opening, OpeningTaken, read_key
from clinic.booking.pairing import Pairs
from clinic.knowledge.practice import ClinicFacts
from clinic.visit import Visit, current

BY_REQUEST = "by_request"
"""The slot's value where no opening is taken: the clinic finds a time for the wish as it was said."""
FIRST, TWO = "first", "two"
"""The slot `pair` while the first of two is booked; and the party that two are."""
ANYWHERE = "any"
"""What somebody means who does not mind where."""
ABOUT_A_TIME = ("utter_which_time", "utter_when_is_that", "utter_no_such_time")
"""What asks for a time by itself."""
Slots = Mapping[str, Any]


def wish_of(visit: Visit, slots: Slots) -> Wish | None:
    """What the slots ask of the book; None until there is a service and a time."""
    service = visit.diary.service(slots.get("service"))
    if service is None or slots.get("times") is None:
        return None
    return Wish(service, as_intervals(slots["times"]), slots.get("gender"), slots.get("moving"),
                places_of(visit, slots))


def places_of(visit: Visit, slots: Slots) -> tuple[str, ...]:
    """Ids of the places where it may be; none for any."""
    known = [place.id for place in visit.knowledge.content.clinic.places]
    return tuple(key for key in (slots.get("place") or "").split() if key in known)


def not_at(visit: Visit, slots: Slots) -> dict[str, str] | None:
    """What to say where the service is not given at any of the places that were asked for; None where it is."""
    service, asked = visit.diary.service(slots.get("service")), places_of(visit, slots)
    given = visit.diary.places(service) if service else set()
    if not service or not asked or not given or given & set(asked):
        return None
    clinic = visit.knowledge.content.clinic
    return {"service": service.name, "place": _list(clinic.name_of(key) for key in asked),
            "places": _list(place.name for place in clinic.places if place.id in given)}


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)


async def take(visit: Visit, slots: Slots, picked: str | None, say: CollectingDispatcher) -> dict[str, Any]:
    """The slots after a message that picked an opening, or wished for one clock time that is free."""
    conversation, clinic = visit.waiting.conversation, visit.knowledge.content.clinic
    wish, beside = wish_of(visit, slots), slots.get("beside") if picked else None
    if picked is None and wish and is_a_point(wish.times) and slots.get("opening") is None:
        shown, pairs = await _offer(visit, slots, wish)
        if shown.fits and len(shown.openings) == 1:
            picked, beside = shown.openings[0].key, _key(pairs.get(shown.openings[0]))
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
    minutes, words = clinic.booking.hold_minutes, words_of(visit, read_key(picked))
    if slots.get("pair") == FIRST and beside:
        try:
            await visit.diary.hold_beside(beside, conversation)
        except OpeningTaken:
            await visit.records.book.let_go(conversation)
            say.utter_message(response="utter_opening_taken")
            return {"opening": None, "beside": None, "page": 0}
        other = {f"{name}_beside": value for name, value in words_of(visit, read_key(beside)).items()}
        say.utter_message(response="utter_two_held", minutes=minutes, **words, **other)
    else:
        say.utter_message(response="utter_opening_held", minutes=minutes, when=spoken.when_and_where(clinic, held))
    return {"opening": picked, "beside": beside, "read_back": False}


def words_of(visit: Visit, named: Named) -> dict[str, str]:
    """When and where an opening is, and with whom, for a sentence."""
    who = visit.diary.therapist(named.therapist)
    return {"when": spoken.when_and_where(visit.knowledge.content.clinic, named), "who": who.role if who else ""}


async def _offer(visit: Visit, slots: Slots, wish: Wish, page: int = 0) -> tuple[Shown, Pairs]:
    """The openings for one; for the first of two those with another beside them, where there are any."""
    if slots.get("pair") == FIRST:
        shown, pairs = await visit.diary.offer_two(wish, visit.waiting.conversation, page)
        if shown.openings:
            return shown, pairs
    return await visit.diary.offer(wish, visit.waiting.conversation, page), {}


def _key(opening: Opening | None) -> str | None:
    return opening.key if opening else None


async def say_first(visit: Visit, slots: Slots, say: CollectingDispatcher) -> None:
    """For a wish for a time that names no service yet: when each is free first, so that what was asked is answered."""
    clinic, found = visit.knowledge.content.clinic, []
    for service in clinic.services:
        asked = {**slots, "service": service.id}
        wish = wish_of(visit, asked)
        if wish and service.booking != "link" and not not_at(visit, asked):  # linked times are in another book
            shown = await visit.diary.offer(wish, visit.waiting.conversation)
            found += [(service, shown.openings[0], shown.fits)] if shown.openings else []
    fits = any(fit for *_, fit in found)
    lines = [f"{service.name}: {spoken.when_and_where_in_short(clinic, first)}"
             for service, first, fit in found if fit == fits]
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
    """Real openings as choices, nearest to what was asked, with the ways out beside them; where several places have
    what was asked for and none was named, first which of these."""

    def name(self) -> str:
        return "action_ask_opening"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            slots = tracker.current_slot_values()
            wish, page = wish_of(visit, slots), int(slots.get("page") or 0)
            if wish is None:  # begun before times were read
                dispatcher.utter_message(response="utter_ask_wanted")
                return [SlotSet("wanted", None), SlotSet("requested_slot", "wanted")]
            shown, pairs = await _offer(visit, slots, wish, page)
            clinic = visit.knowledge.content.clinic
            if len(shown.places) > 1 and not wish.at:
                _ask_place(visit, dispatcher, shown.places)
                return [SlotSet("requested_slot", "place")]
            choices = [_choice(clinic, free, pairs.get(free)) for free in shown.openings]
            if wish.at and not shown.fits and len(wish.at) < len(visit.diary.places(wish.service)):
                choices.append(_anywhere(visit, "other_places"))
            if shown.more:
                choices.append(offer(visit, "more_times", "inform", page=str(page + 1)))
            if not shown.fits and slots.get("pair") != FIRST:  # the list is for one
                choices.append(offer(visit, "wait_for_one", "join_waiting_list"))
            choices.append(offer(visit, "another_day", "inform", anew="wanted"))
            if not slots.get("moving"):  # a wish has no time yet, and nothing can be moved to none
                choices.append(offer(visit, "by_request", "inform", opening=BY_REQUEST))
            choices.append(offer(visit, "ask_person"))
            visit.closed += [n for n, _ in visit.offers]  # an older list is no longer what is free
        response = f"utter_ask_opening{'' if shown.fits else '_nearest'}{'_two' if pairs else ''}"
        if slots.get("pair") == FIRST and not pairs:
            dispatcher.utter_message(response="utter_no_two_openings")
        dispatcher.utter_message(response=response if shown.openings else "utter_no_openings",
                                 json_message={"offers": choices})
        return []


def _choice(clinic: ClinicFacts, free: Opening, beside: Opening | None) -> dict[str, Any]:
    """One opening to tap; for two that come together with the time of the second: `Thu 3 Dec, 17:00 + 18:15`."""
    when, entities = spoken.in_short(free.starts, clinic.zone), {"opening": free.key}
    if beside:
        when += f" + {beside.starts.astimezone(clinic.zone):%H:%M}"
        entities["beside"] = beside.key
    label = spoken.there(when, clinic.name_of(free.place))
    return {"label": label, "means": {"intent": "inform", "entities": entities}}


def _ask_place(visit: Visit, say: CollectingDispatcher, places: Iterable[str]) -> None:
    clinic = visit.knowledge.content.clinic
    choices = [{"label": clinic.name_of(key), "means": {"intent": "inform", "entities": {"place": key}}}
               for key in places]
    say.utter_message(response="utter_ask_place", json_message={"offers": [*choices, _anywhere(visit, "any_place")]})


def _anywhere(visit: Visit, label: str) -> dict[str, Any]:
    return offer(visit, label, "inform", place=ANYWHERE)
