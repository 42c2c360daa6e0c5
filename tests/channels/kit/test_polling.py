"""Telegram without a public address, through `frontdesk run` as it is started on a laptop."""
import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
import pytest_asyncio

from bench.server import Server
from bootstrap import House
from channels.telegram.verify import secret_of
from tests.channels.kit.provider import Provider, Taken
from tests.channels.kit.visitor import SERVERS_BOT, TELEGRAM_TOKEN, OnTelegram


async def _until(provider: Provider, address: str, count: int) -> list[Taken]:
    end = time.monotonic() + 20
    while len(provider.to(address)) < count:
        assert time.monotonic() < end, "nobody answers"
        await asyncio.sleep(0.05)
    return provider.to(address)


@pytest_asyncio.fixture
async def jo(house: House, provider: Provider, door: httpx.AsyncClient) -> AsyncIterator[OnTelegram]:
    yield OnTelegram(house, provider, door)


async def test_messages_are_fetched_and_answered(server: Server, provider: Provider, jo: OnTelegram) -> None:
    """A real process, started with nothing but a token; no webhook, no public address."""
    update = jo.update(text="where can i park")
    provider.bot = SERVERS_BOT
    provider.updates.append(update)
    heard = await _until(provider, jo.address, 2)
    assert "automated assistant" in heard[0].text
    end = time.monotonic() + 5
    while provider.confirmed <= update["update_id"]:
        assert time.monotonic() < end, "Telegram was not told that it was taken"
        await asyncio.sleep(0.02)
    assert SERVERS_BOT not in (server.home / "server.log").read_text("utf-8")
    assert jo.address not in (server.home / "server.log").read_text("utf-8")


async def test_with_a_public_address_they_are_brought(house: House, provider: Provider) -> None:
    messengers = house.messengers
    (listen,) = replace(messengers, public_url="https://clinic.example").fetching()
    listening = asyncio.create_task(listen())  # type: ignore[arg-type]
    while not provider.other:  # noqa: ASYNC110 - it is in another thread
        await asyncio.sleep(0.02)
    listening.cancel()
    ((method, body),) = provider.other
    assert (method, body["url"]) == ("setWebhook", "https://clinic.example/webhooks/telegram")
    assert body["secret_token"] == secret_of(TELEGRAM_TOKEN)
    assert "message_reaction" in body["allowed_updates"]


async def test_what_could_not_be_kept_is_given_again(house: House, provider: Provider, jo: OnTelegram,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    """Telegram is told that a message was taken only once it is stored."""
    async def failing(*_: object, **__: object) -> bool:
        raise RuntimeError("no database")

    messengers = house.messengers
    (listen,) = messengers.fetching()
    provider.bot = TELEGRAM_TOKEN
    provider.updates.append(jo.update(text="hello"))
    with monkeypatch.context() as patched:
        patched.setattr(messengers.reception, "take", failing)
        with pytest.raises(RuntimeError):
            await asyncio.wait_for(listen(), 5)
    assert provider.confirmed == 0
    fetching = asyncio.create_task(listen())  # type: ignore[arg-type]
    await _until(provider, jo.address, 2)
    fetching.cancel()
