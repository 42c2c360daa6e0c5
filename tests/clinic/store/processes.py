"""Processes of other people's, for tests: one that has a database open, and the server's own."""
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

HOLDER = Path(__file__).with_name("holder.py")


class Holder:
    """A process that has the database of a home open, until `leave` or `kill`."""

    def __init__(self, home: Path, *prefix: str, **environ: str) -> None:
        self.process = subprocess.Popen(
            [*prefix, sys.executable, str(HOLDER), str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env={**os.environ, **environ}, start_new_session=True)
        assert self.process.stdout
        self.dsn = self.process.stdout.readline().strip()
        """Where its database is; empty where it has none."""

    def leave(self) -> str:
        """End it as its user would; what it complained of."""
        return self.process.communicate(timeout=60)[1].strip()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def servers_in(home: Path) -> list[psutil.Process]:
    """Every process of PostgreSQL at work in *home*, the one that leads them first."""
    found = []
    for process in psutil.process_iter(["name"]):
        with suppress(psutil.Error):
            if process.info["name"] == "postgres" and Path(process.cwd()).is_relative_to(home):
                found.append(process)
    return sorted(found, key=lambda process: process.create_time())
