"""`frontdesk outbox`: what could not be sent is seen, sent again, or given up."""
from uuid import UUID

import pytest
import pytest_asyncio

from bootstrap import House
from clinic.conversation import Reply
from clinic.errors import ConversationUnknown
from clinic.settings import Settings
from desk.outbox import NoSuchDelivery, WhichOne, give_back, give_up, send_again, show
from tests.channels.kit.provider import Provider, refusing


@pytest.fixture
def provider(providers: Provider) -> Provider:
    providers.clear()
    return providers


@pytest_asyncio.fixture
async def refused(house: House, provider: Provider) -> tuple[UUID, int]:
    """A conversation with a delivery that the provider did not take, and its number."""
    provider.moods.append(refusing(400, {"description": "Bad Request: chat not found"}))
    async with house.store.begin() as unit:
        who = await unit.correspondents.meet("telegram", ["447700900777"], house.clock())
        await unit.correspondents.notice_due(who.conversation)
        n = await unit.messages.say(who.conversation, Reply("answer", "one"), house.clock())
        await house.messengers.outbox.post(unit, who.conversation, "telegram", n - 1)
    await _sent(house, who.conversation)
    async with house.store.begin() as unit:
        return who.conversation, (await unit.deliveries.of(who.conversation))[-1].id


async def _sent(house: House, conversation: UUID) -> str:
    """The state of the last delivery, once none is on its way."""
    with house.watch.follow(str(conversation)):
        while True:
            async with house.store.begin() as unit:
                if not await unit.deliveries.open(conversation):
                    return (await unit.deliveries.of(conversation))[-1].state


async def test_what_was_refused_is_listed_without_an_address(refused: tuple[UUID, int], beside: Settings,
                                                             capsys: pytest.CaptureFixture[str]) -> None:
    await show(beside)
    listed = capsys.readouterr().out
    assert str(refused[0]) in listed
    assert "447700900777" not in listed


async def test_it_is_sent_again(house: House, refused: tuple[UUID, int], beside: Settings, provider: Provider) -> None:
    await send_again(beside, refused[1], False)
    assert await _sent(house, refused[0]) == "sent"
    assert [taken.text for taken in provider.taken] == ["one"]


async def test_it_is_given_up(refused: tuple[UUID, int], beside: Settings) -> None:
    await give_up(beside, refused[1], False)
    with pytest.raises(NoSuchDelivery):
        await send_again(beside, refused[1], False)


async def test_which_one_has_to_be_said(beside: Settings) -> None:
    with pytest.raises(WhichOne):
        await give_up(beside, None, False)
    with pytest.raises(WhichOne):
        await send_again(beside, 1, True)


async def test_a_conversation_is_handed_back(house: House, refused: tuple[UUID, int], beside: Settings) -> None:
    async with house.store.begin() as unit:
        await unit.conversations.hold(refused[0], "Kim", house.clock())
    await give_back(beside, refused[0])
    async with house.store.begin() as unit:
        assert not (await unit.conversations.lock(refused[0])).held_by_staff
    with pytest.raises(ConversationUnknown):
        await give_back(beside, UUID(int=5))
