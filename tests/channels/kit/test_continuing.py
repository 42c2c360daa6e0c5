"""A conversation from the website that goes on on a messenger, by real posts of the messenger's."""
import asyncio
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bootstrap import House
from channels.inbox import Arrival
from tests.channels.kit.provider import Provider
from tests.channels.kit.test_conformance import DANGER
from tests.channels.kit.visitor import OnAMessenger, OnTelegram, OnTwilio, OnWebsite, OnWhatsapp
from tests.conftest import StoppedClock

CODE = re.compile(r"go-[\w-]{22}")


@pytest.fixture
def web(house: House, provider: Provider, door: httpx.AsyncClient) -> OnWebsite:
    """The same person, in the chat on the website."""
    return OnWebsite(house, provider, door)


async def links(web: OnWebsite) -> dict[str, str]:
    path, headers = await web._talk()
    answer = await web.door.post(path.replace("/messages", "/links"), headers=headers)
    assert answer.status_code == 201
    return {link["channel"]: link["url"] for link in answer.json()["links"]}


async def code(web: OnWebsite) -> str:
    found = CODE.search((await links(web))["telegram"])
    assert found
    return found[0]


async def brings(visitor: OnAMessenger, code: str) -> list[str]:
    """They send it as their messenger has it ready; what they hear to that."""
    before = len(await visitor.heard())
    said = f"/start {code}" if visitor.name == "telegram" else f"Please go on here. {code}"
    assert (await visitor.says(said)).status_code == 200
    return [taken.text for taken in (await visitor.heard())[before:]]


async def thread(visitor: OnAMessenger) -> list[tuple[str, str]]:
    async with visitor.house.store.begin() as unit:
        return [(one.sender, one.text) for one in await unit.messages.after(await visitor.conversation(), 0)]


async def test_the_links_open_each_messenger_as_it_wants(web: OnWebsite) -> None:
    await web.says("hello")
    found = await links(web)
    assert {"telegram", "whatsapp"} <= found.keys()
    whatsapp, telegram = urlsplit(found["whatsapp"]), urlsplit(found["telegram"])
    assert (whatsapp.netloc, whatsapp.path) == ("wa.me", "/441632960001")
    assert (telegram.netloc, telegram.path) == ("t.me", "/clinic_bot")
    start = parse_qs(telegram.query)["start"][0]
    assert CODE.fullmatch(start)
    assert len(start) <= 64  # of Telegram's own
    assert start in parse_qs(whatsapp.query)["text"][0]


async def test_the_chat_says_where_it_can_go_on(web: OnWebsite) -> None:
    places = (await web.door.get("/v1/clinic")).json()["elsewhere"]
    assert {"channel": "telegram", "label": "Telegram"} in places
    assert {"channel": "whatsapp", "label": "WhatsApp"} in places


async def test_all_that_was_said_goes_along(web: OnWebsite, visitor: OnAMessenger) -> None:
    await web.says("what are your prices")
    price = (await web.heard())[-1].text
    heard = await brings(visitor, await code(web))
    assert "automated assistant" in heard[0]
    assert price.split("\n")[0] in heard[-1]  # where they were
    assert [sender for sender, _ in await thread(visitor)] == ["visitor", "bot", "visitor", "bot"]
    assert (await thread(visitor))[0] == ("visitor", "what are your prices")
    assert not any(CODE.search(text) for _, text in await thread(visitor))


async def test_a_booking_goes_on_where_it_stood(web: OnWebsite, visitor: OnAMessenger) -> None:
    """The time that was kept is still kept, and the next answer is the one that was asked for."""
    await web.says("can i book an hour thursday afternoon")
    if not any("name" in taken.text.lower() for taken in (await web.heard())[-1:]):
        await web.says("1")
    await web.heard()
    async with web.house.store.begin() as unit:
        kept = await unit.book.held(await web.conversation())
    assert kept
    await brings(visitor, await code(web))
    async with visitor.house.store.begin() as unit:
        here = await unit.book.held(await visitor.conversation())
    assert here
    assert (here.therapist, here.starts) == (kept.therapist, kept.starts)
    await visitor.says("Sam Hill")
    assert "number" in (await visitor.heard())[-1].text.lower()  # what comes after the name
    async with visitor.house.store.begin() as unit:
        await unit.book.let_go(await visitor.conversation())


async def test_no_danger_is_lost_on_the_way(web: OnWebsite, visitor: OnAMessenger) -> None:
    await web.says(DANGER)
    await web.heard()
    await brings(visitor, await code(web))
    async with visitor.house.store.begin() as unit:
        here = await unit.conversations.lock(await visitor.conversation())
        there = await unit.conversations.lock(await web.conversation())
    assert (here.level, there.level) == ("emergency", "emergency")
    before = len(await visitor.heard())
    await visitor.says("can i book an hour thursday")
    assert all("£" not in taken.text for taken in (await visitor.heard())[before:])


async def test_a_higher_level_on_the_messenger_stays(web: OnWebsite, visitor: OnAMessenger) -> None:
    await visitor.says(DANGER)
    await visitor.heard()
    await web.says("where can i park")
    await web.heard()
    await brings(visitor, await code(web))
    async with visitor.house.store.begin() as unit:
        assert (await unit.conversations.lock(await visitor.conversation())).level == "emergency"
    said = [text for sender, text in await thread(visitor) if sender == "visitor"]
    assert said[:2] == [DANGER, "where can i park"]  # what was said here before stays before it


async def test_signs_from_both_places_add_up(web: OnWebsite, visitor: OnAMessenger) -> None:
    """A swollen calf there, out of breath here: together that is what neither is alone."""
    await web.says("my left calf is swollen and warm since the flight")
    await web.heard()
    await brings(visitor, await code(web))
    await visitor.says("and now i get short of breath and it stabs when i breathe in")
    await visitor.heard()
    async with visitor.house.store.begin() as unit:
        assert (await unit.conversations.lock(await visitor.conversation())).level == "emergency"


async def test_who_guesses_gets_nothing(web: OnWebsite, visitor: OnAMessenger) -> None:
    await web.says("what are your prices")
    await web.heard()
    right = await code(web)
    for wrong in ("go-" + "A" * 22, right[:-1] + ("A" if right[-1] != "A" else "B")):
        heard = await brings(visitor, wrong)
        assert "not joined anything" in heard[-1]
        assert not any("£" in text for text in heard)
    assert "£" not in "".join(text for _, text in await thread(visitor))


async def test_who_knows_the_conversation_without_its_key_gets_no_link(web: OnWebsite) -> None:
    await web.says("hello")
    path, _ = await web._talk()
    answer = await web.door.post(path.replace("/messages", "/links"), headers={"authorization": "Bearer guess"})
    assert answer.status_code == 401


async def test_a_link_works_once(web: OnWebsite, visitor: OnAMessenger, house: House, provider: Provider,
                                 door: httpx.AsyncClient) -> None:
    """Who has seen it over a shoulder comes too late, and hears nothing of what was said."""
    await web.says("what are your prices")
    await web.heard()
    once = await code(web)
    await brings(visitor, once)
    other = type(visitor)(house, provider, door)
    heard = await brings(other, once)
    assert "not joined anything" in heard[-1]
    assert [sender for sender, _ in await thread(other)] == ["visitor", "bot"]
    assert "£" in "".join(text for _, text in await thread(visitor))


async def test_only_the_newest_link_works(web: OnWebsite, visitor: OnAMessenger) -> None:
    await web.says("hello")
    await web.heard()
    first, second = await code(web), await code(web)
    assert "not joined anything" in (await brings(visitor, first))[-1]
    assert "goes on here" in (await brings(visitor, second))[-1]


async def test_a_link_ends(web: OnWebsite, visitor: OnAMessenger, clock: StoppedClock) -> None:
    await web.says("hello")
    await web.heard()
    late = await code(web)
    clock.now += timedelta(minutes=31)
    assert "not joined anything" in (await brings(visitor, late))[-1]


async def test_the_same_message_again_joins_nothing_twice(web: OnWebsite, visitor: OnAMessenger) -> None:
    """Five copies, three of them at once: one thread, one answer."""
    await web.says("hello")
    await web.heard()
    said = f"/start {await code(web)}" if visitor.name == "telegram" else f"Please go on here. {await code(web)}"
    await asyncio.gather(*(visitor.says(said, id="same") for _ in range(3)))
    await visitor.says(said, id="same")
    assert [sender for sender, _ in await thread(visitor)] == ["visitor", "bot", "visitor", "bot"]
    assert sum("goes on here" in taken.text for taken in await visitor.heard()) == 1


async def test_nothing_that_is_said_there_can_be_read_here(web: OnWebsite, visitor: OnAMessenger) -> None:
    """Who sends somebody a link to a conversation of their own reads nothing of what that one writes."""
    await web.says("hello")
    await web.heard()
    await brings(visitor, await code(web))
    await visitor.says("where can i park")
    await visitor.heard()
    path, headers = await web._talk()
    here = (await web.door.get(path, headers=headers)).json()["messages"]
    assert [one["from"] for one in here] == ["bot"]  # that it went on elsewhere
    assert "goes on" in here[0]["text"]


async def test_a_person_who_has_it_keeps_it(web: OnWebsite, visitor: OnAMessenger) -> None:
    """What they had written and not said yet is said where the visitor is now."""
    await web.says("can i talk to a person please")
    await web.heard()
    async with web.house.store.begin() as unit:
        written = await web.house.takeover.write(unit, await web.conversation(), "Hello, Kim here.", "Kim")
    heard = await brings(visitor, await code(web))
    assert "goes on here" in heard[-1]
    await visitor.says("what are your prices")
    await visitor.heard()
    assert (await thread(visitor))[-1] == ("visitor", "what are your prices")  # the assistant is quiet
    await visitor.house.takeover.say(str(await visitor.conversation()), written)
    assert (await visitor.heard())[-1].text == "Hello, Kim here."
    async with visitor.house.store.begin() as unit:
        cases = await unit.cases.of(await visitor.conversation())
        assert [case.state for case in cases] == ["taken"]
        assert await unit.continuations.moved(await web.conversation()) == await visitor.conversation()


async def test_a_message_that_waits_is_answered_where_the_visitor_is(web: OnWebsite, visitor: OnAMessenger) -> None:
    """It comes in the very moment in which its conversation moves: its own turn finds nothing any more."""
    await web.says("hello")
    await web.heard()
    await visitor.says("hello")
    await visitor.heard()
    bring, here, there = (await code(web))[3:], await visitor.conversation(), await web.conversation()
    async with web.house.store.begin() as unit:
        await web.house.inbox.take(unit, Arrival(there, "waits", "where can i park"))
        said = await web.house.messengers.continuing.take_up(unit, here, bring)
        await web.house.inbox.take(unit, Arrival(here, "brings", "here i am", said=said, answered=False))
    assert any("free spaces" in taken.text for taken in await visitor.heard())
    assert [sender for sender, _ in await thread(web)] == ["bot"]


@pytest.mark.parametrize("kind", [OnTelegram, OnWhatsapp, OnTwilio])
async def test_the_link_by_which_somebody_first_came_is_counted(kind: type[OnAMessenger], house: House,
                                                               provider: Provider, door: httpx.AsyncClient) -> None:
    visitor, tag = kind(house, provider, door), f"poster-{kind.name}"
    await visitor.says(f"/start {tag}" if kind is OnTelegram else f"Hello #{tag}")
    await visitor.heard()
    await visitor.says("what is #later")
    await visitor.heard()
    async with house.store.begin() as unit:
        assert (kind.name, tag, 1) in await unit.correspondents.sources()
    assert not any(tag in text for _, text in await thread(visitor))
