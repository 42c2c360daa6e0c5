"""What a message gives towards a request: service, time, name, contact, a yes. Any of them, in any order."""
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker

from actions import latest
from actions.openings import ANYWHERE
from clinic.booking import spoken, who
from clinic.booking.choosing import as_intervals, as_line
from clinic.booking.contact import WRITTEN, ContactUnusable, find_contact
from clinic.booking.opening import read_key
from clinic.booking.when import Reading, read
from clinic.knowledge.naming_places import named_places
from clinic.knowledge.naming_services import named_service
from clinic.knowledge.practice import Service
from clinic.visit import Visit

TIMES = ("day", "time")
LEADS = re.compile(r"(?:\b(?:after|before|from|around|about|at|by|on|not|any|next|this|every|between|early|late|"
                   r"later|the|and|or|ideally|maybe|except)\s+)+$", re.I)
"""Words that belong to a time which follows them."""
DETAILS = {"inform", "affirm", "deny", "book_appointment", "nlu_fallback", "change_appointment", "greet", "nonsense",
           "follow_up", "other_matters", "go_back", "fact_services", "ask_person", "thank", "running_late",
           "other_services", "join_waiting_list"}
"""Readings under which a message in a form may hold details: what it says counts, not what it resembles."""
HALF_A_YES = {"no", "not", "nothing", "don't", "dont", "never", "hold", "wait", "maybe", "perhaps", "possibly",
              "unsure", "huh", "hm", "hmm", "but", "?"}
"""A yes with one of these beside it is no yes: nothing is sent, and it is read back once more."""
ASKED = ("service", "wanted", "place", "opening", "name", "contact")
"""What is asked for in words."""
LONGEST = 200


@dataclass(slots=True)
class Details:
    found: dict[str, Any] = field(default_factory=dict)
    said: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)
    """Responses that say what could not be read or what is in doubt, with the choices under each."""
    unread: bool = False
    """Whether something asked for could not be read."""
    picked: str | None = None
    """The opening that was chosen (`Opening.key`)."""


def read_details(visit: Visit, tracker: Tracker) -> Details:
    """The pieces in the latest message, given what was asked for."""
    details, asked, said = Details(), tracker.get_slot("requested_slot"), latest.text(tracker)
    intent = latest.intent(tracker)
    another = latest.values(tracker, "gender") and intent == "fact_therapists"  # "can it be with a man instead"
    if (intent not in DETAILS and not another) or _tapped(details, tracker):
        return details
    if intent == "fact_services" and "?" in said:
        return details  # a question about one, and no choice of it
    if name := latest.values(tracker, "name"):
        details.found["name"] = name[0]
        return details
    if asked == "confirmed" and intent in ("affirm", "deny"):
        # a yes counts for what was read back, not for "What should be different?"
        clear = intent == "affirm" and not (HALF_A_YES & set(re.findall(r"[\w']+|\?", said.lower())))
        details.found["confirmed"] = True if clear and tracker.get_slot("read_back") else None
    if gender := latest.values(tracker, "gender"):
        details.found["gender"] = gender[0]
    rest = _place(details, visit, tracker, _contact(details, said, asked))
    rest = _service(details, tracker, rest, visit.knowledge.content.clinic.services, asked)
    rest = _wanted(details, visit, tracker, rest, asked)
    _name(details, said, rest, asked, intent)
    _say_unread(details, asked, intent)
    return details


def _tapped(details: Details, tracker: Tracker) -> bool:
    """Whether the message took one of the choices under openings or under a doubtful time."""
    chosen = {entity["entity"]: entity["value"] for entity in latest.entities(tracker) if "start" not in entity}
    if "opening" in chosen:
        details.picked = chosen["opening"]
        details.found.update(opening=chosen["opening"], beside=chosen.get("beside"))
    elif "page" in chosen:
        details.found.update(page=int(chosen["page"]), opening=None)
    elif "anew" in chosen:
        details.found.update(wanted=None, times=None, opening=None, page=0)
    elif "times" in chosen:
        details.found.update(times=chosen["times"], wanted=latest.text(tracker))
    return bool({"opening", "page", "anew", "times"} & chosen.keys())


def _place(details: Details, visit: Visit, tracker: Tracker, said: str) -> str:
    """Where it may be, by the clinic's own words for each place; a clinic with one is never asked. What is left of
    *said* has no name of a place, which is no part of a time."""
    places = visit.knowledge.content.clinic.places
    if len(places) < 2:
        return said
    named = named_places(places, who.without_names(said))
    told, known = latest.values(tracker, "place"), [place.id for place in places]
    keys = [key for key in known if key in told or key in named.places]
    if not keys and ANYWHERE in told:
        keys = known
    elif not keys and "other" in told:
        keys = _others(tracker, known)
    if not keys:
        return said
    details.found["place"] = " ".join(keys)
    return "".join(there if kept == there else " " for there, kept in zip(said, named.rest, strict=True))


def _others(tracker: Tracker, known: Sequence[str]) -> list[str]:
    """All but the place that it was about so far; none where that is not clear."""
    opening = tracker.get_slot("opening")
    now = {read_key(opening).place} if opening and "@" in opening else set((tracker.get_slot("place") or "").split())
    return [key for key in known if key not in now] if now else []


def _contact(details: Details, said: str, asked: str | None) -> str:
    try:
        contact = find_contact(said)
    except ContactUnusable:
        if asked == "contact":
            details.said.append(("utter_unread_contact", []))
            details.unread = True
            details.found["contact"] = None
        return said
    if contact:
        details.found["contact"] = contact
        return WRITTEN.sub(" ", said)
    return said


def _service(details: Details, tracker: Tracker, said: str, services: Sequence[Service], asked: str | None) -> str:
    chosen = latest.values(tracker, "service")
    if chosen:
        details.found["service"] = chosen[0]
        return ""
    named = named_service(services, said, asked == "service")
    if named is None:
        return said
    details.found["service"], words = named
    return re.sub(re.escape(words), " ", said, flags=re.I)


def _wanted(details: Details, visit: Visit, tracker: Tracker, said: str, asked: str | None) -> str:
    spans = [(e["start"], e["end"]) for e in latest.entities(tracker) if e["entity"] in TIMES and "start" in e]
    text = latest.text(tracker)
    beside_the_number = asked == "contact" and "contact" in details.found and tracker.get_slot("wanted") is not None
    if beside_the_number:  # "07700 900123, not before six" is when to call
        return said
    if not spans and asked not in ("wanted", "opening"):
        return said
    _times(details, visit, tracker, WRITTEN.sub(" ", named_places(visit.knowledge.content.clinic.places, text).rest))
    if details.found.get("times") is None:
        return said
    if not spans:
        details.found["wanted"] = text.strip()[:LONGEST]
        return ""
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    lead = LEADS.search(text[:start])
    start = lead.start() if lead else start
    wanted = text[start:end].strip(" ,.;")
    details.found["wanted"] = (text.strip() if asked in ("wanted", "opening") and "contact" not in details.found
                               and "service" not in details.found else wanted)[:LONGEST]
    return said.replace(wanted, " ")


def _times(details: Details, visit: Visit, tracker: Tracker, said: str) -> None:
    """The wish for a time in *said*, as intervals where it is certain; else what is in doubt is asked. What it leaves
    unsaid is taken from the wish before: "after five then"."""
    before = as_intervals(tracker.get_slot("times")) if tracker.active_loop.get("name") else ()
    reading = read(said, visit.now, visit.knowledge.content.clinic.zone,
                   Reading("exact", tuple(before)) if before else None)
    if reading.reading == "exact":
        details.found["times"] = as_line(reading.intervals)
    elif reading.reading == "ask":
        choices = [{"label": spoken.of_a_wish(way), "means": {"intent": "inform", "entities": {"times": as_line(way)}}}
                   for way in reading.choices]
        details.said.append(("utter_which_time" if choices else "utter_when_is_that", choices))
        details.found.update(wanted=None, times=None, opening=None)
    elif reading.reading == "impossible":
        details.said.append(("utter_no_such_time", []))
        details.found.update(wanted=None, times=None, opening=None)


def _name(details: Details, said: str, rest: str, asked: str | None, intent: str) -> None:
    name = who.introduced(rest)
    if name is None and "contact" in details.found:
        name = who.beside_contact(said)
    if name is None and asked == "name" and intent == "inform":
        name = who.alone(rest)
    if name := who.trimmed(name or "").strip(" ,"):
        details.found["name"] = name


def _say_unread(details: Details, asked: str | None, intent: str) -> None:
    if intent == "inform" and asked in ASKED and not details.found:
        details.said.append((f"utter_unread_{asked}", []))
        details.unread = True
        details.found[asked] = None
