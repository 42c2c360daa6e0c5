"""What it means for staff that a message was not delivered or does not get on, and what they can do."""
from clinic.store.flow import ANSWERS, STAFF

MEANING = {
    "address": "nobody there has this number or account; call them, then drop it",
    "blocked": "the visitor has blocked the clinic; drop it",
    "window": "the visitor wrote more than a day ago; it goes out when they write again, or call them",
    "token": "the provider does not accept the channel's token: set a new one, restart, then retry --all",
    "refused": "the provider does not take this message; look at it with `frontdesk requests --read`",
    "unsure": "it may have arrived, and is about an appointment: ask before you retry",
    "gave_up": "the provider could not be reached for hours; retry when it is back",
    "not_set_up": "the channel is no longer set up here",
    "fault": "a fault of this program: the log has it",
}


def held_up(place: str) -> str:
    """What it is that waits at *place*, where it has waited for too long."""
    known = {ANSWERS: "messages wait for the assistant’s answer", STAFF: "what staff wrote waits to go out"}
    return known.get(place, f"replies wait to get out on {place.capitalize()}")
