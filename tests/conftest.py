"""The house, for tests: a real database, the real model, a clock that stands where a test puts it."""
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from bench.server import Server
from bootstrap import House, load_agent, open_house, working
from channels import rooms
from clinic.post import Notice, Smtp, SmtpMailbox
from clinic.settings import Settings
from tests.browser.visitor import EMBED_ORIGIN
from tests.channels.kit.provider import Provider, Running
from tests.channels.kit.visitor import SERVERS_BOT, SERVERS_STAFF_CHAT, TELEGRAM_TOKEN, TWILIO, WHATSAPP
from tests.mail_server import MailServer
from tests.talk import Talk

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""Reception is open."""


class StoppedClock:
    """Stands until a test moves it."""

    def __init__(self) -> None:
        self.now = MONDAY_NOON

    def __call__(self) -> datetime:
        return self.now


class Pigeonhole:
    """Keeps what the clinic would have been told."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []

    async def send(self, notice: Notice) -> None:
        self.notices.append(notice)


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """A home of the tests' own, with the encoder that set-up exported."""
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-"))
    (folder / "encoder").symlink_to(Settings.read({}).encoder)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def providers() -> Iterator[Provider]:
    """All providers of channels, as one server on the loopback."""
    provider = Provider()
    running = Running(provider)
    running.start()
    yield provider
    running.stop()


@pytest.fixture(scope="session")
def settings(home: Path, providers: Provider) -> Settings:
    return Settings.read({"FRONTDESK_HOME": str(home), "TELEGRAM_TOKEN": TELEGRAM_TOKEN,
                          "TELEGRAM_NAME": "clinic_bot",
                          "TELEGRAM_API": f"{providers.url}/tg", **WHATSAPP, "WHATSAPP_API": f"{providers.url}/wa",
                          **TWILIO, "TWILIO_API": f"{providers.url}/tw"})


@pytest.fixture(scope="session")
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture(scope="session")
def post() -> Pigeonhole:
    return Pigeonhole()


@pytest.fixture(scope="session")
def mails() -> Iterator[MailServer]:
    """A mail server that keeps what it is given."""
    with MailServer() as server:
        yield server


@pytest_asyncio.fixture(scope="session")
async def house(settings: Settings, clock: StoppedClock, post: Pigeonhole, mails: MailServer) -> AsyncIterator[House]:
    """Everything wired, with the trained assistant, answering."""
    mailbox = SmtpMailbox(Smtp(mails.url), "desk@clinic.example")
    for name, limits in rooms.LIMITS.items():  # no test but those about it waits for a next message
        rooms.LIMITS[name] = replace(limits, settle=0.0)
    async with open_house(settings, agent=load_agent(settings), clock=clock, post=post, mailbox=mailbox) as opened, \
            working(opened, ("turns", "notices", "cli")):
        yield opened


@pytest_asyncio.fixture
async def talk(house: House, clock: StoppedClock, post: Pigeonhole, mails: MailServer) -> Talk:
    """A conversation on the website, at noon on a Monday; nothing is booked yet."""
    clock.now = MONDAY_NOON
    async with house.store.begin() as unit:
        await unit.connection.execute(text("delete from appointment"))
        await unit.connection.execute(text("delete from lookup_failure"))
        await unit.connection.execute(text("delete from waiting"))
    post.notices.clear()
    mails.received.clear()
    return Talk(house, post)


@pytest.fixture(scope="session")
def server(providers: Provider) -> Iterator[Server]:
    """`frontdesk run`, as a process of its own with a database of its own; it fetches from Telegram."""
    home = Path(tempfile.mkdtemp(prefix="frontdesk-"))
    server = Server(home, ALLOWED_ORIGINS=EMBED_ORIGIN, TELEGRAM_TOKEN=SERVERS_BOT,
                    TELEGRAM_NAME="clinic_bot", TELEGRAM_API=f"{providers.url}/tg",
                    TELEGRAM_STAFF_CHAT=SERVERS_STAFF_CHAT)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def server_url(server: Server) -> str:
    return server.url
