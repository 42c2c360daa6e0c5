"""What we say, as calls of the Cloud API, and what its answers mean."""
from typing import Any

from channels.contract import Answer, Call, NoAnswer, Part, Refused, TryLater
from channels.whatsapp.errors import LATER, reason_of

PATH = "/messages"


def message(address: str, part: Part) -> Call:
    if part.style == "text":
        return _to(address, "text", {"body": part.text, "preview_url": False})
    shown: dict[str, Any] = {"type": "button" if part.style == "buttons" else "list", "body": {"text": part.text}}
    if part.style == "buttons":
        shown["action"] = {"buttons": [{"type": "reply", "reply": {"id": token, "title": label}}
                                       for label, token in part.choices]}
    else:
        rows = [{"id": token, "title": label} for label, token in part.choices]
        shown["action"] = {"button": part.choose, "sections": [{"rows": rows}]}
    return _to(address, "interactive", shown)


def template(address: str, name: str, language: str) -> Call:
    return _to(address, "template", {"name": name, "language": {"code": language, "policy": "deterministic"}})


def seen(message_id: str) -> Call:
    """Read, and an answer is being typed."""
    return Call(PATH, json={"messaging_product": "whatsapp", "status": "read", "message_id": message_id,
                            "typing_indicator": {"type": "text"}})


def _to(address: str, kind: str, content: dict[str, Any]) -> Call:
    """A number is written `to`; Meta's own name for a visitor who shows none is a `recipient`."""
    where = "to" if address.isdigit() else "recipient"
    return Call(PATH, json={"messaging_product": "whatsapp", "recipient_type": "individual", where: address,
                            "type": kind, kind: content})


def outcome(answer: Answer) -> str:
    """The id of the message that was taken. Raises NotDelivered."""
    messages, error = answer.body.get("messages"), answer.body.get("error")
    if answer.status == 200 and isinstance(messages, list) and messages and isinstance(messages[0], dict):
        return str(messages[0].get("id", ""))
    code = error.get("code") if isinstance(error, dict) else None
    if answer.status == 429 or answer.status >= 500 or code in LATER:
        raise TryLater(f"{answer.status} {code}", answer.retry_after)
    if answer.status == 401:
        raise Refused("token")
    if answer.status == 200:
        raise NoAnswer("an answer without an id")
    raise Refused(reason_of(code))
