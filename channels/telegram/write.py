"""What we say, as calls of Telegram's Bot API, and what its answers mean."""
from typing import Any

from channels.contract import Answer, Call, Part, Refused, TryLater

BLOCKED = ("blocked by the user", "user is deactivated", "bot was kicked", "can't initiate conversation")
NOBODY = ("chat not found", "peer_id_invalid", "user not found")
DEAREST_WAIT = 86_400.0


def message(address: str, part: Part, answers: int | None = None) -> Call:
    """Plain text: no mark-up, so nothing that was said can be read as such. *answers*: the message there, if it is
    there still, under which this one stands."""
    body: dict[str, Any] = {"chat_id": int(address), "text": part.text, "link_preview_options": {"is_disabled": True}}
    if part.style == "buttons":
        body["reply_markup"] = {"inline_keyboard": [[{"text": label, "callback_data": token}]
                                                    for label, token in part.choices]}
    if answers is not None:
        body["reply_parameters"] = {"message_id": answers, "allow_sending_without_reply": True}
    return Call("/sendMessage", json=body)


def about_chat(chat: int) -> Call:
    return Call("/getChat", json={"chat_id": chat})


def tap_seen(query: str) -> Call:
    return Call("/answerCallbackQuery", json={"callback_query_id": query})


def typing(address: str) -> Call:
    return Call("/sendChatAction", json={"chat_id": int(address), "action": "typing"})


def outcome(answer: Answer) -> str:
    """The id of the message that was sent. Raises NotDelivered."""
    result = answer.body.get("result")
    if answer.status == 200 and answer.body.get("ok") is True and isinstance(result, dict):
        return str(result.get("message_id", ""))
    why = str(answer.body.get("description", "")).lower()
    if answer.status == 429 or answer.status >= 500:
        raise TryLater(str(answer.status), _wait(answer))
    if answer.status in (401, 404):  # what is wrong with a token: its form, or that nobody has it
        raise Refused("token")
    if any(sign in why for sign in BLOCKED):
        raise Refused("blocked")
    raise Refused("address" if any(sign in why for sign in NOBODY) else "refused")


def _wait(answer: Answer) -> float | None:
    parameters = answer.body.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return min(float(wait), DEAREST_WAIT) if isinstance(wait, int) else answer.retry_after
