"""Which openings are shown for a wish."""
from datetime import UTC, date, datetime, time, timedelta

from clinic.booking.availability import Availability
from clinic.booking.choosing import SHOWN, Interval, choose, fits, is_a_point, local
from clinic.knowledge.content import load
from clinic.settings import ROOT

CLINIC = load(ROOT / "content").clinic
HOUR = next(service for service in CLINIC.services if service.length_minutes == 60)
OPENINGS = Availability(CLINIC).openings(HOUR, (), datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
THURSDAY = date(2026, 11, 26)


def day(one: date, begins: time = time.min, ends: time | None = None) -> Interval:
    after = datetime.combine(one + timedelta(days=1), time.min) if ends is None else datetime.combine(one, ends)
    return datetime.combine(one, begins), after


def test_what_fits_is_shown_the_soonest_first_and_spread_over_the_day() -> None:
    shown = choose(OPENINGS, [day(THURSDAY)], CLINIC.zone)
    assert shown.fits
    assert len(shown.openings) == SHOWN
    assert list(shown.openings) == sorted(shown.openings)
    starts = [local(opening, CLINIC.zone) for opening in shown.openings]
    assert {moment.date() for moment in starts} == {THURSDAY}
    assert starts[-1] - starts[0] >= timedelta(hours=5)


def test_of_several_days_each_has_its_turn() -> None:
    week = [day(THURSDAY + timedelta(days=number)) for number in range(4, 9)]
    shown = choose(OPENINGS, week, CLINIC.zone)
    assert len({local(opening, CLINIC.zone).date() for opening in shown.openings}) == SHOWN


def test_more_times_are_others_until_there_are_none() -> None:
    wish, seen, page = [day(THURSDAY)], [], 0
    while True:
        shown = choose(OPENINGS, wish, CLINIC.zone, page)
        seen += [opening.starts for opening in shown.openings]
        page += 1
        if not shown.more:
            break
    assert len(seen) == len(set(seen))
    assert set(seen) == {opening.starts for opening in OPENINGS if fits(opening, wish, CLINIC.zone)}


def test_where_nothing_fits_the_nearest_are_shown_and_it_is_said() -> None:
    sunday = THURSDAY + timedelta(days=3)
    shown = choose(OPENINGS, [day(sunday)], CLINIC.zone)
    assert not shown.fits
    apart = {abs((local(opening, CLINIC.zone).date() - sunday).days) for opening in shown.openings}
    assert apart <= {1, 2}


def test_the_nearest_are_at_the_same_hours_of_other_days_and_at_other_hours_of_the_day() -> None:
    """Saturday evening: an hour of Saturday, and evenings."""
    saturday = THURSDAY + timedelta(days=2)
    shown = choose(OPENINGS, [day(saturday, time(17), time(22))], CLINIC.zone)
    starts = [local(opening, CLINIC.zone) for opening in shown.openings]
    assert any(moment.date() == saturday for moment in starts)
    assert sum(moment.hour >= 17 for moment in starts if moment.date() != saturday) >= 2


def test_a_clock_time_is_met_exactly() -> None:
    three = datetime.combine(THURSDAY, time(15))
    assert is_a_point([(three, three)])
    assert not is_a_point([day(THURSDAY)])
    assert [local(o, CLINIC.zone) for o in choose(OPENINGS, [(three, three)], CLINIC.zone).openings] == [three]


def test_no_openings_are_no_openings() -> None:
    assert choose([], [day(THURSDAY)], CLINIC.zone).openings == ()
