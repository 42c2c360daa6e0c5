"""The check before a request, as the booking form asks it. What it asks: `clinic/safety/checkup.py`."""
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions import latest
from clinic.safety.checkup import Checkup, State
from clinic.visit import Visit

SLOTS = ("health_check", "health_state")
REVIEWED = ("decline", "refused")
"""Outcomes after which a person looks first."""
DONE, PERSON = "done", "person"
"""What can be tapped beside an answer: that our page was answered; that a person shall ask."""
PLAIN = {"affirm": True, "deny": False}
ANSWERS = {"inform", *PLAIN}


async def ask(visit: Visit, tracker: Tracker) -> tuple[dict[str, Any], str, list[dict[str, Any]]]:
    """The check's state, its next question, and the choices under it."""
    checkup, slot = Checkup(visit.screen), tracker.get_slot("health_state")
    if slot is None:
        waiting = visit.waiting
        told = await visit.records.firings.told(waiting.conversation, waiting.n + 1)
        state = checkup.begin(told, waiting.highest == "gp")
    else:
        state = State.from_slot(slot)
    if visit.checked_on_page:
        return await _on_page(visit, checkup, state, anew=slot is None)
    text, choices = checkup.question(state)
    return state.as_slot(), text, [{"label": choice.label, "means": {"intent": "inform", "entities": {
        "check": choice.value}}} for choice in choices]


async def _on_page(visit: Visit, checkup: Checkup, state: State, *, anew: bool
                   ) -> tuple[dict[str, Any], str, list[dict[str, Any]]]:
    """The same where it is answered on our own page: the way there, and no word of health."""
    said = visit.knowledge.content.words.said
    text = said["check_on_page"].format(link=await visit.check_link(state.as_slot(), anew=anew))
    return state.as_slot(), text, [{"label": label, "means": {"intent": "inform", "entities": {"check": value}}}
                                   for label, value in ((said["check_done"], DONE), (checkup.person, PERSON))]


async def take(visit: Visit, tracker: Tracker) -> list[EventType]:
    """The slots after a message that answers the check; none where it says something else."""
    checkup, slot = Checkup(visit.screen), tracker.get_slot("health_state")
    if slot is None or latest.intent(tracker) not in ANSWERS:
        return []
    values = latest.values(tracker, "check")
    if visit.checked_on_page and PERSON not in values:
        return await _from_page(visit, checkup, slot)
    visit.checked = True
    state = checkup.take(State.from_slot(slot), values, latest.text(tracker), PLAIN.get(latest.intent(tracker)),
                         visit.now)
    outcome = checkup.outcome(state) if state.step == "done" else None
    return [SlotSet("health_state", state.as_slot()), SlotSet("health_check", outcome)]


async def _from_page(visit: Visit, checkup: Checkup, slot: dict[str, Any]) -> list[EventType]:
    """What was answered there, with whatever showed here meanwhile; where it is not done yet, it is asked for again."""
    done = await visit.records.screenings.answers(visit.waiting.conversation)
    if done is None:
        return [SlotSet("health_state", slot), SlotSet("health_check", None)]
    visit.checked = True
    told = await visit.records.firings.told(visit.waiting.conversation, visit.waiting.n + 1)
    state = checkup.knowing(State.from_slot(done), told)
    return [SlotSet("health_state", state.as_slot()), SlotSet("health_check", checkup.outcome(state))]


def is_about_the_rest(visit: Visit, tracker: Tracker) -> bool:
    """Whether a message during the check changes the request instead: "actually Saturday"."""
    if latest.intent(tracker) in ("change_appointment", "go_back") or latest.values(tracker, "piece"):
        return True
    slot = tracker.get_slot("health_state")
    tells = slot is not None and State.from_slot(slot).step in ("detail", "seen_by")
    if tells or not latest.values(tracker, "day", "time") or latest.values(tracker, "check"):
        return False
    return not set(visit.screen.read(latest.text(tracker)).rules) & set(visit.screen.rules.contraindications)


def says(visit: Visit, tracker: Tracker) -> str:
    """What is said to the answers; nothing where it was not asked, as for an appointment that is moved, or where our
    page has said it."""
    slot = tracker.get_slot("health_state")
    return Checkup(visit.screen).says(State.from_slot(slot)) if slot and not visit.checked_on_page else ""


def record(visit: Visit, tracker: Tracker) -> dict[str, Any]:
    return Checkup(visit.screen).record(State.from_slot(tracker.get_slot("health_state")))


def needs_person(tracker: Tracker) -> bool:
    """Whether a person looks at the request before it is one."""
    return tracker.get_slot("health_check") in REVIEWED
