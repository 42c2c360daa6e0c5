"""A wish said after an earlier one: "after 5 then", "actually Friday", "an hour later"."""
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from clinic.booking.when.clauses import Clause
from clinic.booking.when.days import Days, Fits
from clinic.booking.when.doubt import View
from clinic.booking.when.times import DAY, Exactly, Time
from clinic.booking.when.wish import Interval

Way = tuple[Interval, ...]


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


def beside(way: Way, later: bool) -> Way:
    """What is left of its days after *way*, or before it: "something later"."""
    start, end = way[0][0], way[-1][1]
    if later:
        return ((end, datetime.combine((end - timedelta(minutes=end > start)).date(), time()) + timedelta(days=1)),)
    return ((datetime.combine(start.date(), time()), start),)


def common(first: Way, second: Way) -> Way:
    """What lies in both; a point lies in a stretch that holds it."""
    both = [(max(a, c), min(b, d)) for a, b in first for c, d in second]
    return tuple((start, end) for start, end in both if start <= end and (start < end or _point(start, first, second)))


def _point(at: datetime, first: Way, second: Way) -> bool:
    points = any(start == end == at for start, end in (*first, *second))
    return points and all(any(start <= at < end or start == end == at for start, end in way) for way in (first, second))
