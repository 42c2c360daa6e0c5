"""What a message costs, and everything that its cost depends on: `make bench-turn`, or only some parts of it:

    python -m bench.turn [load] [parts] [long] [sections] [start] [training]

CPU is that of our processes and of the database's together. Other work on the machine makes figures noisy: compare
those of one run.
"""
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import turn_growth, turn_load, turn_parts, turn_start
from bench.turn_table import say, show

Part = Callable[[Path], Awaitable[dict[str, float]]]
PARTS: dict[str, Part] = {
    "load": turn_load.measure, "parts": turn_parts.measure, "long": turn_growth.talks, "sections": turn_growth.sections,
    "start": turn_start.starts, "training": turn_start.training,
}


@dataclass(frozen=True, slots=True)
class Target:
    """A figure's limit and, where there is one, what we aim for."""

    name: str
    key: str
    limit: float
    unit: str
    aim: float | None = None
    least: bool = False
    """More is better."""

    def row(self, figure: float) -> tuple[str, str, str, str, str]:
        digits = 2 if self.unit == "times" else 0 if self.least or self.unit == "MB" else 1
        kept = figure >= self.limit if self.least else figure <= self.limit
        reached = self.aim is not None and figure <= self.aim
        word = "at least" if self.least else "at most"
        return (self.name, f"{figure:.{digits}f} {self.unit}", f"{word} {self.limit:g}",
                "" if self.aim is None else f"{self.aim:g}", "aim reached" if reached else "kept" if kept else "MISSED")


TARGETS = (
    Target("CPU a message, 32 conversations at once", "burst", 20, "ms", aim=10),
    Target("messages a second, one process", "one", 60, "", least=True),
    Target("messages a second, two processes", "two", 100, "", least=True),
    Target("memory, one process and its database", "memory", 520, "MB"),
    Target("turn 1,000 against turn 10", "long", 1.2, "times"),
    Target("10,000 sections against 10", "sections", 1.2, "times"),
    Target("training after an edit", "training", 25, "s"),
    Target("training, nothing known yet", "training, cold", 25, "s"),
    Target("a later start, to the first answer", "start", 8, "s", aim=5),
)


async def main(wanted: list[str]) -> None:
    """Run the parts *wanted*, in order; all where none is named."""
    figures: dict[str, float] = {}
    busy, began = psutil.cpu_percent(1.0), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for name in wanted or PARTS:
            figures |= await PARTS[name](Path(folder))
    rows = [target.row(figures[target.key]) for target in TARGETS if target.key in figures]
    if rows:
        show("Targets", ("", "figure", "limit", "aim", ""), rows)
    say(f"{time.monotonic() - began:.0f} s in all. Other work kept the machine {busy:.0f} % busy before it began. "
        f"Its pace: {pace():.0f} ms for a million additions in Python.")


def pace() -> float:
    """Milliseconds of CPU for a million additions: figures of two machines, or of two hours, compare by it."""
    total, began = 0, time.process_time()
    for number in range(1_000_000):
        total += number
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    if unknown := set(sys.argv[1:]) - PARTS.keys():
        sys.exit(f"There is no part {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that no child outlives us
    asyncio.run(main(sys.argv[1:]))
