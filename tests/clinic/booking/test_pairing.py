"""Two openings beside each other."""
from datetime import UTC, datetime, timedelta

from clinic.booking.opening import Opening
from clinic.booking.pairing import in_turn, side_by_side

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
TAKES = timedelta(minutes=75)


def opening(minutes: int, who: str = "a", place: str = "") -> Opening:
    starts = NOON + timedelta(minutes=minutes)
    return Opening(starts, starts + timedelta(minutes=60), who, "hour", place)


def test_two_people_at_one_time_and_place() -> None:
    a, b, c = opening(0, "a"), opening(0, "b"), opening(0, "c")
    assert side_by_side([a, b, c]) == {a: b}
    assert side_by_side([a, opening(15, "b")]) == {}
    assert side_by_side([opening(0, "a", "leith"), opening(0, "b", "morningside")]) == {}


def test_one_after_the_other_with_what_is_needed_between() -> None:
    """The same therapist needs a quarter of an hour; another does not."""
    first, hour, later = opening(0), opening(60), opening(75)
    assert in_turn([first, hour, later], TAKES) == {first: later}
    other = opening(60, "b")
    assert in_turn([first, other], TAKES) == {first: other}


def test_nobody_waits_long_or_goes_elsewhere() -> None:
    first = opening(0)
    assert in_turn([first, opening(91)], TAKES) == {}
    assert in_turn([first, opening(90)], TAKES) == {first: opening(90)}
    assert in_turn([opening(0, "a", "leith"), opening(75, "a", "morningside")], TAKES) == {}
    assert in_turn([first, opening(45, "b")], TAKES) == {}
