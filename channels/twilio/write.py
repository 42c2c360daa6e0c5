"""What we say, as a form of Twilio's, and what its answers mean."""
from channels.contract import Answer, Call, NoAnswer, Part, Refused, TryLater
from channels.twilio.read import REASONS

WHATSAPP = "whatsapp:"
LATER = ("20429", "63018", "30001")
"""Too many at once."""


def message(path: str, address: str, part: Part, sender: str, report_to: str | None) -> Call:
    """*sender*: a number, or a messaging service that picks one. *report_to*: where to tell us what became of it."""
    form = {"To": address, "Body": part.text}
    if sender.startswith("MG"):
        form["MessagingServiceSid"] = sender
    else:
        number = sender.removeprefix(WHATSAPP)
        form["From"] = WHATSAPP + number if address.startswith(WHATSAPP) else number
    if report_to:
        form["StatusCallback"] = report_to
    return Call(path, form=form)


def outcome(answer: Answer) -> str:
    """The id of the message that was taken. Raises NotDelivered."""
    code = str(answer.body.get("code", ""))
    if answer.status in (200, 201):
        if sid := answer.body.get("sid"):
            return str(sid)
        raise NoAnswer("an answer without an id")
    if answer.status == 429 or answer.status >= 500 or code in LATER:
        raise TryLater(f"{answer.status} {code}", answer.retry_after)
    raise Refused("token" if answer.status == 401 else REASONS.get(code, "refused"))
