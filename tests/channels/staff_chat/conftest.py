"""A clinic whose staff have a Telegram group of their own, a visitor of it, and members of the group."""
import shutil
import tempfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from bootstrap import House, door_of, open_house, working
from channels import takeover
from clinic.settings import Settings
from tests.channels.kit.member import STAFF_CHAT, Member
from tests.channels.kit.provider import Provider, Running
from tests.channels.kit.visitor import (
    EVERYWHERE,
    TELEGRAM_TOKEN,
    TWILIO,
    WHATSAPP,
    OnAMessenger,
    OnWhatsapp,
)
from tests.conftest import MONDAY_NOON, Pigeonhole, StoppedClock

CHANNELS = ("telegram", "twilio", "website", "whatsapp")


@pytest.fixture(scope="module")
def staffs_provider() -> AsyncIterator[Provider]:
    provider = Provider()
    running = Running(provider)
    running.start()
    yield provider  # type: ignore[misc]
    running.stop()


@pytest_asyncio.fixture(scope="module")
async def clinic(house: House, staffs_provider: Provider, clock: StoppedClock) -> AsyncIterator[House]:
    """A house whose staff have a group of their own."""
    home, url = Path(tempfile.mkdtemp(prefix="frontdesk-")), staffs_provider.url
    (home / "encoder").symlink_to(Settings.read({}).encoder)
    settings = Settings.read({
        "FRONTDESK_HOME": str(home), "TELEGRAM_TOKEN": TELEGRAM_TOKEN, "TELEGRAM_NAME": "clinic_bot",
        "TELEGRAM_STAFF_CHAT": str(STAFF_CHAT), "TELEGRAM_API": f"{url}/tg", **WHATSAPP, "WHATSAPP_API": f"{url}/wa",
        **TWILIO, "TWILIO_API": f"{url}/tw"})
    async with open_house(settings, agent=house.agent, clock=clock, post=Pigeonhole()) as opened, \
            working(opened, ("turns", "notices")):
        yield opened
    shutil.rmtree(home, ignore_errors=True)


@pytest_asyncio.fixture
async def door(clinic: House) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(door_of(clinic), raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        yield client


@pytest.fixture
def provider(staffs_provider: Provider, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """Who was sent nothing yet; a reply that is not taken back goes out at once."""
    clock.now = MONDAY_NOON
    monkeypatch.setattr(takeover, "UNDO", timedelta(0))
    staffs_provider.clear()
    yield staffs_provider  # type: ignore[misc]
    assert staffs_provider.faults == []


@pytest.fixture(params=CHANNELS)
def visitor(request: pytest.FixtureRequest, clinic: House, provider: Provider, door: httpx.AsyncClient) -> OnAMessenger:
    return EVERYWHERE[request.param](clinic, provider, door)


@pytest.fixture
def jo(clinic: House, provider: Provider, door: httpx.AsyncClient) -> OnWhatsapp:
    return OnWhatsapp(clinic, provider, door)


@pytest.fixture
def stranger(clinic: House, provider: Provider, door: httpx.AsyncClient) -> Member:
    """In the group, and linked to nobody who works here."""
    return Member(clinic, provider, door)


@pytest_asyncio.fixture
async def kim(stranger: Member) -> Member:
    return await Member(stranger.clinic, stranger.provider, stranger.door).links()
