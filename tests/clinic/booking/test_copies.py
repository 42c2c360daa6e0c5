"""A copy of the book holds what it holds, whatever people are called, and says which line it can't read."""
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.booking import copy_csv, copy_ical
from clinic.booking.copies import Entry, EntryUnusable, instant

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30).map(str.strip)
STARTS = st.integers(0, 3 * 525_600).map(lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
ENTRIES = st.lists(st.builds(
    Entry, line=st.just(0), therapist=st.just("therapist-a"), service=st.sampled_from(["", "one-hour"]), starts=STARTS,
    ends=STARTS, state=st.sampled_from(["booked", "blocked"]), name=WORDS, contact=WORDS, why=WORDS,
    reference=st.sampled_from(["BBBBBB", "C2C2C2"])), max_size=4)


def without_lines(entries: list[Entry]) -> list[tuple[object, ...]]:
    return [(e.therapist, e.service, e.starts, e.ends, e.state, e.name, e.contact, e.why, e.reference, e.wrong)
            for e in entries]


@given(ENTRIES)
def test_a_table_is_read_as_it_was_written(entries: list[Entry]) -> None:
    assert without_lines(list(copy_csv.read(copy_csv.write(entries, LONDON), LONDON))) == without_lines(entries)


@given(ENTRIES)
def test_a_calendar_is_read_as_it_was_written(entries: list[Entry]) -> None:
    assert without_lines(list(copy_ical.read(copy_ical.write(entries, NOW), LONDON))) == without_lines(entries)


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "@x", "+1", "-1", "'quoted", "'=x", " =1+1", "\ufeff=1"])
def test_a_name_is_no_formula_to_a_spreadsheet(name: str) -> None:
    written = copy_csv.write([Entry(1, name=name, starts=NOW)], LONDON)
    assert f",'{name}," in written
    assert next(copy_csv.read(written, LONDON)).name == name


def test_lines_that_cannot_be_read_say_so() -> None:
    text = ("therapist;starts;name\ntherapist-a;2026-11-26T15:00;Jo\ntherapist-a;soon;Jo\n"
            "therapist-a;2027-03-28T01:30;Jo\na;b;c;d\n")
    read = list(copy_csv.read(text, LONDON))
    assert [(entry.line, bool(entry.wrong)) for entry in read] == [(2, False), (3, True), (4, True), (5, True)]
    assert "clocks leave out" in read[2].wrong


def test_a_table_without_names_of_columns_is_refused() -> None:
    with pytest.raises(EntryUnusable, match="therapist"):
        list(copy_csv.read("Jo;2026-11-26T15:00\n", LONDON))


def test_what_another_program_wrote_is_read_as_far_as_it_goes() -> None:
    text = "\r\n".join([
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:other",
        "BEGIN:VEVENT", "UID:1@other", "SUMMARY:Jo Hill", "DTSTART;TZID=Europe/London:20260701T100000", "DURATION:PT1H",
        "END:VEVENT",
        "BEGIN:VEVENT", "UID:2@other", "SUMMARY:Holiday", "DTSTART;VALUE=DATE:20260702", "END:VEVENT",
        "BEGIN:VEVENT", "UID:3@other", "DTSTART:20260701T100000Z", "RRULE:FREQ=DAILY", "END:VEVENT",
        "BEGIN:VEVENT", "UID:4@other", "SUMMARY:no start", "END:VEVENT", "END:VCALENDAR", ""])
    one, two, three, four = copy_ical.read(text, LONDON)
    assert (one.line, one.why, one.reference) == (4, "Jo Hill", "")
    assert (one.starts, one.ends) == (datetime(2026, 7, 1, 9, tzinfo=UTC), datetime(2026, 7, 1, 10, tzinfo=UTC))
    assert two.ends - two.starts == timedelta(days=1)
    assert "repeats" in three.wrong
    assert (four.line, four.wrong) == (20, "its times can't be read")


def test_no_calendar_is_refused() -> None:
    with pytest.raises(EntryUnusable):
        list(copy_ical.read("hello", LONDON))


def test_a_time_without_a_zone_is_one_at_the_clinic() -> None:
    assert instant("2026-07-01T10:00", LONDON) == datetime(2026, 7, 1, 9, tzinfo=UTC)
    assert instant("2026-07-01T10:00+02:00", LONDON) == datetime(2026, 7, 1, 8, tzinfo=UTC)
