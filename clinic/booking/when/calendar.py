"""Days of the calendar: months, weekdays within them, Easter and the holidays of England."""
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import holidays

DECADE = 9
"""Years that are looked through for a date: 29 February comes again within eight."""
WEEKEND, MONDAY = " weekend", "bank holiday monday"
FIXED = {"christmas eve": (24, 12), "christmas day": (25, 12), "boxing day": (26, 12), "new year's eve": (31, 12),
         "new year's day": (1, 1), "valentine's day": (14, 2), "halloween": (31, 10), "bonfire night": (5, 11),
         "burns night": (25, 1), "st patrick's day": (17, 3), "st george's day": (23, 4), "st andrew's day": (30, 11)}
FROM_EASTER = {"good friday": (-2, -2), "easter saturday": (-1, -1), "easter sunday": (0, 0), "easter monday": (1, 1),
               "easter": (-2, 1), "easter tuesday": (2, 2), "maundy thursday": (-3, -3), "palm sunday": (-7, -7),
               "mothering sunday": (-21, -21), "ash wednesday": (-46, -46), "shrove tuesday": (-47, -47)}
BANK_MONTHS = {"early may bank holiday": (5, 0), "may bank holiday": (5, 0), "spring bank holiday": (5, -1),
               "august bank holiday": (8, -1)}
EACH, NEAR = "bank holidays", 90
"""Days ahead within which "bank holidays" are looked for."""
SUBSTITUTE = " bank holiday"
"""How the day off for a feast is named: that day, or what is given instead where it falls on a weekend."""
IN_DOUBT = {"christmas bank holiday": ("christmas day bank holiday", "boxing day bank holiday"),
            "easter bank holiday": ("good friday", "easter monday")}
"""Names that two holidays share."""
NTH = {"remembrance sunday": (11, 6, 2), "father's day": (6, 6, 3)}


def day_of(year: int, month: int, day: int) -> date | None:
    """That date, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def later(day: date, days: int) -> date | None:
    """*day* and so many days, or None beyond what a calendar holds."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def months_on(day: date, months: int) -> date | None:
    """The same day so many months on; the month's last where it is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 0 < year < 9999:
        return None
    return date(year, month + 1, min(day.day, days_in(year, month + 1)))


def days_in(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day


def next_date(day: int, month: int, today: date) -> date | None:
    """The next time that *day* of *month* comes, today included; None if it never does."""
    found = (day_of(year, month, day) for year in range(today.year, min(today.year + DECADE, 9999)))
    return next((that for that in found if that and that >= today), None)


def next_day_number(day: int, today: date) -> date | None:
    """The next *day* of a month, today included; None if no month has it."""
    starts = (months_on(today.replace(day=1), ahead) for ahead in range(4))
    found = (day_of(start.year, start.month, day) for start in starts if start)
    return next((that for that in found if that and that >= today), None)


def month_days(year: int, month: int, first: int = 1, last: int = 31) -> frozenset[date]:
    return frozenset(date(year, month, day) for day in range(first, min(last, days_in(year, month)) + 1))


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The *nth* (the last: -1) such weekday of that month."""
    days = sorted(day for day in month_days(year, month) if day.weekday() == weekday)
    return days[nth - 1 if nth > 0 else nth] if nth <= len(days) else None


def span(first: date | None, last: date | None) -> frozenset[date]:
    """Each day from *first* to *last*, both included, of a year at most."""
    if first is None or last is None:
        return frozenset()
    return frozenset(first + timedelta(days=ahead) for ahead in range(min((last - first).days + 1, 400)))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar."""
    golden, century = year % 19, year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    epact -= (epact // 28) * (1 - (epact // 28) * (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    ahead = epact - weekday
    month = 3 + (ahead + 40) // 44
    return date(year, month, ahead + 28 - 31 * (month // 4))


def feast(name: str, today: date) -> frozenset[date]:
    """The next time that the feast or holiday *name* comes, what is left of it if it has begun."""
    if name.endswith(WEEKEND):
        mondays = feast(name.removesuffix(WEEKEND), today) if name != f"bank holiday{WEEKEND}" else feast(MONDAY, today)
        return span(later(min(mondays), -2), max(mondays)) if mondays else mondays
    if name == EACH:
        years = bank_holidays(today.year) | bank_holidays(today.year + 1)
        return frozenset(day for day in years if 0 <= (day - today).days < NEAR)
    for year in (today.year, today.year + 1, today.year + 2):
        left = frozenset(day for day in _feast(name, year) if day >= today)
        if left and name in ("bank holiday", MONDAY):
            return frozenset((min(left),))
        if left:
            return left
    return frozenset()


def _feast(name: str, year: int) -> Iterator[date]:
    if name in FIXED:
        day, month = FIXED[name]
        yield date(year, month, day)
    elif (fixed := name.removesuffix(SUBSTITUTE)) in FIXED:
        yield _given_for(date(year, *reversed(FIXED[fixed])))
    elif name in FROM_EASTER:
        first, last = FROM_EASTER[name]
        yield from (easter(year) + timedelta(days=ahead) for ahead in range(first, last + 1))
    elif name in NTH:
        yield from (day for day in (nth_weekday(year, *NTH[name]),) if day)
    elif name in BANK_MONTHS:
        month, which = BANK_MONTHS[name]
        in_it = sorted(day for day in bank_holidays(year) if day.month == month)
        yield from [] if not in_it else [in_it[which]]
    else:
        yield from (day for day in bank_holidays(year) if name == "bank holiday" or day.weekday() == 0)


def _given_for(day: date) -> date:
    """The day off for *day*. Two days in a row at Christmas are both given again, so that each moves by two."""
    if day.weekday() < 5:
        return day
    return day + timedelta(days=2 if day.month == 12 else 7 - day.weekday())


@lru_cache(maxsize=16)
def bank_holidays(year: int) -> frozenset[date]:
    """Days off in England, with those given instead of one on a weekend."""
    days = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return frozenset(day for day in days if day.weekday() < 5)
