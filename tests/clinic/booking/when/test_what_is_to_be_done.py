"""What is to be done by when, hours that are softened, and corrections behind their mark, on Friday 27 March 2026 at
10."""
import pytest
from wishes import ask, exact, said

from clinic.booking.when import Reading


@pytest.mark.parametrize("text", [
    "need it sorted by tuesday", "shoulder's killing, need it sorted by tuesday", "get me sorted by tuesday",
    "have to get it treated by tuesday", "needs looking at by tuesday", "could i be squeezed in by tuesday",
    "been hurting since monday, need it fixed by tuesday", "needs to be sorted by tuesday",
    "want my back done by tuesday"])
def test_what_is_to_be_done_is_no_past(text: str) -> None:
    assert said(text) == exact("27 Mar 10:00-24:00 to 31 Mar")


def test_what_is_to_be_done_may_be_urgent() -> None:
    assert said("hurt my back monday, need it looked at asap") == said("asap")


@pytest.mark.parametrize(("text", "reading"), [
    ("can i come in 90 mins", exact("27 Mar 11:30")), ("in 1 hour 30", exact("27 Mar 11:30")),
    ("in an hour and 20 minutes", exact("27 Mar 11:20")), ("can you fit me in 2 weeks today", exact("10 Apr")),
    ("i run 10k in 50 mins, tuesday ok?", exact("31 Mar")), ("can i book in 60 min massage tuesday", exact("31 Mar")),
    ("what can you fix in 30 mins? tuesday please", exact("31 Mar")),
])
def test_minutes_from_now_or_for_something(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize("text", [
    "wednesday at like two", "at like two on wednesday", "wednesday at, what, two?", "wednesday maybe like two",
    "tuesday sorry no wednesday at like two", "wednesday at er 2"])
def test_an_hour_may_be_softened(text: str) -> None:
    assert said(text) == exact("1 Apr 14:00")


@pytest.mark.parametrize(("text", "reading"), [
    ("fri - today i mean - after 4", exact("27 Mar 16:00-24:00")),
    ("today - tomorrow i mean - after 4", exact("28 Mar 16:00-24:00")),
    ("monday (i mean tuesday) after 5", exact("31 Mar 17:00-24:00")),
    ("monday, i mean tuesday", exact("31 Mar")),
])
def test_a_correction_may_stand_behind_what_is_right(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize(("text", "reading"), [
    ("30 march after 3 or 31 march before 12", exact("30 Mar 15:00-24:00 to 31 Mar 00:00-12:00")),
    ("30 march after 3 or 2 april before 12", exact("30 Mar 15:00-24:00, 2 Apr 00:00-12:00")),
    ("after 3 or 4 april", exact("5 Apr to 9 Apr")),
])
def test_an_hour_behind_a_date_is_no_day_of_a_month(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize("text", [
    "sat or sun, sunday not before 1", "sat or sun - sun not before 1", "sat or sun (sun not before 1)",
    "sat or sun. sunday can't do before 1", "either sat or sun, sun no earlier than 1"])
def test_what_cannot_be_on_a_day_that_is_named_again_bounds_that_day(text: str) -> None:
    assert said(text) == exact("28 Mar, 29 Mar 13:00-24:00")


@pytest.mark.parametrize("text", [
    "in the morning pls, whatever you've got", "any time in the morning", "first slot you have in the morning",
    "in the morning, i'm easy", "early in the morning, any slot"])
def test_in_the_morning_is_the_next_one_whatever_time_of_it(text: str) -> None:
    hours = "06:00-09:00" if "early" in text else "06:00-12:00"
    assert said(text, "2026-03-27T19:30") == exact(f"28 Mar {hours}")


def test_mornings_whatever_time_of_them_are_all() -> None:
    assert said("mornings, whatever you've got") == said("mornings")


@pytest.mark.parametrize("text", [
    "once I'm home from Tenerife", "once i'm home", "soon as i'm home from hols", "when i return from france",
    "once the kids are back at school"])
def test_only_the_visitor_knows_when_they_are_home(text: str) -> None:
    assert said(text) == ask()


def test_an_hour_at_home_is_one() -> None:
    assert said("i'm home by 5 on tuesday") == exact("31 Mar 17:00-24:00")
