"""A place in the pieces of a message, and what one rule of the grammar found there."""
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from clinic.booking.when.days import Day
from clinic.booking.when.times import Clock, Time
from clinic.booking.when.tokens import Token

END = Token("nothing")
FEW = 6
"""Pieces that are skipped at once: reading stays linear in the length of a message."""
OWNS = "owns"
"""Name of a word that says nothing about a time and is written with 's: "the car's in the garage Monday"."""
Build = Callable[[Day], Day]


@dataclass(frozen=True, slots=True)
class Item:
    """What stands at one place: days, a time, something told from a day not named here, or a word of another kind.

    `recurs`: said as something that comes again and again; `loose`: so if no day is said ("an evening"). `maybe`:
    nobody can tell whether it is wished for or only told of."""

    kind: str
    day: Day | None = None
    time: Time | None = None
    build: Build | None = None
    recurs: bool = False
    text: str = ""
    name: str = ""
    maybe: bool = False
    loose: bool = False


@dataclass(slots=True)
class Cursor:
    """Reads on from `at`. Remembers the clock time last read, for "after that"."""

    tokens: list[Token]
    now: datetime
    at: int = 0
    clock: Clock | None = None
    day: Day | None = None
    known: bool = False
    items: list[Item] = field(default_factory=list)

    def peek(self, ahead: int = 0) -> Token:
        place = self.at + ahead
        return self.tokens[place] if 0 <= place < len(self.tokens) else END

    def take(self, *kinds: str) -> Token | None:
        token = self.peek()
        if token.kind not in kinds:
            return None
        self.at += 1
        return token

    def skip(self, *kinds: str) -> None:
        for _ in range(FEW):
            if self.peek().kind not in kinds:
                return
            self.at += 1


Result = Item | None
Rule = Callable[[Cursor], Result]


def attempt(cursor: Cursor, *rules: Rule) -> Result:
    """What the first rule that holds here found; the place is as before where none does."""
    at = cursor.at
    for rule in rules:
        if (found := rule(cursor)) is not None:
            return found
        cursor.at = at
    return None
