"""Openings: what is offered, and what is not."""
import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from clinic.booking.availability import Availability
from clinic.booking.opening import Opening, Taken
from clinic.knowledge.content import load
from clinic.knowledge.hours import Hours, Span
from clinic.knowledge.practice import ClinicFacts
from clinic.settings import ROOT

CLINIC = load(ROOT / "content").clinic
HOUR = next(service for service in CLINIC.services if service.length_minutes == 60)
MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def openings(clinic: ClinicFacts = CLINIC, taken: tuple[Taken, ...] = (), now: datetime = NOON,
             days: tuple[date, date] | None = None) -> list[Opening]:
    return Availability(clinic).openings(HOUR, taken, now, days=days)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), CLINIC.zone).astimezone(UTC)


def test_nothing_begins_before_the_lead_time_or_after_the_horizon() -> None:
    found = openings()
    assert found[0].starts >= NOON + timedelta(hours=CLINIC.booking.lead_hours)
    last = MONDAY + timedelta(days=CLINIC.booking.horizon_days)
    assert found[-1].starts < at(last, 0)
    assert found[-1].starts > at(last - timedelta(days=7), 0)


def test_an_opening_lies_within_hours_and_outside_of_breaks() -> None:
    """Therapist A's Thursday is 9 to 13 and 14 to 18."""
    thursday = date(2026, 11, 26)
    hers = [o.starts for o in openings(days=(thursday, thursday)) if o.therapist == "therapist-a"]
    assert hers[0] == at(thursday, 9)
    assert at(thursday, 12) in hers
    assert at(thursday, 12, 15) not in hers
    assert at(thursday, 14) in hers
    assert hers[-1] == at(thursday, 17)


def test_a_holiday_and_a_day_off_have_none() -> None:
    christmas = date(2026, 12, 25)
    assert openings(days=(christmas, christmas)) == []
    away = replace(CLINIC, people=tuple(replace(p, days_off=((MONDAY, MONDAY + timedelta(days=3)),))
                                        for p in CLINIC.people))
    assert openings(away, days=(MONDAY, MONDAY + timedelta(days=3))) == []
    assert openings(away, days=(MONDAY + timedelta(days=4),) * 2)


def test_what_is_taken_is_not_offered_with_the_time_that_is_needed_after_it() -> None:
    thursday = date(2026, 11, 26)
    taken = (Taken("therapist-a", at(thursday, 10), at(thursday, 11, 15)),)
    hers = [o.starts for o in openings(taken=taken, days=(thursday, thursday)) if o.therapist == "therapist-a"]
    assert at(thursday, 9) not in hers  # with 15 minutes after it, it would run into the next
    assert at(thursday, 11) not in hers
    assert hers[0] == at(thursday, 11, 15)
    his = {o.starts for o in openings(taken=taken, days=(thursday, thursday)) if o.therapist == "therapist-b"}
    assert at(thursday, 12) in his


def test_who_gives_it_can_be_asked_for() -> None:
    rules = Availability(CLINIC)
    assert rules.who(HOUR, "woman") == ["therapist-a"]
    assert rules.who(replace(HOUR, by=("therapist-b",))) == ["therapist-b"]
    assert rules.who(replace(HOUR, by=("therapist-b",)), "woman") == []


ROUND_THE_CLOCK = replace(CLINIC, opening_hours=Hours(((Span(time(0, 0), time(23, 59)),),) * 7), people=tuple(
    replace(person, hours=None) for person in CLINIC.people))
CHANGES = (date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26), date(2028, 2, 29))


@pytest.mark.parametrize("day", CHANGES)
def test_a_day_with_an_hour_more_or_less_has_that_many_openings(day: date) -> None:
    """Every quarter of an hour that exists, each once, and all as long as any other."""
    found = openings(ROUND_THE_CLOCK, now=at(day - timedelta(days=2), 12), days=(day, day))
    starts = sorted({o.starts for o in found})
    hours = (at(day + timedelta(days=1), 0) - at(day, 0)) / timedelta(hours=1)
    assert hours in (23, 24, 25)
    assert len(starts) == 4 * (hours - 1)  # the last one that ends by 23:59 begins at 22:45
    assert {b - a for a, b in itertools.pairwise(starts)} == {timedelta(minutes=15)}
    assert {o.ends - o.starts for o in found} == {timedelta(minutes=60)}


busy = some.lists(some.tuples(some.sampled_from(("therapist-a", "therapist-b")), some.integers(0, 14 * 24 * 4),
                              some.integers(1, 12)), max_size=30)


@given(busy, some.integers(0, 3 * 365 * 24))
def test_no_opening_ever_clashes_with_what_is_taken(booked: list[tuple[str, int, int]], hours: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    quarter = timedelta(minutes=15)
    taken = tuple(Taken(who, now + start * quarter, now + (start + length) * quarter) for who, start, length in booked)
    first = now.astimezone(CLINIC.zone).date()
    found = openings(taken=taken, now=now, days=(first, first + timedelta(days=14)))
    assert found == sorted(found)
    for opening in found:
        assert now + timedelta(hours=2) <= opening.starts
        assert not any(one.therapist == opening.therapist and one.starts < opening.starts + HOUR.takes
                       and opening.starts < one.ends for one in taken)


def test_bank_holidays_are_those_of_the_nation_and_a_listed_day_is_as_listed() -> None:
    """St Andrew's Day is one in Scotland only; the second of January too."""
    scottish = replace(CLINIC, opening_hours=replace(CLINIC.opening_hours, nation="scotland"))
    andrew = date(2027, 11, 30)
    before = at(andrew - timedelta(days=3), 12)
    assert openings(CLINIC, now=before, days=(andrew, andrew))
    assert openings(scottish, now=before, days=(andrew, andrew)) == []
    eve = date(2026, 12, 24)  # half a day, by the clinic's own list
    assert openings(now=at(eve - timedelta(days=3), 12), days=(eve, eve))
    august = date(2028, 8, 28)  # nobody listed it
    assert openings(now=at(august - timedelta(days=3), 12), days=(august, august)) == []
