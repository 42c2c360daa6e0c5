"""WhatsApp: Meta's own posts and those that others captured, and what only WhatsApp has."""
import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pywa.utils import webhook_updates_validator

from bootstrap import House
from channels.contract import Answer, Call, Channel, Echo, Event, Incoming, Moved, Part, Refused, Status, TryLater
from channels.courier import Courier
from channels.whatsapp import write
from channels.whatsapp.read import events_of
from channels.whatsapp.verify import is_metas
from clinic.booking.appointment import Details
from clinic.booking.opening import Opening
from clinic.conversation import Reply
from tests.channels.kit import specs
from tests.channels.kit.provider import Provider, refusing
from tests.channels.kit.specs import payload, payloads
from tests.channels.kit.visitor import PHONE_ID, WA_SECRET, OnWhatsapp
from tests.clinic.booking.test_staff import staff
from tests.conftest import Pigeonhole, StoppedClock


@pytest.fixture
def jo(house: House, provider: Provider, door: httpx.AsyncClient) -> OnWhatsapp:
    return OnWhatsapp(house, provider, door)


def read(name: str) -> list[Event]:
    """The events of a real post, as if it were for our number."""
    post = payload(f"whatsapp/{name}.json")
    post["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = PHONE_ID
    return list(events_of(post, PHONE_ID))


@pytest.mark.parametrize("file", payloads("whatsapp/*/*.json"), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_every_real_post_is_taken(file: Path) -> None:
    """None is malformed to us, and none meant for another number is ours."""
    name = str(file.relative_to(file.parent.parent).with_suffix(""))
    for event in read(name):
        assert not isinstance(event, Incoming) or event.addresses
    assert list(events_of(payload(f"whatsapp/{name}.json"), "not ours")) == []


@pytest.mark.parametrize(("name", "text", "choice", "aside"), [
    ("meta-openapi/text_message", "Does it come in another color?", None, None),
    ("pywa/message__reply", "replied text", None, None), ("pywa/message__referral", "BODY", None, None),
    ("pywa/callback_button__button", None, "callback_data", None),
    ("pywa/callback_selection__callback", None, "callback_data", None),
    ("pywa/message__voice", None, None, "voice"), ("pywa/message__audio", None, None, "voice"),
    ("open-chat-studio/document_message", None, None, "media"), ("pywa/message__video", None, None, "media"),
    ("pywa/message__static_sticker", None, None, "media"), ("pywa/message__contacts", None, None, "contact"),
    ("pywa/message__chosen_location", None, None, "location"), ("pywa/message__unsupported", None, None, "media"),
    ("open-chat-studio/unsupported_message", None, None, "media"), ("pywa/message__order", None, None, "media"),
    ("pywa/edited_message__image", "Updated image caption", None, "edited")])
def test_what_a_real_post_says(name: str, text: str | None, choice: str | None, aside: str | None) -> None:
    (event,) = read(name)
    assert isinstance(event, Incoming)
    assert (event.choice, event.aside) == (choice, aside)
    assert text is None or event.text == text


@pytest.mark.parametrize("name", ["pywa/deleted_message__revoke", "pywa/system__identity_change",
                                  "pywa/message__unreaction_empty", "pywa/message__unreaction_no_emoji"])
def test_what_wants_no_answer_gets_none(name: str) -> None:
    assert read(name) == []


@pytest.mark.parametrize(("name", "state", "reason"), [
    ("sent", "sent", None), ("delivered", "delivered", None), ("read", "read", None), ("played", "read", None),
    ("failed", "failed", "refused")])
def test_what_became_of_ours(name: str, state: str, reason: str | None) -> None:
    assert read(f"pywa/message_status__{name}") == [Status("wamid.xyzxyz", state, reason)]


def test_a_new_number_is_heard_of() -> None:
    assert read("pywa/system__phone_number_change") == [Moved("972987654321", "972912345678")]


def test_a_visitor_goes_by_number_and_by_metas_name() -> None:
    (event,) = read("open-chat-studio/text_message")
    assert isinstance(event, Incoming)
    assert event.addresses == ("27456897512", "US.13491208655302741918")


async def test_one_who_shows_no_number_is_known_by_metas_name(jo: OnWhatsapp) -> None:
    """First with a number, then without: the same conversation."""
    await jo.says("hello")
    await jo.heard()
    first = await jo.conversation()
    body = jo.body("text", text={"body": "thanks"})
    value = body["entry"][0]["changes"][0]["value"]
    value["messages"][0].pop("from")
    value["messages"][0]["from_user_id"] = f"GB.{jo.address}"
    value["contacts"][0].pop("wa_id")
    await jo.post(body)
    async with jo.house.store.begin() as unit:
        known = await unit.correspondents.known("whatsapp", f"GB.{jo.address}")
        assert known
        assert known.conversation == first
        assert [m.text for m in await unit.messages.after(first, 0) if m.sender == "visitor"] == ["hello", "thanks"]
    assert len(await jo.heard()) == 3  # written to by the number, which is known


async def test_one_who_never_showed_a_number_is_answered(jo: OnWhatsapp) -> None:
    body = jo.body("text", text={"body": "hello"})
    value = body["entry"][0]["changes"][0]["value"]
    value["messages"][0].pop("from")
    jo.address = value["messages"][0]["from_user_id"] = value["contacts"][0]["user_id"]
    value["contacts"][0].pop("wa_id")
    await jo.post(body)
    assert len(await jo.heard()) == 2


def test_metas_name_is_written_to_as_a_recipient() -> None:
    call = write.message("US.13491208655302741918", Part("hello"))
    assert call.json
    assert (call.json["recipient"], "to" in call.json) == ("US.13491208655302741918", False)


def test_our_signature_is_that_of_a_client_of_metas() -> None:
    import hashlib
    import hmac
    body = json.dumps(payload("whatsapp/pywa/message__text.json")).encode()
    signature = "sha256=" + hmac.new(WA_SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert webhook_updates_validator(WA_SECRET, body, signature)
    assert is_metas({"x-hub-signature-256": signature}, body, WA_SECRET)
    assert not is_metas({"x-hub-signature-256": signature}, body + b" ", WA_SECRET)


async def test_several_messages_in_one_post_are_each_answered(jo: OnWhatsapp) -> None:
    body = jo.body("text", text={"body": "what are your prices"})
    messages = body["entry"][0]["changes"][0]["value"]["messages"]
    messages.append({**messages[0], "id": f"wamid.{uuid4().hex}", "text": {"body": "where can i park"}})
    await jo.post(body)
    heard = [taken.text for taken in await jo.heard()]
    assert any("£" in text for text in heard)
    assert len(heard) == 3


@pytest.mark.parametrize(("choices", "style"), [
    ((("Yes", "a"), ("No", "b")), "button"), ((("x" * 20, "a"), ("No", "b"), ("Later", "c")), "button"),
    ((("x" * 24, "a"), ("No", "b")), "list"), (tuple((f"Choice {n}", str(n)) for n in range(10)), "list")])
def test_choices_that_fit_are_as_meta_wants_them(choices: tuple[tuple[str, str], ...], style: str) -> None:
    call = write.message("447700900123", Part("Which?", "buttons" if style == "button" else "list", choices, "Choose"))
    assert call.json
    assert specs.whatsapp(call.json) == []
    assert call.json["interactive"]["type"] == style


def test_the_document_takes_metas_own_examples() -> None:
    """What we hold our calls against lets its authors' examples of them through."""
    examples = payload("whatsapp/meta-openapi/send_examples/requests.json")
    for name in ("Send Text Message", "Send Reply to Text Message", "Send List Message", "Send Reply Button",
                 "Send typing indicator and read receipt"):
        assert specs.whatsapp(examples[name]) == []
    assert specs.whatsapp({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "4", "type": "text",
                           "text": {"body": "x"}, "colour": "red"})


async def test_seen_and_typing_are_shown(jo: OnWhatsapp, provider: Provider) -> None:
    await jo.says("hello")
    await jo.heard()
    assert [kind for kind, _ in provider.other] == ["seen"]


async def _status(jo: OnWhatsapp, id: str, name: str, code: int | None = None) -> None:
    body = jo.body(f"pywa/message_status__{name}")
    status = body["entry"][0]["changes"][0]["value"]["statuses"][0]
    status["id"] = id
    if code is not None:
        status["errors"][0]["code"] = code
    assert (await jo.post(body)).status_code == 200


async def _states(jo: OnWhatsapp) -> list[Any]:
    async with jo.house.store.begin() as unit:
        rows = await unit.deliveries.of(await jo.conversation())
        return [(row.state, row.error) for row in rows]


async def test_what_became_of_a_message_is_kept(jo: OnWhatsapp) -> None:
    """Late, twice and in any order: read stays read."""
    await jo.says("where can i park")
    _, sent = await jo.heard()
    for name in ("read", "delivered", "sent", "read"):
        await _status(jo, f"wamid.{sent.id}", name)
    assert (await _states(jo))[1] == ("read", None)


async def test_a_message_that_failed_later_is_shown_to_staff(jo: OnWhatsapp, post: Pigeonhole) -> None:
    await jo.says("where can i park")
    _, sent = await jo.heard()
    await _status(jo, f"wamid.{sent.id}", "failed", 131026)
    assert (await _states(jo))[1] == ("failed", "address")
    async with jo.house.store.begin() as unit:
        assert "undelivered_address" in [why for key, _, why, _ in await unit.cases.open_cases(1000)
                                         if key == await jo.conversation()]


async def test_after_a_day_the_visitor_is_asked_to_write_and_then_told(jo: OnWhatsapp, provider: Provider,
                                                                       clock: StoppedClock) -> None:
    """No free text goes out after the window has closed; what was to be said is said once they are back."""
    await jo.says("hello")
    key, before = await jo.conversation(), len(await jo.heard())
    clock.now += timedelta(hours=25)
    async with jo.house.store.begin() as unit:
        n = await unit.messages.say(key, Reply("booking", "Your table is free again."), clock.now)
        await jo.house.messengers.outbox.post(unit, key, "whatsapp", n - 1)
    asked = (await jo.heard())[before:]
    assert [(taken.style, taken.text) for taken in asked] == [("template", "please_reply")]
    assert ("parked", "window") in await _states(jo)
    await jo.says("yes?")
    assert "Your table is free again." in [taken.text for taken in await jo.heard()]


async def test_a_person_on_the_phone_silences_the_assistant(jo: OnWhatsapp, provider: Provider) -> None:
    """Somebody at the clinic answers from the WhatsApp app: it is kept, and the assistant is quiet there, save for help
    in danger."""
    await jo.says("hello")
    before = len(await jo.heard())
    echo = jo.body("text")
    change = echo["entry"][0]["changes"][0]
    message = change["value"].pop("messages")[0]
    change["field"] = "smb_message_echoes"
    change["value"]["message_echoes"] = [{"from": "972123456789", "to": jo.address, "id": "wamid.echo" + jo.address,
                                          "timestamp": "1", "type": "text", "text": {"body": "Hi, it's Sam here"}}]
    assert message["type"] == "text"
    assert [type(event) for event in events_of(echo, PHONE_ID)] == [Echo]
    await jo.post(echo)
    await jo.post(echo)
    await jo.says("what are your prices")
    await jo.sends("voice")
    assert len(await jo.heard()) == before
    async with jo.house.store.begin() as unit:
        said = [m for m in await unit.messages.after(await jo.conversation(), 0) if m.sender == "person"]
    assert [m.text for m in said] == ["Hi, it's Sam here"]
    assert len(provider.other) == 1  # nor is anybody shown as having read it
    await jo.says("i have crushing chest pain and my left arm is numb")
    assert "999" in (await jo.heard())[-1].text


async def test_what_the_phone_said_is_not_said_again(jo: OnWhatsapp) -> None:
    """A person answers from the phone while a turn is under way: what they wrote is there already."""
    await jo.says("hello")
    await jo.heard()
    key = await jo.conversation()
    async with jo.house.store.begin() as unit:
        locked = await unit.conversations.lock(key)
        await unit.messages.overhear(key, locked.last_n + 1, "wamid.phone", "from the phone", jo.house.clock())
        await jo.house.messengers.outbox.post(unit, key, "whatsapp", 0)
    assert "from the phone" not in [taken.text for taken in await jo.heard()]


async def test_a_new_number_is_written_to(jo: OnWhatsapp) -> None:
    await jo.says("hello")
    await jo.heard()
    old, key = jo.address, await jo.conversation()
    jo.address = f"{old}9"
    body = jo.body("pywa/system__phone_number_change")
    message = body["entry"][0]["changes"][0]["value"]["messages"][0]
    message["from"], message["system"]["wa_id"] = old, jo.address
    await jo.post(body)
    assert await jo.conversation() == key
    await jo.says("where can i park")
    assert len(await jo.heard()) == 1


async def test_an_expired_token_is_said_plainly(jo: OnWhatsapp, provider: Provider, post: Pigeonhole,
                                                caplog: pytest.LogCaptureFixture) -> None:
    """One clear line, one notice, and what was not sent goes out by `frontdesk outbox retry`."""
    provider.moods.extend([refusing(401, {"error": {"code": 190, "message": "Session has expired"}})] * 2)
    await jo.says("where can i park")
    assert await jo.heard() == []
    assert [line for line in caplog.messages if "does not accept our token" in line]
    assert jo.address not in caplog.text
    async with jo.house.store.begin() as unit:
        for key in await unit.deliveries.revive(None):
            await jo.house.messengers.outbox.send(unit, key)
    assert len(await jo.heard()) == 2


@pytest.mark.parametrize(("status", "code", "reason"), [
    (401, 190, "token"), (400, 131026, "address"), (400, 131047, "window"), (400, 131050, "blocked"),
    (403, 200, "token"), (400, 100, "refused"), (400, None, "refused")])
def test_refusals_are_told_apart(status: int, code: int | None, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        write.outcome(Answer(status, {"error": {"code": code}}))
    assert refused.value.reason == reason


@pytest.mark.parametrize(("status", "code"), [(429, 4), (400, 130429), (400, 131056), (500, None), (503, 2)])
def test_too_fast_is_tried_again(status: int, code: int | None) -> None:
    with pytest.raises(TryLater):
        write.outcome(Answer(status, {"error": {"code": code}}, 3.0))


@pytest.mark.parametrize("called_off", [True, False])
async def test_a_reminder_that_was_parked_is_not_sent_when_it_is_untrue(jo: OnWhatsapp, clock: StoppedClock,
                                                                         called_off: bool) -> None:
    """A day before the appointment nobody may write freely any more; a visitor who is back later reads what is true."""
    await jo.says("hello")
    key, thursday = await jo.conversation(), clock.now + timedelta(days=3)
    opening = Opening(thursday, thursday + timedelta(hours=1), "therapist-a", "sports-massage-60")
    async with jo.house.store.begin() as unit:
        held = await unit.book.hold(key, opening, timedelta(hours=1), thursday, clock.now)
        made = await unit.book.confirm(held.id, "booked", Details("Jo Hill", "+447700900123"), clock.now)
    clock.now = thursday - timedelta(hours=24)
    await jo.house.rounds.remind()
    await jo.heard()
    assert ("parked", "window") in await _states(jo)
    clock.now += timedelta(hours=1)
    if called_off:
        async with staff(jo.house) as (book, _):
            await book.cancel(made.reference)
        await jo.heard()
    else:
        clock.now = thursday + timedelta(hours=2)
    await jo.says("hello again")
    said = "\n".join(taken.text for taken in await jo.heard())
    assert "reminder" not in said.lower()
    assert ("cancel" in said.lower()) == called_off


async def test_who_answers_before_metas_answer_is_there_is_told_all_the_same(
        jo: OnWhatsapp, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The request to write is on the visitor's screen while we still wait to hear that it was taken."""
    await jo.says("hello")
    await jo.heard()
    key, carry = await jo.conversation(), Courier.carry
    clock.now += timedelta(hours=25)

    async def answered_at_once(self: Courier, channel: Channel, call: Call, patience: float | None = None) -> Answer:
        if call.json and call.json.get("type") == "template":
            await jo.says("yes?")
        return await carry(self, channel, call, patience)

    monkeypatch.setattr(Courier, "carry", answered_at_once)
    async with jo.house.store.begin() as unit:
        n = await unit.messages.say(key, Reply("booking", "Your table is free again."), clock.now)
        await jo.house.messengers.outbox.post(unit, key, "whatsapp", n - 1)
    for _ in range(200):  # between being parked and being woken nothing waits
        if "Your table is free again." in [taken.text for taken in await jo.heard()]:
            break
        await asyncio.sleep(0.05)
    assert "Your table is free again." in [taken.text for taken in await jo.heard()]
