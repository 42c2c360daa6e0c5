"""A command beside a running server: what the server's folder says stays live, whatever the command was told of."""
import asyncio
import shutil
from pathlib import Path

import pytest

from bootstrap import House
from clinic.library import Library
from clinic.settings import ROOT
from clinic.store.publishing import Publishing
from tests.conftest import MONDAY_NOON, StoppedClock


async def newest(house: House) -> str:
    async with house.store.begin() as unit:
        found = await unit.contents.newest()
    assert found is not None
    return found[1]


async def test_a_command_told_of_another_folder_changes_nothing_for_visitors(
        house: House, clock: StoppedClock, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    clock.now = MONDAY_NOON
    folder = tmp_path / "ours"
    shutil.copytree(ROOT / "content", folder)
    clinic = folder / "clinic.yml"
    clinic.write_text(clinic.read_text(encoding="utf-8").replace("Harbour Lane", "Quay Street"), encoding="utf-8")
    other = Publishing(house.store, Library(house.library.encode), folder, "f" * 16, house.clock)
    live = await newest(house)
    watching = asyncio.create_task(house.publishing.watch())
    try:
        await asyncio.sleep(0.3)
        await other.publish_unless_served()
        assert await newest(house) == live
        assert "other content" in caplog.text
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    await other.publish_unless_served()  # nobody serves: the folder is what there is
    assert await newest(house) != live
    await house.publishing.publish()
    await house.publishing.take_up()
    assert await newest(house) == live
