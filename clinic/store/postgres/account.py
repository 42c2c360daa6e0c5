"""Who the server runs as. PostgreSQL refuses to be root, so under root it is somebody else."""
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Account:
    """How to start a program of PostgreSQL: what goes before the command, and whom to become first."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """True where root becomes somebody who may not be able to reach our folders."""
        return self.uid != os.geteuid()

    def give(self, *paths: Path) -> None:
        """Hand *paths*, which root made, to whoever the server is."""
        if self.changes:
            for path in paths:
                os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def entry(self, *, mortal: bool) -> Callable[[], None]:
        """What the child does before it becomes the program: change its user and, if *mortal*, die with us.

        One function for both, in this order: a change of user forgets the signal that a parent's death sends."""
        changes, uid, gid, parent = self.changes, self.uid, self.gid, os.getpid()
        prctl = ctypes.CDLL(None).prctl if mortal and sys.platform == "linux" else None

        def enter() -> None:
            if changes:
                os.setgroups([])
                os.setgid(gid)
                os.setuid(uid)
            if prctl:
                prctl(PR_SET_PDEATHSIG, signal.SIGINT)
                if os.getppid() != parent:  # died before the line above
                    os._exit(1)

        return enter


def account_for(folder: Path) -> Account:
    """Ourselves; for root, the folder's owner if it has one, else root as nobody in a user namespace, else nobody.

    In the namespace the server still is root to the files outside, so a home under /root works; a container may
    forbid namespaces. Files once given to nobody stay nobody's."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    owner = folder.stat()
    if owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    if namespace := _namespace():
        return Account(0, 0, namespace)
    return _nobody(folder)


def _namespace() -> tuple[str, ...]:
    program = shutil.which("unshare")
    if not program:
        return ()
    prefix = (program, "-U", f"--map-user={NOBODY}")
    tried = subprocess.run([*prefix, "true"], capture_output=True, stdin=subprocess.DEVNULL,  # noqa: S603 - fixed words
                           check=False)
    return prefix if tried.returncode == 0 else ()


def _nobody(folder: Path) -> Account:
    try:
        entry = pwd.getpwnam("nobody")
        account = Account(entry.pw_uid, entry.pw_gid)
    except KeyError:
        account = Account(NOBODY, NOBODY)
    account.give(folder, *folder.rglob("*"))
    return account
