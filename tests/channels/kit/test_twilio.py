"""Twilio: signed as its own library signs, real forms, and what only Twilio has."""
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from twilio.request_validator import RequestValidator

from bootstrap import House
from channels.contract import Answer, Event, Gone, Incoming, Malformed, Part, Refused, Status, TryLater
from channels.twilio import write
from channels.twilio.read import events_of, fields_of
from channels.twilio.verify import is_twilios
from tests.channels.kit.provider import Provider, refusing
from tests.channels.kit.specs import payload
from tests.channels.kit.visitor import OnTwilio

VECTORS = [vector for vector in payload("twilio/twilio-signature/vectors.json")
           if isinstance(vector.get("params"), dict)]


@pytest.fixture
def jo(house: House, provider: Provider, door: httpx.AsyncClient) -> OnTwilio:
    return OnTwilio(house, provider, door)


def read(name: str) -> list[Event]:
    found = payload(f"twilio/{name}")
    return list(events_of(found if isinstance(found, dict) else dict(parse_qsl(found, keep_blank_values=True))))


def fields(params: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, one) for name, value in params.items() for one in (value if isinstance(value, list) else [value])]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_signature_of_twilios_own_is_known(vector: dict[str, Any]) -> None:
    signed = {"x-twilio-signature": vector["signature"]}
    address = vector["url"] if "'" not in vector["url"] else vector["signed_url"]  # ours has no query at all
    assert is_twilios(signed, fields(vector["params"]), address, vector["auth_token"])
    assert not is_twilios(signed, fields(vector["params"]), address, "another")
    assert not is_twilios(signed, [*fields(vector["params"]), ("a", "b")], address, vector["auth_token"])


def test_ours_is_that_of_its_library() -> None:
    form = {"Body": "£5 é 😀", "From": "+44", "Empty": ""}
    right = RequestValidator("t").compute_signature("https://c.example/webhooks/twilio", form)
    assert is_twilios({"x-twilio-signature": right}, form.items(), "https://c.example/webhooks/twilio", "t")


@pytest.mark.parametrize(("name", "text", "aside"), [
    ("botbuilder-dotnet/sms_text.form.txt", "Hello", None), ("botbuilder-dotnet/sms_media.form.txt", "Hello", "media"),
    ("botbuilder-community-js/whatsapp_text.form.txt", "test", None),
    ("botbuilder-community-js/whatsapp_location.form.txt", None, "location"),
    ("open-chat-studio/whatsapp_audio_message.json", "Dobroye utro", "voice"),
    ("open-chat-studio/whatsapp_text_message.json", "Dobroye utro", None)])
def test_what_a_real_form_says(name: str, text: str | None, aside: str | None) -> None:
    (event,) = read(name)
    assert isinstance(event, Incoming)
    assert (event.text, event.aside) == (text, aside)


@pytest.mark.parametrize("state", ["sent", "delivered"])
def test_what_became_of_ours(state: str) -> None:
    (event,) = read(f"botbuilder-community-js/whatsapp_status_{state}.form.txt")
    assert isinstance(event, Status)
    assert event.state == state


def test_what_twilio_has_answered_is_not_answered_again() -> None:
    form = dict(parse_qsl(payload("twilio/botbuilder-dotnet/sms_text.form.txt")))
    assert list(events_of({**form, "Body": "STOP", "OptOutType": "STOP"})) == [Gone("+2222")]
    assert list(events_of({**form, "Body": "HELP", "OptOutType": "HELP"})) == []


@pytest.mark.parametrize("body", [b"\xff", b"a=%ff", b"Body=hi", b"MessageSid=1&Body=hi",
                                  b"&".join(b"a%d=1" % n for n in range(300))])
def test_what_is_no_form_of_twilios_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        list(events_of(dict(fields_of(body))))


async def test_unsigned_is_refused(jo: OnTwilio) -> None:
    form = jo.form("text", Body="hi")
    other = RequestValidator("another").compute_signature("http://localhost:8000/webhooks/twilio", form)
    elsewhere = RequestValidator("twilio-token").compute_signature("http://elsewhere.example/webhooks/twilio", form)
    assert [(await jo.post(form, signature)).status_code for signature in ("x", other, elsewhere)] == [401] * 3
    assert await jo.conversation() is None


async def test_what_became_of_a_message_is_kept(jo: OnTwilio, provider: Provider) -> None:
    await jo.says("where can i park")
    sent = (await jo.heard())[-1]
    await jo.post(jo.form("delivered", MessageSid=f"SM{int(sent.id):032x}"))
    async with jo.house.store.begin() as unit:
        assert (await unit.deliveries.of(await jo.conversation()))[-1].state == "delivered"


async def test_whatsapp_by_way_of_twilio_is_answered_there(jo: OnTwilio, provider: Provider) -> None:
    jo.address = f"whatsapp:{jo.address}"
    await jo.says("hello")
    assert len(await jo.heard()) == 2
    call = write.message("/Messages.json", jo.address, Part("hi"), "+441632960000", None)
    assert call.form
    assert call.form["From"] == "whatsapp:+441632960000"


async def test_one_whom_the_carrier_stopped_is_left_in_peace(jo: OnTwilio, provider: Provider) -> None:
    """The carrier refuses: staff need not look at that."""
    provider.moods.extend([refusing(400, {"code": 21610, "message": "unsubscribed", "status": 400})] * 2)
    await jo.says("where can i park")
    assert await jo.heard() == []
    async with jo.house.store.begin() as unit:
        assert [key for key, *_ in await unit.cases.open_cases(1000) if key == await jo.conversation()] == []


@pytest.mark.parametrize(("status", "code", "reason"), [
    (401, 20003, "token"), (400, 21211, "address"), (400, 21610, "blocked"), (400, 63016, "window"),
    (400, 1, "refused")])
def test_refusals_are_told_apart(status: int, code: int, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        write.outcome(Answer(status, {"code": code}))
    assert refused.value.reason == reason


def test_too_fast_is_tried_again() -> None:
    with pytest.raises(TryLater):
        write.outcome(Answer(429, {"code": 20429}, 2.0))
