"""Nobody but linked colleagues in the staff's own group is taken for staff."""
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from bootstrap import House, door_of
from channels import takeover
from channels.telegram.verify import HEADER, secret_of
from clinic.errors import SettingsError
from clinic.settings import Settings
from tests.channels.kit.member import STAFF_CHAT, Member
from tests.channels.kit.visitor import (
    TELEGRAM_TOKEN,
    OnTelegram,
    OnWhatsapp,
)
from tests.channels.staff_chat.reading import asks, from_people, held, said


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


@pytest.mark.parametrize(("given", "words"), [
    ({"TELEGRAM_STAFF_CHAT": "12345", "TELEGRAM_TOKEN": TELEGRAM_TOKEN}, "a group's id"),
    ({"TELEGRAM_STAFF_CHAT": "-0", "TELEGRAM_TOKEN": TELEGRAM_TOKEN}, "a group's id"),
    ({"TELEGRAM_STAFF_CHAT": "@reception", "TELEGRAM_TOKEN": TELEGRAM_TOKEN}, "a group's id"),
    ({"TELEGRAM_STAFF_CHAT": "-100123"}, "TELEGRAM_TOKEN is not")])
def test_what_can_be_no_staff_chat_is_refused(given: dict[str, str], words: str) -> None:
    """A chat with one person least of all: it may be a visitor's."""
    with pytest.raises(SettingsError, match=words):
        Settings.read(given)
