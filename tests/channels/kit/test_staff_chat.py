"""Staff in their own pocket: what they write under a notice in their Telegram group reaches the visitor."""
import asyncio
import re
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
import telegram
from sqlalchemy import text

from bootstrap import House, door_of, open_house, working
from channels import takeover
from channels.telegram.verify import HEADER, secret_of
from clinic.conversation import Message
from clinic.errors import SettingsError
from clinic.settings import Settings
from clinic.store.audit import Entry
from clinic.store.staff_chat import GOOD_FOR
from desk.colleagues import end_link, link_telegram
from desk.listing import NothingThere
from desk.privacy import erased
from desk.staff_chat import groups, standing
from tests.channels.kit.member import STAFF_CHAT, Member, told
from tests.channels.kit.provider import Provider, Running, Taken, refusing
from tests.channels.kit.visitor import (
    EVERYWHERE,
    TELEGRAM_TOKEN,
    TWILIO,
    WHATSAPP,
    OnAMessenger,
    OnTelegram,
    OnWebsite,
    OnWhatsapp,
)
from tests.conftest import MONDAY_NOON, Pigeonhole, StoppedClock
from tests.desk.console.conftest import Desk

CHANNELS = ("telegram", "twilio", "website", "whatsapp")
WISH = "can i talk to a person please, my groin is sore"
"""What a visitor writes; the group is not to read of it."""


@pytest.fixture(scope="module")
def staffs_provider() -> AsyncIterator[Provider]:
    provider = Provider()
    running = Running(provider)
    running.start()
    yield provider  # type: ignore[misc]
    running.stop()


@pytest_asyncio.fixture(scope="module")
async def clinic(house: House, staffs_provider: Provider, clock: StoppedClock) -> AsyncIterator[House]:
    """A house whose staff have a group of their own."""
    home, url = Path(tempfile.mkdtemp(prefix="frontdesk-")), staffs_provider.url
    (home / "encoder").symlink_to(Settings.read({}).encoder)
    settings = Settings.read({
        "FRONTDESK_HOME": str(home), "TELEGRAM_TOKEN": TELEGRAM_TOKEN, "TELEGRAM_NAME": "clinic_bot",
        "TELEGRAM_STAFF_CHAT": str(STAFF_CHAT), "TELEGRAM_API": f"{url}/tg", **WHATSAPP, "WHATSAPP_API": f"{url}/wa",
        **TWILIO, "TWILIO_API": f"{url}/tw"})
    async with open_house(settings, agent=house.agent, clock=clock, post=Pigeonhole()) as opened, \
            working(opened, ("turns", "notices")):
        yield opened
    shutil.rmtree(home, ignore_errors=True)


@pytest_asyncio.fixture
async def door(clinic: House) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(door_of(clinic), raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        yield client


@pytest.fixture
def provider(staffs_provider: Provider, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """Who was sent nothing yet; a reply that is not taken back goes out at once."""
    clock.now = MONDAY_NOON
    monkeypatch.setattr(takeover, "UNDO", timedelta(0))
    staffs_provider.clear()
    yield staffs_provider  # type: ignore[misc]
    assert staffs_provider.faults == []


@pytest.fixture(params=CHANNELS)
def visitor(request: pytest.FixtureRequest, clinic: House, provider: Provider, door: httpx.AsyncClient) -> OnAMessenger:
    return EVERYWHERE[request.param](clinic, provider, door)


@pytest.fixture
def jo(clinic: House, provider: Provider, door: httpx.AsyncClient) -> OnWhatsapp:
    return OnWhatsapp(clinic, provider, door)


@pytest.fixture
def stranger(clinic: House, provider: Provider, door: httpx.AsyncClient) -> Member:
    """In the group, and linked to nobody who works here."""
    return Member(clinic, provider, door)


@pytest_asyncio.fixture
async def kim(stranger: Member) -> Member:
    return await Member(stranger.clinic, stranger.provider, stranger.door).links()


async def asks(visitor: OnAMessenger, said: str = WISH) -> Taken:
    """The visitor asks for a person; the notice of it."""
    before = len(await told(visitor.house, visitor.provider))
    await visitor.says(said)
    await visitor.heard()
    return (await told(visitor.house, visitor.provider))[before]


async def said(visitor: OnAMessenger) -> list[Message]:
    async with visitor.house.store.begin() as unit:
        return await unit.messages.after(await visitor.conversation(), 0)


async def from_people(visitor: OnAMessenger) -> list[str]:
    return [one.text for one in await said(visitor) if one.sender == "person"]


async def held(visitor: OnAMessenger) -> bool:
    async with visitor.house.store.begin() as unit:
        return (await unit.conversations.lock(await visitor.conversation())).held_by_staff


async def log_of(visitor: OnAMessenger) -> list[tuple[str, str, str]]:
    async with visitor.house.store.begin() as unit:
        return [(one.by, one.did, one.page) for one in await unit.audit.entries(await visitor.conversation())]


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


async def test_who_is_linked_to_nobody_sends_nothing(jo: OnWhatsapp, stranger: Member) -> None:
    notice = await asks(jo)
    for tried in ("I am from reception", "/back", "/undo 1"):
        (answer,) = await stranger.writes(tried, notice)
        assert "frontdesk desk link-telegram" in answer.text
    assert await from_people(jo) == []
    assert not await held(jo)
    async with jo.house.store.begin() as unit:
        refused = [one.did for one in await unit.audit.entries() if one.by == "somebody in the staff chat"]
    assert refused[:3] == ["refused"] * 3


async def test_who_is_let_in_no_more_sends_nothing(jo: OnWhatsapp, stranger: Member) -> None:
    """Nor when they are let in again: they bring a new code."""
    robin, notice = await stranger.links("Robin"), await asks(jo)
    for active in (False, True):
        async with jo.house.store.begin() as unit:
            known = [one.id for one in await unit.staff.everybody() if one.name == "Robin"]
            await unit.staff.change(known[0], active=active)
        (answer,) = await robin.writes("Robin here.", notice)
        assert "nothing was sent" in answer.text
    assert await from_people(jo) == []


async def test_a_new_password_ends_the_link(jo: OnWhatsapp, stranger: Member) -> None:
    lee, notice = await stranger.links("Lee"), await asks(jo)
    async with jo.house.store.begin() as unit:
        known = await unit.staff.known_as("Lee")
        assert known
        await unit.staff.change(known.colleague.id, role="reception")
    await lee.writes("Lee here.", notice)
    async with jo.house.store.begin() as unit:
        await unit.staff.change(known.colleague.id, password="another")  # noqa: S106 - made up
    await lee.writes("Lee again.", notice)
    assert await from_people(jo) == ["Lee here."]


@pytest.mark.parametrize("how", [
    {"from": {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}},
    {"sender_chat": {"id": STAFF_CHAT, "type": "supergroup", "title": "Reception"}},
    {"sender_chat": {"id": -100777, "type": "channel", "title": "News"}, "is_automatic_forward": True},
    {"from": None}])
async def test_whom_telegram_does_not_name_sends_nothing(jo: OnWhatsapp, kim: Member, how: dict[str, Any]) -> None:
    """Also where the post carries the account of somebody who is linked."""
    notice = await asks(jo)
    update = kim.message(notice.id, text="I am the group")
    update["message"] = {key: value for key, value in {**update["message"], **how}.items() if value is not None}
    (answer,) = await kim.post(update)
    assert "Telegram does not tell me who wrote that" in answer.text
    assert await from_people(jo) == []


async def test_another_group_is_not_the_staffs(jo: OnWhatsapp, kim: Member) -> None:
    """One that a stranger put the bot into, with the numbers of our notices in it; also by who is linked."""
    notice = await asks(jo)
    elsewhere = Member(kim.clinic, kim.provider, kim.door, chat=-1009876543210)
    elsewhere.account = kim.account
    assert await elsewhere.writes("I am from reception", notice) == []
    assert await elsewhere.taps("", notice, data="/back") == []
    assert await elsewhere.writes("/back", notice) == []
    assert await from_people(jo) == []
    (declined,) = kim.provider.to("-1009876543210")
    assert "don't answer in groups" in declined.text


async def test_the_staffs_chat_named_within_a_message_makes_no_other_chat_theirs(jo: OnWhatsapp, kim: Member) -> None:
    """Whoever answers a notice from elsewhere, by whatever the post says of where it was."""
    notice = await asks(jo)
    elsewhere = Member(kim.clinic, kim.provider, kim.door, chat=-1009876543211)
    elsewhere.account = kim.account
    update = elsewhere.message(notice.id, text="I am from reception")
    update["message"]["reply_to_message"]["chat"]["id"] = STAFF_CHAT
    update["message"]["external_reply"] = {"chat": {"id": STAFF_CHAT, "type": "supergroup"},
                                           "message_id": int(notice.id)}
    assert await elsewhere.post(update) == []
    assert await from_people(jo) == []


async def test_no_visitor_is_taken_for_staff(jo: OnWhatsapp, kim: Member) -> None:
    """A chat with the bot alone is a visitor's, also that of a colleague, with a code or with a notice's number."""
    notice = await asks(jo)
    guest = OnTelegram(jo.house, jo.provider, jo.door)
    guest.address = str(kim.account)
    async with jo.house.store.begin() as unit:
        known = await unit.staff.known_as("Kim")
        assert known
        code = await unit.staff_chat.offer_code(known.colleague.id, jo.house.clock())
    update = guest.update(text="I am from reception")
    update["message"]["reply_to_message"] = {**kim.message(notice.id, text="x")["message"]["reply_to_message"],
                                             "chat": {"id": int(guest.address), "type": "private"}}
    await guest.post(update)
    await guest.says(f"/link {code}")
    await guest.heard()
    assert await from_people(jo) == []
    assert [one.sender for one in await said(guest)].count("visitor") == 2
    (linked,) = await Member(kim.clinic, kim.provider, kim.door).writes(f"/link {code}")  # it is unused
    assert "You are Kim" in linked.text


async def test_an_unsigned_post_from_the_group_is_refused(jo: OnWhatsapp, kim: Member) -> None:
    update = kim.message((await asks(jo)).id, text="Kim here.")
    answer = await kim.door.post("/webhooks/telegram", json=update, headers={HEADER: "wrong"})
    assert answer.status_code == 401
    assert await from_people(jo) == []


async def test_a_number_of_no_notice_leads_nowhere(jo: OnWhatsapp, kim: Member) -> None:
    notice = await asks(jo)
    for number in ("1", str(int(notice.id) + 900), "9" * 17, "9" * 19):
        (answer,) = await kim.writes("Kim here.", number)
        assert "I can't tell any more which conversation" in answer.text
    assert await from_people(jo) == []


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


async def test_what_a_tap_carries_is_not_believed(jo: OnWhatsapp, kim: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another conversation's reply can't be taken back, and no words be sent, by a tap that somebody made up."""
    other = OnWhatsapp(jo.house, jo.provider, jo.door)
    mine, notice = await asks(jo), await asks(other)
    monkeypatch.setattr(takeover, "UNDO", timedelta(minutes=5))
    (taken,) = await kim.writes("For the other one", notice)
    (answer,) = await kim.taps("", mine, data=taken.tokens[0])
    assert answer.text.startswith("It is out")
    assert await kim.taps("", mine, data="words by a tap") == []
    async with jo.house.store.begin() as unit:
        assert [one.text for one in await unit.outgoing.waiting(await other.conversation())] == ["For the other one"]
    assert await from_people(jo) == []


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


async def test_a_code_works_once_and_for_a_while(stranger: Member, kim: Member, clock: StoppedClock) -> None:
    async with kim.clinic.store.begin() as unit:
        staff = await unit.staff.add(f"Sam {stranger.account}", "reception", "-", None, clock.now)
        late = await unit.staff_chat.offer_code(staff, clock.now)
        clock.now += GOOD_FOR
    assert (await stranger.writes(f"/link {late}"))[0].text.startswith("That code is not known")
    async with kim.clinic.store.begin() as unit:
        old = await unit.staff_chat.offer_code(staff, clock.now)
        new = await unit.staff_chat.offer_code(staff, clock.now)
    assert (await stranger.writes(f"/link {old}"))[0].text.startswith("That code is not known")
    assert (await stranger.writes(f"/link@clinic_bot {new[:6].lower()}-{new[6:]}"))[0].text.startswith("You are Sam")
    assert (await kim.writes(f"/link {new}"))[0].text.startswith("That code is not known")
    assert (await kim.writes("/link"))[0].text.startswith("Write /link and the code")
    async with kim.clinic.store.begin() as unit:
        rows = (await unit.connection.scalars(text("select staff_chat_link::text from staff_chat_link"))).all()
    assert new not in repr(rows)


async def test_one_account_is_one_colleague_and_the_other_way_round(stranger: Member, jo: OnWhatsapp) -> None:
    first = await stranger.links("Ash")
    second = await Member(first.clinic, first.provider, first.door).links("Ash")
    notice = await asks(jo)
    assert "nothing was sent" in (await first.writes("By the old phone", notice))[0].text
    await second.links("Bo")
    assert "Thank you, Bo." in (await second.writes("By the new phone", notice))[0].text
    assert await from_people(jo) == ["By the new phone"]


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


async def test_where_no_group_is_named_every_group_is_declined(house: House, kim: Member) -> None:
    """The house of the other tests has none: the same posts are of no account there."""
    before = kim.message("5", text="/link ABCDEFGHJKMN")
    transport = httpx.ASGITransport(door_of(house), raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        answer = await client.post("/webhooks/telegram", json=before, headers={HEADER: secret_of(TELEGRAM_TOKEN)})
    assert answer.status_code == 200
    async with house.store.begin() as unit:
        assert await unit.correspondents.known("telegram", str(STAFF_CHAT))
        assert await unit.staff_chat.linked() == set()
        await unit.connection.execute(text("delete from conversation where id in (select conversation from alias "
                                           "where address = :chat)"), {"chat": str(STAFF_CHAT)})


async def test_a_colleague_makes_their_own_code_at_the_desk(clinic: House, jo: OnWhatsapp, stranger: Member) -> None:
    """And ends it there, when the phone is lost."""
    desk = Desk(clinic)
    await desk.employs("Max", "therapist")
    max_, notice = desk.browser(), await asks(jo)
    await max_.signs_in("Max")
    assert "/desk/phone" in (await max_.opens("/desk")).text
    assert "not known there yet" in (await max_.opens("/desk/phone")).text
    await max_.sends("/desk/phone/code")
    code = re.search(r"/link (\w{12})<", max_.page)
    assert code
    assert "You are Max" in (await stranger.writes(f"/link {code[1]}"))[0].text
    assert "You are known there" in (await max_.opens("/desk/phone")).text
    await stranger.writes("Max here.", notice)
    assert "Max" in (await max_.opens(f"/desk/threads/{await jo.conversation()}")).text
    await max_.sends("/desk/phone/end")
    assert "nothing was sent" in (await stranger.writes("And again", notice))[0].text
    assert await from_people(jo) == ["Max here."]
    assert ("Max", "changed", "/phone/code") in [(one.by, one.did, one.page) for one in await entries(clinic)]
    await max_.client.aclose()


async def entries(clinic: House) -> list[Entry]:
    async with clinic.store.begin() as unit:
        return await unit.audit.entries()


async def test_a_code_is_made_by_command(clinic: House, jo: OnWhatsapp, stranger: Member,
                                         capsys: pytest.CaptureFixture[str]) -> None:
    notice = await asks(jo)
    with pytest.raises(NothingThere):
        await link_telegram(clinic.settings, "Nobody Here")
    async with clinic.store.begin() as unit:
        await unit.staff.add("Rae", "manager", "-", None, clinic.clock())
    real_time = datetime.now(UTC)
    await link_telegram(clinic.settings, "rae")
    code = capsys.readouterr().out.split()[-1]
    clinic.clock.now = real_time  # type: ignore[attr-defined]
    assert "You are Rae" in (await stranger.writes(f"/link {code}"))[0].text
    await end_link(clinic.settings, "Rae")
    assert "nothing was sent" in (await stranger.writes("Rae here.", notice))[0].text
    assert "can't answer from the staff chat any more" in capsys.readouterr().out


async def test_the_groups_are_listed_and_the_staffs_is_looked_at(clinic: House, provider: Provider, stranger: Member,
                                                                capsys: pytest.CaptureFixture[str]) -> None:
    """Their ids are had by no other way; a group without the bot can't be told anything."""
    other = Member(clinic, provider, stranger.door, chat=-1009876543777)
    await other.writes("/start")
    with pytest.raises(NothingThere, match="not in the group"):
        await standing(clinic.messengers.channels["telegram"])  # type: ignore[arg-type]
    provider.groups = {-1009876543777: "Reception team", STAFF_CHAT: "Reception"}
    await groups(clinic.settings)
    said = capsys.readouterr().out
    assert "-1009876543777  Reception team\n" in said
    assert await standing(clinic.messengers.channels["telegram"]) == "staff are told in Reception"  # type: ignore[arg-type]


@pytest.mark.parametrize(("given", "words"), [
    ({"TELEGRAM_STAFF_CHAT": "12345", "TELEGRAM_TOKEN": TELEGRAM_TOKEN}, "a group's id"),
    ({"TELEGRAM_STAFF_CHAT": "-0", "TELEGRAM_TOKEN": TELEGRAM_TOKEN}, "a group's id"),
    ({"TELEGRAM_STAFF_CHAT": "@reception", "TELEGRAM_TOKEN": TELEGRAM_TOKEN}, "a group's id"),
    ({"TELEGRAM_STAFF_CHAT": "-100123"}, "TELEGRAM_TOKEN is not")])
def test_what_can_be_no_staff_chat_is_refused(given: dict[str, str], words: str) -> None:
    """A chat with one person least of all: it may be a visitor's."""
    with pytest.raises(SettingsError, match=words):
        Settings.read(given)
