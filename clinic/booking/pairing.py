"""Two openings beside each other, for two who come together: at one time with two people, else one after the other."""
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from clinic.booking.opening import Opening

WAIT = timedelta(minutes=30)
"""How long the one may wait for the other at most."""
Pairs = dict[Opening, Opening]
"""The first of two openings, and the one beside it."""


def side_by_side(free: Sequence[Opening]) -> Pairs:
    """Pairs at one time and place. Of several therapists the first is for the first."""
    at: dict[tuple[datetime, str], list[Opening]] = defaultdict(list)
    for opening in free:
        at[opening.starts, opening.place].append(opening)
    return {here[0]: other for here in at.values()
            if (other := next((one for one in here if one.therapist != here[0].therapist), None))}


def in_turn(free: Sequence[Opening], takes: timedelta) -> Pairs:
    """Pairs of which the second begins when the first is over, or soon after. *takes*: how long a therapist can't be
    had; *free* has the soonest first."""
    starts = [opening.starts for opening in free]
    found = ((one, next(_after(one, free, starts, takes), None)) for one in free)
    return {one: other for one, other in found if other}


def _after(one: Opening, free: Sequence[Opening], starts: Sequence[datetime], takes: timedelta) -> Iterator[Opening]:
    for other in takewhile(lambda later: later.starts <= one.ends + WAIT, free[bisect_left(starts, one.ends):]):
        if other.place == one.place and (other.therapist != one.therapist or other.starts >= one.starts + takes):
            yield other
