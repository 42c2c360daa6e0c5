"""Other clinics than the sample, each with a house of its own."""
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bootstrap import House, load_agent, open_house, working
from clinic.settings import ROOT, Settings
from tests.conftest import Pigeonhole, StoppedClock

CLINICS = ROOT / "tests" / "clinics"


@asynccontextmanager
async def opened(settings: Settings, folder: Path, *more: Path) -> AsyncIterator[House]:
    """The physiotherapists' clinic, with the files *more* in place of its own and the safety rules that every clinic
    starts from, answering. All that it keeps is below *folder*."""
    content, home = folder / "content", folder / "home"
    shutil.copytree(CLINICS / "physio", content)
    for file in (*more, ROOT / "content" / "safety.yml", ROOT / "content" / "safety-words.yml"):
        shutil.copy(file, content)
    home.mkdir()
    (home / "encoder").symlink_to(settings.encoder.resolve())
    own = replace(settings, home=home, content=content)
    async with open_house(own, agent=load_agent(own), clock=StoppedClock(), post=Pigeonhole()) as house, \
            working(house, ("turns", "notices")):
        yield house
