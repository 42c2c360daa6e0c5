"""A wish: days with their times, and what it comes to from one view of it."""
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from clinic.booking.when.days import (
    ANY_DAY,
    Day,
    Days,
    Recurring,
)
from clinic.booking.when.doubt import View
from clinic.booking.when.related import All
from clinic.booking.when.times import (
    LIKE_EITHER,
    NO_HALF,
    After,
    At,
    Before,
    Part,
    Time,
    Windows,
    narrowed,
)
from clinic.booking.when.together import recurring

Interval = tuple[datetime, datetime]
FULL: Windows = ((0, 24 * 60),)


@dataclass(slots=True)
class Wanted:
    """Days, and the times on them: one list after another for "or"; each list is what holds together."""

    days: list[Day]
    times: list[list[Time]] = field(default_factory=list)
    limits: list[Time] = field(default_factory=list)
    taken: bool | None = False
    recurs: bool = False
    join: str = "stop"
    whole: bool = False
    """Whether any time of it was said to do: no time of another day is for it."""
    maybe: bool = False
    """Whether it may be told of and not wished for."""
    shares: bool = False
    """Whether its times are those of the day after it."""
    borrowed: bool = False
    """Whether its times are those of the day before it, until it gets its own."""


def intervals(wanted: list[Wanted], view: View) -> list[Interval]:
    """What *wanted* comes to from *view*: sorted, apart, nothing before now. Raises Missing."""
    taken = [want for want in wanted if _is_taken(want, view)]
    given = [want for want in wanted if want not in taken and not (want.maybe and view.side("told"))]
    view.sure = view.sure and not any(want.maybe for want in wanted)
    if not given and taken:
        given = [Wanted([ANY_DAY])]
    found = [piece for want in given for piece in _pieces(want, view)]
    for want in taken:
        for start, end in _pieces(want, view, taking=True):
            found = list(_without(found, start, end))
    return merged(found, view.now)


def _is_taken(want: Wanted, view: View) -> bool:
    return view.side("list") == 0 if want.taken is None else want.taken


def _pieces(want: Wanted, view: View, taking: bool = False) -> Iterator[Interval]:
    midnight = datetime.combine(view.today, time())
    windows = _any_windows(want, view)

    def fits(day: date) -> bool:
        start = datetime.combine(day, time())
        ends = [(start + timedelta(minutes=end), begin == end) for begin, end in windows]
        return any(end > view.now or (point and end == view.now) for end, point in ends)

    for days in want.days:
        found = every(days, view) if taking else days.dates(view, fits)
        for day in found:
            start = midnight + timedelta(days=(day - view.today).days)
            for begin, end in windows:
                yield start + timedelta(minutes=begin), start + timedelta(minutes=end)


def every(days: Day, view: View) -> Days:
    """The days that are taken away: a plain weekday then means each of them within reach."""
    days = recurring(days)
    if isinstance(days, Recurring):
        return frozenset(day for ahead in range(90) if (day := view.today + timedelta(days=ahead)).weekday()
                         in days.numbers)
    if isinstance(days, All):
        return frozenset().union(*(every(day, view) for day in days.days))
    return days.dates(view, lambda day: True)


def _any_windows(want: Wanted, view: View) -> Windows:
    halves = [_half(times) for times in want.times]
    found: Windows = ()
    for at, times in enumerate(want.times):
        half = halves[at] or next((half for half in (*halves[at + 1:], *reversed(halves[:at])) if half), NO_HALF)
        found += windows_of(times, view, half if halves[at] or _shares(times) else NO_HALF)
    found = found if want.times else FULL
    for limit in want.limits:
        found = narrowed(found, limit.windows(view, NO_HALF))
    return found


def _shares(times: list[Time]) -> bool:
    clocks = [item.clock for item in times if isinstance(item, At | Before | After)]
    return len(clocks) == len(times) and all(clock.open and clock.hour in LIKE_EITHER for clock in clocks)


def _half(times: list[Time]) -> int:
    parts = [item.half for item in times if isinstance(item, Part)]
    if parts:
        return parts[0]
    return next((item.clock.half for item in times if isinstance(item, At) and item.clock.half), NO_HALF)


def windows_of(times: list[Time], view: View, half: int) -> Windows:
    """What holds together: 6 in the evening. A part of the day that a clock time lies outside only says which half."""
    whole = FULL
    clocks = [item for item in times if not isinstance(item, Part)]
    for item in [*clocks, *(item for item in times if isinstance(item, Part))]:
        both = narrowed(whole, item.windows(view, half))
        whole = both or whole
    return whole


def _without(found: list[Interval], start: datetime, end: datetime) -> Iterator[Interval]:
    for first, last in found:
        if first == last:
            if not start <= first < max(end, start + timedelta(minutes=1)):
                yield first, last
            continue
        if first < min(last, start):
            yield first, min(last, start)
        if max(first, end) < last:
            yield max(first, end), last


def merged(found: list[Interval], now: datetime) -> list[Interval]:
    """Sorted and apart, from now on."""
    whole: list[Interval] = []
    for start, end in sorted((max(start, now), end) for start, end in found if end > now or start == end == now):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return whole

