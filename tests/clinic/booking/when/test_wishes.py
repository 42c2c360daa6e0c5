"""What visitors type on Friday 27 March 2026 at 10, and how the contract in docs/when.md has it read."""
import pytest
from wishes import IMPOSSIBLE, NONE, ask, exact, said

from clinic.booking.when import Reading


@pytest.mark.parametrize(("text", "reading"), [
    ("thurs after 6", exact("2 Apr 18:00-24:00")),
    ("today", exact("27 Mar 10:00-24:00")),
    ("tmrw before 9", exact("28 Mar 00:00-09:00")),
    ("sat by 11", exact("28 Mar 00:00-11:00")),
    ("monday between 2 and 4", exact("30 Mar 14:00-16:00")),
    ("around 5 on monday", exact("30 Mar 16:30-17:30")),
    ("10ish on the 5th", exact("5 Apr 09:30-10:30")),
    ("tues 5pm or later", exact("31 Mar 17:00-24:00")),
    ("2-4pm wed", exact("1 Apr 14:00-16:00")),
    ("11-1 on sat", exact("28 Mar 11:00-13:00")),
])
def test_a_clock_time_is_a_point_or_bounds_a_stretch(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize(("part", "hours"), [
    ("early morning", "06:00-09:00"), ("first thing", "06:00-10:00"), ("before work", "06:00-09:00"),
    ("morning", "06:00-12:00"), ("late morning", "10:00-12:00"), ("lunchtime", "12:00-14:00"),
    ("afternoon", "12:00-17:00"), ("early afternoon", "12:00-15:00"), ("late afternoon", "15:00-17:00"),
    ("after work", "17:00-22:00"), ("evening", "17:00-22:00"), ("night", "17:00-22:00"),
    ("early evening", "17:00-19:00"), ("late evening", "20:00-22:00"),
])
def test_parts_of_the_day_have_their_hours(part: str, hours: str) -> None:
    assert said(f"tuesday {part}") == exact(f"31 Mar {hours}")


@pytest.mark.parametrize(("clock", "reading"), [
    ("at 1", exact("31 Mar 13:00")), ("at 6", exact("31 Mar 18:00")), ("9", exact("31 Mar 09:00")),
    ("at 11", exact("31 Mar 11:00")), ("at 12", exact("31 Mar 12:00")), ("noon", exact("31 Mar 12:00")),
    ("at 7", ask("31 Mar 07:00", "31 Mar 19:00")), ("8.30", ask("31 Mar 08:30", "31 Mar 20:30")),
    ("after 7", exact("31 Mar 19:00-24:00")), ("before 9", exact("31 Mar 00:00-09:00")),
    ("half 5", exact("31 Mar 17:30")), ("half past six", exact("31 Mar 18:30")),
    ("quarter to 7", exact("31 Mar 18:45")),
    ("20 past 5", exact("31 Mar 17:20")), ("6 in the morning", exact("31 Mar 06:00")),
    ("8 in the evening", exact("31 Mar 20:00")), ("7 or 8pm", exact("31 Mar 19:00, 31 Mar 20:00")),
    ("1730", exact("31 Mar 17:30")), ("17:30", exact("31 Mar 17:30")), ("17h30", exact("31 Mar 17:30")),
    ("07:30", exact("31 Mar 07:30")), ("6 o clock", exact("31 Mar 18:00")), ("5.30pm", exact("31 Mar 17:30")),
])
def test_a_clock_time_is_taken_as_a_clinic_would(clock: str, reading: Reading) -> None:
    assert said(f"tuesday {clock}") == reading


@pytest.mark.parametrize(("text", "reading"), [
    ("friday", ask("27 Mar 10:00-24:00", "3 Apr")),
    ("friday at 9", exact("3 Apr 09:00")),
    ("today friday", exact("27 Mar 10:00-24:00")),
    ("this thursday", exact("2 Apr")),
    ("coming thursday", exact("2 Apr")),
    ("next friday", exact("3 Apr")),
    ("next thursday", ask("2 Apr", "9 Apr")),
    ("thursday week", exact("9 Apr")),
    ("a week on thursday", exact("9 Apr")),
    ("thursday after next", exact("9 Apr")),
    ("next week", exact("30 Mar to 5 Apr")),
    ("tuesday next week", exact("31 Mar")),
    ("monday or tuesday next week", exact("30 Mar to 31 Mar")),
    ("this week", exact("27 Mar 10:00-24:00 to 29 Mar")),
    ("tuesday this week", IMPOSSIBLE),
    ("the weekend", exact("28 Mar to 29 Mar")),
    ("next weekend", ask("28 Mar to 29 Mar", "4 Apr to 5 Apr")),
    ("early next week", exact("30 Mar to 31 Mar")),
    ("midweek", exact("1 Apr")),
    ("end of next week", exact("2 Apr to 3 Apr")),
])
def test_a_weekday_is_the_coming_one_and_asked_where_it_could_be_another(text: str, reading: Reading) -> None:
    assert said(text) == reading


def test_next_weekend_said_at_one_is_the_one_after() -> None:
    assert said("next weekend", "2026-03-28T10:00") == exact("4 Apr to 5 Apr")


@pytest.mark.parametrize(("text", "reading"), [
    ("5/4", exact("5 Apr")), ("4/13", ask("13 Apr")), ("the 5th", exact("5 Apr")), ("april", exact("1 Apr to 30 Apr")),
    ("march", exact("27 Mar 10:00-24:00 to 31 Mar")), ("early april", exact("1 Apr to 10 Apr")),
    ("mid may", exact("11 May to 20 May")), ("end of april", exact("21 Apr to 30 Apr")),
    ("20 march", exact("20 Mar 2027")), ("wed 3rd", ask("1 Apr", "3 Apr")), ("fri 13th nov", exact("13 Nov")),
    ("the last friday in april", exact("24 Apr")), ("from the 3rd to the 8th", exact("3 Apr to 8 Apr")),
    ("february 30", IMPOSSIBLE), ("31st of june", IMPOSSIBLE), ("29/02/2027", IMPOSSIBLE),
    ("29 feb", exact("29 Feb 2028")), ("the 3rd or 4th of april", exact("3 Apr to 4 Apr")),
])
def test_a_date_is_read_as_in_this_country(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize(("text", "reading"), [
    ("in three days", exact("30 Mar")), ("in a fortnight", exact("10 Apr")), ("in two weeks", exact("10 Apr")),
    ("in two hours", exact("27 Mar 12:00")), ("good friday", exact("3 Apr")), ("easter monday", exact("6 Apr")),
    ("christmas eve", exact("24 Dec")), ("boxing day", exact("26 Dec")), ("new years eve", exact("31 Dec")),
    ("early may bank holiday", exact("4 May")), ("spring bank holiday", exact("25 May")),
    ("august bank holiday", exact("31 Aug")), ("the bank holiday", exact("3 Apr")),
])
def test_lengths_and_feasts_lead_to_their_day(text: str, reading: Reading) -> None:
    assert said(text) == reading


FORTNIGHT = "27 Mar 10:00-24:00 to 9 Apr"


@pytest.mark.parametrize(("text", "reading"), [
    ("at 5", ask("27 Mar 17:00", "28 Mar 17:00")), ("at 9", ask("28 Mar 09:00")),
    ("morning", ask("27 Mar 10:00-12:00", "28 Mar 06:00-12:00")),
    ("asap", exact(FORTNIGHT)), ("any time", exact(FORTNIGHT)), ("I'm easy", exact(FORTNIGHT)),
    ("tuesdays", exact("31 Mar, 7 Apr")), ("tuesday evenings", exact("31 Mar 17:00-22:00, 7 Apr 17:00-22:00")),
    ("any day but monday", exact("27 Mar 10:00-24:00 to 29 Mar, 31 Mar to 5 Apr, 7 Apr to 9 Apr")),
    ("can't do mondays", exact("27 Mar 10:00-24:00 to 29 Mar, 31 Mar to 5 Apr, 7 Apr to 9 Apr")),
])
def test_what_names_no_day_or_recurs_is_asked_or_looks_a_fortnight_ahead(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize(("text", "reading"), [
    ("tuesday after 5 or wednesday morning", exact("31 Mar 17:00-24:00, 1 Apr 06:00-12:00")),
    ("could do tues or weds but not before 10", exact("31 Mar 10:00-24:00, 1 Apr 10:00-24:00")),
    ("next week but not monday", exact("31 Mar to 5 Apr")),
    ("tuesday at 5, actually wednesday", exact("1 Apr 17:00")),
    ("tuesday, no, wednesday", exact("1 Apr")),
    ("the 5th, sorry, I meant the 6th", exact("6 Apr")),
    ("saturday. no wait, sunday. 11?", exact("29 Mar 11:00")),
    ("I finish work at 5 so after that on tuesday", exact("31 Mar 17:00-24:00")),
    ("not this thursday but the one after", exact("9 Apr")),
])
def test_what_is_joined_taken_away_or_corrected(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize(("text", "reading"), [
    ("two days before my race on 12 April", exact("10 Apr")),
    ("the week before my race on 12 April", exact("5 Apr to 11 Apr")),
    ("the day after the race, which is on Sunday", exact("30 Mar")),
    ("my race is on the 12th, something 3 days before", exact("9 Apr")),
    ("the monday before my marathon (26 april)", exact("20 Apr")),
    ("after my race", ask()),
    ("I've a race on Sunday, can I come Thursday?", exact("2 Apr")),
])
def test_around_an_event(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize("text", [
    "it's hurt since Tuesday", "I ran on Sunday", "for three weeks", "60 minutes please", "I'm 45 years old",
    "I ran 10 miles", "£40", "call me on 07700 900123", "i sat down and my back went", "my back hurts in the mornings",
    "12 weeks pregnant", "my 5th session", "L5 disc, 6/10 pain", "", "   ", "hello", "may I ask something",
    "sundry mourning moaning warming"])
def test_what_is_no_wish_for_a_time(text: str) -> None:
    assert said(text) == NONE


@pytest.mark.parametrize("text", ["yesterday", "last tuesday", "today at 9", "yesterday at 5", "27 march 2025"])
def test_a_wish_for_the_past_cannot_be(text: str) -> None:
    assert said(text) == IMPOSSIBLE


@pytest.mark.parametrize(("text", "reading"), [
    ("tmrw", exact("28 Mar")), ("tomoz", exact("28 Mar")), ("weds", exact("1 Apr")), ("thrusday", exact("2 Apr")),
    ("sat arvo", exact("28 Mar 12:00-17:00")), ("nxt wk", exact("30 Mar to 5 Apr")), ("2moro", exact("28 Mar")),
    ("sat10am", exact("28 Mar 10:00")), ("TUESDAY MORNIN!!!", exact("31 Mar 06:00-12:00")),
    ("saturdaymorning", exact("28 Mar 06:00-12:00")), ("wedensday", exact("1 Apr")), ("tuesdayyyy", exact("31 Mar")),
])
def test_misspelled_clipped_and_run_together(text: str, reading: Reading) -> None:
    assert said(text) == reading


def test_a_wish_is_found_amid_talk_of_what_hurts() -> None:
    text = "my calf's been sore since saturday, ran 10k on sunday, can u do wed after 4:30"
    assert said(text) == exact("1 Apr 16:30-24:00")


def test_the_hour_that_spring_leaves_out_never_comes() -> None:
    assert said("1:30am on sunday") == IMPOSSIBLE
    assert said("2am on sunday") == exact("29 Mar 02:00")
    assert said("in two hours", "2026-03-29T00:30") == exact("29 Mar 03:30")


def test_the_hour_that_autumn_gives_twice_is_one_reading() -> None:
    assert said("01:30 on sunday", "2026-10-24T10:00") == exact("25 Oct 01:30")
    assert said("in two hours", "2026-10-25T00:30") == exact("25 Oct 01:30")


def test_the_years_end_is_crossed() -> None:
    assert said("tomorrow", "2026-12-31T23:59") == exact("1 Jan 2027")
    assert said("the 1st", "2026-12-31T12:00") == exact("1 Jan 2027")
