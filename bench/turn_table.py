"""Tables of at most 100 columns, the same on a terminal and in a file."""
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

console = Console(width=100, highlight=False)


def show(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], note: str = "") -> None:
    """Print *rows* under *heads*, figures to the right, words (a column without a head, and the first) to the left.

    A *note* below says how they came about."""
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", caption=note or None,
                  caption_justify="left", caption_style="dim", pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place and head else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def say(line: str) -> None:
    """One line: what is being done, since some of it takes its time."""
    console.print(line, style="dim")
