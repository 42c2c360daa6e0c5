"""Somebody asks what is kept of them: told, sent and deleted at once on the website; by a person elsewhere."""
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio

from bootstrap import House, door_of
from tests.channels.kit.provider import Provider
from tests.channels.kit.visitor import OnTelegram
from tests.conftest import StoppedClock
from tests.talk import Talk

DANGER = "crushing pain in my chest and my left arm has gone numb"


@pytest_asyncio.fixture
async def browser(house: House) -> AsyncIterator[httpx.AsyncClient]:
    door = httpx.ASGITransport(door_of(house))
    async with httpx.AsyncClient(transport=door, base_url="http://localhost:8000") as one:
        yield one


def link_in(talk: Talk) -> str:
    found = re.search(r"https?://[^/\s]+(/privacy/\S+)", talk.last.text)
    assert found, talk.last.text
    return found[1]


async def asks_for(talk: Talk, what: str) -> None:
    await talk.says("what do you keep about me")
    assert talk.kinds == ["privacy"]
    await talk.taps("Delete or send")
    await talk.taps(what)


async def test_what_is_kept_is_told_from_the_register(talk: Talk, browser: httpx.AsyncClient) -> None:
    await talk.says("what data do you store about me?")
    assert talk.kinds == ["privacy"]
    assert all(line in talk.last.text for line in talk.house.library.current.content.privacy.told())
    assert "article 9" in (await browser.get("/privacy")).text


async def test_a_copy_is_handed_out_once(talk: Talk, browser: httpx.AsyncClient, clock: StoppedClock) -> None:
    """Looking at the link does not use it up; a second download, a guess, and an old link find nothing."""
    await talk.says("do you treat sore calves")
    await asks_for(talk, "Send me a copy")
    link = link_in(talk)
    assert (await browser.get(link)).status_code == 200
    assert (await browser.get(link)).status_code == 200
    answer = await browser.post(link)
    assert "do you treat sore calves" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert (await browser.post(link)).status_code == 404
    gone = await browser.get(link)
    assert (gone.status_code, gone.headers["cache-control"]) == (404, "no-store")
    assert "This link has ended" in gone.text
    assert (await browser.post(link[:-1] + ("A" if link[-1] != "A" else "B"))).status_code == 404
    await asks_for(talk, "Send me a copy")
    clock.now += timedelta(minutes=61)
    assert (await browser.post(link_in(talk))).status_code == 404


async def test_all_is_deleted_after_a_yes(talk: Talk, house: House, browser: httpx.AsyncClient,
                                          clock: StoppedClock) -> None:
    await talk.says("do you treat sore calves")
    await asks_for(talk, "Delete it all")
    await house.rounds.forgetting.erase_asked()
    async with house.store.begin() as unit:
        assert await unit.messages.after(talk.conversation, 0)  # nobody said yes yet
    await talk.taps("Yes, delete")
    receipt = link_in(talk)
    assert "being deleted" in (await browser.get(receipt)).text
    clock.now += timedelta(seconds=6)
    assert await house.rounds.forgetting.erase_asked() == 1
    async with house.store.begin() as unit:
        assert await unit.messages.after(talk.conversation, 0) == []
    page = (await browser.get(receipt)).text
    assert "0 rows were left" in page
    assert str(talk.conversation) not in page
    assert (await browser.get(receipt + "x")).status_code == 404


async def test_kept_after_all(talk: Talk, house: House, clock: StoppedClock) -> None:
    await asks_for(talk, "Delete it all")
    await talk.taps("Keep it")
    clock.now += timedelta(minutes=1)
    assert await house.rounds.forgetting.erase_asked() == 0


async def test_danger_after_a_yes_goes_to_a_person(talk: Talk, house: House, clock: StoppedClock) -> None:
    """What somebody in danger wrote is not made away with by a machine."""
    await asks_for(talk, "Delete it all")
    await talk.taps("Yes, delete")
    await talk.says(DANGER)
    clock.now += timedelta(seconds=6)
    assert await house.rounds.forgetting.erase_asked() == 0
    assert "data_request" in await talk.cases()
    other = Talk(house, talk.post)
    await other.says(DANGER)
    await other.says("delete my data")
    assert other.last.choices == []
    assert "data_request" in await other.cases()


async def test_elsewhere_a_person_makes_sure_who_asks(house: House, providers: Provider,
                                                      browser: httpx.AsyncClient) -> None:
    """A number may be lent, lost or somebody else's: nothing is sent or deleted there by itself."""
    providers.clear()
    jo = OnTelegram(house, providers, browser)
    await jo.says("delete my data please")
    assert (await jo.heard())[-1].tokens == ()
    async with house.store.begin() as unit:
        key = await jo.conversation()
        assert key
        assert [case.reason for case in await unit.cases.of(key)] == ["data_request"]
        assert [wish for wish in await unit.data_requests.newest() if wish.conversation == key] == []


@pytest.mark.parametrize("said", ["delete everything you have about me", "i want a copy of my data"])
async def test_a_person_can_be_asked_instead(talk: Talk, said: str) -> None:
    await talk.says(said)
    assert talk.kinds == ["privacy"]
    await talk.taps("Ask the clinic")
    assert "data_request" in await talk.cases()
