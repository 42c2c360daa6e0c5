"""A form of Twilio's as what happened."""
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from channels.contract import Event, Gone, Incoming, Malformed, Refusal, Status

MOST_FIELDS = 200
STATES = {"sent": "sent", "delivered": "delivered", "read": "read", "failed": "failed", "undelivered": "failed"}
REASONS: dict[str, Refusal] = {
    "21211": "address", "21214": "address", "21217": "address", "21614": "address", "30003": "address",
    "30005": "address", "30006": "address", "63024": "address", "21610": "blocked", "30004": "blocked",
    "63016": "window", "20003": "token"}
"""Twilio's error codes, as what they mean for a message (twilio.com/docs/api/errors)."""
KINDS = {"audio": "voice", "location": "location", "contacts": "contact"}


def fields_of(body: bytes) -> list[tuple[str, str]]:
    """The fields of the form, in order. Raises Malformed."""
    try:
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise Malformed("The body is no form in UTF-8.") from None


def events_of(form: Mapping[str, str]) -> Iterator[Event]:
    """What *form* says. Raises Malformed."""
    key = form.get("MessageSid") or form.get("SmsSid") or ""
    if not 0 < len(key) <= 200 or not key.isprintable():
        raise Malformed("There is no MessageSid.")
    if "MessageStatus" in form and form.get("SmsStatus") != "received":
        if state := STATES.get(form["MessageStatus"]):
            reason = REASONS.get(form.get("ErrorCode", ""), "refused") if state == "failed" else None
            yield Status(key, state, reason)  # type: ignore[arg-type]
        return
    sender = form.get("From", "")
    if not sender or len(sender) > 200 or not sender.isprintable():
        raise Malformed("There is no From.")
    if opted := form.get("OptOutType"):  # Twilio has answered this one already
        if opted == "STOP":
            yield Gone(sender)
        return
    yield Incoming(key, (sender,), form.get("Body") or None, aside=_aside(form))


def _aside(form: Mapping[str, str]) -> str | None:
    kind = form.get("MessageType") or form.get("MediaContentType0", "").partition("/")[0]
    if form.get("Latitude"):
        return "location"
    if form.get("MediaContentType0") or form.get("NumMedia", "0") not in ("", "0"):
        return KINDS.get(kind, "media")
    return KINDS.get(kind)
