"""Help, where Rasa runs without our door: `rasa shell`, `rasa run`, `rasa test`."""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import latest
from clinic.visit import current


class ActionSafety(Action):
    """Says what the door would have said, and raises what it would have raised."""

    def name(self) -> str:
        return "action_safety"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        said = [str(event.get("text") or "") for event in tracker.events if event["event"] == "user"]
        async with current(tracker.sender_id) as visit:
            reading = visit.screen.read(latest.text(tracker), said[:-1])
            await visit.raise_level(reading)
            advice = visit.screen.advice(reading, visit.handoff.desk_back(visit.now))
        dispatcher.utter_message(text=advice, json_message={"kind": "safety"})
        return []
