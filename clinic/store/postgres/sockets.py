"""Where the server's socket is: in the database's folder, or, where that can't be one's address, in a short one."""
import os
import re
import stat
import tempfile
from pathlib import Path

from clinic.store.postgres.account import Account

LONGEST = 103 - len("/.s.PGSQL.5432")
"""Bytes of a folder that holds a socket: an address has 107 on Linux, and 103 on macOS."""
PLAIN = re.compile(r"[A-Za-z0-9_./-]+")
"""What needs no quoting in an address, nor in PostgreSQL's settings, where a comma parts two folders."""
RECORD = "socket-folder"


def dsn_at(sockets: Path) -> str:
    """The server's address. The port is only part of the socket's name; said, so that no PGPORT changes it."""
    return f"postgresql://postgres@/postgres?host={sockets}&port=5432"


def socket_folder(folder: Path) -> Path:
    """Where the server of *folder* has its socket, as its last owner wrote down."""
    try:
        return Path((folder / RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return folder


def settle(folder: Path, account: Account) -> Path:
    """Choose the socket's folder and write it down; the same one as last time if it is still good."""
    if _fits(folder):
        (folder / RECORD).unlink(missing_ok=True)
        return folder
    known = socket_folder(folder)
    if known != folder and _private(known, account):
        return known
    made = _short_one()
    account.give(made)
    record = folder / f"{RECORD}.new"
    record.write_text(str(made), encoding="utf-8")
    account.give(record)
    record.replace(folder / RECORD)
    return made


def _short_one() -> Path:
    base = Path(tempfile.gettempdir())
    short = base if _fits(base / "frontdesk-12345678") else "/tmp"  # noqa: S108 - the folder in it is ours alone
    return Path(tempfile.mkdtemp(prefix="frontdesk-", dir=short))


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder)) <= LONGEST and PLAIN.fullmatch(str(folder)) is not None


def _private(folder: Path, account: Account) -> bool:
    """True if nobody else can have put a socket there: the server trusts whoever reaches its own."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and stat.S_IMODE(found.st_mode) == 0o700
