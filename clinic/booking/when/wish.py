"""A wish: clauses with their details dealt out, and what it comes to from one view of it."""
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from clinic.booking.when.clauses import Clause
from clinic.booking.when.days import (
    ANY_DAY,
    WEEK,
    Day,
    Days,
    Recurring,
    Weekday,
)
from clinic.booking.when.doubt import View
from clinic.booking.when.related import All, Through
from clinic.booking.when.times import (
    LIKE_EITHER,
    NO_HALF,
    After,
    At,
    Before,
    Between,
    Part,
    Rest,
    Time,
    Windows,
    narrowed,
)
from clinic.booking.when.together import family, joined

Interval = tuple[datetime, datetime]
FULL: Windows = ((0, 24 * 60),)
JOINS = ("or", "and", "comma")


@dataclass(slots=True)
class Wanted:
    """Days, and the times on them: one list after another for "or"; each list is what holds together."""

    days: list[Day]
    times: list[list[Time]] = field(default_factory=list)
    limits: list[Time] = field(default_factory=list)
    taken: bool | None = False
    recurs: bool = False
    join: str = "stop"
    borrowed: bool = False
    """Whether its times are those of the day before it, until it gets its own."""


def dealt(clauses: list[Clause], usual: Day | None = None) -> list[Wanted]:
    """Each clause's days with the times that belong to them: those beside them, or said later, or before them all.

    *usual* is the day of a time that is said without any."""
    wanted: list[Wanted] = []
    waiting: list[Clause] = []
    first = False
    for clause in clauses:
        if clause.anytime and not (clause.days or clause.times) and any(other.days for other in clauses):
            continue
        if clause.only_times:
            if (clause.recurs and clause.join == "or") or not _deal(wanted, clause):
                waiting.append(clause)
        elif clause.days or clause.anytime:
            want = _of(clause)
            if waiting and clause.time_first and clause.join in JOINS and not clause.taken:
                want.times = [*_alternatives([*waiting, replace(clause, days=[])])]
                waiting = []
            _spread(wanted, want, clause)
            _borrow(wanted, want, first)
            wanted.append(want)
            first = clause.time_first or want.borrowed
    return _led(wanted, waiting, usual)


def _of(clause: Clause) -> Wanted:
    day = joined(clause.days) if clause.days else ANY_DAY
    if clause.recurs:
        day = recurring(day)
    positive = clause.taken and clause.time_first and all(isinstance(item, After | Before) for item in clause.times)
    if positive and clause.days:
        return Wanted([day], [], [Rest(item) for item in clause.times], False, clause.recurs, clause.join)
    return Wanted([day], [clause.times] if clause.times else [], [], clause.taken, clause.recurs, clause.join)


def recurring(day: Day) -> Day:
    """Every one of a plain weekday, or of a stretch of them: Monday to Thursday, evenings."""
    if isinstance(day, Weekday) and day.how == "coming" and not day.weeks:
        return Recurring(frozenset((day.number,)))
    if isinstance(day, Through) and isinstance(day.first, Weekday) and isinstance(day.last, Weekday):
        first, last = day.first.number, day.last.number
        return Recurring(frozenset((first + ahead) % WEEK for ahead in range((last - first) % WEEK + 1)))
    return All(tuple(recurring(one) for one in day.days)) if isinstance(day, All) else day


def _borrow(wanted: list[Wanted], want: Wanted, first: bool) -> None:
    """A time said before several days alike holds for all: after 6 on Thursday or Friday."""
    if not (first and wanted and not want.times and not want.limits and want.join in JOINS):
        return
    before = wanted[-1]
    recurs = before.recurs and not want.recurs
    day = recurring(want.days[0]) if recurs else want.days[0]
    if before.taken == want.taken and type(day) is type(before.days[0]):
        want.days, want.times, want.borrowed = [day], [list(times) for times in before.times], True


def _spread(wanted: list[Wanted], want: Wanted, clause: Clause) -> None:
    """A time said after the last of several days alike holds for all: Tuesday or Wednesday after 5."""
    join = clause.join
    for earlier in reversed(wanted):
        alike = earlier.taken == want.taken and family(earlier.days[0]) == family(want.days[0]) != "any"
        if clause.time_first or join not in JOINS or earlier.times or earlier.limits or not alike:
            return
        earlier.times, join = [list(times) for times in want.times], earlier.join
        earlier.days = [recurring(day) for day in earlier.days] if want.recurs else earlier.days


def _led(wanted: list[Wanted], waiting: list[Clause], usual: Day | None) -> list[Wanted]:
    """Times said before all days hold for those that have none of their own; with no days they stand alone."""
    free = [want for want in wanted if not want.times and want.taken is False]
    given = [clause for clause in waiting if not clause.taken]
    for want in free if waiting else ():
        want.times = _alternatives(given)
        want.days = [recurring(day) for day in want.days] if any(clause.recurs for clause in given) else want.days
    for want in (want for want in wanted if want.taken is False):
        want.limits += [Rest(item) for clause in waiting if clause.taken for item in clause.times]
    if given and not free and _bounds(given, wanted):
        return wanted
    if waiting and not free and (given or not any(want.taken is False for want in wanted)):
        wanted += _timed(waiting, usual)
    return wanted


def _bounds(given: list[Clause], wanted: list[Wanted]) -> bool:
    """Whether times said on their own bound those of each day: "I finish at 5. Tuesday at 6?" """
    ends = [item for clause in given for item in clause.times]
    own = [want for want in wanted if want.taken is False]
    if any(clause.recurs for clause in given) or not all(isinstance(item, After | Before) for item in ends):
        return False
    for want in own if own and own[0].join != "or" else ():
        want.limits += ends
    return bool(own) and own[0].join != "or"


def _alternatives(clauses: list[Clause]) -> list[list[Time]]:
    times: list[list[Time]] = []
    for clause in clauses:
        if times and clause.join != "or" and _can_hold(times[-1], clause):
            times[-1] = times[-1] + clause.times
        else:
            times.append(list(clause.times))
    return times


def _deal(wanted: list[Wanted], clause: Clause) -> bool:
    """Give *clause*'s times to the days said before it. False where there are none."""
    group: list[Wanted] = []
    for want in reversed(wanted):
        if want.taken is not False:
            if group:
                break
            continue
        own = want.times and not want.borrowed
        if group and (own or group[-1].join == "correct"):
            break
        group.append(want)
        if own or want.limits:
            break
    for want in group:
        want.days = [recurring(day) for day in want.days] if clause.recurs and not clause.taken else want.days
        if clause.taken:
            want.limits += [Rest(item) for item in clause.times]
        elif not want.times or want.borrowed:
            want.times, want.borrowed = [list(clause.times)], False
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
    anywhere = View(datetime.fromtimestamp(0, UTC))
    first, second = _windows(times, anywhere, NO_HALF), _windows(clause.times, anywhere, NO_HALF)
    return bool(narrowed(first, second)) or (bool(points) and bool(parts))


def _timed(waiting: list[Clause], usual: Day | None) -> list[Wanted]:
    """Times without any day: several, or such as recur, are for each day; a single one is for today or tomorrow."""
    limits: list[Time] = [Rest(item) for clause in waiting if clause.taken for item in clause.times]
    clauses = [clause for clause in waiting if not clause.taken]
    times = _alternatives(clauses)
    recurs = any(clause.recurs or clause.anytime for clause in clauses) or len(times) != 1
    recurs = recurs and not (usual and not any(clause.recurs or clause.anytime for clause in clauses))
    return [Wanted([ANY_DAY if recurs else usual or Bare()], times, limits, recurs=True)]


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
    clocks = [item.clock for item in times if isinstance(item, At | Before | After)]
    return len(clocks) == len(times) and all(clock.open and clock.hour in LIKE_EITHER for clock in clocks)


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

