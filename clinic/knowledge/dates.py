"""The day that a question about opening hours means. (Wishes for an appointment are read elsewhere.)"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from clinic.knowledge.complaints import words_of
from clinic.knowledge.hours import WEEKDAYS, Holiday

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(r"\b(mon|tues?|wed(?:nes)?|thurs?|fri|sat(?:ur)?|sun)(?:day)?(s?)\b", re.IGNORECASE)
_DATED = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s+(" + "|".join(_MONTHS) + r")[a-z]*\b"
    r"|\b(" + "|".join(_MONTHS) + r")[a-z]*\s+(\d{1,2})(?:st|nd|rd|th)?\b",
    re.IGNORECASE,
)
_TODAY = re.compile(r"\b(today|now|tonight|this (?:morning|afternoon|evening)|currently)\b", re.IGNORECASE)
_TOMORROW = re.compile(r"\b(?:tomorrow|tomoz|tmrw?|tommorow|tomorow)\b", re.IGNORECASE)
_BANK_HOLIDAY = frozenset({"bank", "holiday"})
_IN_MANY_NAMES = frozenset({"day", *WEEKDAYS})
_LONG_ENOUGH = 6


def asked_day(text: str, now: datetime, holidays: Sequence[Holiday]) -> date | None:
    """The one day that *text* names, from *now* (in the clinic's zone) on; None for the week as a whole.

    *holidays* are in the order of their days."""
    today = now.date()
    if _TOMORROW.search(text):
        return today + timedelta(days=1)
    if _TODAY.search(text):
        return today
    dated = _DATED.search(text)
    if dated is not None:
        return _next_date(int(dated[1] or dated[4]), (dated[2] or dated[3]).lower(), today)
    holiday = _named_holiday(text.lower(), today, holidays)
    if holiday is not None:
        return holiday
    days = {match[1][:3].lower() for match in _NAMED.finditer(text)}
    return _next_weekday(days.pop(), today) if len(days) == 1 else None


def _next_weekday(name: str, today: date) -> date:
    number = next(i for i, weekday in enumerate(WEEKDAYS) if weekday.startswith(name))
    return today + timedelta(days=(number - today.weekday()) % 7)


def _next_date(day: int, month: str, today: date) -> date | None:
    for year in (today.year, today.year + 1):
        try:
            found = date(year, _MONTHS.index(month) + 1, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


def _named_holiday(text: str, today: date, holidays: Sequence[Holiday]) -> date | None:
    """The next holiday that *text* names; for a plain `bank holiday`, the next one of that name."""
    asked = _singular(text.replace("xmas", "christmas"))
    coming = [holiday for holiday in holidays if holiday.day >= today]
    if asked >= _BANK_HOLIDAY:
        banks = [holiday for holiday in coming if _singular(holiday.name) >= _BANK_HOLIDAY] or coming
        return max(banks, key=lambda holiday: len(_singular(holiday.name) & asked)).day if banks else None
    return next((holiday.day for holiday in coming if _named_by(_singular(holiday.name), asked)), None)


def _named_by(name: set[str], asked: set[str]) -> bool:
    """Whether all words are *asked* that are a holiday's own; `good` without Friday is not enough."""
    own = name - _IN_MANY_NAMES
    return own <= asked and (name <= asked or len("".join(own)) >= _LONG_ENOUGH)


def _singular(text: str) -> set[str]:
    return {word.removesuffix("s") for word in words_of(text)} - {"the"}
