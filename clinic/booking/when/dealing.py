"""Which time belongs to which day: those beside it, said after it, or before all days."""
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from clinic.booking.when.clause import Clause
from clinic.booking.when.days import (
    ANY_DAY,
    Day,
    Days,
    Fits,
)
from clinic.booking.when.doubt import View
from clinic.booking.when.times import (
    NO_HALF,
    After,
    At,
    Before,
    Between,
    Part,
    Rest,
    Time,
    narrowed,
)
from clinic.booking.when.together import alike, joined, recurring
from clinic.booking.when.wish import Wanted, windows_of

JOINS = ("or", "and", "comma")


def dealt(clauses: list[Clause], usual: Day | None = None) -> list[Wanted]:
    """Each clause's days with the times that belong to them: those beside them, or said later, or before them all.

    *usual* is the day of a time that is said without any."""
    wanted: list[Wanted] = []
    waiting: list[Clause] = []
    first = False
    for place, clause in enumerate(clauses):
        if clause.anytime and not (clause.days or clause.times) and any(
                other.days or other.is_next for other in clauses):
            continue
        if clause.only_times:
            if often_or_else(clause, clauses[place + 1:place + 2]):
                wanted.append(Wanted([ANY_DAY], [clause.times], recurs=True, join=clause.join))
            elif (clause.recurs and clause.join == "or") or not _deal(wanted, clause):
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


def often_or_else(clause: Clause, behind: list[Clause]) -> bool:
    """Whether a time of any day stands beside days of any time: "evenings or weekends"."""
    if not behind or not clause.recurs or clause.taken or behind[0].taken or not behind[0].only_days:
        return False
    return behind[0].join == "or" or (behind[0].join == "and" and behind[0].recurs)


def _of(clause: Clause) -> Wanted:
    day = joined(clause.days) if clause.days else ANY_DAY
    if clause.recurs:
        day = recurring(day)
    positive = clause.taken and clause.time_first and all(isinstance(item, After | Before) for item in clause.times)
    if positive and clause.days:
        return Wanted([day], [], [Rest(item) for item in clause.times], False, clause.recurs, clause.join)
    whole = clause.anytime and bool(clause.days)
    times = _points_apart(clause.times) if clause.times else []
    return Wanted([day], times, [], clause.taken, clause.recurs, clause.join, whole, clause.maybe)


def _points_apart(times: list[Time]) -> list[list[Time]]:
    """"4pm 5pm or 6pm": points side by side are one or another."""
    points = [item for item in times if isinstance(item, At)]
    if len(points) < 2:
        return [times]
    return [[point, *(item for item in times if not isinstance(item, At))] for point in points]


def _borrow(wanted: list[Wanted], want: Wanted, first: bool) -> None:
    """A time said before several days alike holds for all: after 6 on Thursday or Friday."""
    if not (first and wanted and not want.whole and not want.times and not want.limits and want.join in JOINS):
        return
    before = wanted[-1]
    recurs = before.recurs and not want.recurs
    day = recurring(want.days[0]) if recurs else want.days[0]
    if before.taken == want.taken and (type(day) is type(before.days[0]) or alike(day, before.days[0])):
        want.days, want.times, want.borrowed = [day], [list(times) for times in before.times], True


def _spread(wanted: list[Wanted], want: Wanted, clause: Clause) -> None:
    """A time said after the last of several days alike holds for all: Tuesday or Wednesday after 5."""
    join = clause.join
    for earlier in reversed(wanted):
        like = earlier.taken == want.taken and alike(earlier.days[0], want.days[0])
        own = earlier.whole or earlier.times or earlier.limits
        if clause.time_first or join not in JOINS or own or not like:
            return
        earlier.times, join, earlier.shares = [list(times) for times in want.times], earlier.join, True
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
        own = want.times and not want.borrowed and not (group and want.shares)
        if group and (own or group[-1].join == "correct"):
            break
        group.append(want)
        if (own and not _before_shares(wanted, want)) or want.limits:
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


def _before_shares(wanted: list[Wanted], want: Wanted) -> bool:
    """Whether the day before has the times of this one: "Monday or Tuesday at 3 or 4"."""
    place = wanted.index(want)
    return place > 0 and wanted[place - 1].shares and want.join in JOINS


def _can_hold(times: list[Time], clause: Clause) -> bool:
    """Whether a further detail narrows the one before ("after 3, before 5") and is no other time ("10, 11")."""
    points = [item for item in (*times, *clause.times) if isinstance(item, At | Between)]
    parts = [item for item in (*times, *clause.times) if isinstance(item, Part)]
    if len(points) > 1 or len(parts) > 1:
        return False
    anywhere = View(datetime.fromtimestamp(0, UTC))
    first, second = windows_of(times, anywhere, NO_HALF), windows_of(clause.times, anywhere, NO_HALF)
    return bool(narrowed(first, second)) or (bool(points) and bool(parts))


def _timed(waiting: list[Clause], usual: Day | None) -> list[Wanted]:
    """Times without any day: several, or such as recur, are for each day; a single one is for today or tomorrow."""
    limits: list[Time] = [Rest(item) for clause in waiting if clause.taken for item in clause.times]
    clauses = [clause for clause in waiting if not clause.taken]
    times = _alternatives(clauses)
    often = any(clause.recurs or clause.loose or (clause.anytime and not clause.is_next) for clause in clauses)
    recurs = often or (len(times) != 1 and not usual)
    day = ANY_DAY if recurs else usual or Bare(any(clause.coming for clause in clauses))
    return [Wanted([day], times, limits, recurs=True)]


@dataclass(frozen=True, slots=True)
class Bare:
    """No day was said: today or tomorrow, to be asked; `coming`: no doubt where it is over for today."""

    coming: bool = False

    def dates(self, view: View, fits: Fits) -> Days:
        if self.coming and not fits(view.today):
            return frozenset((view.today + timedelta(days=1),))
        view.sure = False
        return frozenset((view.today + timedelta(days=view.side("day")),))
