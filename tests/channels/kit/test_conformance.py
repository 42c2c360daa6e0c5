"""What every channel does, whoever provides it. A new channel passes all of it (docs/channels.md)."""
import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.channels.kit.provider import Provider, dropping, refusing
from tests.channels.kit.visitor import OnAMessenger
from tests.conftest import StoppedClock

LAST_INTENT = text("select intent ->> 'name' from message where conversation = :key and sender = 'visitor' "
                   "order by n desc limit 1")
DANGER = "i have crushing chest pain and my left arm is numb"


async def test_a_message_is_answered(anyone: OnAMessenger) -> None:
    assert (await anyone.says("what are your prices")).status_code == 200
    assert len(await anyone.heard()) >= 2


async def test_that_this_is_a_machine_is_said_first_and_once(anyone: OnAMessenger) -> None:
    await anyone.says("what are your prices")
    first = await anyone.heard()
    await anyone.says("thanks")
    assert "automated assistant" in first[0].text
    assert sum("automated assistant of" in taken.text for taken in await anyone.heard()) == 1


async def test_a_message_that_comes_again_is_answered_once(anyone: OnAMessenger) -> None:
    """Five copies, three of them at the same moment, as providers do it when our answer is slow."""
    answered = await asyncio.gather(*(anyone.says("what are your prices", id="same") for _ in range(3)))
    once = len(await anyone.heard())
    answered += [await anyone.says("what are your prices", id="same") for _ in range(2)]
    assert {response.status_code for response in answered} == {200}
    assert len(await anyone.heard()) == once


async def test_messages_are_answered_in_their_order(anyone: OnAMessenger) -> None:
    for said in ("hello", "what are your prices", "where can i park", "thanks"):
        await anyone.says(said)
    kinds = await _kinds(anyone)
    heard = [taken.text for taken in await anyone.heard()]
    assert len(heard) == len(kinds) + 1  # the notice
    async with anyone.house.store.begin() as unit:
        replies = [m.text for m in await unit.messages.after(await anyone.conversation(), 0) if m.sender == "bot"]
    assert [one.split("\n")[0] for one in heard[1:]] == [one.split("\n")[0] for one in replies]


async def test_danger_is_answered_at_once(anyone: OnAMessenger) -> None:
    """Help is the answer, and nobody waits for a turn."""
    await anyone.says(DANGER)
    assert await _kinds(anyone) == ["safety"]


async def test_help_is_read_before_any_notice(visitor: OnAMessenger) -> None:
    await visitor.says(DANGER)
    heard = await visitor.heard()
    assert "999" in heard[0].text
    assert "automated assistant" in heard[-1].text


@pytest.mark.parametrize("kind", ["voice", "image", "sticker", "location", "contact"])
async def test_what_cannot_be_read_gets_a_kind_word(visitor: OnAMessenger, kind: str) -> None:
    assert (await visitor.sends(kind)).status_code == 200
    assert len(await visitor.heard()) == 2
    assert await _kinds(visitor) == ["fallback"]


async def test_a_choice_can_be_taken(anyone: OnAMessenger) -> None:
    """Tapped where the channel has something to tap that fits, else by its number; it is used up then."""
    await anyone.says("how often should i come for a massage")
    last = next(taken for taken in reversed(await anyone.heard()) if taken.labels or "\n1. " in taken.text)
    before = len(await anyone.heard())
    await (anyone.taps(last.labels[0]) if last.labels else anyone.says("1"))
    assert len(await anyone.heard()) > before
    async with anyone.house.store.begin() as unit:
        read = await unit.connection.scalar(LAST_INTENT, {"key": await anyone.conversation()})
    assert read not in (None, "stale_choice")


async def test_who_says_stop_hears_no_more(visitor: OnAMessenger) -> None:
    """STOP is confirmed; after it only help in danger, until START."""
    await visitor.says("hello")
    await visitor.says("STOP")
    before = len(await visitor.heard())
    await visitor.says("what are your prices")
    told = (await visitor.heard())[before:]
    assert [("START" in taken.text, "£" in taken.text) for taken in told] == [(True, False)]
    await visitor.says(DANGER)
    assert "999" in (await visitor.heard())[-1].text
    await visitor.says("Start")
    before = len(await visitor.heard())
    await visitor.says("where can i park")
    assert len(await visitor.heard()) > before


async def test_stop_is_a_choice_where_one_is_offered(visitor: OnAMessenger) -> None:
    await visitor.says("stop")
    await visitor.says("start")
    assert (await _kinds(visitor)) == ["fallback", "fallback"]


async def test_later_when_the_provider_says_later(visitor: OnAMessenger, provider: Provider) -> None:
    """429 and 5xx cost time, no message and no order."""
    provider.moods.extend([refusing(503), None, refusing(429), refusing(500)])
    await visitor.says("hello")
    await visitor.says("what are your prices")
    heard = [taken.text for taken in await visitor.heard()]
    assert "automated assistant" in heard[0]
    assert len(heard) == len(set(heard)) == 1 + len(await _kinds(visitor))


async def test_a_line_that_breaks_repeats_rather_than_loses(visitor: OnAMessenger, provider: Provider) -> None:
    provider.moods.append(dropping)
    await visitor.says("where can i park")
    heard = [taken.text for taken in await visitor.heard()]
    assert heard[0] == heard[1]
    assert len(heard) == 2 + len(await _kinds(visitor))


async def test_one_who_is_not_there_keeps_nobody_else(visitor: OnAMessenger, provider: Provider) -> None:
    """A refusal for good is shown to staff, and what comes after it is tried all the same."""
    provider.moods.append(refusing(400, {"description": "Bad Request: something new", "error": {"code": 9}, "code": 9}))
    await visitor.says("where can i park")
    assert len(await visitor.heard()) == len(await _kinds(visitor))
    async with visitor.house.store.begin() as unit:
        dead = [one for one in await unit.deliveries.dead() if one.conversation == await visitor.conversation()]
    assert [(one.state, one.error) for one in dead] == [("failed", "refused")]


async def test_a_flood_from_one_is_put_off(visitor: OnAMessenger) -> None:
    answered = [(await visitor.says("hi", id="same")).status_code for _ in range(80)]
    assert answered[0] == 200
    assert answered[-1] == 429


async def test_a_return_after_days_begins_without_the_notice(anyone: OnAMessenger, clock: StoppedClock) -> None:
    await anyone.says("hello")
    before = len(await anyone.heard())
    clock.now += timedelta(days=3)
    await anyone.says("where can i park")
    assert all("automated assistant of" not in taken.text for taken in (await anyone.heard())[before:])


async def _kinds(visitor: OnAMessenger) -> list[str | None]:
    """Of all that was said to them."""
    await visitor.heard()
    async with visitor.house.store.begin() as unit:
        return [message.kind for message in await unit.messages.after(await visitor.conversation(), 0)
                if message.sender == "bot"]


@pytest.mark.parametrize("before", ["stop", ""])
async def test_what_the_door_answers_is_read_for_danger_as_well(visitor: OnAMessenger, before: str) -> None:
    """Whoever wanted no more messages, or writes more than we take, and is in danger that no rule has words for."""
    danger = "sore leg last week, now stabbing in my side with each breath"
    if before:
        await visitor.says(before)
    await visitor.heard()
    await visitor.says(danger if before else danger + ". " + "so it goes on and on. " * 500)
    await visitor.heard()
    async with visitor.house.store.begin() as unit:
        key = await visitor.conversation()
        said = [message.kind for message in await unit.messages.after(key, 0) if message.sender == "bot"]
        level = (await unit.conversations.lock(key)).level
    assert (said[-1], level) == ("safety", "emergency")
    assert any("999" in taken.text for taken in await visitor.heard())
