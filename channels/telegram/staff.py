"""What is written in the one group that is the staff's: by its id, which Telegram gives and no visitor chooses."""
from collections.abc import Iterator, Mapping
from typing import Any

from channels.contract import FromStaff
from channels.parcels import a_map, an_id, words

PLACES = ("message", "edited_message", "callback_query", "my_chat_member", "message_reaction", "channel_post",
          "edited_channel_post")


def chat_of(update: Mapping[str, Any]) -> str | None:
    """The id of the chat in which *update* happened. Raises Malformed."""
    for place in PLACES:
        if found := a_map(update, place):
            chat = a_map(a_map(found, "message") if place == "callback_query" else found, "chat")
            return an_id(chat, "id") if "id" in chat else None
    return None


def events_of(update: Mapping[str, Any], bot: str) -> Iterator[FromStaff]:
    """What *update* from the staff's chat says to the bot with the id *bot*; what they say to each other is left alone.
    Raises Malformed."""
    if message := a_map(update, "message"):
        yield from _message(message, bot, edited=False)
    elif message := a_map(update, "edited_message"):
        yield from _message(message, bot, edited=True)
    elif query := a_map(update, "callback_query"):
        message, data = a_map(query, "message"), words(query, "data")
        if data and "message_id" in message:
            yield FromStaff(an_id(a_map(message, "chat"), "id"), an_id(message, "message_id"), _who(query), data,
                            an_id(message, "message_id"), tapped=an_id(query, "id"))


def _message(message: dict[str, Any], bot: str, *, edited: bool) -> Iterator[FromStaff]:
    answered, text = a_map(message, "reply_to_message"), words(message, "text")
    author = a_map(answered, "from")
    to = an_id(answered, "message_id") if "id" in author and an_id(author, "id") == bot else None
    if to is None and not (text or "").startswith("/"):
        return
    yield FromStaff(an_id(a_map(message, "chat"), "id"), an_id(message, "message_id"), _who(message), text, to,
                    edited=edited)


def _who(said: Mapping[str, Any]) -> str | None:
    """The account of whoever wrote it; None where Telegram does not say: an administrator who is anonymous, a channel
    whose posts come here, another bot."""
    author = a_map(said, "from")
    return None if said.get("sender_chat") or author.get("is_bot") is not False else an_id(author, "id")
