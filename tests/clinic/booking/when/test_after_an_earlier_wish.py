"""Within a form: what a visitor adds to, changes in or settles of what they said before."""
from datetime import date

import pytest
from wishes import FRIDAY, LONDON, NONE, ask, exact, said

from clinic.booking.when import Reading, read


@pytest.mark.parametrize(("first", "second", "reading"), [
    ("tues", "after 5 then", exact("31 Mar 17:00-24:00")),
    ("tues at 6pm", "actually wednesday", exact("1 Apr 18:00")),
    ("tues at 6pm", "no, wednesday", exact("1 Apr 18:00")),
    ("tues at 6pm", "the morning instead", exact("31 Mar 06:00-12:00")),
    ("tues at 3", "an hour later", exact("31 Mar 16:00")),
    ("tues at 3", "half an hour earlier please", exact("31 Mar 14:30")),
    ("tues at 3", "a week later", exact("7 Apr 15:00")),
    ("tues at 3", "something later", exact("31 Mar 15:00-24:00")),
    ("tues at 6pm", "not before 7", ask("31 Mar 07:00-24:00", "31 Mar 19:00-24:00")),
    ("tues or wed", "not tues", exact("1 Apr")),
    ("tues after 5", "or thursday", exact("31 Mar 17:00-24:00, 2 Apr")),
    ("tues at 6pm", "the day after", exact("1 Apr 18:00")),
    ("tues at 6pm", "thanks", NONE), ("tues at 6pm", "no sorry thursday at 3pm was better", exact("2 Apr 15:00")),
    ("tues at 6pm", "thursday was better", exact("2 Apr 18:00")), ("tues at 6pm", "it was better on thursday", NONE),
    ("tues at 6pm", "my knee on thursday was better", NONE), ("tues at 6pm", "the pain thursday was better", NONE),
])
def test_what_is_left_unsaid_is_kept(first: str, second: str, reading: Reading) -> None:
    assert read(second, FRIDAY, LONDON, known=said(first)) == reading


OTHER_EVENINGS = ", ".join(f"{day} 17:00-22:00" for day in (
    "27 Mar", "28 Mar", "29 Mar", "30 Mar", "31 Mar", "1 Apr", "3 Apr", "4 Apr", "5 Apr", "6 Apr", "7 Apr", "8 Apr",
    "9 Apr"))


@pytest.mark.parametrize(("first", "second", "reading"), [
    *(("tues at 6pm", anew, exact("27 Mar 10:00-24:00 to 9 Apr"))
      for anew in ("soonest you have", "first available", "whenever", "any time")),
    *(("tues at 6pm", sooner, exact("27 Mar 10:00-24:00 to 31 Mar 00:00-18:00"))
      for sooner in ("sooner?", "anything earlier", "anything before that")),
    *(("thurs evening", other, exact(OTHER_EVENINGS))
      for other in ("not that day", "another day", "a different day please", "not thursday", "any other day")),
    ("tues at 6pm", "any time that day", exact("31 Mar")), ("tues at 6pm", "any time on it", exact("31 Mar")),
    ("tues at 6pm", "anytime wednesday", exact("1 Apr")), ("tues at 3", "a bit earlier", exact("31 Mar 00:00-15:00")),
    ("tues at 3", "later?", exact("31 Mar 15:00-24:00")), ("tues afternoon", "later?", exact("31 Mar 17:00-24:00")),
    ("tues", "later?", exact("31 Mar 12:00-24:00")), ("tues at 3", "after that", exact("31 Mar 15:00-24:00")),
    ("thurs evening", "same day next week", exact("2 Apr 17:00-22:00")),
    ("tues evening", "same time next week", exact("31 Mar 17:00-22:00")),
])
def test_another_time_than_the_one_before(first: str, second: str, reading: Reading) -> None:
    assert read(second, FRIDAY, LONDON, known=said(first)) == reading


@pytest.mark.parametrize(("first", "second", "reading"), [
    ("tues at 7", "evening", exact("31 Mar 19:00")), ("tues at 7", "am", exact("31 Mar 07:00")),
    ("friday", "today", exact("27 Mar 10:00-24:00")), ("next thursday", "the 9th", exact("9 Apr")),
    ("7", "tomorrow", ask("28 Mar 07:00", "28 Mar 19:00")), ("7", "tomorrow evening", exact("28 Mar 19:00")),
    ("friday", "after 5", ask("27 Mar 17:00-24:00", "3 Apr 17:00-24:00")),
])
def test_a_doubt_is_settled_by_what_is_said_next(first: str, second: str, reading: Reading) -> None:
    assert read(second, FRIDAY, LONDON, known=said(first)) == reading


def test_a_bare_time_is_on_the_day_just_shown() -> None:
    assert read("after 5", FRIDAY, LONDON, day=date(2026, 4, 9)) == exact("9 Apr 17:00-24:00")
    assert read("tomorrow after 5", FRIDAY, LONDON, day=date(2026, 4, 9)) == exact("28 Mar 17:00-24:00")
