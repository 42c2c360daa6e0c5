"""Mail to who waits where nobody is told of what is said later, once they leave an address."""
from rasa_sdk.executor import CollectingDispatcher

from clinic.visit import Visit


async def reach(visit: Visit, say: CollectingDispatcher, contact: str) -> bool:
    """A mail address from somebody who waits where nobody is told: they hear of a time there as well. False where it is
    for nothing of the kind."""
    waiting = visit.records.waiting_list
    if not visit.tidings.can_mail(visit.waiting.channel, contact) or not await waiting.of(visit.waiting.conversation):
        return False
    await waiting.reach(visit.waiting.conversation, contact)
    say.utter_message(response="utter_waiting_mail", contact=contact)
    return True
