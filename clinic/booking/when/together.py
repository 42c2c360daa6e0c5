"""Days said side by side: a weekday in a week, a weekday beside its date, or several."""
from dataclasses import replace

from clinic.booking.when.days import (
    ANY_DAY,
    WEEK,
    Ahead,
    Dated,
    Day,
    Either,
    Feast,
    Month,
    Numbered,
    Recurring,
    Soon,
    Week,
    Weekday,
    Weekend,
)
from clinic.booking.when.related import Agreed, All, Both, DayIn, From, Moved, Shifted, Through, UpTo, WeekOf, Within

ANY_SUCH = "a"
"""The doubt in "a Tuesday": the coming one, or any."""
SINGLE = (Ahead, Weekday, Dated, Numbered)
OUTER = (Week, Month, Weekend, Through, From, UpTo, Soon, WeekOf, Both)


def family(day: Day) -> str:
    """weekday, outer (a week, a month ...), any, or date: how it goes with another beside it."""
    if isinstance(day, All):
        return family(day.days[0])
    if isinstance(day, Either) and day.doubt == ANY_SUCH:
        return family(day.first)
    if day == ANY_DAY:
        return "any"
    if isinstance(day, Weekday | Recurring):
        return "weekday"
    return "outer" if isinstance(day, OUTER) else "date"


def joined(days: list[Day]) -> Day:
    """Days said side by side as one: a weekday in a week, a weekday beside its date, or several."""
    kept = [day for day in days if family(day) != "any"] or days[:1]
    whole = kept[0]
    for day in kept[1:]:
        whole = _pair(whole, day)
    return whole


def _pair(first: Day, second: Day) -> Day:
    kinds = family(first), family(second)
    if isinstance(first, All) and kinds[0] != kinds[1]:
        return All(tuple(_pair(day, second) for day in first.days))
    if isinstance(first, All):
        return All((*first.days, second))
    for weekday, date in ((first, second), (second, first)):
        if isinstance(weekday, Weekday) and isinstance(date, Moved) and date.days and date.days % WEEK == 0:
            return Either(Within(weekday, WeekOf(date)), Shifted(weekday, date.days), "weeks")
    if kinds == ("weekday", "date"):
        return Agreed(first, second)
    if kinds == ("date", "weekday"):
        return Agreed(second, first)
    if kinds == ("weekday", "outer"):
        return Within(first, second)
    if kinds == ("outer", "weekday"):
        return Within(second, first)
    if isinstance(first, Numbered) and isinstance(second, Month):
        return DayIn(first.day, second)
    if isinstance(second, Numbered) and isinstance(first, Month):
        return DayIn(second.day, first)
    if kinds == ("outer", "outer") and (open_end := _within(first, second)):
        return open_end
    if "outer" in kinds:
        return Both(first, second)
    if isinstance(first, Ahead | Feast) and isinstance(second, Dated | Numbered):
        return Either(first, second, "disagree")
    return All((first, second))


def alike(first: Day, second: Day) -> bool:
    """Whether what is said of the one may be said of the other too: single days, or such as are told alike."""
    single = all(isinstance(day, SINGLE) for day in (first, second))
    return single or family(first) == family(second) != "any"


def _within(first: Day, second: Day) -> Day | None:
    """Next week after Tuesday: from that Tuesday on, and in that week. After Tuesday next week: so, or any time later."""
    for end, outer in ((second, first), (first, second)):
        if isinstance(end, From | UpTo) and isinstance(end.day, Weekday) and isinstance(outer, Week | Month | WeekOf):
            told = replace(end, day=Within(end.day, outer))
            return Both(told, outer) if end is second else Either(Both(told, outer), told, "open end")
    return None


def recurring(day: Day) -> Day:
    """Every one of a plain weekday, or of a stretch of them: Monday to Thursday, evenings."""
    if isinstance(day, Weekday) and day.how == "coming" and not day.weeks:
        return Recurring(frozenset((day.number,)))
    if isinstance(day, Through) and isinstance(day.first, Weekday) and isinstance(day.last, Weekday):
        first, last = day.first.number, day.last.number
        return Recurring(frozenset((first + ahead) % WEEK for ahead in range((last - first) % WEEK + 1)))
    return All(tuple(recurring(one) for one in day.days)) if isinstance(day, All) else day
