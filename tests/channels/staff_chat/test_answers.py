"""Staff in their own pocket: what they write under a notice in their Telegram group reaches the visitor."""
import asyncio
import time
from datetime import timedelta
from typing import Any

import httpx
import pytest
import telegram
from sqlalchemy import text

from bootstrap import House
from channels import takeover
from channels.telegram.verify import HEADER, secret_of
from desk.privacy import erased
from tests.channels.kit.member import STAFF_CHAT, Member, told
from tests.channels.kit.provider import Provider, refusing
from tests.channels.kit.visitor import (
    TELEGRAM_TOKEN,
    OnAMessenger,
    OnTelegram,
    OnWebsite,
    OnWhatsapp,
)
from tests.channels.staff_chat.reading import asks, from_people, held, log_of, said
from tests.conftest import StoppedClock


async def test_a_reply_in_the_group_reaches_the_visitor_wherever_they_are(visitor: OnAMessenger, kim: Member) -> None:
    """As from a person; the assistant is quiet until it is handed back, and no word of the visitor's is in the
    group."""
    notice = await asks(visitor)
    assert notice.text.startswith(f"Asked for person, {visitor.name}")
    (taken,) = await kim.writes("Kim here. Is six o'clock good?", notice)
    assert (taken.answers, taken.labels) == (str(int(taken.answers)), ("Take it back", "Hand back to the assistant"))
    assert ("the chat on the website" in taken.text) == (visitor.name == "website")
    assert await from_people(visitor) == ["Kim here. Is six o'clock good?"]
    if visitor.name != "website":
        assert "Kim here. Is six o'clock good?" in [one.text for one in visitor.provider.to(visitor.address)]
    before = len(await visitor.heard())
    await visitor.says("what are your prices, and will it hurt my groin")
    again = (await told(kim.clinic, kim.provider))[-1]
    assert again.text.startswith(f"They have written again, {visitor.name}")
    assert len(await visitor.heard()) == before
    (back,) = await kim.writes("/back", again)
    assert "The assistant answers them again" in back.text
    assert not await held(visitor)
    await visitor.says("what are your prices")
    await visitor.heard()
    assert (await said(visitor))[-1].sender == "bot"
    assert "groin" not in repr(kim.provider.to(str(STAFF_CHAT)))
    assert await log_of(visitor) == [("Kim", "changed", "/staff-chat/back"), ("Kim", "changed", "/staff-chat/reply")]


async def test_a_reply_to_an_answer_in_the_group_counts_too(jo: OnWhatsapp, kim: Member) -> None:
    (taken,) = await kim.writes("one", await asks(jo))
    await kim.writes("two", taken)
    assert await from_people(jo) == ["one", "two"]


async def test_they_are_not_told_of_every_message_in_a_burst(jo: OnWhatsapp, kim: Member, clock: StoppedClock) -> None:
    notice = await asks(jo)
    await kim.writes("Kim here.", notice)
    before = len(await told(kim.clinic, kim.provider))
    for wait in (0, 1, 6):
        clock.now += timedelta(minutes=wait)
        await jo.says("are you there")
        await told(kim.clinic, kim.provider)
    assert len(await told(kim.clinic, kim.provider)) == before + 2


async def test_who_answers_at_the_desk_is_not_told_in_the_group(jo: OnWhatsapp, kim: Member) -> None:
    await asks(jo)
    async with kim.clinic.store.begin() as unit:
        await kim.clinic.takeover.write(unit, await jo.conversation(), "From the desk", "Robin")
    before = len(await told(kim.clinic, kim.provider))
    await jo.says("thanks, and when")
    assert len(await told(kim.clinic, kim.provider)) == before


async def test_a_danger_sign_is_told_and_answered_while_they_talk(jo: OnWhatsapp, kim: Member) -> None:
    await kim.writes("Kim here.", await asks(jo))
    before = len(await told(kim.clinic, kim.provider))
    await jo.says("crushing pain in my chest and my left arm has gone numb")
    news = [one.text for one in (await told(kim.clinic, kim.provider))[before:]]
    assert any(one.startswith("Safety emergency, whatsapp") for one in news)
    assert "999" in (await jo.heard())[-1].text
    assert "chest" not in repr(news)


async def test_a_wish_for_an_appointment_is_answered_there(clinic: House, provider: Provider, jo: OnWhatsapp,
                                                           kim: Member) -> None:
    """Its notice names a reference, and not a conversation."""
    await jo.says("hello")
    await jo.heard()
    key = await jo.conversation()
    async with clinic.store.begin() as unit:
        await unit.connection.execute(text(
            "insert into request (reference, conversation, wish, wanted, name, contact, created_at) "
            "values ('K7WQ2M', :key, 'book', 'thursday', 'Sam Hill', '07700 900123', now())"), {"key": key})
        await clinic.handoff.tell(unit, "whatsapp", "request", "K7WQ2M")
    notice = (await told(clinic, provider))[-1]
    assert notice.text.startswith("Request, whatsapp")
    assert "Sam Hill" not in notice.text
    await kim.writes("Thursday at six is yours", notice)
    assert await from_people(jo) == ["Thursday at six is yours"]


async def test_what_is_about_nobody_is_told_and_leads_nowhere(clinic: House, provider: Provider, kim: Member) -> None:
    async with clinic.store.begin() as unit:
        await clinic.handoff.tell(unit, "whatsapp", "channel_token", "whatsapp")
    notice = (await told(clinic, provider))[-1]
    assert "`frontdesk channels check`" in notice.text
    (answer,) = await kim.writes("I will look", notice)
    assert "Nothing was sent" in answer.text


async def test_what_they_say_to_each_other_is_left_alone(jo: OnWhatsapp, kim: Member) -> None:
    notice = await asks(jo)
    assert await kim.writes("who takes this one?") == []
    assert await kim.post(kim.message(notice.id, bot=4711, text="to another bot")) == []
    assert await from_people(jo) == []


async def test_an_erased_conversation_is_told(jo: OnWhatsapp, kim: Member) -> None:
    notice = await asks(jo)
    await kim.writes("Kim here.", notice)
    async with jo.house.store.begin() as unit:
        await erased(unit, str(await jo.conversation()), "Robin", jo.house.clock())
    (answer,) = await kim.writes("One more thing", notice)
    assert "its conversation has been deleted" in answer.text
    async with jo.house.store.begin() as unit:
        assert await unit.connection.scalar(text(
            "select count(*) from staff_chat_message where number = :number"), {"number": int(notice.id)}) == 0


async def test_the_same_post_twice_is_said_once(jo: OnWhatsapp, kim: Member) -> None:
    update = kim.message((await asks(jo)).id, text="Kim here.")
    for _ in range(3):
        await kim.post(update)
    assert await from_people(jo) == ["Kim here."]


async def test_posts_that_come_at_once_are_each_said_once(jo: OnWhatsapp, kim: Member) -> None:
    """Three replies by two colleagues, each posted four times, while their visitor writes and is being answered."""
    notice, lee = await asks(jo), await Member(kim.clinic, kim.provider, kim.door).links("Lee")
    posts = [who.message(notice.id, text=words) for who, words in ((kim, "one"), (lee, "two"), (kim, "three"))]
    headers = {HEADER: secret_of(TELEGRAM_TOKEN)}
    answers = await asyncio.gather(
        *(kim.door.post("/webhooks/telegram", json=post, headers=headers) for post in posts * 4),
        *(jo.says(f"what are your prices {n}") for n in range(4)))
    assert {answer.status_code for answer in answers} == {200}
    await jo.heard()
    await told(kim.clinic, kim.provider)
    assert sorted(await from_people(jo)) == ["one", "three", "two"]
    spoken = [one.sender for one in await said(jo)]
    assert "bot" not in spoken[spoken.index("person"):]


async def test_a_reply_is_taken_back(jo: OnWhatsapp, kim: Member, stranger: Member,
                                     monkeypatch: pytest.MonkeyPatch) -> None:
    """By one of the staff, and while it is theirs to take back."""
    notice = await asks(jo)
    monkeypatch.setattr(takeover, "UNDO", timedelta(minutes=5))
    (taken,) = await kim.writes("Wrong window, sorry", notice)
    (refused,) = await stranger.taps("Take it back", taken)
    (undone,) = await kim.taps("Take it back", taken)
    (late,) = await kim.taps("Take it back", taken)
    assert "nothing was sent" in refused.text
    assert (undone.text[:11], late.text[:9]) == ("Taken back.", "It is out")
    (back,) = await kim.taps("Hand back to the assistant", taken)
    assert "The assistant answers them again" in back.text
    assert await from_people(jo) == []
    assert [method for method, _ in kim.provider.other].count("answerCallbackQuery") == 4


@pytest.mark.parametrize(("content", "words"), [
    ({"photo": [telegram.PhotoSize("f", "u", 9, 9)], "caption": "do it like this"}, "Only words"),
    ({"voice": telegram.Voice("f", "u", 3)}, "Only words"), ({"text": " \n "}, "Only words"),
    ({"text": "/bakc"}, "I don't know that command")])
async def test_what_can_not_be_sent_is_told(jo: OnWhatsapp, kim: Member, content: dict[str, Any], words: str) -> None:
    (answer,) = await kim.post(kim.message((await asks(jo)).id, **content))
    assert answer.text.startswith(words)
    assert await from_people(jo) == []
    assert not await held(jo)


async def test_a_change_of_what_was_sent_is_not_sent(jo: OnWhatsapp, kim: Member) -> None:
    notice = await asks(jo)
    update = kim.message(notice.id, text="At five")
    await kim.post(update)
    changed = {**update.pop("message"), "text": "At six", "edit_date": 1}
    (answer,) = await kim.post({**update, "edited_message": changed})
    assert "a change does not reach them" in answer.text
    assert await from_people(jo) == ["At five"]


async def test_back_says_what_there_is_to_hand_back(jo: OnWhatsapp, kim: Member) -> None:
    """A case that nobody took stays one."""
    notice = await asks(jo)
    (which,) = await kim.writes("/back")
    (nothing,) = await kim.writes("/back@clinic_bot", notice)
    assert which.text.startswith("Please reply to one of my messages")
    assert nothing.text.startswith("The assistant answers there already")
    async with jo.house.store.begin() as unit:
        assert [case.state for case in await unit.cases.of(await jo.conversation())] == ["open"]


async def test_a_reply_after_the_window_is_told(jo: OnWhatsapp, kim: Member, clock: StoppedClock) -> None:
    """Once, under the reply, and it goes out when the visitor writes."""
    notice = await asks(jo)
    clock.now += timedelta(hours=25)
    update = kim.message(notice.id, text="Kim here, sorry for the wait.")
    news = await kim.post(update)
    (late,) = [one for one in news if one.text.startswith("That has not reached them")]
    assert "more than a day" in late.text
    assert late.answers == str(update["message"]["message_id"])
    assert [one for one in news if one.text.startswith("Undelivered")] == []
    await jo.says("hello?")
    await told(kim.clinic, kim.provider)
    assert "Kim here, sorry for the wait." in [one.text for one in await jo.heard()]


async def test_who_wanted_no_more_messages_is_answered_with_a_word_to_staff(jo: OnWhatsapp, kim: Member) -> None:
    notice = await asks(jo)
    await jo.says("STOP")
    (taken,) = await kim.writes("As you asked: you are off our list.", notice)
    assert "asked for no more messages" in taken.text
    assert "As you asked: you are off our list." in [one.text for one in await jo.heard()]


async def test_a_reply_to_who_blocked_us_is_told(clinic: House, provider: Provider, door: httpx.AsyncClient,
                                                 kim: Member) -> None:
    guest = OnTelegram(clinic, provider, door)
    notice = await asks(guest)
    async with clinic.store.begin() as unit:
        assert await unit.correspondents.lose("telegram", guest.address)
    news = [one.text for one in await kim.writes("Kim here.", notice)]
    assert [one for one in news if "they have blocked us" in one] == [
        "That has not reached them: they have blocked us. It can't be sent."]


async def test_a_reply_that_the_provider_gives_up_later_is_told(jo: OnWhatsapp, kim: Member) -> None:
    """By its word about a message that it had taken."""
    await kim.writes("Kim here.", await asks(jo))
    sent = next(one for one in jo.provider.to(jo.address) if one.text == "Kim here.")
    body = jo.body("pywa/message_status__failed")
    status = body["entry"][0]["changes"][0]["value"]["statuses"][0]
    status["id"] = f"wamid.{sent.id}"
    before = len(await told(kim.clinic, kim.provider))
    for _ in range(2):
        await jo.post(body)
    news = [one.text for one in (await told(kim.clinic, kim.provider))[before:]]
    assert len([one for one in news if one.startswith("That has not reached them")]) == 1


async def test_a_thread_that_goes_on_elsewhere_is_answered_there(clinic: House, provider: Provider, jo: OnWhatsapp,
                                                                 door: httpx.AsyncClient, kim: Member) -> None:
    web = OnWebsite(clinic, provider, door)
    notice = await asks(web)
    path, headers = await web._talk()
    links = (await door.post(path.replace("/messages", "/links"), headers=headers)).json()["links"]
    whatsapp = next(link["url"] for link in links if link["channel"] == "whatsapp")
    await jo.says(httpx.URL(whatsapp).params["text"])
    await jo.heard()
    await kim.writes("Kim here, on your phone.", notice)
    assert "Kim here, on your phone." in [one.text for one in await jo.heard()]
    assert "Kim here, on your phone." not in [one.text for one in await web.heard()]


async def test_a_group_that_took_nothing_is_told_again(jo: OnWhatsapp, kim: Member,
                                                       caplog: pytest.LogCaptureFixture) -> None:
    await jo.says("hello")
    await jo.heard()
    jo.provider.moods.append(refusing(403, {"ok": False, "description": "Forbidden: bot was kicked from the group"}))
    async with jo.house.store.begin() as unit:
        await jo.house.handoff.tell(unit, "whatsapp", "complaint", str(await jo.conversation()))
    end = time.monotonic() + 20
    while not [one for one in await told(kim.clinic, kim.provider) if one.text.startswith("Complaint")]:
        assert time.monotonic() < end, "it was not tried again"
        await asyncio.sleep(0.1)
    assert "is the bot in the group still" in caplog.text
    assert str(STAFF_CHAT) not in caplog.text


async def test_what_is_fetched_counts_as_well(jo: OnWhatsapp, kim: Member) -> None:
    """Without a public address, as on a laptop."""
    notice = await asks(jo)
    (listen,) = jo.house.messengers.fetching()
    jo.provider.bot = TELEGRAM_TOKEN
    jo.provider.updates.append(kim.message(notice.id, text="Kim here, from a laptop."))
    listening = asyncio.create_task(listen())  # type: ignore[arg-type]
    end = time.monotonic() + 20
    while await from_people(jo) != ["Kim here, from a laptop."]:
        assert time.monotonic() < end, "nobody fetched it"
        await asyncio.sleep(0.05)
    listening.cancel()
