"""A message at the door is read together with all that came before it, also where two come at once."""
import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest_asyncio

from bootstrap import House
from channels.inbox import Arrival
from clinic.safety.reading import Reading
from clinic.store.conversations import MEMORY, MOST_EARLIER
from tests.conftest import MONDAY_NOON

CALM = Reading("none")


@pytest_asyncio.fixture
async def conversation(house: House) -> AsyncIterator[UUID]:
    yield (await house.inbox.open("nowhere"))[0]


async def say(house: House, conversation: UUID, n: int, text: str, ago: timedelta = timedelta()) -> None:
    async with house.store.begin() as unit:
        await unit.messages.receive(conversation, n, f"m{n}", text, None, CALM, MONDAY_NOON - ago, 1, state="answered")


async def test_what_was_said_in_the_last_day_is_read_in_order(house: House, conversation: UUID) -> None:
    await say(house, conversation, 1, "long ago", MEMORY + timedelta(minutes=1))
    for n in range(2, MOST_EARLIER + 4):
        await say(house, conversation, n, f"said {n}", timedelta(hours=1))
    async with house.store.begin() as unit:
        locked, earlier = await unit.conversations.lock_for_arrival(conversation, None, MONDAY_NOON)
        assert earlier == [f"said {n}" for n in range(4, MOST_EARLIER + 4)]
        assert earlier == await unit.messages.earlier(conversation, locked.last_n, locked.released_n, MONDAY_NOON)


async def test_what_a_person_released_is_not_read_again(house: House, conversation: UUID) -> None:
    await say(house, conversation, 1, "before")
    async with house.store.begin() as unit:
        await unit.conversations.release(await unit.conversations.lock(conversation))
    await say(house, conversation, 2, "after")
    async with house.store.begin() as unit:
        _, earlier = await unit.conversations.lock_for_arrival(conversation, None, MONDAY_NOON)
    assert earlier == ["after"]


async def test_who_waited_for_the_row_is_told_to_read_anew(house: House, conversation: UUID) -> None:
    await say(house, conversation, 1, "first")
    async with house.store.begin() as unit:
        await unit.conversations.lock(conversation)
        waiting = asyncio.create_task(_arrive(house, conversation))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        await unit.messages.receive(conversation, 2, "m2", "second", None, CALM, MONDAY_NOON, 1, state="answered")
    assert await waiting == (2, None)


async def test_two_that_arrive_at_once_are_read_together(house: House, conversation: UUID) -> None:
    """Each alone is nothing much; whichever comes second is a clot that has moved."""
    await asyncio.gather(*(house.inbox.accept(Arrival(conversation, name, said, answered=False)) for name, said in (
        ("a", "my left calf has been swollen and hot since the flight"),
        ("b", "now I am suddenly short of breath"))))
    async with house.store.begin() as unit:
        locked = await unit.conversations.lock(conversation)
    assert locked.level == "emergency"


async def _arrive(house: House, conversation: UUID) -> tuple[int, list[str] | None]:
    async with house.store.begin() as unit:
        locked, earlier = await unit.conversations.lock_for_arrival(conversation, None, MONDAY_NOON)
        return locked.last_n, earlier
