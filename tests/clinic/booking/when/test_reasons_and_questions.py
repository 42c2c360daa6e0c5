"""Reasons, habits, questions and names, and what is told from a day nobody knows, on Friday 27 March 2026 at 10."""
import pytest
from wishes import IMPOSSIBLE, NONE, ask, exact, said

from clinic.booking.when import Reading


@pytest.mark.parametrize("text", [
    "Monday I have the bank holiday with the children, so Tuesday", "Monday I have my mother here, so Tuesday",
    "monday we have visitors, so tuesday", "on monday i have school, tuesday please",
    "back to back meetings monday so tuesday",
    "bank holiday monday's for the family, so tuesday", "nonstop meetings monday, so tuesday",
    "wall to wall calls on monday so tuesday", "full day of meetings monday so tuesday", "deadline monday so tuesday",
    "double shift monday so tuesday", "in court monday so tuesday", "long day monday so tuesday",
    "monday i have to work so tuesday", "monday i've a dentist appointment, so tuesday"])
def test_the_reason_before_so_is_no_wish(text: str) -> None:
    assert said(text) == exact("31 Mar")


@pytest.mark.parametrize(("text", "reading"), [
    ("monday is my day with the kids, so tuesday", ask("30 Mar to 31 Mar", "31 Mar")),
    ("monday i have an hour free at 2", exact("30 Mar 14:00")), ("tuesday I have free", exact("31 Mar")),
    ("tuesday is my day off", exact("31 Mar")), ("got monday off so monday", exact("30 Mar")),
    ("kids are at school monday so 10 would be good", exact("30 Mar 10:00")),
    ("tuesday is quiet at work so tuesday at 2", exact("31 Mar 14:00")),
])
def test_a_day_that_is_free_is_wished_for(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize("text", [
    "my daughter is 13 and swims 5 mornings a week, do you see juniors?", "he plays 3 evenings a week, can you help?",
    "i train 4 mornings a week", "she dances 6 days a week, do you treat teenagers", "I run 3 nights a week",
    "i cycle to work every day, would a massage help", "we play every saturday, do you do teams?",
    "i do yoga two evenings a week, is massage any good", "I swim most mornings, do you treat shoulders?"])
def test_a_habit_is_no_wish(text: str) -> None:
    assert said(text) == NONE


@pytest.mark.parametrize("text", [
    "are you open on Sundays?", "are you open sundays", "do you open on sundays", "what time do you open on saturday",
    "what time do you close on tuesday", "are you open tomorrow", "are you open on good friday", "are u open wkends",
    "opening hours saturday?", "what are your hours on sunday", "are you open on sundays please"])
def test_a_question_about_hours_is_no_wish(text: str) -> None:
    assert said(text) == NONE


@pytest.mark.parametrize(("text", "reading"), [
    ("are you open on sunday, if so can i come at 3", exact("29 Mar 15:00")),
    ("are you open sunday can i come at 3", exact("29 Mar 15:00")),
    ("what are your hours on saturday? and can i come tuesday", exact("31 Mar")),
    ("is there anything open on saturday", exact("28 Mar")),
])
def test_a_wish_may_lean_on_a_question_about_hours(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize("text", [
    "after the baby comes", "once the baby's here", "when the baby arrives", "after my stitches come out",
    "once my cast is off", "when I get my new rota", "once i know my shifts", "once i've been paid", "after payday",
    "physio told me the day after my injection", "my GP said two weeks after my injection", "the day after my jab",
    "the doctor said the week after my scan", "My race is some time in May, so three days before that",
    "my race is in may, three days before", "race in june, the week before", "i've a race next week, the day after it",
    "race is over the weekend, the day after", "race is in april, can i come before that",
    "wedding is at some point next month, so the day before"])
def test_only_the_visitor_knows_the_day(text: str) -> None:
    assert said(text) == ask()


@pytest.mark.parametrize("text", [
    "Hi it's me again from Thursday, I left a blue water bottle behind", "it's Ana from Tuesday", "aching from sunday",
    "remember me from monday? i'd like to come again", "hi its me from tuesday, loved it", "still sore from thursday"])
def test_where_somebody_is_known_from_is_no_wish(text: str) -> None:
    assert said(text) == NONE


@pytest.mark.parametrize("text", [
    "April here", "hi, april here", "April Jones here", "May, 07700 900123", "june speaking", "this is june",
    "im april", "my name is april", "Name: April", "Thanks, April", "cheers, may", "regards, June", "thanks june."])
def test_a_name_is_no_month(text: str) -> None:
    assert said(text) == NONE


@pytest.mark.parametrize(("text", "reading"), [
    ("hi april, can i come tuesday", exact("31 Mar")), ("it's april here, can i come tuesday", exact("31 Mar")),
    ("june please", exact("1 Jun to 30 Jun")), ("thanks, june is fine", exact("1 Jun to 30 Jun")),
    ("hi, june or july please", exact("1 Jun to 31 Jul")), ("yesterday morning if there is anything", IMPOSSIBLE),
])
def test_a_month_is_one_where_no_name_stands(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize("text", [
    "can't you do tuesday?", "could you not do tuesday", "don't you have anything on tuesday?", "no chance of tuesday?",
    "isn't there anything tuesday", "why can't i book tuesday", "not even tuesday?"])
def test_a_question_with_a_not_in_it_is_a_wish(text: str) -> None:
    assert said(text) == exact("31 Mar")


@pytest.mark.parametrize(("text", "reading"), [
    ("neither tuesday nor wednesday", exact("27 Mar 10:00-24:00 to 30 Mar, 2 Apr to 6 Apr, 9 Apr")),
    ("tuesday doesn't work, nor wednesday", exact("27 Mar 10:00-24:00 to 30 Mar, 2 Apr to 6 Apr, 9 Apr")),
    ("any day except bank holidays", exact("27 Mar 10:00-24:00 to 2 Apr, 4 Apr to 5 Apr, 7 Apr to 9 Apr")),
    ("every other tuesday", ask("31 Mar", "7 Apr")), ("every other day", NONE),
    ("before i go away on the 9th", exact("27 Mar 10:00-24:00 to 8 Apr")),
    ("i go away on the 9th so before that", exact("27 Mar 10:00-24:00 to 8 Apr")),
    ("i fly to spain on tuesday, can you see me before", exact("27 Mar 10:00-24:00 to 30 Mar")),
    ("I'm back on tuesday so anytime after that", ask("31 Mar to 9 Apr", "1 Apr to 9 Apr")),
    ("home on the 6th, anything after?", ask("6 Apr to 9 Apr", "7 Apr to 9 Apr")),
])
def test_what_is_left_of_a_time(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize(("text", "reading"), [
    ("is my appointment tuesday or wednesday?", NONE), ("I will call tomorrow", NONE), ("my dob is 5 april 1980", NONE),
    ("I have a voucher that expires on 30 april", NONE), ("born 5/4/1980", NONE),
    ("voucher valid until 30 april, can i use it tuesday", exact("31 Mar")),
    ("it's the 27th today so the 31st", exact("31 Mar")), ("5 april 1980", IMPOSSIBLE),
    ("april is busy so may", exact("1 May to 31 May")), ("april or may", exact("1 Apr to 31 May")),
])
def test_days_of_something_else(text: str, reading: Reading) -> None:
    assert said(text) == reading
