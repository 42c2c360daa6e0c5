"""What a server's processes use: CPU and memory, its database's counted apart."""
import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.server import Child


@dataclass(frozen=True, slots=True)
class Use:
    """CPU seconds or MB: of the program's own processes, and of its database's."""

    program: float
    database: float

    @property
    def whole(self) -> float:
        return self.program + self.database

    def since(self, before: "Use", per: float = 1.0) -> "Use":
        """What was used after *before*, divided by *per*."""
        return Use((self.program - before.program) / per, (self.database - before.database) / per)


NOTHING = Use(0.0, 0.0)


class Processes:
    """The processes under *pids*, and the PostgreSQL in *home* wherever it hangs in the tree.

    Started by root it runs in a namespace of its own, and one that another process left behind is nobody's child: so it
    is known by the folder that it works in."""

    def __init__(self, home: Path, *pids: int) -> None:
        self._data = str((home / "database" / "data").resolve())
        self._roots = [psutil.Process(pid) for pid in pids]

    def cpu(self) -> Use:
        """CPU seconds until now. Those of a child that ended are its parent's."""
        database = self._database()
        return Use(_seconds(self._program(database)), _seconds(database))

    def memory(self) -> Use:
        """Proportional memory (PSS) in MB: what is shared counts once for all that share it."""
        database = self._database()
        return Use(_megabytes(self._program(database)), _megabytes(database))

    def count(self) -> int:
        database = self._database()
        return len(database) + len(self._program(database))

    def _program(self, database: list[psutil.Process]) -> list[psutil.Process]:
        every = {process for root in self._roots for process in (root, *root.children(recursive=True))}
        return list(every.difference(database))

    def _database(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter(["name"]):
            with contextlib.suppress(psutil.Error):
                if process.info["name"] == "postgres" and process.cwd() == self._data:
                    found.append(process)
        return found


class Side:
    """Programs that answer together at *url*, with one home."""

    def __init__(self, url: str, home: Path, *children: Child) -> None:
        self.url, self._home, self._children = url, home, children

    def begin(self) -> Processes:
        for child in self._children:
            child.begin()
        return Processes(self._home, *(child.process.pid for child in self._children if child.process))

    def end(self) -> None:
        for child in reversed(self._children):
            child.stop()

    def last_words(self) -> str:
        return "\n".join(child.log.read_text(errors="replace")[-1000:] for child in self._children)


def machine() -> float:
    """CPU seconds until now of everything that runs on this machine, and of what the machine's host took from it."""
    times = psutil.cpu_times()
    return sum(getattr(times, kind, 0.0) for kind in ("user", "nice", "system", "irq", "softirq", "steal"))


def _seconds(processes: Iterable[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            spent = process.cpu_times()
            total += spent.children_user + spent.children_system
            total += _exact(process.pid) or spent.user + spent.system
    return total


def _exact(pid: int) -> float:
    """Seconds of CPU of all threads, as the scheduler counts them: the usual times come in steps of 10 ms.

    0 where the system doesn't say."""
    total = 0
    with contextlib.suppress(OSError, ValueError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            total += int(Path(f"/proc/{pid}/task/{thread}/schedstat").read_text().split()[0])
    return total / 1e9


def _megabytes(processes: Iterable[psutil.Process]) -> float:
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            info = process.memory_full_info()
            total += getattr(info, "pss", info.uss)
    return total / 2**20
