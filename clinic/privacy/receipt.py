"""What came of a wish to have all erased: table by table, and the search that proves it. Nobody's name is in it."""
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One table: the kind of record that it holds, how many rows were theirs, what became of these, and how many rows
    still hold anything that they are known by."""

    table: str
    kind: str
    rows: int
    fate: str
    left: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """`kept`: what could not be erased yet, one word each. `alike`: rows of others that hold the same name or contact.
    `searched`: for how many things they are known by."""

    at: datetime
    by: str
    searched: int
    lines: tuple[Line, ...]
    kept: tuple[str, ...]
    alike: int

    @property
    def left(self) -> int:
        """Rows that still hold what only they are known by; 0, or it was no erasure."""
        return sum(line.left for line in self.lines)

    def as_row(self) -> dict[str, Any]:
        return {**asdict(self), "at": self.at.isoformat()}

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Receipt":
        return cls(datetime.fromisoformat(row["at"]), row["by"], row["searched"],
                   tuple(Line(**line) for line in row["lines"]), tuple(row["kept"]), row["alike"])
