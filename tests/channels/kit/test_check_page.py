"""The check before a booking, asked from a messenger: on our own page, so that nothing of health stands in there."""
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from bootstrap import House
from clinic.safety.page import LASTS, CheckPage
from tests.channels.kit.test_conformance import DANGER
from tests.channels.kit.visitor import OnAMessenger
from tests.conftest import StoppedClock

BOOKING = "can i book an hour thursday afternoon, Sam Hill, 07700 900123"
LINK = re.compile(r"https://clinic\.example(/check/\S+)")


@pytest.fixture(autouse=True)
async def on_the_internet(house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The clinic's pages can be reached from a visitor's phone; what was booked there is nobody's afterwards."""
    channels = house.tidings.page._elsewhere
    monkeypatch.setattr(house.tidings, "page", CheckPage("https://clinic.example", channels))
    yield
    async with house.store.begin() as unit:
        await unit.connection.execute(text("delete from appointment"))


async def asked(visitor: OnAMessenger) -> str:
    """They book, up to the check; where that is answered."""
    async with visitor.house.store.begin() as unit:
        await unit.connection.execute(text("delete from appointment"))
    await visitor.says(BOOKING)
    for _ in range(3):
        last = (await visitor.heard())[-1].text
        if found := LINK.search(last):
            return found[1]
        await visitor.says("1")
    raise AssertionError(last)


def step(page: httpx.Response) -> str:
    found = re.search(r'name="step" value="(\d+)"', page.text)
    assert found, page.text
    return found[1]


async def answers(door: httpx.AsyncClient, path: str, **given: str) -> httpx.Response:
    """Fill in the page as it stands."""
    return await door.post(path, data={"step": step(await door.get(path)), **given})


async def slot(visitor: OnAMessenger) -> str | None:
    async with visitor.house.store.begin() as unit:
        thread = await unit.threads.thread(await visitor.conversation())
    found = re.findall(r'"name": "health_check", "value": "?(\w+)', thread.events if thread and thread.events else "")
    return found[-1] if found else None


async def test_the_check_is_answered_on_our_page(visitor: OnAMessenger, door: httpx.AsyncClient) -> None:
    """The talk goes on by itself, and what they told is with the booking, not in the chat."""
    path = await asked(visitor)
    before = len(await visitor.heard())
    page = await door.get(path)
    assert page.status_code == 200
    assert "form-action 'self'" in page.headers["content-security-policy"]
    await answers(door, path, value="agree")
    await answers(door, path, value="blood")
    await answers(door, path, text="warfarin since march, all well")
    last = await answers(door, path, value="none")
    assert "One thing first" in last.text
    told = "\n".join(taken.text for taken in (await visitor.heard())[before:])
    assert "Sam Hill" in told  # it is read back
    assert not re.search(r"warfarin|blood|\bthin", told, re.I)
    async with visitor.house.store.begin() as unit:
        said = await unit.messages.after(await visitor.conversation(), 0)
    assert not any("warfarin" in one.text for one in said)
    assert await slot(visitor) == "clearance"


async def test_the_link_ends_with_the_last_answer(visitor: OnAMessenger, door: httpx.AsyncClient) -> None:
    path = await asked(visitor)
    await answers(door, path, value="agree")
    await answers(door, path, value="none")
    again = await door.get(path)
    assert again.status_code == 410
    assert "<form" not in again.text
    before = len(await visitor.heard())
    assert (await door.post(path, data={"step": "1", "value": "heart"})).status_code == 410
    assert len(await visitor.heard()) == before
    assert await slot(visitor) == "fine"


async def test_an_answer_that_is_sent_twice_counts_once(visitor: OnAMessenger, door: httpx.AsyncClient) -> None:
    path = await asked(visitor)
    await answers(door, path, value="agree")
    first = step(await door.get(path))
    await door.post(path, data={"step": first, "value": "blood"})
    again = await door.post(path, data={"step": first, "value": "none"})
    assert step(again) == str(int(first) + 1)
    assert await slot(visitor) in (None, "null")


@pytest.mark.parametrize("wrong", ["key", "id"])
async def test_a_link_that_was_guessed_opens_nothing(visitor: OnAMessenger, door: httpx.AsyncClient,
                                                     wrong: str) -> None:
    path = await asked(visitor)
    _, check, id, key = path.split("/")
    other = key[:-1] + ("A" if key[-1] != "A" else "B")
    guessed = f"/{check}/{id}/{other}" if wrong == "key" else f"/{check}/{id[:-1]}{'0' if id[-1] != '0' else '1'}/{key}"
    assert (await door.get(guessed)).status_code == 404


async def test_a_link_ends_after_a_while(visitor: OnAMessenger, door: httpx.AsyncClient, clock: StoppedClock) -> None:
    """Who says that they did it, and did not, is given another."""
    path = await asked(visitor)
    clock.now += LASTS + timedelta(minutes=1)
    assert (await door.get(path)).status_code == 410
    await visitor.says("I have answered it")
    found = LINK.search((await visitor.heard())[-1].text)
    assert found
    assert found[1] != path
    assert (await door.get(found[1])).status_code == 200


async def test_danger_on_the_page_is_answered_there_at_once(visitor: OnAMessenger, door: httpx.AsyncClient) -> None:
    path = await asked(visitor)
    await answers(door, path, value="agree")
    page = await answers(door, path, text=DANGER)
    assert "999" in page.text
    assert 'role="alert"' in page.text
    key = await visitor.conversation()
    async with visitor.house.store.begin() as unit:
        assert (await unit.conversations.lock(key)).level == "emergency"
        assert "safety_emergency" in [case.reason for case in await unit.cases.of(key)]
    assert (await door.get(path)).status_code == 410
    before = len(await visitor.heard())
    await visitor.says("I have answered it")
    heard = (await visitor.heard())[before:]
    assert heard
    assert "Sam Hill" not in heard[-1].text  # a person arranges it


async def test_who_would_rather_tell_a_person_need_not_open_it(visitor: OnAMessenger) -> None:
    await asked(visitor)
    last = (await visitor.heard())[-1]
    await (visitor.taps("I'd rather") if last.tokens and visitor.name != "whatsapp" else visitor.says("2"))
    await visitor.heard()
    assert await slot(visitor) == "refused"


async def test_where_our_pages_cannot_be_reached_it_is_asked_in_the_chat(visitor: OnAMessenger, house: House,
                                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    """A laptop without an address, on which somebody tries it."""
    monkeypatch.setattr(house.tidings, "page", CheckPage("http://localhost:8000", house.tidings.page._elsewhere))
    await visitor.says(BOOKING)
    for _ in range(3):
        if "May I ask?" in (last := (await visitor.heard())[-1].text):
            break
        await visitor.says("1")
    assert "May I ask?" in last
