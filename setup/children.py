"""Programs that set-up runs: their words are kept for when they fail, and none outlives us unnoticed."""
import contextlib
import os
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

KEPT_LINES = 4
DISK_FULL = "No space left on device"


class SetupError(Exception):
    """What is wrong and what to do, in one line; below it what the program said."""


class Children:
    """The programs that run. All hold the set-up's lock: one that survives a kill keeps the next set-up waiting."""

    def __init__(self, lock: int) -> None:
        self._lock = lock
        self._running: set[subprocess.Popen[str]] = set()
        self._ended = False
        self._guard = threading.Lock()

    def run(self, command: list[str | Path], trouble: str, heard: Callable[[str], None] = lambda line: None,
            environ: Mapping[str, str] = MappingProxyType({})) -> None:
        """Run *command* to its end, with *environ* on top of ours; *heard* gets each line that it says.

        Raises SetupError with *trouble* and its last words if it fails."""
        with self._guard:
            if self._ended:
                raise SetupError(trouble)
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,  # noqa: S603 - set-up's own
                                     stderr=subprocess.STDOUT, text=True, errors="replace", pass_fds=[self._lock],
                                     env={**os.environ, **environ})
            self._running.add(child)
        assert child.stdout
        last: deque[str] = deque(maxlen=100)
        with child.stdout:
            for line in child.stdout:
                last.append(line.strip())
                heard(line)
        failed = child.wait()
        self._running.discard(child)
        if failed:
            raise SetupError(explain(trouble, last))

    def end(self) -> None:
        """End all, and start no more."""
        with self._guard:
            self._ended = True
            running = list(self._running)
        for child in running:
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
        for child in running:
            child.wait()


def explain(trouble: str, said: Iterable[str]) -> str:
    """*trouble* and the last lines that say something; pip warns of much that doesn't matter."""
    lines = [line for line in said if line and not line.startswith(("WARNING:", "[notice]"))]
    if any(DISK_FULL in line for line in lines):
        return "the disk is full. Make room and run it again."
    return "\n    ".join([trouble, *lines[-KEPT_LINES:]])
