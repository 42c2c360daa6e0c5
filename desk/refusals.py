"""What it means for staff that a message was not delivered, and what they can do, by its reason."""

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
