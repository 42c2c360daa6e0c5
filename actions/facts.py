"""Facts about the clinic, from clinic.yml. A fact that is left out is said to be missing."""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import latest
from actions.answering import going_on
from actions.offers import offers
from clinic.knowledge.facts import told_at
from clinic.visit import current

RESPONSES = {
    "prices": "utter_fact_prices", "price_of_one": "utter_fact_price_of_one", "hours": "utter_fact_hours",
    "open_that_day": "utter_fact_open_that_day", "closed_that_day": "utter_fact_closed_that_day",
    "address": "utter_fact_address", "contact": "utter_fact_contact", "services": "utter_fact_services",
    "therapists": "utter_fact_therapists", "parking": "utter_fact_parking", "access": "utter_fact_access",
    "payment": "utter_fact_payment", "insurance": "utter_fact_insurance",
    "cancellation": "utter_fact_cancellation", "vouchers": "utter_fact_vouchers",
}
"""From the form of a fact to the response that words it."""


class ActionFact(Action):
    """Tells the fact that the intent is called after (`fact_parking`)."""

    def name(self) -> str:
        return "action_fact"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        name = latest.intent(tracker).removeprefix("fact_")
        async with current(tracker.sender_id) as visit:
            for place, found in told_at(visit.knowledge.content, name, latest.text(tracker), visit.now):
                where = f"{place}: " if place else ""
                if found is None:
                    dispatcher.utter_message(response="utter_fact_missing", where=where,
                                             json_message={"offers": offers(visit, "ask_person")})
                else:
                    dispatcher.utter_message(response=RESPONSES[found.form], where=where, **found.values)
        return [SlotSet("misunderstood", 0), *going_on(tracker)]
