"""The life of the built-in server: one owner, who starts it, starts it again if it dies, and stops it."""
import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import subprocess
from pathlib import Path
from typing import IO

from psycopg.pq import PGconn, Ping

from clinic.errors import ClinicError
from clinic.store.postgres.account import Account, account_for
from clinic.store.postgres.cluster import DatabaseBroken, end_left_over, make_whole, program, unreachable
from clinic.store.postgres.sockets import dsn_at, settle

log = logging.getLogger("frontdesk.database")
OPTIONS = {
    # a small machine: 60 sessions, one of them at a time; fewer helpers halve the memory at rest
    "listen_addresses": "", "port": "5432", "max_connections": "60", "shared_buffers": "48MB",
    "maintenance_work_mem": "32MB", "effective_cache_size": "256MB", "jit": "off", "io_method": "sync",
    "max_wal_size": "128MB", "min_wal_size": "32MB", "max_worker_processes": "2", "max_parallel_workers": "0",
    "autovacuum_max_workers": "1", "autovacuum_naptime": "10s", "max_logical_replication_workers": "0",
    "unix_socket_permissions": "0700",
    "idle_in_transaction_session_timeout": "60s", "log_timezone": "UTC", "timezone": "UTC",
    # the log names what went wrong, never what a visitor wrote
    "log_checkpoints": "off", "log_error_verbosity": "terse", "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
}
START = 60.0
"""Seconds until a start that hangs is a failure: recovery after a crash takes a few."""
STOP = 20.0
"""Seconds until a stop that hangs is made a rough one, which the next start recovers from."""
LINGERING = ("shared memory", "lock file")
"""What PostgreSQL says while children of a killed server still hold on."""
LOG_SIZE = 2_000_000
"""Bytes after which a start puts the server's log aside."""


class DatabaseInUse(ClinicError):
    """Another process owns the database."""


class EmbeddedPostgres:
    """Owns the server of one folder from `start` to `stop`; both may be called again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._data, self._log = self._folder / "data", self._folder / "server.log"
        self._process: asyncio.subprocess.Process | None = None
        self._guard: asyncio.Task[None] | None = None
        self._lock: IO[bytes] | None = None

    async def start(self) -> str:
        """Make the database if there is none, serve it, and keep it served. Its address.

        Raises DatabaseInUse, DatabaseBroken."""
        try:
            _make_private(self._folder)
            self._lock = _owned(self._folder / "owner.lock")
            self._account, self._sockets = await asyncio.to_thread(self._prepare)
            await self._serve()
        except OSError as error:
            await self.stop()
            raise DatabaseBroken(f"The built-in database can't be kept in {self._folder}: {error}") from error
        except BaseException:
            await self.stop()
            raise
        self._guard = asyncio.create_task(self._keep())
        return dsn_at(self._sockets)

    async def stop(self) -> None:
        """End the server and give the folder free. What was committed is on disk anyway."""
        try:
            if self._guard:
                self._guard.cancel()
                await asyncio.gather(self._guard, return_exceptions=True)
            await self._end()
        finally:
            if self._lock:
                self._lock.close()
            self._guard = self._lock = None

    def _prepare(self) -> tuple[Account, Path]:
        account = account_for(self._folder)
        end_left_over(self._data)
        make_whole(self._data, account)
        if self._log.is_file() and self._log.stat().st_size > LOG_SIZE:
            self._log.replace(self._log.with_suffix(".log.1"))
        self._log.touch(0o600)
        account.give(self._log, self._folder / "owner.lock")
        return account, settle(self._folder, account)

    async def _serve(self) -> None:
        """Start the server, and return once it takes connections. Raises DatabaseBroken."""
        end = asyncio.get_running_loop().time() + START
        while True:
            said = self._log.stat().st_size
            await self._spawn()
            if await self._answers(end):
                return
            why = self._last_words(said)
            late = asyncio.get_running_loop().time() > end
            if late or not any(words in why for words in LINGERING):
                await self._end()
                raise DatabaseBroken(f"The built-in database does not start: {why}. More in {self._log}")
            await asyncio.sleep(0.2)

    async def _spawn(self) -> None:
        options = {**OPTIONS, "unix_socket_directories": str(self._sockets)}
        settings = (part for name, value in options.items() for part in ("-c", f"{name}={value}"))
        try:
            with self._log.open("ab") as output:
                self._process = await asyncio.create_subprocess_exec(
                    *self._account.prefix, program("postgres"), "-D", self._data, *settings, cwd="/",
                    stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=_environment(),
                    start_new_session=True,  # Ctrl-C in a terminal is ours to act on, not the server's
                    preexec_fn=self._account.entry(mortal=True))
        except PermissionError as error:
            raise DatabaseBroken(unreachable(str(error))) from error

    async def _answers(self, end: float) -> bool:
        """Whether the server just started takes connections; False once it ended, or it is late."""
        while self._process and self._process.returncode is None and asyncio.get_running_loop().time() < end:
            if await answers(self._sockets):
                return True
            await asyncio.sleep(0.02)
        return False

    def _last_words(self, offset: int) -> str:
        """Why the server ended, as it wrote to its log after *offset* bytes."""
        with self._log.open("rb") as file:
            file.seek(offset)
            lines = file.read().decode(errors="replace").splitlines()
        grave = [line for line in lines if ("FATAL:" in line or "PANIC:" in line) and "database system is" not in line]
        last = (grave or lines or ["it said nothing"])[-1]
        return last.partition(":  ")[2] or last

    async def _keep(self) -> None:
        """Start the server again whenever it ended without us."""
        while True:
            assert self._process
            await self._process.wait()
            log.warning("the database ended by itself; starting it again")
            await self._revive()

    async def _revive(self) -> None:
        """Try until it serves: what keeps it from starting, such as a full disk, may pass."""
        pause = 1.0
        while True:
            try:
                await asyncio.to_thread(end_left_over, self._data)
                return await self._serve()
            except (DatabaseBroken, OSError) as error:
                log.error("%s", error)
            await asyncio.sleep(pause)
            pause = min(2 * pause, 30.0)

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # politely first
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), STOP)
                return


async def answers(sockets: Path) -> bool:
    """Whether a server takes connections at the socket in *sockets*; one that is full does."""
    address = f"{dsn_at(sockets)}&connect_timeout=5".encode()
    return await asyncio.to_thread(PGconn.ping, address) == Ping.OK


def _make_private(folder: Path) -> None:
    """*folder*, for its owner alone: the server trusts whoever reaches its socket."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.geteuid() not in (0, folder.stat().st_uid):
        raise DatabaseBroken(f"The database in {folder} belongs to another user. Run as that user, or set "
                             "FRONTDESK_HOME to a folder of your own.")
    folder.chmod(0o700)


def _owned(path: Path) -> IO[bytes]:
    """An open file that says, as long as we live, that the folder is ours. Raises DatabaseInUse."""
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise DatabaseInUse(f"Another process owns the database in {path.parent}. Wait until it has ended.") from None
    return file


def _environment() -> dict[str, str]:
    """Ours without what would change the server's settings behind our back."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
