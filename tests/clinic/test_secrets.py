"""The password in DATABASE_URL is never told, whatever is wrong with the rest of it."""
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from clinic.errors import ClinicError
from clinic.settings import ROOT, Settings
from clinic.store.condition import condition
from clinic.store.schema import migrate
from desk import checks

SECRET = "hunter2"
WRONG = [
    "postgresql://clinic:hunter2@nowhere.invalid/clinic",
    "postgresql://clinic:hunter2@127.0.0.1:1/clinic",
    "postgresql://clinic:hunter2/7@127.0.0.1/clinic",
    "postgresql://clinic:why@hunter2@127.0.0.1/clinic",
    "postgresql://clinic:hunter2@[127.0.0.1/clinic",
    "postgresql:///clinic?host=nowhere.invalid&password=hunter2",
    "postgresql:///clinic?host=nowhere.invalid&hunter2",
    "postgresql://clinic@127.0.0.1:1/clinic?hunter2=password",
]


@pytest.mark.parametrize("url", WRONG)
async def test_what_is_wrong_with_a_database_is_told_without_its_password(url: str) -> None:
    with pytest.raises(ClinicError) as told:
        await condition(url)
    assert SECRET not in str(told.value)
    found = await checks.store(replace(Settings.read({}), database_url=url))
    assert not found.ok
    assert SECRET not in found.said + found.remedy


@pytest.mark.parametrize("url", WRONG)
def test_a_start_without_the_database_says_so_without_its_password(url: str) -> None:
    with pytest.raises(ClinicError) as told:
        migrate(url)
    assert "DATABASE_URL" in str(told.value)
    assert SECRET not in str(told.value)


@pytest.mark.parametrize("command", ["doctor", "requests"])
@pytest.mark.parametrize("url", [WRONG[0], WRONG[3], "host=nowhere.invalid user=clinic password=hunter2"])
def test_no_command_prints_it(command: str, url: str) -> None:
    ended = subprocess.run([sys.executable, "-c", "from desk.cli import main; main()", command], cwd=ROOT, timeout=60,
                           env={**os.environ, "DATABASE_URL": url}, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert SECRET not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(("url", "why"), [
    (WRONG[0], "no machine goes by that name"), (WRONG[1], "nothing listens there"), (WRONG[5], "no machine"),
])
async def test_the_reason_is_told_in_our_own_words(url: str, why: str) -> None:
    with pytest.raises(ClinicError, match=why):
        await condition(url)
