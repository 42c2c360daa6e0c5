"""Which openings to show for a wish: those that fit it, spread over it; else the nearest."""
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from zoneinfo import ZoneInfo

from clinic.booking.opening import Opening

Interval = tuple[datetime, datetime]
"""Local minutes at the clinic, from and up to but without; a clock time has both alike."""
SHOWN = 5
"""Openings at once: a list that one takes in at a glance, with the ways out beside it."""
AROUND = timedelta(days=7)
"""How far from a wish the nearest openings are looked for at first."""

NEAR_DAYS = 3
"""Of other days, those that are looked at first: the nearest."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Openings to offer, the soonest first; whether they are what was asked for, and whether there are more."""

    openings: tuple[Opening, ...]
    fits: bool
    more: bool
    places: tuple[str, ...] = ()
    """Ids of the places that have what was asked for; none at a clinic with one, nor where nothing fits."""


def choose(openings: Sequence[Opening], wish: Sequence[Interval], zone: ZoneInfo, page: int = 0) -> Shown:
    """The *page*-th lot of *openings* for a *wish*; an empty wish is for any time. Of several people who are free at
    once in one place the first is taken: who comes first in *openings*."""
    free = _one_each(openings)
    fitting = [opening for opening in free if not wish or fits(opening, wish, zone)]
    if fitting:
        places = tuple(sorted({opening.place for opening in fitting} - {""}))
        return replace(_page(_spread(fitting, zone), page, True), places=places)
    return _page(_nearest(free, wish, zone), page, False)


def as_line(intervals: Sequence[Interval]) -> str:
    """*intervals* as one line, to be kept: `2026-12-03T17:00/2026-12-03T20:00`, and more after a space."""
    return " ".join("/".join(moment.isoformat(timespec="minutes") for moment in one) for one in intervals)


def as_intervals(line: str | None) -> list[Interval]:
    """What `as_line` wrote."""
    found = []
    for one in (line or "").split():
        begins, ends = one.split("/")
        found.append((datetime.fromisoformat(begins), datetime.fromisoformat(ends)))
    return found


def fits(opening: Opening, wish: Sequence[Interval], zone: ZoneInfo) -> bool:
    """Whether *opening* begins when the visitor could come."""
    starts = local(opening, zone)
    return any(begins <= starts < ends or begins == starts == ends for begins, ends in wish)


def is_a_point(wish: Sequence[Interval]) -> bool:
    """Whether the wish is for one clock time, so that there is nothing to choose."""
    return len(wish) == 1 and wish[0][0] == wish[0][1]


def local(opening: Opening, zone: ZoneInfo) -> datetime:
    return opening.starts.astimezone(zone).replace(tzinfo=None)


def _one_each(openings: Sequence[Opening]) -> list[Opening]:
    first: dict[tuple[datetime, str], Opening] = {}
    for opening in openings:
        first.setdefault((opening.starts, opening.place), opening)
    return list(first.values())


def _page(ordered: Sequence[Opening], page: int, fit: bool) -> Shown:
    lot = ordered[page * SHOWN:(page + 1) * SHOWN]
    return Shown(tuple(sorted(lot)), fit, len(ordered) > (page + 1) * SHOWN)


def _spread(openings: Sequence[Opening], zone: ZoneInfo) -> list[Opening]:
    """In an order in which any first few of them are from different days, and from different hours of a day."""
    days: dict[object, list[Opening]] = defaultdict(list)
    for opening in openings:
        days[local(opening, zone).date()].append(opening)
    rounds = zip_longest(*(_apart(day) for day in days.values()))
    return [opening for one_a_day in rounds for opening in one_a_day if opening is not None]


def _apart(day: Sequence[Opening]) -> Iterator[Opening]:
    """Those of a day: full hours first, then half ones, then the rest; of each first some that lie apart."""
    for minutes in ((0,), (30,), (15, 45)):
        group = [opening for opening in day if opening.starts.minute in minutes]
        step = max(1, -(-len(group) // SHOWN))
        for first in range(step):
            yield from group[first::step]
    yield from (opening for opening in day if opening.starts.minute % 15)


def _nearest(free: Sequence[Opening], wish: Sequence[Interval], zone: ZoneInfo) -> list[Opening]:
    """By turns another hour of a day that was wished for, and another day at an hour that was; then all else, each near
    day in turn."""
    days = {begins.date() for begins, _ in wish} | {_last_day(one) for one in wish}
    near = sorted(free, key=lambda opening: _distance(opening, wish, zone))
    same_day = _spread([o for o in free if local(o, zone).date() in days], zone)
    same_hour = _spread(_of_first_days([o for o in near if _at_an_hour_of(o, wish, zone)], zone), zone)
    turns = [o for pair in zip_longest(same_day, same_hour) for o in pair if o is not None]
    return list(dict.fromkeys([*turns, *_spread(near, zone)]))


def _of_first_days(near: Sequence[Opening], zone: ZoneInfo) -> list[Opening]:
    first = list(dict.fromkeys(local(opening, zone).date() for opening in near))[:NEAR_DAYS]
    return [opening for opening in near if local(opening, zone).date() in first]


def _last_day(one: Interval) -> date:
    return (one[1] - timedelta(minutes=1)).date() if one[1] > one[0] else one[1].date()


def _at_an_hour_of(opening: Opening, wish: Sequence[Interval], zone: ZoneInfo) -> bool:
    """Whether it begins at an hour of the day that one of the wish's days has."""
    clock = local(opening, zone).time()
    return any((begins.time() <= clock and (clock < ends.time() or ends.time() == time.min)) or begins.time() == clock
               for begins, ends in wish)


def _distance(opening: Opening, wish: Sequence[Interval], zone: ZoneInfo) -> tuple[timedelta, datetime]:
    starts = local(opening, zone)
    apart = (max(begins - starts, starts - ends, timedelta(0)) for begins, ends in wish)
    return min(apart, default=timedelta(0)), opening.starts
