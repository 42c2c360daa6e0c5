"""Homes for a real server, made once and copied, and processes that have one open."""
import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from clinic.store.embedded import EmbeddedPostgres
from tests.clinic.store.processes import Holder, servers_in


@pytest.fixture(scope="session")
def new_home() -> Iterator[Path]:
    """A home with a fresh database, stopped. To be copied only."""
    home = Path(tempfile.mkdtemp(prefix="store-"))

    async def make() -> None:
        server = EmbeddedPostgres(home / "database")
        await server.start()
        await server.stop()

    asyncio.run(make())
    yield home
    shutil.rmtree(home)


@pytest.fixture
def home(new_home: Path) -> Iterator[Path]:
    """A home of the test's own with a short path; whatever still runs there afterwards is ended."""
    copy = Path(tempfile.mkdtemp(prefix="store-"))
    shutil.copytree(new_home, copy, dirs_exist_ok=True)
    yield copy
    for process in servers_in(copy):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    shutil.rmtree(copy)


@pytest.fixture
def holder(home: Path) -> Iterator[Callable[..., Holder]]:
    """Starts a process that has the test's database open."""
    started: list[Holder] = []

    def start(*prefix: str, at: Path = home, **environ: str) -> Holder:
        started.append(Holder(at, *prefix, **environ))
        return started[-1]

    yield start
    for one in started:
        one.kill()
