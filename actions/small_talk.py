"""Small talk that nothing hangs on; with a form open it asks nothing back, since the form does."""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import latest
from actions.answering import going_on


class ActionSmallTalk(Action):
    """Returns a greeting or thanks (`greet`, `thank`)."""

    def name(self) -> str:
        return "action_small_talk"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        meanwhile = "_meanwhile" if tracker.active_loop.get("name") else ""
        dispatcher.utter_message(response=f"utter_{latest.intent(tracker)}{meanwhile}")
        return going_on(tracker)
