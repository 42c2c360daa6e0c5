"""Plots as drawings in the page, made here: no script draws them, and the table beside each says the same."""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, BOTTOM, GAP = 720, 220, 40, 24, 0.25


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a bar, in the drawing's units. `kind` is its class; `said` what it shows, in words."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Bars with a label below each, and lines across at round numbers."""

    bars: tuple[Bar, ...]
    labels: tuple[tuple[float, str], ...]
    lines: tuple[tuple[float, int], ...]
    width: int = WIDTH
    height: int = HEIGHT


def stacked(columns: Sequence[tuple[str, Sequence[tuple[str, int]]]], names: Mapping[str, str] | None = None) -> Plot:
    """A bar for each of *columns*: its label, and (kind, how many) from the bottom up. *names*: of kinds, where they
    are not the kinds themselves."""
    highest = max((sum(n for _, n in parts) for _, parts in columns), default=0) or 1
    step = _round(highest)
    top = -(-highest // step) * step
    unit, wide = (HEIGHT - BOTTOM - 8) / top, (WIDTH - LEFT) / max(len(columns), 1)
    bars, labels = [], []
    for place, (label, parts) in enumerate(columns):
        x, base = LEFT + wide * (place + GAP / 2), float(HEIGHT - BOTTOM)
        labels.append((round(x + wide * (1 - GAP) / 2, 1), label))
        for kind, n in parts:
            if n:
                base -= n * unit
                bars.append(Bar(round(x, 1), round(base, 1), round(wide * (1 - GAP), 1), round(n * unit, 1), kind,
                                f"{label}: {n} {(names or {}).get(kind, kind.replace('_', ' '))}"))
    lines = tuple((round(HEIGHT - BOTTOM - n * unit, 1), n) for n in range(0, top + 1, step))
    return Plot(tuple(bars), tuple(labels), lines)


def _round(highest: int) -> int:
    """A step of 1, 2 or 5 times a power of ten, at most five of which reach *highest*."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power * 5 >= highest:
                return digit * power
        power *= 10
