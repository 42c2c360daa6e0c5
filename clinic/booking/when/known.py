"""A wish said after an earlier one: "after 5 then", "actually Friday", "an hour later"."""
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from clinic.booking.when.clause import Clause
from clinic.booking.when.cursor import Item
from clinic.booking.when.days import Days, Fits
from clinic.booking.when.doubt import HORIZON, View
from clinic.booking.when.times import DAY, Exactly, Time
from clinic.booking.when.wish import Interval

Way = tuple[Interval, ...]
VAGUE = ("later", "earlier", "before", "after")
ON_IT = "that day"
"""Name of an "earlier" that stays on the day: a bit earlier, earlier that day."""
NOON, WHOLE = 12, 13
"""Hours: where a whole day's later half begins, and how much of one day is as good as the whole of it."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """Days that were agreed on before."""

    days: Days

    def dates(self, view: View, fits: Fits) -> Days:
        return self.days


def days_of(ways: Iterable[Way]) -> Days:
    """Each day on which some of *ways* lies."""
    return frozenset(day for way in ways for start, end in way for day in _days(start, end))


def _days(start: datetime, end: datetime) -> Iterable[date]:
    last = end - timedelta(minutes=1) if end > start else end
    return (start.date() + timedelta(days=ahead) for ahead in range((last.date() - start.date()).days + 1))


def times_of(way: Way, now: datetime) -> list[Time]:
    """The times of day that *way* keeps to on each of its days; none where it is whole days or differs by day."""
    by_day: dict[date, set[tuple[int, int]]] = {}
    for start, end in way:
        for day in _days(start, end):
            midnight = datetime.combine(day, time())
            first, last = max(start, midnight), min(end, midnight + timedelta(days=1))
            begins = 0 if first <= now and last - midnight == timedelta(days=1) else _minutes(first - midnight)
            by_day.setdefault(day, set()).add((begins, _minutes(last - midnight)))
    patterns = {frozenset(pieces) for pieces in by_day.values()}
    if len(patterns) != 1 or patterns == {frozenset({(0, DAY)})}:
        return []
    return [Exactly(begin, end) for begin, end in sorted(next(iter(patterns)))]


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60


def completed(clauses: list[Clause], ways: tuple[Way, ...], now: datetime) -> list[list[Clause]]:
    """*clauses* with what they leave unsaid taken from each of *ways*, so that a day keeps its hour and an hour its
    day."""
    said = [clause for clause in clauses if clause.taken is False]
    if (any(clause.days for clause in said) and any(clause.times for clause in said)) or any(c.instants for c in said):
        return [clauses]
    if any(clause.days and clause.anytime for clause in said):
        return [clauses]
    return [_with(clauses, said, way, now) for way in ways]


def _with(clauses: list[Clause], said: list[Clause], way: Way, now: datetime) -> list[Clause]:
    day, times = Fixed(days_of([way])), times_of(way, now)
    if clauses[0].join == "or":
        return [Clause("stop", days=[day], times=list(times[:1])), *clauses]
    if any(clause.days for clause in said):
        return [replace(clause, times=list(times[:1])) if clause.days and not clause.taken else clause
                for clause in clauses]
    if said:
        return [Clause("stop", days=[day]), *(replace(clause, anytime=False, recurs=False) for clause in clauses)]
    limits = any(clause.only_times for clause in clauses)
    return [Clause("stop", days=[day], times=[] if limits else list(times[:1])), *clauses]


def moved(way: Way, minutes: int) -> Way:
    """*way* so many minutes later, or earlier."""
    by = timedelta(minutes=minutes)
    return tuple((start + by, end + by) for start, end in way)


def moves(said: list[Item], ways: tuple[Way, ...], now: datetime) -> list[Way]:
    """Each of *ways* as *said* moves it: an hour later, something earlier, another day; none where it moves nothing."""
    shift = next((int(item.text) for item in said if item.kind == "shift"), 0)
    if shift:
        return [moved(way, shift) for way in ways]
    if any(item.kind in ("day", "time") for item in said):
        return []
    kinds = [item.kind for item in said]
    vague = next((item for item in said if item.kind in VAGUE), None)
    sooner = any(item.kind == "anytime" and item.name == "sooner" for item in said)
    if "otherday" in kinds:
        return [others(way, now) for way in ways]
    if vague is None and not sooner:
        return []
    if vague is not None and vague.kind in ("before", "after") and "that" not in kinds[kinds.index(vague.kind):]:
        return []
    if vague is not None and vague.kind in ("later", "after"):
        return [after for way in ways for after in later(way)]
    start = [way[0][0] for way in ways]
    on_it = vague is not None and (vague.name == ON_IT or "that" in kinds) and vague.kind == "earlier"
    return [((datetime.combine(at.date(), time()) if on_it else now, at),) for at in start]


def later(way: Way) -> Iterator[Way]:
    """What is left of its day after *way*; of a whole day what is not its morning, of several that or what follows."""
    start, end = way[0][0], way[-1][1]
    if _last(end, start) == start.date() and (end - start) < timedelta(hours=WHOLE):
        yield ((end, datetime.combine(_last(end, start), time()) + timedelta(days=1)),)
        return
    days = sorted(days_of([way]))
    noons = [datetime.combine(day, time(NOON)) for day in days]
    yield tuple((noon, noon + timedelta(hours=24 - NOON)) for noon in noons)
    if len(days) > 1:
        first = datetime.combine(days[-1], time()) + timedelta(days=1)
        yield ((first, first + timedelta(days=HORIZON)),)


def _last(end: datetime, start: datetime) -> date:
    return (end - timedelta(minutes=end > start)).date()


def others(way: Way, now: datetime) -> Way:
    """The other days of the coming fortnight, at the hours of *way*."""
    taken = days_of([way])
    hours = [item for item in times_of(way, now) if isinstance(item, Exactly)]
    times = [(item.minute, item.minute if item.end is None else item.end) for item in hours] or [(0, DAY)]
    found = []
    for ahead in range(HORIZON):
        midnight = datetime.combine(now.date() + timedelta(days=ahead), time())
        if midnight.date() not in taken:
            found += [(midnight + timedelta(minutes=start), midnight + timedelta(minutes=end)) for start, end in times]
    return tuple(found)


def common(first: Way, second: Way) -> Way:
    """What lies in both; a point lies in a stretch that holds it."""
    both = [(max(a, c), min(b, d)) for a, b in first for c, d in second]
    return tuple((start, end) for start, end in both if start <= end and (start < end or _point(start, first, second)))


def _point(at: datetime, first: Way, second: Way) -> bool:
    points = any(start == end == at for start, end in (*first, *second))
    return points and all(any(start <= at < end or start == end == at for start, end in way) for way in (first, second))
