"""What set-up says: one line that moves on a terminal, a plain line now and then elsewhere."""
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

QUARTERS = 4
TICK = 0.5
"""Seconds between two looks of the line that moves."""


class Progress:
    """Tells one step after the other, each with its time."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._live = sys.stdout.isatty()
        self._worked = False

    @contextmanager
    def step(self, doing: str, done: str) -> Iterator[Callable[[int, int], None]]:
        """Around a step's work; what it yields takes how much of how many is done, as often as one likes."""
        if not self._worked:
            print("Setting up. The first time takes a minute or two; later, only what changed is done.", flush=True)
        self._worked = True
        step = Step(doing, self._live)
        try:
            yield step.count
        except BaseException:
            step.leave(f"  {doing}: stopped after {step.seconds:.0f} s")
            raise
        step.leave(f"  {done} in {step.seconds:.0f} s")

    def close(self) -> None:
        """The last line."""
        print(f"Set up in {time.monotonic() - self._began:.0f} s." if self._worked else "Everything is set up.",
              flush=True)


class Step:
    """A step that is being worked on."""

    def __init__(self, doing: str, live: bool) -> None:
        self._doing, self._live, self._known, self._quarters = doing, live, "", 0
        self._began, self._left = time.monotonic(), threading.Event()
        self._ticking = threading.Thread(target=self._tick, daemon=True)
        if live:
            self._ticking.start()
        else:
            print(f"  {doing} ...", flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def count(self, done: int, of: int) -> None:
        """So much of so many."""
        self._known = f": {min(done, of)} of {of}"
        if not self._live and done * QUARTERS // of > self._quarters:
            self._quarters = done * QUARTERS // of
            print(f"  {self._doing}{self._known}", flush=True)

    def leave(self, words: str) -> None:
        """End the line that moves, and say *words* in its place."""
        self._left.set()
        if self._live:
            self._ticking.join()
            print("\r\x1b[K", end="")
        if words:
            print(words, flush=True)

    def _tick(self) -> None:
        while not self._left.is_set():
            width = shutil.get_terminal_size().columns - 1
            line = f"  {self._doing}{self._known} ({self.seconds:.0f} s)"
            print(f"\r\x1b[K{line[:width]}", end="", flush=True)
            self._left.wait(TICK)
