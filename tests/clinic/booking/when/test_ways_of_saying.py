"""Many ways of saying much the same, on Friday 27 March 2026 at 10."""
import pytest
from wishes import IMPOSSIBLE, ask, exact, said

from clinic.booking.when import Reading

FORTNIGHT = "27 Mar 10:00-24:00 to 9 Apr"


@pytest.mark.parametrize(("text", "reading"), [
    ("not this weekend but next", exact("4 Apr to 5 Apr")),
    ("this weekend or next", exact("28 Mar to 29 Mar, 4 Apr to 5 Apr")),
    ("this saturday or next", exact("28 Mar, 4 Apr")),
    ("this or next week", exact("27 Mar 10:00-24:00 to 5 Apr")),
    ("saturday this week or next", exact("28 Mar, 4 Apr")),
    ("monday next", ask("30 Mar", "6 Apr")), ("a week from saturday", exact("4 Apr")),
    ("week from sat", exact("4 Apr")),
    ("tuesday week after next", exact("7 Apr")), ("week beginning monday 13th", exact("13 Apr to 19 Apr")),
    ("next week after tuesday", exact("1 Apr to 5 Apr")), ("next week before wednesday", exact("30 Mar to 31 Mar")),
    ("next week tuesday or thursday afternoon", exact("31 Mar 12:00-17:00, 2 Apr 12:00-17:00")),
    ("this time next week", exact("3 Apr 10:00")), ("last friday", IMPOSSIBLE), ("tuesday past", IMPOSSIBLE),
    ("last week tuesday", IMPOSSIBLE), ("next 3 days", exact("27 Mar 10:00-24:00 to 29 Mar")),
    ("a tuesday", ask("31 Mar", "31 Mar, 7 Apr")), ("the first weekend in may", exact("2 May to 3 May")),
    ("any tuesday or thursday in april",
     exact("2 Apr, 7 Apr, 9 Apr, 14 Apr, 16 Apr, 21 Apr, 23 Apr, 28 Apr, 30 Apr")),
    ("the monday after easter", ask("6 Apr", "13 Apr")), ("easter bank holiday weekend", exact("3 Apr to 6 Apr")),
    ("august bank holiday weekend", exact("29 Aug to 31 Aug")),
    ("before the end of april", exact("27 Mar 10:00-24:00 to 30 Apr")),
])
def test_weeks_and_what_lies_in_them(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize(("text", "reading"), [
    ("may I have an appointment on the second of april at a quarter past nine", exact("2 Apr 09:15")),
    ("3/4 april", exact("3 Apr to 4 Apr")), ("april 3/4", exact("3 Apr to 4 Apr")), ("free on 5.11?", exact("5 Nov")),
    ("on 31.03. at 14 o'clock", exact("31 Mar 14:00")), ("friday 24/7", exact("24 Jul")),
    ("may", exact("1 May to 31 May")),
    ("may I come in may", exact("1 May to 31 May")),
    ("the 21 and the 23, after 16h", exact("21 Apr 16:00-24:00, 23 Apr 16:00-24:00")),
    ("at the 5 of november", exact("5 Nov")), ("on or before the 2nd", exact("27 Mar 10:00-24:00 to 2 Apr")),
    ("by tuesday lunchtime", exact("27 Mar 10:00-24:00 to 31 Mar 00:00-12:00")),
])
def test_dates(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize(("text", "reading"), [
    ("before 8", ask("31 Mar 00:00-08:00", "31 Mar 00:00-20:00")),
    ("evening 7 or 8", exact("31 Mar 19:00, 31 Mar 20:00")),
    ("between 7 and 9", ask("31 Mar 07:00-09:00", "31 Mar 19:00-21:00")), ("five-thirty", exact("31 Mar 17:30")),
    ("18 to 20", exact("31 Mar 18:00-20:00")), ("18 o'clock", exact("31 Mar 18:00")),
    ("a.m.", exact("31 Mar 06:00-12:00")),
    ("4pm 5pm or 6pm", exact("31 Mar 16:00, 31 Mar 17:00, 31 Mar 18:00")), ("earliest 4", exact("31 Mar 16:00-24:00")),
    ("between 10 and 12 or 3 and 5", exact("31 Mar 10:00-12:00, 31 Mar 15:00-17:00")),
    ("around 3 or 4", exact("31 Mar 14:30-16:30")), ("lunchtime till 3", exact("31 Mar 12:00-15:00")),
    ("teatime", exact("31 Mar 16:00-18:00")), ("afternoon after 3", exact("31 Mar 15:00-17:00")),
    ("outside 9-5", exact("31 Mar 00:00-09:00, 31 Mar 17:00-24:00")), ("but not too early", exact("31 Mar")),
])
def test_hours_of_tuesday(text: str, reading: Reading) -> None:
    assert said(f"tuesday {text}") == reading


@pytest.mark.parametrize(("text", "reading"), [
    ("monday or tuesday at 3 or 4", exact("30 Mar 15:00, 30 Mar 16:00, 31 Mar 15:00, 31 Mar 16:00")),
    ("tomorrow or monday after 4", exact("28 Mar 16:00-24:00, 30 Mar 16:00-24:00")),
    ("monday at 3, tuesday at the same time", exact("30 Mar 15:00, 31 Mar 15:00")),
    ("everything but tuesday", exact("27 Mar 10:00-24:00 to 30 Mar, 1 Apr to 6 Apr, 8 Apr to 9 Apr")),
    ("can't do wed or thurs, mon or tues fine", exact("30 Mar to 31 Mar")),
    ("mon or wed. actually mon's out, so just wed", exact("1 Apr")), ("forget sat, do sun", exact("29 Mar")),
    ("monday at 10. Can we say 11 instead?", exact("30 Mar 11:00")),
    ("sat at 11, scratch that, sun", exact("29 Mar 11:00")),
    ("tmrw's the 28th isn't it, 4pm then", exact("28 Mar 16:00")),
    ("monday's oot, wednesday efter 4 wid dae", exact("1 Apr 16:00-24:00")),
    ("aboot 2 on monday", exact("30 Mar 13:30-14:30")), ("the morn's morn", exact("28 Mar 06:00-12:00")),
    ("I don't work tuesdays", exact("31 Mar, 7 Apr")), ("I've nothing on tuesday", exact("31 Mar")),
    ("next thurs not this one", exact("9 Apr")),
])
def test_days_joined_taken_away_and_corrected(text: str, reading: Reading) -> None:
    assert said(text) == reading


def test_the_morning_said_in_the_evening_is_tomorrows() -> None:
    assert said("in the morning", "2026-03-27T19:00") == exact("28 Mar 06:00-12:00")
    assert said("morning", "2026-03-27T19:00") == ask("28 Mar 06:00-12:00")


def test_evenings_or_weekends_are_evenings_and_whole_weekends() -> None:
    assert said("evenings or weekends").intervals[:2] == exact("27 Mar 17:00-22:00, 28 Mar to 29 Mar").intervals
