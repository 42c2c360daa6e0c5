"""A colleague at the desk: signs in, opens pages, fills in the forms that the pages show."""
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text
from starlette.routing import BaseRoute, Mount, Route

import bootstrap
from bootstrap import House, door_of
from clinic.settings import ROOT
from clinic.staff import Role
from clinic.store.publishing import Publishing
from desk.console.passwords import hashed

PASSWORD = "four plain words here"
HASH = hashed(PASSWORD)


class Colleague:
    """One browser of one colleague."""

    def __init__(self, house: House, client: httpx.AsyncClient) -> None:
        self.house, self.client = house, client
        self.page = ""

    async def signs_in(self, name: str, password: str = PASSWORD, code: str = "") -> httpx.Response:
        return await self.client.post("/desk/sign-in", data={"name": name, "password": password, "code": code})

    async def opens(self, path: str) -> httpx.Response:
        answer = await self.client.get(path)
        self.page = answer.text
        return answer

    @property
    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="(\w+)"', self.page)
        assert found, self.page[:500]
        return found[1]

    async def sends(self, path: str, **fields: str) -> httpx.Response:
        """Send a form from the page that is open, and follow to where it leads."""
        answer = await self.client.post(path, data={"csrf": self.csrf, **fields}, follow_redirects=True)
        self.page = answer.text
        return answer


class Desk:
    """The console of the house, and who works there."""

    def __init__(self, house: House) -> None:
        self.house, self.app = house, door_of(house)
        self.opened: list[httpx.AsyncClient] = []

    async def employs(self, name: str, role: Role, totp: str | None = None) -> None:
        async with self.house.store.begin() as unit:
            await unit.staff.add(name, role, HASH, totp, self.house.clock())

    def browser(self, address: str = "127.0.0.1") -> Colleague:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(self.app, client=(address, 123)),
                                   base_url="http://localhost:8000", headers={"sec-fetch-site": "same-origin"})
        self.opened.append(client)
        return Colleague(self.house, client)

    async def at_work(self, role: Role) -> Colleague:
        """Somebody of that role, signed in, with the first page open."""
        name = {"reception": "Robin", "therapist": "Theo", "manager": "Morgan"}[role]
        await self.employs(name, role)
        colleague = self.browser()
        assert (await colleague.signs_in(name)).status_code == 303
        await colleague.opens("/desk")
        return colleague


@pytest_asyncio.fixture
async def desk(house: House) -> AsyncIterator[Desk]:
    async with house.store.begin() as unit:
        await unit.connection.execute(text("delete from staff"))
    desk = Desk(house)
    yield desk
    for client in desk.opened:
        await client.aclose()


@pytest_asyncio.fixture
async def own(house: House, tmp_path: Path) -> AsyncIterator[House]:
    """The house of a clinic that has a content folder of its own; afterwards the sample is live again."""
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "content", folder)
    publishing = Publishing(house.store, house.library, folder, "f" * 16, house.clock)
    async with house.store.begin() as unit:
        await unit.connection.execute(text("delete from gap"))
    yield replace(house, settings=replace(house.settings, content=folder), publishing=publishing)
    await house.publishing.publish()
    await house.publishing.take_up()


@pytest.fixture
def own_desk(own: House, desk: Desk) -> Desk:
    return Desk(own)


def flat(routes: list[BaseRoute], before: str = "") -> list[tuple[str, str]]:
    """Method and path of each."""
    found = []
    for route in routes:
        if isinstance(route, Mount):
            found += flat(list(route.routes), before + route.path)
        elif isinstance(route, Route):
            found += [(method, before + route.path) for method in sorted((route.methods or set()) - {"HEAD"})]
    return found


def addresses(house: House, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """All that the door of *house* has."""
    made: list[BaseRoute] = []

    def noting(routes: list[BaseRoute], *rest: Any, **more: Any) -> Any:
        made.extend(routes)
        return make_app(routes, *rest, **more)

    make_app = bootstrap.make_app
    with monkeypatch.context() as patched:
        patched.setattr(bootstrap, "make_app", noting)
        bootstrap.door_of(house)
    return flat(made)
