"""What a message comes to when it is read for danger."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["emergency", "urgent", "gp", "none"]


@dataclass(frozen=True, slots=True)
class SignFound:
    """A sign by its name in the rules. Offsets are characters of the text; -1, -1: said in an earlier message."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """`rules`: ids that are met, the most urgent first. `general`: asked in general about warning signs.
    `languages`: other than English, in which a sign was given. `of_another`: it is about somebody else."""

    level: Level
    rules: tuple[str, ...] = ()
    signs: tuple[SignFound, ...] = ()
    general: bool = False
    languages: tuple[str, ...] = ()
    of_another: bool = False

    @property
    def alarm(self) -> bool:
        """Whether somebody must be told: emergency or urgent."""
        return self.level in ("emergency", "urgent")
