"""What counts as taken off the clinic's hands, and what only looks like it."""
import csv
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.figures.enquiry import FATES, Around, Enquiry, Made, Step, enquiries
from clinic.figures.table import as_csv, written
from clinic.figures.week import Week, count

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MUCH_LATER = MONDAY + timedelta(days=30)
MINUTE = timedelta(minutes=1)


def talk(*kinds: str, around: Around | None = None, person: datetime | None = None) -> Enquiry:
    """Somebody asks, and gets replies of *kinds*, one to each message."""
    steps = []
    for turn, kind in enumerate(kinds):
        at = MONDAY + turn * 2 * MINUTE
        steps += [Step(2 * turn + 1, "visitor", None, at, "ask_recovery"),
                  Step(2 * turn + 2, "bot", kind, at + MINUTE / 60, wait=MINUTE / 60)]
    if person:
        steps.append(Step(99, "person", None, person))
    (one,) = enquiries(uuid4(), "website", steps, around or Around())
    return one


@pytest.mark.parametrize(("kinds", "fate"), [
    (["answer"], "deflected"), (["clarify", "answer"], "deflected"), (["smalltalk", "clinic_fact"], "deflected"),
    (["answer", "clarify"], "dead_end"), (["answer", "fallback"], "dead_end"), (["fallback"], "dead_end"),
    (["answer", "booking"], "dead_end"), (["smalltalk"], "small_talk"), (["answer", "safety"], "safety"),
    (["safety", "answer"], "safety")])
def test_a_dead_end_is_no_deflection(kinds: list[str], fate: str) -> None:
    """Nor is an unfinished booking, nor whoever was sent to get help."""
    assert talk(*kinds).fate(MUCH_LATER) == fate


@pytest.mark.parametrize(("after", "fate"), [(timedelta(minutes=1), "person"), (timedelta(days=6, hours=23), "person"),
                                             (timedelta(days=7, hours=1), "deflected")])
def test_a_person_who_is_needed_within_seven_days_was_needed(after: timedelta, fate: str) -> None:
    assert talk("answer", around=Around(((MONDAY + after, "asked_for_person"),))).fate(MUCH_LATER) == fate
    assert talk("answer", person=MONDAY + after).fate(MUCH_LATER) == fate


def test_before_seven_days_are_over_nobody_can_say() -> None:
    one = talk("answer")
    assert one.fate(one.ends + timedelta(days=6)) == "too_fresh"
    assert count([one], [], [], one.ends + timedelta(days=6)).deflection is None


def test_a_question_that_was_not_answered_stays_so() -> None:
    """Whatever came after it in the same enquiry, and though the clinic answered it later."""
    assert talk("not_covered", "answer", around=Around(gaps=frozenset({1}))).fate(MUCH_LATER) == "unanswered"


@pytest.mark.parametrize(("made", "fate"), [(Made(MONDAY, False, False), "deflected"),
                                            (Made(MONDAY, True, True), "person")])
def test_a_booking_counts_where_no_person_had_to_confirm_it(made: Made, fate: str) -> None:
    assert talk("booking", around=Around(made=(made,))).fate(MUCH_LATER) == fate


def test_a_day_without_a_word_makes_another_enquiry() -> None:
    steps = [Step(1, "visitor", None, MONDAY), Step(2, "bot", "answer", MONDAY, wait=MINUTE),
             Step(3, "bot", "booking", MONDAY + timedelta(days=2)),  # a reminder: by itself
             Step(4, "visitor", None, MONDAY + timedelta(days=3)),
             Step(5, "bot", "fallback", MONDAY + timedelta(days=3), wait=MINUTE)]
    assert [one.fate(MUCH_LATER) for one in enquiries(uuid4(), "website", steps, Around())] == ["deflected", "dead_end"]


def test_whoever_gave_up_is_a_success_only_in_the_naive_figure() -> None:
    week = count([talk("answer"), talk("fallback"), talk("clarify"), talk("not_covered")], [], [], MUCH_LATER)
    assert week.naive == 1.0
    assert week.deflection == 0.25


@given(st.lists(st.sampled_from(["answer", "clinic_fact", "not_covered", "safety", "booking", "handoff", "privacy",
                                 "smalltalk", "clarify", "fallback"]), min_size=1, max_size=6),
       st.integers(0, 20), st.booleans())
def test_every_enquiry_has_one_fate(kinds: list[str], days: int, gap: bool) -> None:
    """The parts add up to the whole, and none is counted as deflected that a person or a red flag is in."""
    one = talk(*kinds, around=Around(gaps=frozenset({1} if gap else set())))
    week = count([one], [], [], one.ends + timedelta(days=days))
    assert sum(week.fates.values()) == week.enquiries == 1
    assert set(week.fates) == set(FATES)
    if "safety" in kinds or gap:
        assert week.fates["deflected"] == 0


@pytest.mark.parametrize("cell", ["=1+1", "+44 7700 900123", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1",
                                  "\ufeff=cmd|' /C calc'!A0"])
def test_no_text_is_a_formula(cell: str) -> None:
    """A spreadsheet takes what begins like one for one, also behind a blank."""
    ((found,),) = csv.reader(StringIO(written([[cell]]), newline=""))
    assert found == f"'{cell}"


def test_numbers_stay_numbers_and_texts_whole() -> None:
    said = 'a "quoted", long\nline'
    assert next(csv.reader(StringIO(written([[-1.5, said, "plain"]]), newline=""))) == ["-1.5", said, "plain"]
    week = count([talk("answer")], ["urgent"], [30.0], MUCH_LATER)
    rows = list(csv.reader(StringIO(as_csv({(date(2026, 11, 23), "=evil()", "=worse()"): week}))))
    assert rows[1][:3] == ["2026-11-23", "'=evil()", "'=worse()"]
    assert Week.from_row(asdict(week)) == week
