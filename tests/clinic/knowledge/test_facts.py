"""Facts: values from clinic.yml, on the clinic's own clock, and none where the clinic left them out."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.knowledge.answer import Knowledge
from clinic.knowledge.content import Content
from clinic.knowledge.dates import asked_day
from clinic.knowledge.facts import clock_time, fact, pounds
from clinic.knowledge.hours import Holiday, Hours, Span

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # a Tuesday
NINE_TO_FIVE = (Span(time(9), time(17)),)


@pytest.fixture
def content(sample: Knowledge) -> Content:
    return sample.content


@pytest.mark.parametrize(
    ("text", "form", "day", "hours"),
    [
        ("are you open tomorrow", "open_that_day", "tomorrow, Wednesday 25 November", "9am to 8pm"),
        ("open sundays?", "closed_that_day", "Sunday 29 November", ""),
        ("what time do you shut on sat", "open_that_day", "Saturday 28 November", "9am to 2pm"),
        ("open xmas day?", "closed_that_day", "Friday 25 December", ""),
        ("christmas eve hours", "open_that_day", "Thursday 24 December", "9am to 1pm"),
        ("are u open on boxing day", "closed_that_day", "Saturday 26 December", ""),
        ("new year's day?", "closed_that_day", "Friday 1 January", ""),
        ("open over easter", "closed_that_day", "Monday 29 March", ""),
        ("good friday?", "closed_that_day", "Friday 26 March", ""),
        ("open on bank holidays?", "closed_that_day", "Monday 28 December", ""),
        ("the summer bank holiday", "closed_that_day", "Monday 30 August", ""),
        ("are you open on the 3rd of december", "open_that_day", "Thursday 3 December", "9am to 8pm"),
        ("open now?", "open_that_day", "today, Tuesday 24 November", "9am to 8pm"),
    ],
)
def test_hours_of_the_day_that_was_meant(
    content: Content, text: str, form: str, day: str, hours: str
) -> None:
    found = fact(content, "hours", text, NOW)
    assert found is not None
    assert (found.form, found.values["day"], found.values["hours"]) == (form, day, hours)


@pytest.mark.parametrize(
    "text", ["opening times?", "good morning, when are you open", "sat or sun?", "31 february"]
)
def test_without_one_day_the_whole_week_is_told(content: Content, text: str) -> None:
    found = fact(content, "hours", text, NOW)
    assert found is not None
    assert found.values["hours_list"].splitlines()[0] == "Monday to Thursday: 9am to 8pm"


def test_today_is_the_clinics_own_day(content: Content) -> None:
    """Half past eleven at night in UTC is already the next morning in a British summer."""
    found = fact(content, "hours", "open today?", datetime(2026, 7, 4, 23, 30, tzinfo=UTC))
    assert found is not None
    assert found.values["day"] == "today, Sunday 5 July"


def test_one_service_asked_for_is_one_price(content: Content) -> None:
    found = fact(content, "prices", "how much for an hour and a half", NOW)
    assert found is not None
    assert (found.form, found.values["price"], found.values["minutes"]) == ("price_of_one", "\u00a378", "90")


def test_prices_in_general_are_a_list(content: Content) -> None:
    found = fact(content, "prices", "how much is a massage", NOW)
    assert found is not None
    assert len(found.values["price_list"].splitlines()) == len(content.clinic.services)


@pytest.mark.parametrize(
    "name",
    [
        "parking",
        "access",
        "payment",
        "insurance",
        "cancellation",
        "address",
        "contact",
        "services",
        "therapists",
    ],
)
def test_the_sample_has_this_fact(content: Content, name: str) -> None:
    found = fact(content, name, "", NOW)
    assert found is not None
    assert all(found.values.values())


def test_a_fact_left_out_is_none(content: Content, physio: Knowledge) -> None:
    assert fact(content, "vouchers", "gift cards?", NOW) is None
    assert fact(physio.content, "vouchers", "gift cards?", NOW) is not None
    assert fact(physio.content, "parking", "where do i park", NOW) is None


def test_a_fact_that_nobody_knows_is_none(content: Content) -> None:
    assert fact(content, "horoscope", "", NOW) is None


def test_pence_are_shown_only_where_there_are_some() -> None:
    assert [pounds(4500), pounds(6250), pounds(50)] == ["\u00a345", "\u00a362.50", "\u00a30.50"]


def test_clock_times_read_as_people_say_them() -> None:
    assert [clock_time(time(*at)) for at in ((9, 0), (12, 0), (13, 30), (0, 0))] == [
        "9am",
        "12pm",
        "1.30pm",
        "12am",
    ]


@given(st.text(max_size=60))
def test_any_text_names_a_day_to_come_or_none(text: str) -> None:
    holidays = (Holiday(date(2026, 12, 25), "Christmas Day", ()),)
    day = asked_day(text, NOW, holidays)
    assert day is None or day >= NOW.date()


@given(st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)))
def test_the_next_opening_is_open_and_not_before(moment: datetime) -> None:
    holiday = Holiday(date(2026, 12, 25), "Christmas Day", ())
    hours = Hours((NINE_TO_FIVE,) * 5 + ((),) * 2, (holiday,))
    opens = hours.next_open(moment)
    assert opens is not None
    assert opens >= moment
    assert hours.open_at(opens)


def test_reception_keeps_to_a_holidays_shorter_day() -> None:
    eve = date(2026, 12, 24)
    hours = Hours((NINE_TO_FIVE,) * 7, (Holiday(eve, "Christmas Eve", (Span(time(8), time(13)),)),))
    assert hours.on(eve) == (Span(time(9), time(13)),)


def test_a_clinic_that_never_opens_has_no_next_opening() -> None:
    assert Hours(((),) * 7).next_open(NOW) is None
