"""Bounds on one of several days, preferences, hours in both halves and days off, on Friday 27 March 2026 at 10."""
import pytest
from wishes import ask, exact, said

from clinic.booking.when import Reading


@pytest.mark.parametrize(("text", "reading"), [
    ("the weekend but not before 11 on saturday", exact("28 Mar 11:00-24:00 to 29 Mar")),
    ("monday or tuesday but not before 3 on tuesday", exact("30 Mar, 31 Mar 15:00-24:00")),
    ("monday or tuesday, but tuesday only after 3", exact("30 Mar, 31 Mar 15:00-24:00")),
    ("monday or tuesday, tuesday only after 3", exact("30 Mar, 31 Mar 15:00-24:00")),
    ("I can the monday or the saturday, but saturday only after 14:00", exact("28 Mar 14:00-24:00, 30 Mar")),
    ("next week but only after 5 on monday", exact("30 Mar 17:00-24:00 to 5 Apr")),
    ("weekend, sunday only after 12", exact("28 Mar, 29 Mar 12:00-24:00")),
    ("the weekend but saturday only in the morning", exact("28 Mar 06:00-12:00, 29 Mar")),
    ("tuesday to thursday but not after 4 on thursday", exact("31 Mar to 2 Apr 00:00-16:00")),
    ("monday after 5, or tuesday but not before 6", exact("30 Mar 17:00-24:00, 31 Mar 18:00-24:00")),
    ("only tuesday after 5", exact("31 Mar 17:00-24:00")),
    ("weds or sat, mornings on both", exact("28 Mar 06:00-12:00, 1 Apr 06:00-12:00")),
    ("tues or thurs, evenings for either", exact("31 Mar 17:00-22:00, 2 Apr 17:00-22:00")),
    ("need to be seen before fireworks night, 2 april at 4?", exact("2 Apr 16:00")),
    ("mon to weds except tuesday, has to be after 5", exact("30 Mar 17:00-24:00, 1 Apr 17:00-24:00")),
    ("mon to weds except tuesday, morning please", exact("30 Mar 06:00-12:00, 1 Apr 06:00-12:00")),
    ("mon to thurs except tuesday, wednesday", exact("30 Mar, 2 Apr")),
    ("before bonfire night ideally, so 4 november at 4", exact("4 Nov 16:00")),
])
def test_what_is_said_of_one_day_bounds_that_one(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize(("text", "reading"), [
    ("id prefer thursday to friday", exact("2 Apr")), ("prefer tuesday to wednesday", exact("31 Mar")),
    ("thursday is preferable to friday", exact("2 Apr")), ("I prefer thursday over friday", exact("2 Apr")),
    ("id rather thursday to friday", exact("2 Apr")), ("rather monday than tuesday", exact("30 Mar")),
    ("i prefer monday to thursday", ask("30 Mar", "30 Mar to 2 Apr")),
    ("ideally monday to thursday", exact("30 Mar to 2 Apr")),
])
def test_what_is_liked_less_is_left_out(text: str, reading: Reading) -> None:
    assert said(text) == reading


def test_mornings_are_preferred_to_evenings() -> None:
    assert said("I prefer mornings to evenings") == said("mornings")


@pytest.mark.parametrize(("text", "reading"), [
    ("tuesday at 7, am or pm", exact("31 Mar 07:00, 31 Mar 19:00")),
    ("tuesday 7 am or pm", exact("31 Mar 07:00, 31 Mar 19:00")),
    ("tomorrow at 8 either am or pm", exact("28 Mar 08:00, 28 Mar 20:00")),
    ("tuesday at 8, in the morning or the evening", exact("31 Mar 08:00, 31 Mar 20:00")),
    ("at 7, am or pm", ask("27 Mar 19:00", "28 Mar 07:00, 28 Mar 19:00")),
    ("tuesday at three no four", exact("31 Mar 16:00")), ("tuesday at 3pm no 4pm", exact("31 Mar 16:00")),
    ("monday at 10 no 11", exact("30 Mar 11:00")), ("tuesday at 10 hours", exact("31 Mar 10:00")),
    ("at 16 hrs on monday", exact("30 Mar 16:00")), ("tuesday at 9 hours 30", exact("31 Mar 09:30")),
    ("monday 20 july 2026 1745", exact("20 Jul 17:45")), ("6 april 2026 0930", exact("6 Apr 09:30")),
    ("6 april 1030", exact("6 Apr 10:30")), ("is mon ok 4 u", exact("30 Mar")), ("tues 4", exact("31 Mar 16:00")),
    ("tues 4 me plz", exact("31 Mar")), ("wud next mon b ok 4 u", ask("30 Mar", "6 Apr")),
])
def test_clock_times(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize(("text", "reading"), [
    ("first working day of December", exact("1 Dec")), ("last working day of april", exact("30 Apr")),
    ("first working day of january", exact("4 Jan 2027")), ("first working day after easter", exact("7 Apr")),
    ("the first working day of next month", exact("1 Apr")), ("last working day before christmas", exact("24 Dec")),
    ("the next working day", exact("30 Mar")), ("first weekday of june", exact("1 Jun")),
    ("the Boxing Day bank holiday", exact("28 Dec")), ("good friday bank holiday", exact("3 Apr")),
    ("christmas day bank holiday", exact("25 Dec")), ("christmas bank holiday", ask("25 Dec", "28 Dec")),
    ("beginning Tuesday", exact("31 Mar to 9 Apr")), ("beginning the 6th", exact("6 Apr to 9 Apr")),
    ("commencing tuesday", exact("31 Mar to 9 Apr")), ("beginning of april", exact("1 Apr to 10 Apr")),
    ("weekend mornings", exact("28 Mar 06:00-12:00, 29 Mar 06:00-12:00, 4 Apr 06:00-12:00, 5 Apr 06:00-12:00")),
    ("this weekend mornings", exact("28 Mar 06:00-12:00, 29 Mar 06:00-12:00")),
])
def test_days(text: str, reading: Reading) -> None:
    assert said(text) == reading


def test_days_given_instead_of_a_weekend_keep_apart() -> None:
    assert said("boxing day bank holiday", "2027-11-01T10:00") == exact("28 Dec 2027")
    assert said("christmas day bank holiday", "2027-11-01T10:00") == exact("27 Dec 2027")
    assert said("new year's day bank holiday", "2027-11-01T10:00") == exact("3 Jan 2028")
