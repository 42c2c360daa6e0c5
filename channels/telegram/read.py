"""An update of Telegram's as what happened."""
from collections.abc import Iterator, Mapping
from typing import Any

from channels.contract import Crowd, Event, Gone, Incoming
from channels.parcels import a_map, an_id, maps, words

ASIDES = {"voice": "voice", "audio": "voice", "video_note": "voice", "location": "location", "venue": "location",
          "contact": "contact",
          **dict.fromkeys(("photo", "video", "animation", "document", "sticker", "dice", "poll", "game", "story",
                           "paid_media", "checklist", "invoice"), "media")}
"""What a message may hold that we can't read, and what is said to it."""
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member", "message_reaction")
"""Kinds of updates that we ask for."""
LEFT = ("kicked", "left")


def events_of(update: Mapping[str, Any]) -> Iterator[Event]:
    """What *update* says. Raises Malformed."""
    if message := a_map(update, "message"):
        yield from _message(message, edited=False)
    elif message := a_map(update, "edited_message"):
        yield from _message(message, edited=True)
    elif query := a_map(update, "callback_query"):
        yield from _tap(query)
    elif member := a_map(update, "my_chat_member"):
        yield from _member(member)
    elif reaction := a_map(update, "message_reaction"):
        yield from _reaction(reaction)


def _message(message: dict[str, Any], *, edited: bool) -> Iterator[Event]:
    chat = a_map(message, "chat")
    address = an_id(chat, "id")
    if chat.get("type") != "private":
        yield from _in_company(message, address)
        return
    if a_map(message, "from").get("is_bot"):
        return
    text = words(message, "text")
    aside = next((word for key, word in ASIDES.items() if key in message), None)
    if text is None and aside is None:
        return  # a service message: a pinned one, a new picture, a payment
    key = an_id(message, "message_id")
    if edited:
        yield Incoming(f"{key} edited {message.get('edit_date', '')}", (address,), text or words(message, "caption"),
                       aside="edited", answered=False)
        return
    tag = text.partition(" ")[2].strip() if text and text.startswith("/start ") else None
    text = _command(text) if text else words(message, "caption")
    yield Incoming(key, (address,), text, aside=aside, receipt=address, tag=tag)


def _command(text: str) -> str:
    """A command without the bot's name, and `/start` without the tag of the link that it came by."""
    first, _, rest = text.partition(" ")
    if not first.startswith("/"):
        return text
    command = first.partition("@")[0].lower()
    return command if command == "/start" else f"{command} {rest}".strip()


def _in_company(message: dict[str, Any], address: str) -> Iterator[Event]:
    """In a group only what is meant for us is heard: a command, or an answer to us."""
    to_us = a_map(a_map(message, "reply_to_message"), "from").get("is_bot")
    if message.get("new_chat_members") or to_us or (words(message, "text") or "").startswith("/"):
        yield Crowd(address)


def _tap(query: dict[str, Any]) -> Iterator[Event]:
    chat, data = a_map(a_map(query, "message"), "chat"), words(query, "data")
    if data and chat.get("type", "private") == "private" and "id" in chat:
        yield Incoming(f"tap {an_id(query, 'id')}", (an_id(chat, "id"),), choice=data[:200],
                       receipt=f"tap {an_id(query, 'id')}")


def _member(change: dict[str, Any]) -> Iterator[Event]:
    chat, status = a_map(change, "chat"), a_map(change, "new_chat_member").get("status")
    if chat.get("type") == "private":
        if status in LEFT:
            yield Gone(an_id(chat, "id"))
    elif chat.get("type") in ("group", "supergroup") and status not in LEFT:
        yield Crowd(an_id(chat, "id"))


def _reaction(reaction: dict[str, Any]) -> Iterator[Event]:
    chat = a_map(reaction, "chat")
    emoji = next((words(one, "emoji") for one in maps(reaction, "new_reaction")), None)
    if emoji and chat.get("type") == "private":
        yield Incoming(f"reaction {an_id(reaction, 'message_id')} {reaction.get('date', '')}", (an_id(chat, "id"),),
                       emoji, set_on=an_id(reaction, "message_id"))
