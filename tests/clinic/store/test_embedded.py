"""The built-in database: one owner, who keeps it alive; everyone else beside it; nothing lost, nothing left behind."""
import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import pytest_asyncio

from clinic.store.embedded import DatabaseBroken, DatabaseInUse, EmbeddedPostgres, database, dsn_if_running
from clinic.store.postgres.cluster import program
from tests.clinic.store.processes import Holder, servers_in

Start = Callable[..., Holder]


@pytest_asyncio.fixture
async def server(home: Path) -> AsyncIterator[EmbeddedPostgres]:
    owned = EmbeddedPostgres(home / "database")
    yield owned
    await owned.stop()


def write(dsn: str, row: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("create table if not exists kept (row text)")
        connection.execute("insert into kept values (%s)", [row])


def rows(dsn: str) -> list[str]:
    with psycopg.connect(dsn) as connection:
        return [row for (row,) in connection.execute("select row from kept order by row").fetchall()]


async def until_served(dsn: str) -> None:
    """Back once the database takes connections: after a kill it is away for a moment."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await (await psycopg.AsyncConnection.connect(dsn)).close()
            except psycopg.OperationalError:
                await asyncio.sleep(0.02)


async def until_gone(processes: list[psutil.Process]) -> None:
    def runs(process: psutil.Process) -> bool:
        try:
            return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    async with asyncio.timeout(60):
        for process in processes:
            while runs(process):  # noqa: ASYNC110 - another program's end: there is no event to wait for
                await asyncio.sleep(0.02)


async def test_what_was_written_is_there_after_a_stop(server: EmbeddedPostgres, home: Path) -> None:
    write(await server.start(), "kept")
    await server.stop()
    assert servers_in(home) == []
    assert rows(await server.start()) == ["kept"]


async def test_a_database_is_made_where_there_is_none(tmp_path: Path) -> None:
    """The first start, with half a database from one that was cut off."""
    half = tmp_path / "database" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    server = EmbeddedPostgres(tmp_path / "database")
    try:
        write(await server.start(), "first")
        assert not half.exists()
    finally:
        await server.stop()


async def test_what_is_committed_is_on_disk(server: EmbeddedPostgres) -> None:
    with psycopg.connect(await server.start()) as connection:
        told = connection.execute("select current_setting('fsync'), current_setting('synchronous_commit')").fetchone()
    assert told == ("on", "on")


async def test_nobody_else_gets_at_the_database(server: EmbeddedPostgres, home: Path) -> None:
    """It trusts whoever reaches its socket, so only its owner may: no port, and a folder that is closed to others."""
    with psycopg.connect(await server.start()) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
    assert (home / "database").stat().st_mode & 0o077 == 0


async def test_a_second_owner_is_refused(server: EmbeddedPostgres, home: Path) -> None:
    await server.start()
    with pytest.raises(DatabaseInUse, match=str(home)):
        await EmbeddedPostgres(home / "database").start()


async def test_a_refused_owner_does_no_harm(server: EmbeddedPostgres, home: Path) -> None:
    dsn = await server.start()
    other = EmbeddedPostgres(home / "database")
    with pytest.raises(DatabaseInUse):
        await other.start()
    await other.stop()
    write(dsn, "still here")


async def test_ctrl_c_in_a_terminal_does_not_reach_the_server(server: EmbeddedPostgres, home: Path) -> None:
    """Ours is the first to know, and it stops the server last."""
    await server.start()
    assert {os.getsid(process.pid) for process in servers_in(home)}.isdisjoint({os.getsid(0)})


async def test_a_killed_server_comes_back_with_every_row(server: EmbeddedPostgres, home: Path) -> None:
    dsn = await server.start()
    for number in range(3):
        write(dsn, f"{number}")
        running = servers_in(home)
        running[0].kill()
        await until_gone(running)
        await until_served(dsn)
    assert rows(dsn) == ["0", "1", "2"]


async def test_a_killed_owner_leaves_nothing_running(holder: Start, home: Path) -> None:
    owner = holder()
    write(owner.dsn, "before")
    running = servers_in(home)
    owner.kill()
    await until_gone(running)
    assert rows(holder().dsn) == ["before"]


@pytest.fixture
def orphan(home: Path) -> Iterator[psutil.Process]:
    """A server on the test's database that has no owner."""
    data = home / "database" / "data"
    prefix = ["unshare", "-U", "--map-user=65534"] if os.geteuid() == 0 else []
    command = [*prefix, program("postgres"), "-D", data, "-k", home / "database", "-c", "listen_addresses="]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as started:
        assert started.stderr
        while "ready to accept" not in started.stderr.readline():
            assert started.poll() is None
        yield psutil.Process(started.pid)


async def test_a_server_that_outlived_its_owner_is_replaced(server: EmbeddedPostgres, orphan: psutil.Process) -> None:
    """Where no signal tells a server of its owner's death (macOS), the next owner ends it."""
    dsn = await server.start()
    await until_gone([orphan])
    write(dsn, "ours")


@pytest.fixture
def stranger() -> Iterator[psutil.Process]:
    """A live process that has nothing to do with us."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield psutil.Process(process.pid)
        process.communicate(b"\n")


async def test_a_stale_pid_file_harms_nobody(server: EmbeddedPostgres, home: Path, stranger: psutil.Process) -> None:
    """The number in it may be anybody's by now: that process is left alone, and the start succeeds."""
    (home / "database" / "data" / "postmaster.pid").write_text(f"{stranger.pid}\n{home}\n")
    write(await server.start(), "started")
    assert stranger.is_running()


@pytest.mark.parametrize("name", ["x" * 120, "a clinic's, own ünd \"odd\" & 100% folder"])
async def test_any_folder_will_do(home: Path, name: str) -> None:
    """A socket's path may be 107 bytes, and an address doesn't take every character."""
    folder = home / name
    (home / "database").rename(folder)
    server = EmbeddedPostgres(folder)
    try:
        dsn = await server.start()
        write(dsn, "far away")
        assert await dsn_if_running(folder) == dsn
        await server.stop()
        assert await server.start() == dsn
    finally:
        await server.stop()
        (folder / "socket-folder").exists() and Path((folder / "socket-folder").read_text()).rmdir()


async def test_a_damaged_database_is_never_begun_anew(server: EmbeddedPostgres, home: Path) -> None:
    data = home / "database" / "data"
    (data / "PG_VERSION").unlink()
    with pytest.raises(DatabaseBroken, match="not a whole database"):
        await server.start()
    assert (data / "base").is_dir()


async def test_a_database_of_another_version_is_left_alone(server: EmbeddedPostgres, home: Path) -> None:
    (home / "database" / "data" / "PG_VERSION").write_text("15\n")
    with pytest.raises(DatabaseBroken, match="PostgreSQL 15"):
        await server.start()


async def test_a_server_that_can_not_start_says_why(server: EmbeddedPostgres, home: Path) -> None:
    with (home / "database" / "data" / "postgresql.conf").open("a") as settings:
        settings.write("shared_preload_libraries = 'absent'\n")
    with pytest.raises(DatabaseBroken, match="absent"):
        await server.start()
    assert servers_in(home) == []


async def test_a_failed_start_keeps_nobody_out(server: EmbeddedPostgres, home: Path) -> None:
    marker = home / "database" / "data" / "PG_VERSION"
    marker.rename(marker.with_name("away"))
    with pytest.raises(DatabaseBroken):
        await server.start()
    marker.with_name("away").rename(marker)
    async with database(None, home) as dsn:
        write(dsn, "well again")


async def test_the_log_does_not_hold_what_people_write(server: EmbeddedPostgres, home: Path) -> None:
    with psycopg.connect(await server.start(), autocommit=True) as connection:
        connection.execute("create table once (said text primary key)")
        connection.execute("insert into once values ('my knee hurts')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("insert into once values ('my knee hurts')")
    await server.stop()
    assert "knee" not in (home / "database" / "server.log").read_text()


async def test_an_address_that_is_set_is_used(tmp_path: Path) -> None:
    async with database("postgresql://elsewhere/clinic", tmp_path) as dsn:
        assert dsn == "postgresql://elsewhere/clinic"
    assert list(tmp_path.iterdir()) == []


async def test_no_address_where_nothing_runs(home: Path) -> None:
    assert await dsn_if_running(home / "database") is None


async def test_a_command_works_beside_a_running_server(holder: Start, home: Path) -> None:
    owner = holder()
    write(owner.dsn, "by the owner")
    async with database(None, home) as dsn:
        assert rows(dsn) == ["by the owner"]
    assert rows(owner.dsn) == ["by the owner"]


async def test_a_command_works_alone(home: Path) -> None:
    async with database(None, home) as dsn:
        write(dsn, "alone")
    assert servers_in(home) == []


async def test_two_that_start_at_once_on_a_new_home_share(tmp_path: Path) -> None:
    async def visit(row: str, meeting: asyncio.Barrier) -> list[str]:
        async with database(None, tmp_path) as dsn:
            async with meeting:
                write(dsn, row) if row == "a" else None
            async with meeting:
                return rows(dsn)

    meeting = asyncio.Barrier(2)
    assert await asyncio.gather(visit("a", meeting), visit("b", meeting)) == [["a"], ["a"]]


@pytest.mark.parametrize("end", [Holder.leave, Holder.kill])
async def test_who_stays_takes_the_server_over(holder: Start, home: Path, end: Callable[[Holder], object]) -> None:
    """A command that owned the database ends, or is killed: the server that runs beside it keeps a database."""
    owner = holder()
    async with database(None, home) as dsn:
        write(dsn, "before")
        running = servers_in(home)
        end(owner)
        await until_gone(running)
        await until_served(dsn)
        assert rows(dsn) == ["before"]
    assert servers_in(home) == []


async def test_a_terminated_owner_stops_its_server(holder: Start, home: Path) -> None:
    owner = holder()
    running = servers_in(home)
    owner.process.send_signal(signal.SIGTERM)
    await until_gone(running)
