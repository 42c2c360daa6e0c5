"""What the waiting list makes of a wish: until when it stands, what has come free for it, how long that is kept."""
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from clinic.booking.opening import Opening
from clinic.booking.waiting import InLine, Wanted, come_free, fitting, kept_until

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)


def local(written: str) -> datetime:
    return datetime.fromisoformat(written)


def wanted(*spans: tuple[str, str]) -> Wanted:
    return Wanted("one-hour", tuple((local(begins), local(ends)) for begins, ends in spans), "")


def opening(written: str, who: str = "therapist-a") -> Opening:
    starts = local(written).replace(tzinfo=LONDON).astimezone(UTC)
    return Opening(starts, starts + timedelta(hours=1), who, "one-hour")


def place(wish: Wanted, seen: tuple[Opening, ...] = (), passed: tuple[Opening, ...] = ()) -> InLine:
    return InLine(1, uuid4(), "website", wish, "waiting", NOW, wish.until(LONDON), frozenset(o.key for o in seen),
                  frozenset(o.key for o in passed))


@pytest.mark.parametrize(("spans", "until"), [
    ([("2026-07-09T17:00", "2026-07-09T22:00")], "2026-07-10T00:00"),
    ([("2026-07-09T17:00", "2026-07-09T17:00")], "2026-07-10T00:00"),
    ([("2026-07-09T00:00", "2026-07-10T00:00")], "2026-07-10T00:00"),
    ([("2026-07-09T00:00", "2026-07-09T00:00")], "2026-07-10T00:00"),
    ([("2026-07-09T17:00", "2026-07-09T22:00"), ("2026-07-12T09:00", "2026-07-12T12:00")], "2026-07-13T00:00"),
    ([("2026-10-25T17:00", "2026-10-25T22:00")], "2026-10-26T00:00"),  # the night on which the clocks go back
])
def test_it_stands_to_the_end_of_the_last_day_that_was_wished_for(spans: list[tuple[str, str]], until: str) -> None:
    assert wanted(*spans).until(LONDON) == local(until).replace(tzinfo=LONDON)


def test_what_was_free_before_or_was_passed_on_has_not_come_free() -> None:
    evening = wanted(("2026-07-09T17:00", "2026-07-09T22:00"))
    morning, five, six = (opening(f"2026-07-09T{hour}:00") for hour in ("09", "17", "18"))
    other = opening("2026-07-09T17:00", "therapist-b")
    fit = fitting(evening, [morning, five, other, six], LONDON)
    assert fit == [five, other, six]
    assert come_free(place(evening), fit) == five
    assert come_free(place(evening, seen=(five,)), fit) == other
    assert come_free(place(evening, seen=(five,), passed=(other,)), fit) == six
    assert come_free(place(evening, seen=(five, other, six)), fit) is None


def test_the_same_time_some_minutes_later_was_passed_on_too() -> None:
    evening = wanted(("2026-07-09T17:00", "2026-07-09T22:00"))
    later = [opening("2026-07-09T17:15"), opening("2026-07-09T17:45"), opening("2026-07-09T18:00")]
    assert come_free(place(evening, passed=(opening("2026-07-09T17:00"),)), later) == later[-1]


@pytest.mark.parametrize(("hours", "kept"), [(72, 120), (4, 120), (3, 60), (2.25, 15), (2.2, None), (1, None)])
def test_it_is_kept_for_the_clinics_time_and_no_longer_than_it_can_be_booked(hours: float, kept: int | None) -> None:
    free = replace(opening("2026-07-09T17:00"), starts=NOW + timedelta(hours=hours))
    assert kept_until(free, NOW, 120, 2) == (NOW + timedelta(minutes=kept) if kept else None)
