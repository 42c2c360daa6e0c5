"""Databases beside the house's own, for what replaces or brings along a whole one; and settings by default."""
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import pytest_asyncio
from psycopg.conninfo import make_conninfo

from bootstrap import House
from clinic.settings import Settings
from tests.desk.console.conftest import desk as desk  # a fixture: who works at the desk


@pytest_asyncio.fixture
async def empty(house: House) -> AsyncIterator[str]:
    """The address of an empty database on the same server."""
    name = f"drill_{uuid4().hex[:8]}"
    async with await psycopg.AsyncConnection.connect(house.store.dsn, autocommit=True) as connection:
        await connection.execute(f"create database {name}")
    yield house.store.dsn.replace("/postgres?", f"/{name}?") if "/postgres?" in house.store.dsn else make_conninfo(
        house.store.dsn, dbname=name)
    async with await psycopg.AsyncConnection.connect(house.store.dsn, autocommit=True) as connection:
        await connection.execute(f"drop database {name} with (force)")


@pytest.fixture
def beside(house: House) -> Settings:
    """Settings of a command that runs beside the house."""
    return replace(house.settings, database_url=house.store.dsn)


@pytest.fixture
def ours(tmp_path: Path) -> Settings:
    """Settings as they are by default, with a home of the test's own."""
    return Settings.read({"FRONTDESK_HOME": str(tmp_path)})
