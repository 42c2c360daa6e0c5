"""What holds for every message, whoever typed it."""
from datetime import date, datetime, timedelta
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wishes import FRIDAY, LONDON, exact, said

from clinic.booking.when import Reading, read
from clinic.booking.when.words import vocabulary

PIECES = [*sorted(vocabulary().single), "5", "11", "1730", "3rd", "12/4", "5pm", "7:30", "2027-04-05", ",", ".", "-",
          "31"]
MESSAGES = st.text(max_size=120) | st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)
MOMENTS = st.datetimes(datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2032-12-31"))


def lawful(reading: Reading, now: datetime) -> bool:
    ways = (reading.intervals, *reading.choices)
    return (
        all(now <= start <= end for way in ways for start, end in way)
        and all(first[1] < second[0] for way in ways for first, second in pairwise(way))
        and bool(reading.intervals) == (reading.reading == "exact")
        and (not reading.choices or reading.reading == "ask")
        and list(reading.choices) == sorted(set(reading.choices)))


@settings(max_examples=400, deadline=None)
@given(MESSAGES, MOMENTS)
def test_any_message_is_read_lawfully(text: str, now: datetime) -> None:
    now = now.replace(second=0, microsecond=0)
    assert lawful(read(text, now, LONDON), now)


@settings(max_examples=200, deadline=None)
@given(MESSAGES, MESSAGES, MOMENTS)
def test_any_message_after_any_other_is_read_lawfully(first: str, second: str, now: datetime) -> None:
    now = now.replace(second=0, microsecond=0)
    assert lawful(read(second, now, LONDON, known=read(first, now, LONDON)), now)


@pytest.mark.parametrize("form", ["%A %d %B", "%d/%m/%Y", "%Y-%m-%d", "%a %d %b %y", "%B %d %Y"])
def test_each_day_of_the_coming_year_written_out_is_that_day(form: str) -> None:
    form = form.replace("%b %y", "%b %Y")
    for ahead in range(1, 365):
        day = datetime.combine(FRIDAY.date() + timedelta(days=ahead), datetime.min.time())
        assert said(day.strftime(form)) == Reading("exact", ((day, day + timedelta(days=1)),))


@settings(max_examples=200, deadline=None)
@given(MOMENTS, st.integers(0, 6))
def test_a_weekday_is_never_more_than_a_week_away(now: datetime, number: int) -> None:
    name = (date(2026, 3, 30) + timedelta(days=number)).strftime("%A")
    reading = read(name, now, LONDON)
    starts = [way[0][0].date() for way in (reading.choices or (reading.intervals,))]
    assert all(day.weekday() == number and day - now.date() <= timedelta(days=7) for day in starts)
    assert (reading.reading == "ask") == (now.weekday() == number)


def test_an_instant_and_its_local_time_are_read_alike() -> None:
    assert read("tomorrow at 5", FRIDAY.replace(tzinfo=LONDON), LONDON) == said("tomorrow at 5")


def test_a_leap_day_comes() -> None:
    assert said("tomorrow", "2028-02-28T10:00") == exact("29 Feb 2028")
    assert said("the 29th", "2027-02-10T10:00") == exact("29 Mar 2027")


@pytest.mark.parametrize("text", ["1," * 5000, "friday or " * 1000, "@" * 10_000, "a" * 10_000, "not friday, " * 800])
def test_ten_thousand_characters_are_read_in_a_moment(text: str) -> None:
    started = perf_counter()
    said(text)
    assert perf_counter() - started < 5
