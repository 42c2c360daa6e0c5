"""Days and times said in one breath, and what joins them to what was said before."""
from dataclasses import dataclass, field

from clinic.booking.when.days import Day
from clinic.booking.when.times import Time


@dataclass(slots=True)
class Clause:
    """Days and times said in one breath. `join`: what stands before it. `taken`: it is what can't be; None if nobody
    can tell."""

    join: str
    taken: bool | None = False
    days: list[Day] = field(default_factory=list)
    times: list[Time] = field(default_factory=list)
    recurs: bool = False
    anytime: bool = False
    instants: list[int] = field(default_factory=list)
    time_first: bool = False
    maybe: bool = False
    """Whether nobody can tell if it is wished for, or only told of."""
    loose: bool = False
    coming: bool = False
    """Whether its part of the day is the next to come: "in the morning"."""
    only: bool = False
    """Whether it bounds what was said before: "but Saturday only after 2"."""
    part: int = 0
    """Number of the stretch between marks that it stands in."""

    @property
    def only_days(self) -> bool:
        return bool(self.days) and not self.times

    @property
    def is_next(self) -> bool:
        """Whether it is the next such part of a day, though any time of it will do: "any time in the morning"."""
        return self.coming and not self.recurs and not self.days

    @property
    def only_times(self) -> bool:
        return bool(self.times) and not self.days
