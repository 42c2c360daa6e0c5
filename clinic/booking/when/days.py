"""Days as they are wished for. Each knows its dates from a view; some of them may lie in the past."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from clinic.booking.when import calendar
from clinic.booking.when.doubt import HORIZON, Missing, View

Days = frozenset[date]
Fits = Callable[[date], bool]
"""Whether something of the time wished for beside a day is still to come on that date."""
WEEK = 7


class Day(Protocol):
    def dates(self, view: View, fits: Fits) -> Days:
        """Its dates. Raises Missing."""


def one(day: date | None) -> Days:
    return frozenset(() if day is None else (day,))


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class Ahead:
    """So many days from today; behind it, if negative."""

    days: int

    def dates(self, view: View, fits: Fits) -> Days:
        return one(calendar.later(view.today, self.days))


@dataclass(frozen=True, slots=True)
class Weekday:
    """`how`: coming, this (that one only), next (in doubt which), soonest (today, if it is that one), or last; `weeks`
    later than that."""

    number: int
    how: str = "coming"
    weeks: int = 0

    def dates(self, view: View, fits: Fits) -> Days:
        ahead = (self.number - view.today.weekday()) % WEEK
        if self.how == "last":
            return one(calendar.later(view.today, ahead - WEEK))
        if self.how == "next":
            ahead += WEEK if ahead == 0 or view.side("next") else 0
        elif ahead == 0 and not self.weeks and not fits(view.today) and self.how != "soonest":
            ahead = WEEK
        elif ahead == 0 and self.how != "soonest":
            ahead = WEEK * view.side("same day")
        return one(calendar.later(view.today, ahead + WEEK * self.weeks))


@dataclass(frozen=True, slots=True)
class Recurring:
    """All such weekdays in the coming 14 days: Tuesdays, weekdays, any day."""

    numbers: frozenset[int]

    def dates(self, view: View, fits: Fits) -> Days:
        return frozenset(day for day in calendar.span(view.today, view.horizon) if day.weekday() in self.numbers)


ANY_DAY = Recurring(frozenset(range(WEEK)))


@dataclass(frozen=True, slots=True)
class Numbered:
    """The next time that a month has such a day: the 5th."""

    day: int

    def dates(self, view: View, fits: Fits) -> Days:
        return one(calendar.next_day_number(self.day, view.today))


@dataclass(frozen=True, slots=True)
class Dated:
    """A date; without a year (0) the next time that it comes. `swapped`: as written it was none of this country's."""

    day: int
    month: int
    year: int = 0
    swapped: bool = False

    def dates(self, view: View, fits: Fits) -> Days:
        view.sure = view.sure and not self.swapped
        if self.year:
            return one(calendar.day_of(self.year, self.month, self.day))
        return one(calendar.next_date(self.day, self.month, view.today))


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday, so many weeks from this; or some of its days, by their numbers."""

    weeks: int
    first: int = 0
    last: int = 6
    rolls: bool = False
    """Whether it is the next week's once this one's is over: "the beginning of the week"."""

    def dates(self, view: View, fits: Fits) -> Days:
        ahead = WEEK * self.weeks + (WEEK if self.rolls and view.today.weekday() > self.last else 0)
        start = calendar.later(monday(view.today), ahead + self.first)
        return calendar.span(start, start and calendar.later(start, self.last - self.first))


@dataclass(frozen=True, slots=True)
class Weekend:
    """Saturday and Sunday: the coming one, or `next`, which is in doubt until one of them is here."""

    how: str = "coming"
    weeks: int = 0

    def dates(self, view: View, fits: Fits) -> Days:
        begun = view.today.weekday() >= 5
        saturday = monday(view.today) + timedelta(days=5 + WEEK * self.weeks)
        if self.how == "next" and (begun or view.side("next")):
            saturday += timedelta(days=WEEK)
        return calendar.span(saturday, saturday + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Month:
    """A month by its number, the next time that it comes; with number 0, so many months from this. Days first to
    last."""

    number: int
    months: int = 0
    first: int = 1
    last: int = 31
    year: int = 0

    def dates(self, view: View, fits: Fits) -> Days:
        start = view.today.replace(day=1)
        ahead = (self.number - start.month) % 12 if self.number else self.months
        found = calendar.months_on(start, ahead)
        if self.year:
            found = calendar.day_of(self.year, self.number, 1)
        whole = calendar.month_days(found.year, found.month, self.first, self.last) if found else frozenset()
        if self.number and not self.year and found and not any(day >= view.today for day in whole):
            return calendar.month_days(found.year + 1, found.month, self.first, self.last)
        return whole


@dataclass(frozen=True, slots=True)
class Nth:
    """The last Friday in April; without a month the next month's or this one's, whichever is still to come."""

    weekday: int
    nth: int
    month: Month

    def dates(self, view: View, fits: Fits) -> Days:
        days = self.month.dates(view, fits)
        if not days:
            return frozenset()
        first = min(days)
        found = calendar.nth_weekday(first.year, first.month, self.weekday, self.nth)
        if found and found < view.today and self.month.number and not self.month.year:
            found = calendar.nth_weekday(first.year + 1, first.month, self.weekday, self.nth)
        return one(found)


@dataclass(frozen=True, slots=True)
class LastDays:
    """So many days at the end of a month."""

    month: Month
    count: int

    def dates(self, view: View, fits: Fits) -> Days:
        return frozenset(sorted(self.month.dates(view, fits))[-self.count:])


@dataclass(frozen=True, slots=True)
class Feast:
    name: str

    def dates(self, view: View, fits: Fits) -> Days:
        return calendar.feast(self.name, view.today)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A day that only the visitor knows."""

    def dates(self, view: View, fits: Fits) -> Days:
        raise Missing


@dataclass(frozen=True, slots=True)
class Soon:
    """From now on for so many days."""

    days: int

    def dates(self, view: View, fits: Fits) -> Days:
        return calendar.span(view.today, calendar.later(view.today, self.days - 1))


@dataclass(frozen=True, slots=True)
class Either:
    """A day, or another one: nobody can tell which was meant."""

    first: Day
    second: Day
    doubt: str

    def dates(self, view: View, fits: Fits) -> Days:
        first, second = self.first.dates(view, fits), self.second.dates(view, fits)
        if first == second:
            return first
        return second if view.side(self.doubt) else first


def reach(view: View, start: date) -> date | None:
    """Up to where an open end goes that begins on *start*: 14 days from now, or from there where that is later."""
    return view.horizon if start <= view.horizon else calendar.later(start, HORIZON - 1)
