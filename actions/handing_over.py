"""To a person: asked for, complained, or passed on because the assistant can't do it."""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import latest
from actions.answering import going_on
from clinic.visit import current

PASSED_ON = {"running_late": "utter_passed_on_late"}


class ActionPassOn(Action):
    """A wish about an appointment that only staff can carry out yet."""

    def name(self) -> str:
        return "action_pass_on"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            await visit.take_over(latest.intent(tracker))
        dispatcher.utter_message(response=PASSED_ON[latest.intent(tracker)])
        return [SlotSet("misunderstood", 0), *going_on(tracker)]


class ActionHandOver(Action):
    """A person is asked for, or somebody is unhappy."""

    def name(self) -> str:
        return "action_hand_over"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        complaint = latest.intent(tracker) == "complain"
        async with current(tracker.sender_id) as visit:
            await visit.take_over("complaint" if complaint else "asked_for_person")
        dispatcher.utter_message(response="utter_complaint_handed_over" if complaint else "utter_handed_over")
        if tracker.active_loop.get("name"):
            dispatcher.utter_message(response="utter_meanwhile")
        return [SlotSet("misunderstood", 0), *going_on(tracker)]
