"""A post of Meta's as what happened: it may hold several messages, what became of ours, and what the clinic wrote from
its phone."""
from collections.abc import Iterator
from typing import Any

from channels.contract import Echo, Event, Incoming, Moved, Status
from channels.parcels import a_map, an_id, maps, words
from channels.whatsapp.errors import reason_of

ASIDES = {"audio": "voice", "voice": "voice", "location": "location", "contacts": "contact"}
"""Types of messages that have a word of their own; all others that we can't read are `media`."""
STATES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
QUIET = ("revoke", "request_welcome")
"""Types that want no answer."""


def events_of(post: dict[str, Any], phone_id: str) -> Iterator[Event]:
    """What *post* says to our number; what is for another number of the same account is left out. Raises Malformed."""
    for entry in maps(post, "entry"):
        for change in maps(entry, "changes"):
            value = a_map(change, "value")
            if str(a_map(value, "metadata").get("phone_number_id")) != phone_id:
                continue
            if change.get("field") == "messages":
                yield from _of_visitors(value)
            elif change.get("field") == "smb_message_echoes":
                for echo in maps(value, "message_echoes"):
                    text = words(a_map(echo, "text"), "body") or f"[{words(echo, 'type') or 'message'}]"
                    yield Echo(an_id(echo, "id"), an_id(echo, "to"), text)


def _of_visitors(value: dict[str, Any]) -> Iterator[Event]:
    contacts = list(maps(value, "contacts"))
    for message in maps(value, "messages"):
        yield from _message(message, contacts)
    for status in maps(value, "statuses"):
        state = STATES.get(words(status, "status") or "")
        if state:
            error = next(maps(status, "errors"), {})
            yield Status(an_id(status, "id"), state,  # type: ignore[arg-type]
                         reason_of(error.get("code")) if state == "failed" else None)


def _message(message: dict[str, Any], contacts: list[dict[str, Any]]) -> Iterator[Event]:
    kind, key = words(message, "type") or "", an_id(message, "id")
    if kind in QUIET or "group_id" in message:
        return
    if kind == "system":
        yield from _news(message)
        return
    addresses = _addresses(message, contacts)
    if kind == "reaction":
        reaction = a_map(message, "reaction")
        if emoji := words(reaction, "emoji"):
            yield Incoming(key, addresses, emoji, set_on=an_id(reaction, "message_id"))
        return
    if kind == "edit":
        text, _, aside = _content(a_map(a_map(message, "edit"), "message"))
        yield Incoming(key, addresses, text, aside="edited", answered=False)
        return
    text, choice, aside = _content(message)
    yield Incoming(key, addresses, text, choice, aside, receipt=key)


def _content(message: dict[str, Any]) -> tuple[str | None, str | None, str | None]:
    """Text, choice, and what we can't read."""
    kind = words(message, "type") or ""
    if kind == "text":
        return words(a_map(message, "text"), "body"), None, None
    if kind == "button":  # under a template: it says what it means
        return words(a_map(message, "button"), "text"), None, None
    if kind == "interactive":
        shown = a_map(message, "interactive")
        tapped = a_map(shown, "button_reply") or a_map(shown, "list_reply")
        return (None, an_id(tapped, "id"), None) if tapped else (None, None, "media")
    caption = words(a_map(message, kind), "caption") if kind in ("image", "video", "document") else None
    return caption, None, ASIDES.get(kind, "media")


def _addresses(message: dict[str, Any], contacts: list[dict[str, Any]]) -> tuple[str, ...]:
    """The number, if the visitor shows theirs, and Meta's own name for them at this business."""
    number, name = words(message, "from"), words(message, "from_user_id")
    for contact in contacts:
        if number is not None and contact.get("wa_id") == number:
            name = name or words(contact, "user_id")
        elif name is not None and contact.get("user_id") == name:
            number = number or words(contact, "wa_id")
    found = tuple(dict.fromkeys(one for one in (number, name) if one))
    return found or (an_id(message, "from"),)


def _news(message: dict[str, Any]) -> Iterator[Event]:
    system = a_map(message, "system")
    new = words(system, "wa_id") or words(system, "new_wa_id")
    if words(system, "type") in ("user_changed_number", "customer_changed_number") and new:
        yield Moved(an_id(message, "from"), new)
