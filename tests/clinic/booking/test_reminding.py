"""When a reminder goes: never at night, before the start, each once, in every week of the year."""
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.booking.appointment import Appointment
from clinic.booking.reminding import BEFORE, FARTHEST, Reminded, due, is_quiet, ready

LONDON = ZoneInfo("Europe/London")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
OPEN = st.builds(lambda day, minute: datetime.combine((datetime(2026, 1, 1) + timedelta(days=day)).date(),  # noqa: DTZ001
                                                      time(minute // 60, minute % 60), LONDON).astimezone(UTC),
                 st.integers(0, 800), st.integers(7 * 60, 21 * 60))
"""Starts at which a clinic may be open."""


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@given(OPEN)
def test_no_reminder_comes_at_night_or_too_late(starts: datetime) -> None:
    for hours in BEFORE:
        moment = due(starts, hours, LONDON)
        assert not is_quiet(moment, LONDON)
        assert timedelta(minutes=45) <= starts - moment <= FARTHEST


@pytest.mark.parametrize(("starts", "day_before", "hours_before"), [
    ("2026-11-26T15:00", "2026-11-25T15:00", "2026-11-26T13:00"),
    ("2026-11-26T09:00", "2026-11-25T09:00", "2026-11-26T08:00"),
    ("2026-11-26T08:15", "2026-11-25T08:15", "2026-11-25T20:50"),
    ("2026-11-26T07:00", "2026-11-25T08:00", "2026-11-25T20:50"),
    ("2026-03-29T10:00", "2026-03-28T09:00", "2026-03-29T08:00"),  # the clocks went forward that night
])
def test_the_moments_at_which_they_go(starts: str, day_before: str, hours_before: str) -> None:
    assert [due(local(starts), hours, LONDON) for hours in BEFORE] == [local(day_before), local(hours_before)]


def booked(starts: datetime) -> Appointment:
    return Appointment(1, "BBBBBB", "booked", "x", "y", starts, starts + timedelta(hours=1))


def test_what_was_booked_after_its_reminder_was_due_gets_none() -> None:
    starts = local("2026-11-26T15:00")
    now = local("2026-11-26T12:00")
    assert ready(Reminded(booked(starts), local("2026-11-26T11:59"), frozenset()), now, LONDON) == []
    assert ready(Reminded(booked(starts), LONG_AGO, frozenset()), now, LONDON) == [24]


def test_after_a_night_without_the_program_both_are_said_as_one() -> None:
    starts = local("2026-11-26T15:00")
    assert ready(Reminded(booked(starts), LONG_AGO, frozenset()), local("2026-11-26T14:00"), LONDON) == [24, 2]
    assert ready(Reminded(booked(starts), LONG_AGO, frozenset({24, 2})), local("2026-11-26T14:00"), LONDON) == []
    assert ready(Reminded(booked(starts), LONG_AGO, frozenset()), starts, LONDON) == []


def test_a_late_reminder_waits_for_the_morning() -> None:
    late = Reminded(booked(local("2026-11-26T15:00")), LONG_AGO, frozenset())
    assert ready(late, local("2026-11-25T23:00"), LONDON) == []
    assert ready(late, local("2026-11-26T08:00"), LONDON) == [24]
