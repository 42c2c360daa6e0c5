"""Telegram: real updates, and what only Telegram has."""
import json
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import telegram

from bootstrap import House
from channels.contract import Answer, Crowd, Gone, Incoming, Part, Refused, TryLater
from channels.telegram import LIMITS, write
from channels.telegram.read import events_of
from tests.channels.kit.provider import Provider, refusing
from tests.channels.kit.specs import payload, payloads
from tests.channels.kit.visitor import OnTelegram


@pytest.fixture
def jo(house: House, provider: Provider, door: httpx.AsyncClient) -> OnTelegram:
    return OnTelegram(house, provider, door)


@pytest.mark.parametrize("file", payloads("telegram/*/*.json"), ids=lambda file: file.stem)
def test_a_real_update_is_read_as_its_own_client_reads_it(file: Path) -> None:
    """Every captured update is taken; whose it is and what it says is what python-telegram-bot says."""
    raw = json.loads(file.read_text("utf-8"))
    events = list(events_of(raw))
    if file.parent.name in ("botman", "telegrambots-java", "php-telegram-bot"):  # not complete, by their README
        return
    update = telegram.Update.de_json(raw, None)
    for event in events:
        if isinstance(event, Incoming):
            chat = update.effective_chat
            assert chat
            assert (event.addresses, chat.type) == ((str(chat.id),), "private")
            if update.message and update.message.text:
                assert event.text == update.message.text


@pytest.mark.parametrize(("name", "aside"), [
    ("open-chat-studio/voice", "voice"), ("open-chat-studio/photo_message", "media"),
    ("teloxide/wrapped__message_sticker", "media"),
    ("teloxide/wrapped__message_venue_location", "location"), ("telegrambots-java/message_document", "media"),
    ("open-chat-studio/edited_message_update", "edited")])
def test_what_is_no_text_is_told_apart(name: str, aside: str) -> None:
    update = payload(f"telegram/{name}.json")
    for message in (update.get("message"), update.get("edited_message")):
        if message:
            message["chat"]["type"] = "private"
    (event,) = events_of(update)
    assert isinstance(event, Incoming)
    assert event.aside == aside


def test_who_blocks_us_is_gone() -> None:
    assert list(events_of(payload("telegram/teloxide/update__issue_523.json"))) == [Gone("0")]


@pytest.mark.parametrize("name", ["opsdroid/supergroup_message", "opsdroid/channel_post",
                                  "opsdroid/supergroup_forwarded", "teloxide/update__message_reaction_updated"])
def test_what_others_say_in_a_group_is_not_heard(name: str) -> None:
    assert list(events_of(payload(f"telegram/{name}.json"))) == []


def test_in_a_group_we_hear_when_spoken_to() -> None:
    update = payload("telegram/php-telegram-bot/group_message_reply.json")
    update["message"]["reply_to_message"]["from"]["is_bot"] = True  # of a time before Telegram said so
    (event,) = events_of(update)
    assert isinstance(event, Crowd)


@pytest.mark.parametrize(("typed", "text"), [
    ("/start", "/start"), ("/start site", "/start"), ("/START@clinic_bot x", "/start"), ("/help@clinic_bot", "/help"),
    ("/stop", "/stop"), ("not /a command", "not /a command")])
def test_a_command_is_read_without_what_telegram_adds(typed: str, text: str) -> None:
    update = payload("telegram/open-chat-studio/text_message.json")
    update["message"]["text"] = typed
    (event,) = events_of(update)
    assert isinstance(event, Incoming)
    assert event.text == text


async def test_a_group_is_declined_once(jo: OnTelegram) -> None:
    jo.address = f"-100{jo.address}"
    update = jo.update(text="/start@clinic_bot")
    update["message"]["chat"] = {"id": int(jo.address), "type": "supergroup", "title": "Runners"}
    for _ in range(3):
        assert (await jo.post(update)).status_code == 200
    heard = await jo.heard()
    assert len(heard) == 1
    async with jo.house.store.begin() as unit:
        said = await unit.messages.after(await jo.conversation(), 0)
    assert [message.sender for message in said] == ["bot"]


async def test_a_start_is_greeted(jo: OnTelegram) -> None:
    await jo.says("/start")
    assert len(await jo.heard()) == 2


async def test_a_tap_is_acknowledged_and_typing_shown(jo: OnTelegram, provider: Provider) -> None:
    await jo.says("how often should i come for a massage")
    label = next(taken for taken in reversed(await jo.heard()) if taken.labels).labels[0]
    await jo.taps(label)
    await jo.heard()
    assert {"answerCallbackQuery", "sendChatAction"} <= {method for method, _ in provider.other}


async def test_who_blocked_us_is_sent_nothing_until_they_write(jo: OnTelegram, provider: Provider) -> None:
    provider.moods.append(refusing(403, {"ok": False, "description": "Forbidden: bot was blocked by the user"}))
    await jo.says("hello")
    await jo.heard()
    chat = {"id": int(jo.address), "type": "private"}
    me = {"user": {"id": 1, "is_bot": True, "first_name": "B"}}
    await jo.post({"update_id": 1, "my_chat_member": {
        "chat": chat, "from": {"id": int(jo.address), "is_bot": False, "first_name": "J"}, "date": 1,
        "old_chat_member": {**me, "status": "member"}, "new_chat_member": {**me, "status": "kicked", "until_date": 0}}})
    before = len(await jo.heard())
    await jo.says("where can i park")
    assert len(await jo.heard()) == before + 1


async def test_a_changed_message_is_read_for_danger(jo: OnTelegram) -> None:
    """The new wording is not answered, but if it tells of danger, help comes."""
    update = jo.update(text="my knee is sore")
    await jo.post(update)
    message = update.pop("message")
    kind = {**message, "edit_date": int(datetime.now(UTC).timestamp())}
    await jo.post({**update, "edited_message": {**kind, "text": "my knee is a bit sore"}})
    await jo.heard()
    await jo.post({**update, "edited_message": {**kind, "edit_date": kind["edit_date"] + 1,
                                                "text": "i have crushing chest pain and my left arm is numb"}})
    assert "999" in (await jo.heard())[-1].text


async def test_a_thumb_on_a_question_is_a_yes(jo: OnTelegram, provider: Provider) -> None:
    await jo.says("can i book an hour thursday afternoon, Sam Hill, 07700 900123")
    asked = (await jo.heard())[-1]
    thumb = {"chat": {"id": int(jo.address), "type": "private"}, "message_id": int(asked.id), "date": 5,
             "user": {"id": int(jo.address), "is_bot": False, "first_name": "J"}, "old_reaction": [],
             "new_reaction": [{"type": "emoji", "emoji": "👍🏽"}]}
    await jo.post({"update_id": 9, "message_reaction": {**thumb, "message_id": int(asked.id) - 1}})
    assert (await jo.heard())[-1] == asked  # on an older message it says nothing
    await jo.post({"update_id": 10, "message_reaction": thumb})
    assert (await jo.heard())[-1] != asked


def test_a_long_text_comes_in_parts() -> None:
    call = write.message("5", Part("x", "buttons", (("Yes", "t" * 16),)))
    assert call.json
    assert call.json["reply_markup"]["inline_keyboard"] == [[{"text": "Yes", "callback_data": "t" * 16}]]
    assert LIMITS.text == 4096


@pytest.mark.parametrize(("status", "description", "reason"), [
    (401, "Unauthorized", "token"), (404, "Not Found", "token"),
    (403, "Forbidden: bot was blocked by the user", "blocked"), (403, "Forbidden: user is deactivated", "blocked"),
    (400, "Bad Request: chat not found", "address"), (400, "Bad Request: message text is empty", "refused")])
def test_refusals_are_told_apart(status: int, description: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        write.outcome(Answer(status, {"ok": False, "error_code": status, "description": description}))
    assert refused.value.reason == reason


def test_telegrams_wish_for_a_pause_is_heard() -> None:
    with pytest.raises(TryLater) as later:
        write.outcome(Answer(429, {"ok": False, "parameters": {"retry_after": 7}, "description": "Too Many Requests"}))
    assert later.value.after == 7
