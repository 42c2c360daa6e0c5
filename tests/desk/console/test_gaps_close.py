"""What becomes of a gap: a second pair of eyes, everybody who waits is told, and nothing is half done."""
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from bootstrap import House
from clinic.errors import ClinicError
from clinic.knowledge.content import load
from clinic.settings import ROOT
from clinic.store.publishing import Publishing
from tests.channels.kit.provider import Provider
from tests.channels.kit.visitor import OnTelegram
from tests.conftest import MONDAY_NOON, StoppedClock
from tests.desk.console.conftest import HASH, Colleague, Desk
from tests.desk.console.test_gap_loop import ANSWER, ASKED, writes
from tests.talk import Talk

TWO = "two_for_health: true"
DANGER = "crushing pain in my chest and my left arm has gone numb"


@pytest_asyncio.fixture
async def own(house: House, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """A clinic with a folder of its own; marked with it, one where two people answer for what is said about health."""
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "content", folder)
    if getattr(request, "param", "") == TWO:
        facts = folder / "clinic.yml"
        facts.write_text(facts.read_text().replace("two_for_health: false", TWO))
    publishing = Publishing(house.store, house.library, folder, "f" * 16, house.clock)
    await publishing.publish()
    await publishing.take_up()
    async with house.store.begin() as unit:
        for table in ("gap", "proposal"):
            await unit.connection.execute(text(f"delete from {table}"))
    yield replace(house, settings=replace(house.settings, content=folder), publishing=publishing)
    await house.publishing.publish()
    await house.publishing.take_up()


for_two = pytest.mark.parametrize("own", [TWO], indirect=True)


async def at_work(own: House, desk: Desk, name: str = "Morgan") -> Colleague:
    """A manager of that name, at the desk of the clinic with a folder of its own."""
    there = Desk(own)
    async with own.store.begin() as unit:
        await unit.staff.add(name, "manager", HASH, None, own.clock())
    colleague = there.browser()
    desk.opened += there.opened
    await colleague.signs_in(name)
    await colleague.opens("/desk/gaps")
    return colleague


async def answers(colleague: Colleague, kind: str = "practice") -> int:
    """Answer the first gap on the page."""
    link = re.search(r'href="(/desk/gaps/write\?[^"]*gaps=[^"]+)"', colleague.page)
    assert link
    return await writes(colleague, link[1], kind=kind)


async def asked(own: House, post: object, question: str = ASKED) -> Talk:
    talk = Talk(own, post)
    await talk.says(question)
    assert talk.kinds == ["not_covered"]
    return talk


async def said(talk: Talk) -> list[str]:
    async with talk.house.store.begin() as unit:
        return [one.text for one in await unit.messages.after(talk.conversation, 0) if one.sender == "bot"]


@for_two
async def test_an_answer_about_health_waits_for_a_second_person(own: House, desk: Desk, talk: Talk) -> None:
    """Whoever wrote it can't approve it; the other one can, and then it has both names."""
    await asked(own, talk.post)
    morgan = await at_work(own, desk)
    assert await answers(morgan, "health") == 200
    other = Talk(own, talk.post)
    await other.says(ASKED)
    assert other.kinds == ["not_covered"]
    proposal = re.search(r'name="proposal" value="(\d+)"', morgan.page)
    assert proposal
    assert (await morgan.sends("/desk/gaps/second", proposal=proposal[1], approve="yes")).status_code == 403
    robin = await at_work(own, desk, "Robin")
    assert ANSWER in robin.page
    assert (await robin.sends("/desk/gaps/second", proposal=proposal[1], approve="yes")).status_code == 200
    await other.says(ASKED)
    assert ANSWER in other.last.text
    assert "Morgan and Robin" in [faq.by for faq in load(own.settings.content).faqs]
    assert (await robin.sends("/desk/gaps/second", proposal=proposal[1], approve="yes")).status_code == 409


@for_two
async def test_calling_it_practice_does_not_get_around_that(own: House, desk: Desk, talk: Talk) -> None:
    """What answers somebody about what they have is about health, whatever the form says."""
    morgan = await at_work(own, desk)
    await writes(morgan, "/desk/gaps/write?faq=before-a-race", kind="practice", **{"need-injury": "on"})
    assert "Waiting for a second person" in morgan.page
    assert load(own.settings.content).faq("before-a-race").status == "to-confirm"  # type: ignore[union-attr]


@for_two
async def test_what_is_sent_back_is_not_said(own: House, desk: Desk, talk: Talk) -> None:
    await asked(own, talk.post)
    morgan, robin = await at_work(own, desk), await at_work(own, desk, "Robin")
    await answers(morgan, "health")
    await robin.opens("/desk/gaps")
    proposal = re.search(r'name="proposal" value="(\d+)"', robin.page)
    assert proposal
    await robin.sends("/desk/gaps/second", proposal=proposal[1], approve="no")
    assert ANSWER not in robin.page
    assert f"<q>{ASKED}</q>" in robin.page


async def test_everybody_who_waits_is_told_once(own: House, desk: Desk, talk: Talk) -> None:
    """Twice asked is once told; nobody who did not ask hears of it."""
    first, second = await asked(own, talk.post), await asked(own, talk.post)
    await first.says(ASKED)
    bystander = Talk(own, talk.post)
    await bystander.says("hello")
    morgan = await at_work(own, desk)
    await answers(morgan)
    assert await own.rounds.telling.tell_waiting() == 2
    assert await own.rounds.telling.tell_waiting() == 0
    for one in (first, second):
        told = [words for words in await said(one) if ANSWER in words]
        assert len(told) == 1
        assert ASKED in told[0]
    assert not any(ANSWER in words for words in await said(bystander))


async def test_nobody_is_told_over_a_person_or_a_red_flag(own: House, desk: Desk, talk: Talk,
                                                          clock: StoppedClock) -> None:
    """The assistant says nothing while a person has it; it does once they have given it back."""
    held, alarmed = await asked(own, talk.post), await asked(own, talk.post)
    await alarmed.says(DANGER)
    async with own.store.begin() as unit:
        await own.takeover.take(unit, held.conversation, "Robin")
    morgan = await at_work(own, desk)
    await answers(morgan)
    assert await own.rounds.telling.tell_waiting() == 0
    async with own.store.begin() as unit:
        await own.takeover.hand_back(unit, held.conversation, "Robin")
    assert await own.rounds.telling.tell_waiting() == 1
    assert any(ANSWER in words for words in await said(held))
    clock.now = MONDAY_NOON


async def test_a_thumb_down_is_a_gap_once(own: House, desk: Desk, talk: Talk) -> None:
    talk = Talk(own, talk.post)
    await talk.says("does massage help runners recover")
    assert talk.kinds == ["answer"]
    async with own.store.begin() as unit:
        assert await unit.gaps.dislike(talk.conversation, talk.last.n, own.clock())
        assert await unit.gaps.dislike(talk.conversation, talk.last.n, own.clock())
        assert not await unit.gaps.dislike(talk.conversation, talk.last.n - 1, own.clock())
        gaps = [(gap.text, gap.need, gap.why) for gap in await unit.gaps.open()]
    assert gaps == [("does massage help runners recover", "recovery", "thumbs_down")]


async def test_a_thumb_down_is_the_visitors_own(own: House, desk: Desk, talk: Talk) -> None:
    """By the token that opens the conversation; not in another's, and not of what is no answer."""
    client = desk.browser().client
    opened = (await client.post("/v1/conversations")).json()
    path = f"/v1/conversations/{opened['conversation']}/messages"
    mine = {"authorization": f"Bearer {opened['token']}"}
    answer = await client.post(f"{path}?wait=20", json={"id": "1", "text": "does massage help runners recover"},
                               headers=mine)
    n = answer.json()["replies"][0]["n"]
    assert (await client.post(f"{path}/{n}/dislike", headers={"authorization": "Bearer x"})).status_code == 401
    assert (await client.post(f"{path}/{n - 1}/dislike", headers=mine)).status_code == 404
    assert (await client.post(f"{path}/{2**80}/dislike", headers=mine)).status_code == 404
    assert (await client.post(f"{path}/{n}/dislike", headers=mine)).status_code == 204


async def test_a_thumb_down_on_a_messenger(own: House, desk: Desk, providers: Provider) -> None:
    """Set on an answer it is a gap, and no message to answer."""
    providers.clear()
    jo = OnTelegram(own, providers, desk.browser().client)
    await jo.says("does massage help runners recover")
    answer = (await jo.heard())[-1]
    thumb = {"chat": {"id": int(jo.address), "type": "private"}, "date": 1, "message_id": int(answer.id),
             "user": {"id": int(jo.address), "is_bot": False, "first_name": "J"}, "old_reaction": [],
             "new_reaction": [{"type": "emoji", "emoji": "👎🏽"}]}
    await jo.post({"update_id": 77, "message_reaction": thumb})
    async with own.store.begin() as unit:
        key = await jo.conversation()
        assert [(gap.conversation, gap.why) for gap in await unit.gaps.open()] == [(key, "thumbs_down")]
        assert len([one for one in await unit.messages.after(key, 0) if one.sender == "visitor"]) == 1


async def test_twice_misunderstood_is_a_gap(own: House, talk: Talk) -> None:
    talk = Talk(own, talk.post)
    await talk.says("asdfgh qwertz")
    await talk.says("hmpf blub zzz")
    assert talk.kinds == ["handoff"]
    async with own.store.begin() as unit:
        assert [(gap.text, gap.why) for gap in await unit.gaps.open()] == [
            ("hmpf blub zzz", "misunderstood")]


async def test_where_publishing_fails_the_files_are_as_they_were(own: House, desk: Desk,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    """The database goes away in the middle: no file says what is not live."""
    morgan = await at_work(own, desk)
    folder = own.settings.content
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    async def gone(self: Publishing) -> str:
        raise ClinicError("the database went away")

    monkeypatch.setattr(Publishing, "publish", gone)
    assert await writes(morgan, "/desk/gaps/write?faq=before-a-race", kind="practice") == 409
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert not (folder / "checks.yml").exists()


async def test_past_its_review_practice_is_said_on_and_health_is_not(own: House, talk: Talk,
                                                                     clock: StoppedClock) -> None:
    """What is only how the clinic works nags at the desk; what is about health waits for somebody to look."""
    faqs = own.library.current.content.faqs
    practice = next(faq for faq in faqs if faq.status == "confirmed" and faq.kind == "practice")
    assert practice.review_by
    later = practice.review_by + timedelta(days=1)
    assert practice.spoken(later)
    assert practice in own.library.current.content.to_confirm(later)
    assert not replace(practice, kind="health").spoken(later)
    assert replace(practice, kind="health").spoken(practice.review_by)
