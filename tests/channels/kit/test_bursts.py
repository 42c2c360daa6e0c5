"""Several messages in a burst are one thought, on every channel that says so; each is taken at once and once only."""
import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from bootstrap import House
from channels import rooms
from tests.channels.kit.provider import Provider
from tests.channels.kit.test_conformance import DANGER
from tests.channels.kit.visitor import OnAMessenger, OnWebsite

SETTLE = 0.4
READ = text("select n, text, state, intent ->> 'name' as intent, (select count(*) from message as reply "
            "where reply.conversation = message.conversation and reply.answers = message.n) as replies "
            "from message where conversation = :key and sender = 'visitor' order by n")


@pytest.fixture(autouse=True)
def settling(pigeon: None, house: House) -> Iterator[None]:
    """Visitors are given a moment for the next message."""
    before = dict(rooms.LIMITS)
    rooms.LIMITS.update({name: replace(limits, settle=SETTLE) for name, limits in before.items()})
    yield
    rooms.LIMITS.update(before)


async def bursts(visitor: OnAMessenger, said: Sequence[str], pause: float = 0.05) -> list[Any]:
    """They write all of that; each message with how it was dealt with."""
    for one in said:
        assert (await visitor.says(one)).status_code == 200
        await asyncio.sleep(pause)
    await visitor.heard()
    async with visitor.house.store.begin() as unit:
        found = (await unit.connection.execute(READ, {"key": await visitor.conversation()})).all()
    assert [row.text for row in found[-len(said):]] == list(said)
    assert {row.state for row in found} == {"answered"}
    return list(found[-len(said):])


async def test_a_greeting_a_story_and_a_wish_are_one_thought(visitor: OnAMessenger) -> None:
    read = await bursts(visitor, ["hi", "my calf hurts", "can i come thursday"])
    assert {row.intent for row in read} == {"book_appointment"}
    assert [bool(row.replies) for row in read] == [False, False, True]


async def test_half_a_sentence_waits_for_its_other_half(visitor: OnAMessenger) -> None:
    read = await bursts(visitor, ["do you treat", "shin splints"])
    assert {row.intent for row in read} == {"ask_injury"}
    assert sum(row.replies for row in read) == 1


@pytest.mark.parametrize("said", [["what are your prices", "where can i park"],
                                  ["where can i park", "i'd like to complain about my therapist"],
                                  ["can i talk to a person please", "what time do you open"]])
async def test_two_questions_get_two_answers_in_their_order(visitor: OnAMessenger, said: list[str]) -> None:
    read = await bursts(visitor, said)
    assert all(row.replies for row in read)
    assert len({row.intent for row in read}) == 2


async def test_danger_in_a_burst_waits_for_nothing(visitor: OnAMessenger) -> None:
    """Help is there before the burst is over, and what else was said is answered by itself."""
    await visitor.says("hi")
    await visitor.says(DANGER)
    key = await visitor.conversation()
    async with visitor.house.store.begin() as unit:  # at the door, in the message's own transaction
        assert [one.kind for one in await unit.messages.after(key, 0) if one.sender == "bot"] == ["safety"]
    read = await bursts(visitor, ["where can i park"])
    assert read[0].intent == "fact_parking"


async def test_danger_that_no_rule_has_words_for_is_heard_in_each_of_them(visitor: OnAMessenger) -> None:
    await bursts(visitor, ["hi", "sore leg last week, now stabbing in my side with each breath", "can i come thursday"])
    async with visitor.house.store.begin() as unit:
        key = await visitor.conversation()
        assert (await unit.conversations.lock(key)).level == "emergency"


async def test_what_is_told_of_a_contraindication_is_asked_about_once(visitor: OnAMessenger) -> None:
    """It stands in the first message, and the answer is to the last one."""
    await bursts(visitor, ["hi, i'm 20 weeks pregnant", "can i come thursday"])
    heard = "\n".join(taken.text for taken in await visitor.heard())
    assert heard.count("You mention") == 1


async def test_a_choice_is_never_read_together_with_words(visitor: OnAMessenger) -> None:
    await visitor.says("how often should i come for a massage")
    before = len(await visitor.heard())
    read = await bursts(visitor, ["1", "where can i park"])
    assert all(row.replies for row in read)
    assert len(await visitor.heard()) > before + 1


async def test_answers_to_a_form_are_taken_one_by_one(visitor: OnAMessenger) -> None:
    async with visitor.house.store.begin() as unit:
        await unit.connection.execute(text("delete from appointment"))
    await visitor.says("can i book an hour thursday at 2pm")
    await visitor.heard()
    await visitor.says("1")
    await visitor.heard()
    read = await bursts(visitor, ["Sam Hill", "07700 900123"])
    assert all(row.replies for row in read)
    async with visitor.house.store.begin() as unit:
        await unit.book.let_go(await visitor.conversation())


async def test_copies_of_a_burst_change_nothing(visitor: OnAMessenger) -> None:
    said = ["hi", "my calf hurts", "can i come thursday"]
    for one in said:
        await asyncio.gather(*(visitor.says(one, id=one.replace(" ", "")) for _ in range(3)))
    once = len(await visitor.heard())
    for one in said:
        await visitor.says(one, id=one.replace(" ", ""))
    async with visitor.house.store.begin() as unit:
        found = (await unit.connection.execute(READ, {"key": await visitor.conversation()})).all()
    assert [row.text for row in found] == said
    assert len(await visitor.heard()) == once


async def test_who_goes_on_and_on_is_answered_meanwhile(visitor: OnAMessenger) -> None:
    """Each of them comes before the last one's time is over."""
    for n in range(8):
        await visitor.says(f"and then i ran {n} miles")
        await asyncio.sleep(SETTLE / 2)
    key = await visitor.conversation()
    async with visitor.house.store.begin() as unit:
        said = [one.sender for one in await unit.messages.after(key, 0)]
    await visitor.heard()
    assert "bot" in said


async def test_the_website_waits_for_nothing(house: House, provider: Provider, door: Any) -> None:
    """One message there is one turn, and it begins at once."""
    visitor = OnWebsite(house, provider, door)
    read = await bursts(visitor, ["hi", "my calf hurts", "can i come thursday"], pause=0.0)
    assert all(row.replies for row in read)
