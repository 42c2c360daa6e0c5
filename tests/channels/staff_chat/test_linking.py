"""Which account in the group is whose: codes that work once, from the desk and by command."""
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bootstrap import House
from clinic.store.audit import Entry
from clinic.store.staff_chat import GOOD_FOR
from desk.colleagues import end_link, link_telegram
from desk.listing import NothingThere
from desk.staff_chat import groups, standing
from tests.channels.kit.member import STAFF_CHAT, Member
from tests.channels.kit.provider import Provider
from tests.channels.kit.visitor import (
    OnWhatsapp,
)
from tests.channels.staff_chat.reading import asks, from_people
from tests.conftest import StoppedClock
from tests.desk.console.conftest import Desk


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
