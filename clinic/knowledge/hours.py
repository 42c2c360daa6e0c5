"""When the clinic is open, and when a person reads messages: weekly hours with the days that differ."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from holidays import HolidayBase, country_holidays

from clinic.knowledge.sheet import Sheet

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*[-\u2013]\s*([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one clock time to a later one on the same day, in the clinic's own time zone."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day that does not follow the week; without spans the clinic is closed."""

    day: date
    name: str
    spans: tuple[Span, ...]


NATIONS = {"england": "ENG", "scotland": "SCT", "wales": "WLS", "northern-ireland": "NIR"}
"""Whose bank holidays a clinic keeps, as `holidays` calls them."""


@cache
def _bank_holidays(nation: str) -> HolidayBase:
    return country_holidays("GB", subdiv=NATIONS[nation])


@dataclass(frozen=True, slots=True)
class Hours:
    """Seven days of spans, Monday first, and the days that differ; closed on the bank holidays of a nation, if any."""

    week: tuple[tuple[Span, ...], ...]
    holidays: tuple[Holiday, ...] = ()
    nation: str = ""

    def holiday(self, day: date) -> Holiday | None:
        """What is special about *day*; a day that the clinic lists itself is as listed."""
        listed = next((holiday for holiday in self.holidays if holiday.day == day), None)
        if listed or not self.nation or day not in _bank_holidays(self.nation):
            return listed
        return Holiday(day, _bank_holidays(self.nation)[day], ())

    def on(self, day: date) -> tuple[Span, ...]:
        """The spans of *day*: those of the week, cut down to the holiday's own where there is one."""
        usual = self.week[day.weekday()]
        holiday = self.holiday(day)
        if holiday is None:
            return usual
        return tuple(
            Span(max(a.opens, b.opens), min(a.closes, b.closes))
            for a in usual
            for b in holiday.spans
            if max(a.opens, b.opens) < min(a.closes, b.closes)
        )

    def open_at(self, moment: datetime) -> bool:
        """Whether *moment*, in the clinic's time zone, lies in the hours."""
        return any(span.opens <= moment.time() < span.closes for span in self.on(moment.date()))

    def next_open(self, moment: datetime, within_days: int = 30) -> datetime | None:
        """*moment* itself when open, else the next opening; None when there is none for *within_days*."""
        if self.open_at(moment):
            return moment
        for days in range(within_days):
            day = moment.date() + timedelta(days=days)
            for span in self.on(day):
                opens = datetime.combine(day, span.opens, moment.tzinfo)
                if opens > moment:
                    return opens
        return None


def read_hours(sheet: Sheet, holidays: tuple[Holiday, ...], nation: str = "") -> Hours:
    """The hours of a week from lines such as `monday: ["09:00-12:00", "13:00-18:00"]`; `[]` is closed."""
    week = tuple(tuple(_spans(sheet, weekday)) for weekday in WEEKDAYS)
    sheet.done()
    return Hours(week, holidays, nation)


def read_holidays(sheets: Iterator[Sheet]) -> tuple[Holiday, ...]:
    found: list[Holiday] = []
    for sheet in sheets:
        day, name = sheet.day("date", required=True), sheet.text("name")
        spans = tuple(_spans(sheet, "hours"))
        sheet.done()
        if day is not None and any(day == other.day for other in found):
            sheet.note(f"{day} is listed twice", "Keep one of the two")
        elif day is not None:
            found.append(Holiday(day, name, spans))
    return tuple(sorted(found, key=lambda holiday: holiday.day))


def _spans(sheet: Sheet, key: str) -> Iterator[Span]:
    if key not in sheet:
        sheet.note(f"`{key}` is missing", f'Add `{key}: []` for closed, or `{key}: ["09:00-17:00"]`')
    last = time.min
    for words in sheet.words(key):
        span = _span(words)
        if span is None:
            sheet.note(
                f"{words!r} is not an opening time",
                'Write it like "09:00-17:30", from early to late',
                sheet.line_of(key),
            )
        elif span.opens < last:
            sheet.note(f"{words!r} overlaps the one before it", "Put the times in order", sheet.line_of(key))
        else:
            last = span.closes
            yield span


def _span(words: str) -> Span | None:
    match = _SPAN.fullmatch(words)
    if match is None:
        return None
    opens, closes = (time(int(match[i]), int(match[i + 1])) for i in (1, 3))
    return Span(opens, closes) if opens < closes else None
