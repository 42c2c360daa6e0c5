"""What a message comes to when it is read for danger."""

from collections.abc import Mapping
from dataclasses import dataclass

from clinic.conversation import Level
from clinic.safety.rules import Rule

HELPED: tuple[Level, ...] = ("gp", "urgent", "emergency")
"""Levels to which help is the answer, and the only one."""
ALARMS: tuple[Level, ...] = ("urgent", "emergency")
"""Levels at which somebody at the clinic is told, and after which a person arranges any appointment."""


@dataclass(frozen=True, slots=True)
class SignFound:
    """A sign by its name in the rules. Offsets are characters of the text; -1, -1: said in an earlier message."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """`met`: rules, the most urgent first. `general`: asked in general about warning signs.
    `languages`: other than English, in which a sign was given. `of_another`: it is about somebody else."""

    level: Level
    met: tuple[Rule, ...] = ()
    signs: tuple[SignFound, ...] = ()
    general: bool = False
    languages: tuple[str, ...] = ()
    of_another: bool = False

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of what is met, each once."""
        return tuple(dict.fromkeys(rule.id for rule in self.met))

    @property
    def helped(self) -> bool:
        """Whether the advice on it is the whole answer to the message."""
        return self.level in HELPED or self.general

    @property
    def alarm(self) -> bool:
        """Whether somebody must be told."""
        return self.level in ALARMS


@dataclass(frozen=True, slots=True)
class Explanation:
    """`met`: rules, the most urgent first, with the signs that meet them. `found`: live signs by name. `taken_back`:
    signs that were said but don't count, and why (denied, asked, over, unlikely)."""

    met: tuple[tuple[Rule, tuple[str, ...]], ...]
    found: Mapping[str, SignFound]
    taken_back: tuple[tuple[SignFound, str], ...]
