"""What is kept of somebody: told; sent or deleted at once where the conversation proves whose it is, else by a person.
"""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import latest
from actions.answering import going_on
from actions.offers import offer, offers
from clinic.privacy.proof import PROVES_ITSELF
from clinic.visit import Visit, current

WISH = "data_wish"


class ActionTellPrivacy(Action):
    """What is kept, as the clinic's register says it."""

    def name(self) -> str:
        return "action_tell_privacy"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        async with current(tracker.sender_id) as visit:
            kept = "\n".join(f"• {line}" for line in visit.knowledge.content.privacy.told())
            dispatcher.utter_message(response="utter_privacy", kept=kept, link=visit.tidings.address("/privacy"),
                                     json_message={"offers": offers(visit, "delete_my_data")})
        return going_on(tracker)


class ActionDataRequest(Action):
    """Somebody wants their data sent, deleted or put right."""

    def name(self) -> str:
        return "action_data_request"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        wish = (latest.values(tracker, WISH) or [""])[0]
        async with current(tracker.sender_id) as visit:
            if visit.waiting.channel not in PROVES_ITSELF or visit.alarmed or wish == "person":
                await visit.take_over("data_request")  # the clinic has a month, and is told
                dispatcher.utter_message(response="utter_data_request")
            elif wish == "copy":
                key = await _ask(visit, "export", "open")
                dispatcher.utter_message(response="utter_data_copy",
                                         link=visit.tidings.address(f"/privacy/copy/{key}"))
            elif wish == "erase":
                dispatcher.utter_message(response="utter_ask_erase", json_message={"offers": [
                    offer(visit, "data_erase_yes", "delete_my_data", **{WISH: "erase_now"}),
                    offer(visit, "keep_it", "stop")]})
            elif wish == "erase_now":
                key = await _ask(visit, "erase", "confirmed")
                dispatcher.utter_message(response="utter_erasing",
                                         link=visit.tidings.address(f"/privacy/receipt/{key}"))
            else:
                dispatcher.utter_message(response="utter_data_choices", json_message={"offers": [
                    offer(visit, f"data_{way}", "delete_my_data", **{WISH: way})
                    for way in ("copy", "erase", "person")]})
        return going_on(tracker)


async def _ask(visit: Visit, wish: str, state: str) -> str:
    return await visit.records.data_requests.ask(visit.waiting.conversation, wish, "visitor", visit.now, state)
