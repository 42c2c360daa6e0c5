"""Telegram without a public address, through `frontdesk run` as it is started on a laptop."""
import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
import pytest_asyncio

from bench.server import Server
from bootstrap import House
from channels.telegram.verify import secret_of
from clinic.settings import ROOT
from tests.channels.kit.member import Member
from tests.channels.kit.provider import Provider, Taken
from tests.channels.kit.visitor import SERVERS_BOT, SERVERS_STAFF_CHAT, TELEGRAM_TOKEN, OnTelegram


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


def command(server: Server, *words: str, typed: str = "") -> str:
    """What `frontdesk` says to *words*, beside the server."""
    done = subprocess.run([sys.executable, "-c", "from desk.cli import main; main()", *words], cwd=ROOT, text=True,
                          env=server.environ, input=typed, check=True, timeout=60, capture_output=True)
    return done.stdout


async def test_staff_answer_from_their_group(server: Server, provider: Provider, jo: OnTelegram) -> None:
    """As a clinic sets it up, by command; the visitor is told who writes, and their words stay out of the group."""
    await asyncio.to_thread(command, server, "desk", "add-user", "Noor", "--role", "therapist",
                            typed="four plain words\n")
    said = await asyncio.to_thread(command, server, "desk", "link-telegram", "Noor")
    noor = Member(jo.house, provider, jo.door, chat=int(SERVERS_STAFF_CHAT), bot=int(SERVERS_BOT.partition(":")[0]))
    provider.bot, group = SERVERS_BOT, SERVERS_STAFF_CHAT
    provider.updates.append(noor.message(text=f"/link {said.split()[-1]}"))
    provider.updates.append(jo.update(text="can i talk to a person please, my groin is sore"))
    notice = await _told(provider, group, "Asked for person, telegram")
    await _told(provider, group, "You are Noor here now")
    provider.updates.append(noor.message(notice.id, text="Noor here. Thursday at six?"))
    await _told(provider, group, "Thank you, Noor.")
    await _told(provider, jo.address, "Noor here. Thursday at six?")
    provider.updates.append(noor.message(notice.id, text="/back"))
    await _told(provider, group, "The assistant answers them again")
    await _told(provider, jo.address, "answering again")
    assert "groin" not in repr(provider.to(group))


async def _told(provider: Provider, address: str, words: str) -> Taken:
    """What begins with *words* or holds them, once *address* is sent it: a reply waits ten seconds before it goes."""
    end = time.monotonic() + 40
    while not (found := [one for one in provider.to(address) if words in one.text]):
        assert time.monotonic() < end, f"{words!r} was not said: {provider.to(address)}"
        await asyncio.sleep(0.05)
    return found[-1]


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
