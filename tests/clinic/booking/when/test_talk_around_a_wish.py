"""Wishes as they stand in whole messages on Friday 27 March 2026 at 10: with greetings, reasons, doubts and asides."""
import pytest
from wishes import IMPOSSIBLE, NONE, ask, exact, said

from clinic.booking.when import Reading

EVENINGS = ", ".join(f"{day} 17:00-22:00" for day in (
    "27 Mar", "28 Mar", "29 Mar", "30 Mar", "31 Mar", "1 Apr", "2 Apr", "4 Apr", "5 Apr", "6 Apr", "7 Apr", "8 Apr",
    "9 Apr"))


@pytest.mark.parametrize(("text", "reading"), [
    ("Morning! Any chance of a 60 min massage tomorrow? Ideally late morning but can do early afternoon too",
     exact("28 Mar 10:00-15:00")),
    ("I've had a sore achilles for 6 weeks now. GP said to rest. Can I come tuesday, ideally before 10?",
     exact("31 Mar 00:00-10:00")),
    ("i had an appointment last tuesday, same time this week?", ask()),
    ("was in on thursday, need another one next week", exact("30 Mar to 5 Apr")),
    ("hi any slots sat morning b4 my nails at 12?", exact("28 Mar 12:00")),
    ("saw sarah in january, would like to see her in april", exact("1 Apr to 30 Apr")),
    ("just ran a marathon yesterday, anything today or tomorrow?", exact("27 Mar 10:00-24:00 to 28 Mar")),
    ("2 weeks of rest, then? could I come in after that", ask()),
])
def test_what_stands_around_a_wish_is_let_be(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize(("text", "reading"), [
    ("can I move my appointment from tuesday to monday", exact("30 Mar")),
    ("can't make my appointment on thursday, can I do monday", exact("30 Mar")),
    ("instead of thursday can i come monday", exact("30 Mar")),
    ("can I change my thursday appointment to monday", exact("30 Mar")),
])
def test_an_appointment_that_is_moved_leaves_its_old_day(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize(("text", "reading"), [
    ("any evening but friday", exact(EVENINGS.replace("27 Mar 17:00-22:00, ", ""))),
    ("tuesday's good, wednesday isnt great", exact("31 Mar")),
    ("monday's no good, tuesday works", exact("31 Mar")),
    ("can't come until after 5 on tuesday", exact("31 Mar 17:00-24:00")),
    ("not before monday", exact("30 Mar to 9 Apr")),
    ("i'm working till 5 on thursday", exact("2 Apr 17:00-24:00")),
    ("i work mon to wed", exact("27 Mar 10:00-24:00 to 29 Mar, 2 Apr to 5 Apr, 9 Apr")),
    ("i'm away until wednesday", ask("1 Apr to 9 Apr", "2 Apr to 9 Apr")),
    ("not monday, tuesday", exact("31 Mar")),
])
def test_what_cannot_be_is_taken_away(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize(("text", "reading"), [
    ("monday or tuesday next week", exact("30 Mar to 31 Mar")),
    ("next tuesday or wednesday", ask("31 Mar to 1 Apr", "7 Apr to 8 Apr")),
    ("after 6 on wednesday or thursday", exact("1 Apr 18:00-24:00, 2 Apr 18:00-24:00")),
    ("tues, weds or thurs evening", exact("31 Mar 17:00-22:00, 1 Apr 17:00-22:00, 2 Apr 17:00-22:00")),
    ("10am tuesday, 2pm wednesday", exact("31 Mar 10:00, 1 Apr 14:00")),
    ("thurs anytime or sat am", exact("28 Mar 06:00-12:00, 2 Apr")),
    ("monday after 10, before 2", exact("30 Mar 10:00-14:00")),
    ("tuesday in two weeks", ask("7 Apr", "14 Apr")),
    ("the weekend after next", ask("4 Apr to 5 Apr", "11 Apr to 12 Apr")),
    ("between xmas and new year", exact("26 Dec to 31 Dec")),
    ("mid to late april", exact("11 Apr to 30 Apr")),
    ("the last day of april", exact("30 Apr")),
])
def test_what_is_said_for_one_day_holds_for_those_beside_it(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize("text", [
    "we'd like 2 slots", "twice a week, how greedy is that", "christian and augusta say hello",
    "everyone is annually tested",
    "i run every sunday", "wanting to book in for the first time", "how much is 60 mins", "it's my first marathon"])
def test_ordinary_words_are_no_days(text: str) -> None:
    assert said(text) == NONE


def test_a_date_that_never_comes_is_impossible() -> None:
    assert said("12th of never") == IMPOSSIBLE
