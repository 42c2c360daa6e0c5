"""A token that ends is told of two weeks ahead, once a day."""
from datetime import timedelta

import pytest
from sqlalchemy import text

from bootstrap import House
from channels.expiring import AHEAD
from clinic.clock import utc_now
from clinic.settings import Settings
from desk.channels import check, tokens
from tests.channels.kit.provider import Provider
from tests.conftest import Pigeonhole, StoppedClock


async def told(house: House) -> list[str]:
    """Of which channels the clinic is told now."""
    return await house.messengers.expiring.look()


@pytest.fixture(autouse=True)
async def untold(house: House, provider: Provider) -> None:
    async with house.store.begin() as unit:
        await unit.connection.execute(text("delete from warning"))


async def test_it_is_told_of_once_a_day(house: House, provider: Provider, clock: StoppedClock,
                                        post: Pigeonhole) -> None:
    provider.token_ends = int((clock.now + timedelta(days=13)).timestamp())
    assert await told(house) == ["whatsapp"]
    assert await told(house) == []
    clock.now += timedelta(hours=23)
    assert await told(house) == []
    clock.now += timedelta(hours=1)
    assert await told(house) == ["whatsapp"]


async def test_one_that_has_ended_is_told_of_too(house: House, provider: Provider, clock: StoppedClock) -> None:
    provider.token_ends = int((clock.now - timedelta(days=1)).timestamp())
    assert await told(house) == ["whatsapp"]


@pytest.mark.parametrize("days", [0, 15, 60])
async def test_one_that_is_good_for_longer_is_not(house: House, provider: Provider, clock: StoppedClock,
                                                  days: int) -> None:
    """0: it does not end."""
    provider.token_ends = int((clock.now + AHEAD + timedelta(days=days)).timestamp()) + 60 if days else 0
    assert await told(house) == []


async def test_whoever_looks_at_the_set_up_is_told(settings: Settings, provider: Provider,
                                                   capsys: pytest.CaptureFixture[str]) -> None:
    provider.token_ends = int((utc_now() + timedelta(days=5)).timestamp())
    assert await check(settings) == 1
    found = await tokens(settings)
    assert found
    assert not found.ok
    assert "ends on" in found.said
    provider.token_ends = 0
    found = await tokens(settings)
    assert found
    assert found.ok


async def test_a_notice_of_it_names_no_secret(house: House, provider: Provider, clock: StoppedClock,
                                              post: Pigeonhole) -> None:
    provider.token_ends = int((clock.now + timedelta(days=3)).timestamp())
    await told(house)
    async with house.store.begin() as unit:
        queued = (await unit.connection.scalars(text(
            "select args::text from procrastinate_jobs where args ->> 'about' = 'channel_token_ends'"))).all()
    said = [*queued, *(f"{one.about} {one.key}" for one in post.notices)]
    assert any("whatsapp 2026-11-26" in one for one in said)
    assert "wa-token" not in str(said)
