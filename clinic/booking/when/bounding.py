"""Times that bound one of the days wished for: "the weekend, but Saturday only after 2"."""
from collections.abc import Iterator
from dataclasses import replace

from clinic.booking.when.clause import Clause
from clinic.booking.when.days import Weekday
from clinic.booking.when.times import After, Before, Between, Part, Rest
from clinic.booking.when.together import family

STRETCHES = (After, Before, Between, Part)
JOINS = ("but", "comma", "stop", "and")


def bounded(clauses: list[Clause]) -> list[Clause]:
    """*clauses*, where one says when on a day of those before it, made to take the rest of that day away."""
    whole: list[Clause] = []
    for clause in _of_their_day(clauses):
        day = clause.days[0] if len(clause.days) == 1 else None
        stretch = len(clause.times) == 1 and isinstance(clause.times[0], STRETCHES)
        if not isinstance(day, Weekday) or not stretch or clause.join not in JOINS or clause.taken is None:
            whole.append(clause)
            continue
        same = [before for before in whole if _is(before, day)]
        around = any(_holds(before, day) for before in whole)
        if clause.taken and (same or around):
            whole.append(replace(clause, time_first=False))
        elif same and not clause.taken:
            whole = [before for before in whole if before not in same]
            whole.append(replace(clause, join="but" if whole else same[0].join, time_first=False))
        elif around and not clause.taken and (clause.only or clause.join == "but"):
            rest = Rest(clause.times[0])
            whole.append(replace(clause, join="but", taken=True, times=[rest], time_first=False))
        else:
            whole.append(clause)
    return whole


def _of_their_day(clauses: list[Clause]) -> Iterator[Clause]:
    """Saturday or Sunday, Sunday not before 1: what can't be with the day that was named again for it."""
    skip = False
    for at, clause in enumerate(clauses):
        behind = clauses[at + 1] if at + 1 < len(clauses) else None
        day = clause.days[0] if len(clause.days) == 1 else None
        again = isinstance(day, Weekday) and any(_is(before, day) or _holds(before, day) for before in clauses[:at])
        if skip:
            skip = False
        elif again and clause.only_days and behind and behind.only_times and behind.taken and (
                behind.part == clause.part and behind.join == "and"):
            skip = True
            yield replace(behind, days=clause.days, join=clause.join)
        else:
            yield clause


def _is(before: Clause, day: Weekday) -> bool:
    """Whether it is that very day, at any time of it."""
    return before.days == [day] and not before.times and before.taken is False


def _holds(before: Clause, day: Weekday) -> bool:
    """Whether that day lies among its days."""
    return bool(before.days) and before.taken is False and any(family(one) in ("outer", "any") for one in before.days)
