"""A wish: clauses with their details dealt out, and what it comes to from one view of it."""
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from clinic.booking.when.clauses import Clause, family
from clinic.booking.when.days import ANY_DAY, Day, Days, Numbered, Recurring, Weekday
from clinic.booking.when.doubt import View
from clinic.booking.when.related import Agreed, All, Both, Within
from clinic.booking.when.times import NO_HALF, After, At, Before, Between, Part, Rest, Time, Windows, narrowed

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


def joined(days: list[Day]) -> Day:
    """Days said side by side as one: a weekday in a week, a weekday beside its date, or several."""
    kept = [day for day in days if family(day) != "any"] or days[:1]
    whole = kept[0]
    for day in kept[1:]:
        whole = _pair(whole, day)
    return whole


def _pair(first: Day, second: Day) -> Day:
    kinds = family(first), family(second)
    if kinds == ("weekday", "date"):
        return Agreed(first, second)
    if kinds == ("date", "weekday"):
        return Agreed(second, first)
    if kinds == ("weekday", "outer"):
        return Within(first, second)
    if kinds == ("outer", "weekday"):
        return Within(second, first)
    if "outer" in kinds:
        return Both(first, second)
    return All((first, second))


def dealt(clauses: list[Clause]) -> list[Wanted]:
    """Each clause's days with the times that belong to them: those beside them, or said later, or before them all."""
    wanted: list[Wanted] = []
    waiting: list[Clause] = []
    for clause in clauses:
        if clause.only_times and not clause.anytime:
            if not _deal(wanted, clause):
                waiting.append(clause)
        elif clause.days or clause.anytime:
            wanted += _of(clause, waiting)
    if waiting and not any(want.days and not want.taken for want in wanted):
        wanted += _timed(waiting)
    elif waiting:
        _lead(wanted, waiting)
    return wanted


def _of(clause: Clause, waiting: list[Clause]) -> Iterator[Wanted]:
    days = [joined(clause.days)] if clause.days else [ANY_DAY]
    yield Wanted(days, [clause.times] if clause.times else [], [], clause.taken, clause.recurs, clause.join)


def _deal(wanted: list[Wanted], clause: Clause) -> bool:
    """Give *clause*'s times to the days said before it. False where there are none."""
    group: list[Wanted] = []
    for want in reversed(wanted):
        if want.taken is not False:
            if group:
                break
            continue
        if group and (want.times or group[-1].join == "correct"):
            break
        group.append(want)
        if want.times or want.limits:
            break
    for want in group:
        if clause.taken:
            want.limits += [Rest(item) for item in clause.times]
        elif not want.times:
            want.times = [list(clause.times)]
        elif clause.join == "or" or not _can_hold(want.times[-1], clause):
            want.times.append(list(clause.times))
        else:
            want.times[-1] = want.times[-1] + clause.times
    return bool(group)


def _can_hold(times: list[Time], clause: Clause) -> bool:
    """Whether a further detail narrows the one before ("after 3, before 5") and is no other time ("10, 11")."""
    points = [item for item in (*times, *clause.times) if isinstance(item, At | Between)]
    parts = [item for item in (*times, *clause.times) if isinstance(item, Part)]
    if len(points) > 1 or len(parts) > 1:
        return False
    first, second = _windows(times, View(datetime(2000, 1, 1)), NO_HALF), _windows(
        clause.times, View(datetime(2000, 1, 1)), NO_HALF)
    return bool(narrowed(first, second)) or (bool(points) and bool(parts))


def _lead(wanted: list[Wanted], waiting: list[Clause]) -> None:
    """Times said before all days: they hold for those that have none of their own."""
    free = [want for want in wanted if not want.times and want.taken is False]
    for clause in waiting:
        for want in free:
            if clause.taken:
                want.limits += [Rest(item) for item in clause.times]
            else:
                want.times.append(list(clause.times))


def _timed(waiting: list[Clause]) -> list[Wanted]:
    """Times without any day: several, or such as recur, are for each day; a single one is for today or tomorrow."""
    limits = [Rest(item) for clause in waiting if clause.taken for item in clause.times]
    clauses = [clause for clause in waiting if not clause.taken]
    recurs = any(clause.recurs for clause in clauses) or not clauses
    times: list[list[Time]] = []
    for clause in clauses:
        if times and clause.join != "or" and _can_hold(times[-1], clause):
            times[-1] = times[-1] + clause.times
        else:
            times.append(list(clause.times))
    several = len(times) > 1
    return [Wanted([ANY_DAY if recurs or several else Bare()], times, limits, recurs=True)]


@dataclass(frozen=True, slots=True)
class Bare:
    """No day was said: today or tomorrow, to be asked."""

    def dates(self, view: View, fits: object) -> Days:
        view.sure = False
        return frozenset((view.today + timedelta(days=view.side("day")),))


def intervals(wanted: list[Wanted], view: View) -> list[Interval]:
    """What *wanted* comes to from *view*: sorted, apart, nothing before now. Raises Missing."""
    taken = [want for want in wanted if _is_taken(want, view)]
    given = [want for want in wanted if want not in taken]
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
        return any(start + timedelta(minutes=end) > view.now or (begin == end and start + timedelta(minutes=end) >= view.now)
                   for begin, end in windows)

    for days in want.days:
        found = every(days, view) if taking else days.dates(view, fits)
        for day in found:
            start = midnight + timedelta(days=(day - view.today).days)
            for begin, end in windows:
                yield start + timedelta(minutes=begin), start + timedelta(minutes=end)


def every(days: Day, view: View) -> Days:
    """The days that are taken away: a plain weekday then means each of them within reach."""
    if isinstance(days, Weekday) and days.how == "coming" and not days.weeks:
        start = view.today
        return frozenset(day for ahead in range(90) if (day := start + timedelta(days=ahead)).weekday() == days.number)
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
        half = halves[at] or next((half for half in halves[at + 1:] if half), NO_HALF)
        found += _windows(times, view, half if halves[at] or _shares(times) else NO_HALF)
    found = found if want.times else FULL
    for limit in want.limits:
        found = narrowed(found, limit.windows(view, NO_HALF))
    return found


def _shares(times: list[Time]) -> bool:
    return all(isinstance(item, At | Before | After) and item.clock.open and item.clock.hour in (7, 8) for item in times)


def _half(times: list[Time]) -> int:
    parts = [item.half for item in times if isinstance(item, Part)]
    if parts:
        return parts[0]
    return next((item.clock.half for item in times if isinstance(item, At) and item.clock.half), NO_HALF)


def _windows(times: list[Time], view: View, half: int) -> Windows:
    """What holds together: 6 in the evening. A part of the day that a clock time lies outside only says which half."""
    whole = FULL
    clocks = [item for item in times if not isinstance(item, Part)]
    for item in [*clocks, *(item for item in times if isinstance(item, Part))]:
        both = narrowed(whole, item.windows(view, half))
        if both or not (clocks and isinstance(item, Part)):
            whole = both
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


__all__ = ["Numbered", "Wanted", "dealt", "intervals", "joined", "merged"]
