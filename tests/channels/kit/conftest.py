"""Fixtures of the kit."""
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import pytest_asyncio

from bootstrap import House, door_of
from channels import rooms
from tests.channels.kit.pigeon import LIMITS, AtTheLoft, Pigeon
from tests.channels.kit.provider import Provider
from tests.channels.kit.visitor import EVERYWHERE, MESSENGERS, OnAMessenger
from tests.conftest import MONDAY_NOON, Pigeonhole, StoppedClock


@pytest.fixture
def provider(providers: Provider, clock: StoppedClock, post: Pigeonhole) -> Iterator[Provider]:
    """The providers, who were sent nothing yet; at the end nothing that they would not have taken."""
    clock.now = MONDAY_NOON
    providers.clear()
    post.notices.clear()
    yield providers
    assert providers.faults == []


@pytest.fixture(scope="session", autouse=True)
def pigeon(house: House, providers: Provider) -> Iterator[None]:
    """The channel that nobody has yet, beside the others in `channels/rooms.py`."""
    rooms.LIMITS["pigeon"] = LIMITS
    house.messengers.channels["pigeon"] = Pigeon(f"{providers.url}/loft", "ring")
    yield
    del rooms.LIMITS["pigeon"], house.messengers.channels["pigeon"]


@pytest_asyncio.fixture
async def door(house: House) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(door_of(house), raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        yield client


EVERYWHERE["pigeon"] = MESSENGERS["pigeon"] = AtTheLoft


@pytest.fixture(params=sorted(EVERYWHERE))
def anyone(request: pytest.FixtureRequest, house: House, provider: Provider, door: httpx.AsyncClient) -> OnAMessenger:
    """Somebody new, on each channel in turn."""
    return EVERYWHERE[request.param](house, provider, door)


@pytest.fixture(params=sorted(MESSENGERS))
def visitor(request: pytest.FixtureRequest, house: House, provider: Provider, door: httpx.AsyncClient) -> OnAMessenger:
    """Somebody new, on each channel where we write to an address."""
    return MESSENGERS[request.param](house, provider, door)
