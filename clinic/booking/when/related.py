"""Days that are told from other days: before, after, between, within, or in doubt with one another."""
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clinic.booking.when import calendar
from clinic.booking.when.days import WEEK, Day, Days, Either, Fits, Recurring, Weekday, monday, one, reach
from clinic.booking.when.doubt import Missing, View


@dataclass(frozen=True, slots=True)
class Moved:
    """So many days or months from a day. Of several days, from the first if it goes back, else from the last."""

    day: Day
    days: int = 0
    months: int = 0

    def dates(self, view: View, fits: Fits) -> Days:
        found = self.day.dates(view, lambda day: True)
        if not found:
            return found
        start = min(found) if self.days + self.months < 0 else max(found)
        if self.months:
            return one(calendar.months_on(start, self.months))
        return one(calendar.later(start, self.days))


@dataclass(frozen=True, slots=True)
class Shifted:
    """Each of its days, so many days later."""

    day: Day
    days: int

    def dates(self, view: View, fits: Fits) -> Days:
        moved = (calendar.later(day, self.days) for day in self.day.dates(view, fits))
        return frozenset(day for day in moved if day)


@dataclass(frozen=True, slots=True)
class Beside:
    """The seven days before or after a day; or the weekday or weekend next to it (`numbers`)."""

    day: Day
    after: bool
    numbers: frozenset[int] = frozenset(range(WEEK))

    def dates(self, view: View, fits: Fits) -> Days:
        found = self.day.dates(view, lambda day: True)
        if not found:
            return found
        start = max(found) if self.after else min(found)
        around = ((calendar.later(start, ahead if self.after else -ahead)) for ahead in range(1, WEEK + 1))
        return frozenset(day for day in around if day and day.weekday() in self.numbers)


@dataclass(frozen=True, slots=True)
class WeekOf:
    """Monday to Sunday around a day, or its weekend."""

    day: Day
    first: int = 0
    last: int = 6

    def dates(self, view: View, fits: Fits) -> Days:
        found = self.day.dates(view, fits)
        if not found:
            return found
        start = calendar.later(monday(min(found)), self.first)
        return calendar.span(start, start and calendar.later(start, self.last - self.first))


@dataclass(frozen=True, slots=True)
class From:
    """From a day on, or from the day after it."""

    day: Day
    after: int = 0

    def dates(self, view: View, fits: Fits) -> Days:
        found = self.day.dates(view, lambda day: True)
        if not found:
            return found
        start = calendar.later(max(found) if self.after else min(found), self.after)
        start = start and max(start, view.today)
        return calendar.span(start, start and reach(view, start))


@dataclass(frozen=True, slots=True)
class UpTo:
    """From today up to a day, `how`: with or without it; either, where nobody can tell ("until Friday")."""

    day: Day
    how: str = "without"

    def dates(self, view: View, fits: Fits) -> Days:
        found = self.day.dates(view, lambda day: True)
        if not found:
            return found
        whole = self.how == "with" or (self.how == "either" and view.side("until") == 0)
        last = max(found) if whole else calendar.later(min(found), -1)
        return calendar.span(view.today, last)


@dataclass(frozen=True, slots=True)
class Through:
    """From one day to another that comes after it. `open`: without both ends, as between two feasts."""

    first: Day
    last: Day
    open: bool = False

    def dates(self, view: View, fits: Fits) -> Days:
        starts = self.first.dates(view, lambda day: True)
        if not starts:
            return starts
        start = min(starts)
        ends = self.last.dates(View(_on(view, start), view.sides, view.met), lambda day: True)
        end = max(ends) if ends else None
        if isinstance(self.last, Weekday) and self.last.how == "coming":
            end = start + timedelta(days=(self.last.number - start.weekday()) % WEEK)
        running = self._running(view, start, end)
        if running and self.open:
            return frozenset(day for day in running if day < max(running))
        if running and not view.side("running"):
            return running
        if self.open and end:
            return calendar.span(calendar.later(start, 1), calendar.later(end, -1))
        return calendar.span(start, end)

    def _running(self, view: View, start: date, end: date | None) -> Days:
        """What is left of it, where today lies between the two: Monday to Thursday, said on a Wednesday."""
        left = self.last.dates(view, lambda day: True)
        if end and start > view.today and left and max(left) < start and max(left) > view.today:
            return calendar.span(view.today, max(left))
        return frozenset()


def _on(view: View, day: date) -> datetime:
    return view.now.replace(year=day.year, month=day.month, day=day.day)


@dataclass(frozen=True, slots=True)
class Within:
    """The days of one that lie in another: Tuesday next week, Mondays in May, the 5th of next month."""

    day: Day
    outer: Day

    def dates(self, view: View, fits: Fits) -> Days:
        outer = self.outer.dates(view, fits)
        numbers = self._numbers()
        if numbers is not None:
            return frozenset(day for day in outer if day.weekday() in numbers)
        return self.day.dates(view, fits) & outer

    def _numbers(self) -> frozenset[int] | None:
        day = self.day.second if isinstance(self.day, Either) else self.day
        if isinstance(day, Weekday) and day.how != "last":
            return frozenset((day.number,))
        return day.numbers if isinstance(day, Recurring) else None


@dataclass(frozen=True, slots=True)
class DayIn:
    """A day by its number in a month that is named some other way."""

    day: int
    month: Day

    def dates(self, view: View, fits: Fits) -> Days:
        return frozenset(day for day in self.month.dates(view, fits) if day.day == self.day)


@dataclass(frozen=True, slots=True)
class Agreed:
    """A weekday beside a date. Where the two disagree it is one or the other."""

    weekday: Day
    day: Day

    def dates(self, view: View, fits: Fits) -> Days:
        dates = self.day.dates(view, fits)
        numbers = self.weekday.numbers if isinstance(self.weekday, Recurring) else None
        number = self.weekday.number if isinstance(self.weekday, Weekday) else None
        if not dates or all(day.weekday() == number or (numbers and day.weekday() in numbers) for day in dates):
            return dates
        return self.weekday.dates(view, fits) if view.side("disagree") else dates


@dataclass(frozen=True, slots=True)
class All:
    """The one or the other: visitors who name two days would take either."""

    days: tuple[Day, ...]

    def dates(self, view: View, fits: Fits) -> Days:
        return frozenset().union(*(day.dates(view, fits) for day in self.days))


@dataclass(frozen=True, slots=True)
class Both:
    """What two ways to tell days have in common. Where that is nothing, nobody can tell what was meant."""

    first: Day
    second: Day

    def dates(self, view: View, fits: Fits) -> Days:
        first, second = self.first.dates(view, fits), self.second.dates(view, fits)
        if first and second and not first & second:
            raise Missing
        return first & second
