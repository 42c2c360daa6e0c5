"""What one of several days says for the others too: Monday or Tuesday next week; next Tuesday or Wednesday."""
from dataclasses import replace

from clinic.booking.when.clause import Clause
from clinic.booking.when.days import (
    ANY_DAY,
    Ahead,
    Dated,
    Day,
    Either,
    Month,
    Numbered,
    Recurring,
    Week,
    Weekday,
    Weekend,
)
from clinic.booking.when.related import From, UpTo, Within
from clinic.booking.when.together import family

JOINS = ("or", "and", "comma")
WEEKEND = (5, 6)


def shared(clauses: list[Clause]) -> list[Clause]:
    """*clauses*, those of one breath put together, and each weekday in the week that was said for its neighbour."""
    whole = _together(clauses)
    for place, clause in enumerate(whole):
        outer = next((day for day in clause.days if family(day) == "outer"), None)
        named = [day for day in clause.days if isinstance(day, Weekday)]
        often = [day for day in clause.days if isinstance(day, Recurring) and day != ANY_DAY]
        if outer and often and not named:
            _backward(whole, place, outer, min(often[0].numbers))
        if outer and named:
            _backward(whole, place, outer, named[0].number)
            _forward(whole, place, outer, sure=family(clause.days[0]) == "outer")
        elif named and len(clause.days) == 1 and (named[0].how == "next" or named[0].weeks):
            _alike(whole, place, named[0])
    return whole


def _together(clauses: list[Clause]) -> list[Clause]:
    """A weekday and its date, or a week and a day in it, with a comma between them."""
    whole: list[Clause] = []
    for clause in clauses:
        last = whole[-1] if whole else None
        clause = _in_that_week_too(last, clause)
        if last and last.only_days and clause.days and (clause.taken, clause.maybe) == (
                last.taken, last.maybe) and _fit(last, clause):
            first = whole.pop()
            whole.append(replace(clause, join=first.join, days=[*first.days, *clause.days]))
        else:
            whole.append(clause)
    return whole


def _in_that_week_too(last: Clause | None, clause: Clause) -> Clause:
    """Friday this week or next: a Friday in either."""
    if last is None or clause.join not in ("or", "and") or len(last.days) != 2 or clause.taken != last.taken:
        return clause
    weekday = next((day for day in last.days if isinstance(day, Weekday)), None)
    weeks = any(isinstance(day, Week) for day in last.days) and [type(day) for day in clause.days] == [Week]
    return replace(clause, days=[weekday, *clause.days]) if weekday and weeks and not clause.anytime else clause


def _fit(first: Clause, second: Clause) -> bool:
    if len(first.days) != 1 or second.only or second.join not in ("comma", "stop"):
        return False
    one, other = first.days[0], second.days[0]
    families = {family(one), family(other)}
    weekday = one if isinstance(one, Weekday) else other
    if isinstance(weekday, Weekday) and (isinstance(one, Weekend) or isinstance(other, Weekend)):
        return weekday.number in WEEKEND
    if families == {"outer", "any"}:
        return True
    if families == {"weekday", "outer"}:
        return second.join == "comma" or family(one) == "outer"
    if {type(one), type(other)} == {Numbered, Month} or _bounded(one, other):
        return True
    dated = isinstance(one, Dated | Numbered) or isinstance(other, Dated | Numbered)
    return families == {"weekday", "date"} and dated and second.join == "comma"


def _bounded(first: Day, second: Day) -> bool:
    """Before bonfire night, so 4 November: the one says up to when, the other which day."""
    return isinstance(first, UpTo | From) and isinstance(second, Dated | Numbered | Ahead)


def _bare(clause: Clause) -> Weekday | None:
    day = clause.days[0] if len(clause.days) == 1 else None
    return day if isinstance(day, Weekday) and day.how == "coming" and not day.weeks else None


def _often(clause: Clause) -> Recurring | None:
    """Any Tuesday, Tuesdays."""
    day = clause.days[0] if len(clause.days) == 1 and not clause.times else None
    return day if isinstance(day, Recurring) and day != ANY_DAY else None


def _backward(clauses: list[Clause], place: int, outer: Day, number: int) -> None:
    for at in range(place - 1, -1, -1):
        day = _bare(clauses[at]) or _often(clauses[at])
        if day is None or clauses[at + 1].join not in JOINS or clauses[at].taken != clauses[place].taken:
            return
        if isinstance(day, Recurring):
            clauses[at].days = [Within(day, outer)]
            continue
        within = Within(day, outer)
        sure = day.number < number and not clauses[at].times
        clauses[at].days = [within if sure else Either(within, day, "shared")]
        number = day.number


def _forward(clauses: list[Clause], place: int, outer: Day, sure: bool) -> None:
    for clause in clauses[place + 1:]:
        day = _bare(clause)
        if day is None or clause.join not in JOINS or clause.taken != clauses[place].taken:
            return
        within = Within(day, outer)
        clause.days = [within if sure else Either(within, day, "shared")]


def _alike(clauses: list[Clause], place: int, named: Weekday) -> None:
    """Next Tuesday or Wednesday; Friday or Saturday week."""
    around = [(clause, clause) for clause in clauses[place + 1:place + 2]]
    if named.weeks and place:
        around.append((clauses[place - 1], clauses[place]))
    for clause, joins in around:
        day = _bare(clause)
        if day is None or joins.join not in JOINS or clause.taken != clauses[place].taken or day.number == named.number:
            continue
        like = Weekday(day.number, named.how, named.weeks)
        clause.days = [like if named.how == "next" else Either(like, day, "shared")]
