"""When it isn't clear: a short choice, never a confident wrong answer; the second time, a person."""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import latest
from actions.answering import ASK, going_on, speak
from actions.offers import offers
from clinic.visit import Visit, current

WORTH_ASKING = 0.12
"""The least confidence at which a guess is worth offering."""
UNCLEAR = "unclear"
"""The need of a question that nobody could tell."""
USUAL = ("ask_benefits", "ask_injury", "fact_prices", "book_appointment", "ask_person")


class ActionClarify(Action):
    """Offers the likeliest readings. A second doubt in a row goes to a person."""

    def name(self) -> str:
        return "action_clarify"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        doubts = int(tracker.get_slot("misunderstood") or 0) + 1
        async with current(tracker.sender_id) as visit:
            told = None if visit.alarmed else visit.knowledge.told(
                visit.encode([latest.text(tracker)])[0], visit.today)
            if told and latest.intent(tracker) == "nlu_fallback":
                speak(dispatcher, visit, told)
                return [SlotSet("misunderstood", 0), *going_on(tracker)]
            if doubts > 1:
                await visit.take_over("misunderstood_twice")
                await _note(tracker, visit)
                dispatcher.utter_message(response="utter_not_understood_twice")
                return [SlotSet("misunderstood", 0), *going_on(tracker)]
            likely = _likely(tracker, visit)
            if len(likely) > 1:
                dispatcher.utter_message(response="utter_clarify", json_message={
                    "offers": offers(visit, *likely, "ask_person")})
            else:
                dispatcher.utter_message(response="utter_not_understood", json_message={
                    "offers": ways_on(tracker, visit, "fact_prices", "book_appointment")})
        return [SlotSet("misunderstood", doubts), *going_on(tracker)]


class ActionDecline(Action):
    """What is not ours is declined, with ways on beside it."""

    def name(self) -> str:
        return "action_decline"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        service = latest.intent(tracker) == "other_services"
        async with current(tracker.sender_id) as visit:
            dispatcher.utter_message(
                response="utter_not_our_service" if service else "utter_not_ours",
                json_message={"offers": ways_on(tracker, visit, "fact_services" if service else "help")})
        return going_on(tracker)


class ActionOfferAgain(Action):
    """A choice that can't be taken any more: fresh ones."""

    def name(self) -> str:
        return "action_offer_again"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            dispatcher.utter_message(response="utter_choice_gone", json_message={
                "offers": offers(visit, *USUAL)})
        return going_on(tracker)


class ActionHelp(Action):
    """What one can ask, as choices."""

    def name(self) -> str:
        return "action_help"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            response = "utter_help_after_red_flag" if visit.alarmed else "utter_help"
            dispatcher.utter_message(response=response, json_message={"offers": offers(visit, *USUAL)})
        return [SlotSet("misunderstood", 0), *going_on(tracker)]


def ways_on(tracker: Tracker, visit: Visit, *intents: str) -> list[dict[str, Any]]:
    """Choices where nothing else is said: *intents*, unless a form is open and asks on; a person in any case."""
    return offers(visit, *(() if tracker.active_loop.get("name") else intents), "ask_person")


async def _note(tracker: Tracker, visit: Visit) -> None:
    """What nobody understood is put before those who write the answers, as what it was likeliest taken for."""
    asked = [intent for intent in _likely(tracker, visit) if intent.startswith(ASK)]
    waiting = visit.waiting
    need = asked[0].removeprefix(ASK) if asked else UNCLEAR
    await visit.records.cases.note_gap(waiting.conversation, waiting.n, need, None, visit.now, "misunderstood")


def _likely(tracker: Tracker, visit: Visit) -> list[str]:
    ranking = tracker.latest_message.get("intent_ranking") or []
    labels = visit.knowledge.content.words.choices
    return [guess["name"] for guess in ranking
            if guess["confidence"] >= WORTH_ASKING and guess["name"] in labels][:3]
