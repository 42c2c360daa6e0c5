"""What the door deals with by itself, on every channel where we write to an address."""
import asyncio
from datetime import timedelta

import pytest

from channels.inbox import LONGEST, OVERLAP, Arrival, pieces
from tests.channels.kit.test_conformance import DANGER
from tests.channels.kit.visitor import OnAMessenger, OnTwilio, OnWhatsapp
from tests.conftest import StoppedClock

CAPTIONED = ["twilio", "whatsapp"]


async def _said(visitor: OnAMessenger) -> list[tuple[str, str | None]]:
    await visitor.heard()
    async with visitor.house.store.begin() as unit:
        return [(one.sender, one.kind) for one in await unit.messages.after(await visitor.conversation(), 0)]


async def _taken_over(visitor: OnAMessenger) -> None:
    await visitor.says("can i talk to a person please")
    await visitor.heard()
    async with visitor.house.store.begin() as unit:
        await visitor.house.takeover.take(unit, await visitor.conversation(), "Kim")


@pytest.mark.parametrize("aside", ["edited", "stopped"])
async def test_what_came_while_a_person_had_it_is_not_answered_when_they_give_it_back(
        visitor: OnAMessenger, aside: str) -> None:
    """Its turn may come only after that: the message stays what the door took it for."""
    await _taken_over(visitor)
    before = await _said(visitor)
    key = await visitor.conversation()
    async with visitor.house.store.begin() as unit:
        arrival = Arrival(key, "late", "what are your prices", aside=aside, answered=False)
        assert await visitor.house.inbox.take(unit, arrival)
        await visitor.house.takeover.hand_back(unit, key, "Kim")
    assert (await _said(visitor))[len(before):] == [("visitor", None), ("bot", "handoff")]


async def test_while_a_person_has_it_a_wish_for_silence_gives_nothing_back(visitor: OnAMessenger) -> None:
    await _taken_over(visitor)
    await visitor.says("STOP")
    await visitor.heard()
    async with visitor.house.store.begin() as unit:
        key = await visitor.conversation()
        assert (await unit.conversations.lock(key)).held_by_staff
        assert await unit.correspondents.has_stopped(key)


async def test_who_wanted_silence_does_not_hear_that_the_assistant_is_back(visitor: OnAMessenger,
                                                                          clock: StoppedClock) -> None:
    await _taken_over(visitor)
    await visitor.says("STOP")
    before = await visitor.heard()
    clock.now += timedelta(hours=1)
    await visitor.house.takeover.return_quiet()
    await asyncio.sleep(0.3)
    assert await visitor.heard() == before


async def test_the_end_of_a_text_that_is_too_long_is_read_for_danger(visitor: OnAMessenger) -> None:
    await visitor.says("so it goes on and on. " * (LONGEST // 20) + DANGER)
    assert "999" in (await visitor.heard())[0].text
    assert (await _said(visitor))[1:] == [("bot", "safety")]


@pytest.mark.parametrize("sentence", ["no pain in my chest. ", "no pain in my chest ", "x"])
def test_a_long_text_is_read_in_a_number_of_pieces_that_goes_with_its_length(sentence: str) -> None:
    """Whatever stands in it stands whole in one of them, and twice the length makes twice as many."""
    text = "".join(f"{n} {sentence}" for n in range(10_000))
    found = list(pieces(text))
    assert max(map(len, found)) <= LONGEST
    assert len(found) <= 1 + len(text) / (LONGEST - 2 * OVERLAP)
    assert all(any(text[n:n + 200] in piece for piece in found) for n in range(0, len(text), 97))


@pytest.mark.parametrize("visitor", CAPTIONED, indirect=True)
async def test_a_caption_is_answered_as_well(visitor: OnWhatsapp | OnTwilio) -> None:
    if isinstance(visitor, OnWhatsapp):
        await visitor.post(visitor.body("image", image={"id": "1", "caption": "what are your prices"}))
    else:
        await visitor.post(visitor.form("image", Body="what are your prices"))
    assert (await _said(visitor))[1:] == [("bot", "fallback"), ("bot", "clinic_fact")]


@pytest.mark.parametrize("visitor", ["whatsapp"], indirect=True)
async def test_a_post_with_more_messages_than_anybody_types_is_kept_whole(visitor: OnWhatsapp) -> None:
    """A provider repeats what we refuse: a post that is refused for its length would never get in."""
    body = visitor.body("text", text={"body": "hello"})
    value = body["entry"][0]["changes"][0]["value"]
    value["messages"] = [{**value["messages"][0], "id": f"wamid.batch.{n}.{visitor.address}"} for n in range(70)]
    assert (await visitor.post(body)).status_code == 200
    async with visitor.house.store.begin() as unit:
        said = await unit.messages.after(await visitor.conversation(), 0)
    assert sum(one.sender == "visitor" for one in said) == 70
    await visitor.heard()
