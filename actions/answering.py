"""Answers from the content, with proof; or an honest "nobody has written that yet"."""
from dataclasses import asdict
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import latest
from actions.offers import offer, offers
from clinic.knowledge.answer import Answer, NotCovered, Question
from clinic.visit import Visit, current

ASK = "ask_"


class ActionAnswer(Action):
    """Answers a question whose intent says what it needs (`ask_recovery` needs `recovery`)."""

    def name(self) -> str:
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        need = latest.intent(tracker).removeprefix(ASK)
        perhaps = latest.perhaps(tracker)
        return await answer(dispatcher, tracker, need, latest.subjects(tracker),
                            perhaps.removeprefix(ASK) if perhaps.startswith(ASK) else None)


class ActionFollowUp(Action):
    """Goes on with what was asked before: the same need, with what this message names."""

    def name(self) -> str:
        return "action_follow_up"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        need = tracker.get_slot("need")
        if need is None:
            async with current(tracker.sender_id) as visit:
                dispatcher.utter_message(response="utter_follow_up_lost", json_message={
                    "offers": offers(visit, "ask_benefits", "ask_injury", "ask_recovery")})
            return going_on(tracker)
        return await answer(dispatcher, tracker, need, latest.subjects(tracker) or tracker.get_slot("subjects") or [])


class ActionShowPassage(Action):
    """What the article does say nearby, for whoever asked to see it."""

    def name(self) -> str:
        return "action_show_passage"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        slug, _, section = (latest.values(tracker, "passage") or [""])[0].partition("#")
        async with current(tracker.sender_id) as visit:
            found = visit.knowledge.passage(slug, section)
            if visit.alarmed:
                await leave_to_a_person(dispatcher, visit)
            elif found is None:
                dispatcher.utter_message(response="utter_not_covered")
            else:
                speak(dispatcher, visit, found)
        return going_on(tracker)


async def answer(dispatcher: CollectingDispatcher, tracker: Tracker, need: str, subjects: list[str],
                 perhaps: str | None = None) -> list[EventType]:
    """Say what the content answers to *need* about *subjects*, and remember both for a follow-up. *perhaps*: another
    need that the message may have had in mind."""
    async with current(tracker.sender_id) as visit:
        if visit.alarmed:
            await leave_to_a_person(dispatcher, visit)
            return [SlotSet("misunderstood", 0), *going_on(tracker)]
        text = latest.text(tracker)
        # by the whole message: of two questions in it, the first may say what the second is not about
        subjects = visit.knowledge.complaints.standing(visit.waiting.text or text, subjects)
        found = visit.knowledge.answer(
            Question(text, visit.encode([text])[0], need, tuple(subjects), perhaps), visit.today)
        if isinstance(found, Answer):
            if latest.values(tracker, "promise"):  # what is written nearby must not sound like a yes
                dispatcher.utter_message(response="utter_no_promise")
            speak(dispatcher, visit, found)
        else:
            await _own_up(dispatcher, visit, need, found)
    return [SlotSet("need", need), SlotSet("subjects", subjects), SlotSet("misunderstood", 0), *going_on(tracker)]


async def leave_to_a_person(dispatcher: CollectingDispatcher, visit: Visit) -> None:
    """Whoever told us of danger is not told what treatment does for them (SAFETY 4.2)."""
    await visit.take_over("question_after_red_flag")
    dispatcher.utter_message(response="utter_massage_waits")


def speak(dispatcher: CollectingDispatcher, visit: Visit, found: Answer) -> None:
    """Say *found* with its citations, and one next step."""
    response = {"us": "utter_answer_own", "third-party": "utter_answer_third_party"}[found.owner]
    if found.quotes[0].article.startswith("faq/"):
        response = "utter_answer_faq"
    elif found.complaint:
        response += "_seen"
    dispatcher.utter_message(
        response=response, title=found.title, source=found.source, complaint=found.complaint,
        quote=" ".join(citation.quote for citation in found.quotes),
        json_message={"citations": [asdict(citation) for citation in found.quotes],
                      "offers": offers(visit, "book_appointment")})


async def _own_up(dispatcher: CollectingDispatcher, visit: Visit, need: str, found: NotCovered) -> None:
    waiting = visit.waiting
    await visit.records.cases.note_gap(waiting.conversation, waiting.n, need, found.faq, visit.now)
    if found.sees is False and found.complaint:
        dispatcher.utter_message(response="utter_not_seen", complaint=found.complaint,
                                 json_message={"offers": offers(visit, "ask_person")})
        return
    choices = offers(visit, "ask_person", "book_appointment")
    if found.nearby:
        near = found.nearby[0]
        choices.append(offer(visit, "show_passage", passage=f"{near.article}#{near.section}"))
    response = ("utter_not_covered_diagnosis" if need == "diagnosis"
                else "utter_not_covered_seen" if found.sees else "utter_not_covered")
    dispatcher.utter_message(response=response, complaint=found.complaint, json_message={"offers": choices})


def going_on(tracker: Tracker) -> list[EventType]:
    """Back to an open form, which asks again what it wanted to know; else it is the visitor's turn."""
    return [FollowupAction(tracker.active_loop.get("name") or "action_listen")]
