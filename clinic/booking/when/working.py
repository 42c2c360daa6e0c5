"""Working days that are counted: the first working day of December, the last one before Christmas."""
from dataclasses import dataclass, replace
from datetime import date

from clinic.booking.when.calendar import bank_holidays
from clinic.booking.when.cursor import Cursor, Item, Result
from clinic.booking.when.days import Ahead, Day, Days, Fits, Month, one
from clinic.booking.when.doubt import View
from clinic.booking.when.related import Beside

SATURDAY = 5
MOST = 23
"""Working days that a month may have."""
WORKING = "working"
"""Name of a weekday that is no bank holiday."""


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """The *nth* (the last: -1) Monday to Friday of some days; `paid`: a bank holiday is none."""

    nth: int
    among: Day
    paid: bool = True

    def dates(self, view: View, fits: Fits) -> Days:
        found = self._found(self.among, view, fits)
        month = self.among
        if found and found < view.today and isinstance(month, Month) and month.number and not month.year:
            return one(self._found(replace(month, year=found.year + 1), view, fits))
        return one(found)

    def _found(self, among: Day, view: View, fits: Fits) -> date | None:
        days = sorted(day for day in among.dates(view, fits) if day.weekday() < SATURDAY
                      and not (self.paid and day in bank_holidays(day.year)))
        place = self.nth - 1 if self.nth > 0 else self.nth
        return days[place] if place < len(days) and days else None


def working_day(cursor: Cursor, month: Day | None, nth: int, paid: bool) -> Result:
    """The item for it, of *month* or of what is told next: the first working day after Easter."""
    if month is not None:
        return Item("day", day=WorkingDay(nth, month, paid))
    way = cursor.take("after", "before")
    if way is None:
        return None
    after = way.kind == "after"
    count = nth if after else -1
    return Item("relative", build=lambda day: WorkingDay(count, Beside(day, after), paid))


def next_working_day(paid: bool) -> Item:
    """The next working day: not today."""
    return Item("day", day=WorkingDay(1, Beside(Ahead(0), True), paid))
