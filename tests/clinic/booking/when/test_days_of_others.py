"""Days of the past, of habits, of other people and of other matters, on Friday 27 March 2026 at 10."""
import pytest
from wishes import NONE, ask, exact, said

from clinic.booking.when import Reading


@pytest.mark.parametrize(("text", "day"), [
    ("tomorrow, pulled summat in me shoulder on monday", "28 Mar"),
    ("took a knock sunday, tuesday any good?", "31 Mar"),
    ("put my back out monday, tomorrow please", "28 Mar"), ("raced saturday, calf's gone. anything tuesday?", "31 Mar"),
    ("knackered my hip saturday, any chance of monday", "30 Mar"),
    ("did my hamstring in on monday, tomorrow", "28 Mar"),
    ("sat in a car all day wednesday, neck is stiff. tomorrow?", "28 Mar")])
def test_the_day_on_which_it_happened_is_left_out(text: str, day: str) -> None:
    assert said(text) == exact(day)


@pytest.mark.parametrize(("text", "wished", "told"), [
    ("accident monday, wednesday please", "1 Apr", "30 Mar, 1 Apr"),
    ("heavy squats monday, stiff as a board. wednesday?", "1 Apr", "30 Mar, 1 Apr"),
    ("my GP is seeing me on monday, wednesday ok with you?", "1 Apr", "30 Mar, 1 Apr")])
def test_a_day_that_may_only_be_told_of_is_asked_about(text: str, wished: str, told: str) -> None:
    assert said(text) == ask(told, wished)


@pytest.mark.parametrize("text", [
    "pulled summat in me shoulder on monday", "bust my lip saturday", "need help did my back tuesday",
    "it happened on tuesday", "i paid £45 on monday", "i thought my appointment was monday", "was meant to be tuesday",
    "i booked tuesday at 3 but got no email", "used to come fridays", "did you get my email on monday"])
def test_the_past_alone_is_no_wish(text: str) -> None:
    assert said(text) == NONE


@pytest.mark.parametrize("text", [
    "my daughter is 12 and dances every Monday and Thursday, is she too young",
    "my son plays every saturday and sunday",
    "I dance every monday and thursday", "my husband cycles saturdays and sundays", "I do parkrun on saturdays",
    "my lad is 14 and rows every saturday, do you see under 16s", "I teach spin Monday to Friday mornings",
    "she swims every monday, wednesday and friday"])
def test_all_days_of_a_habit_are_left_out(text: str) -> None:
    assert said(text) == NONE


def test_a_habit_that_may_be_a_wish_is_asked_about() -> None:
    assert said("choir on tuesdays") == ask("31 Mar, 7 Apr")
    assert said("she does ballet tues, thurs and sat") == ask("28 Mar, 31 Mar, 2 Apr")


@pytest.mark.parametrize("text", [
    "every tuesday and thursday please", "can i come every tuesday and thursday", "tuesdays and thursdays"])
def test_each_of_several_days_recurs(text: str) -> None:
    assert said(text) == exact("31 Mar, 2 Apr, 7 Apr, 9 Apr")


@pytest.mark.parametrize("text", [
    "my wife is in on tuesday", "my mate is coming to you on tuesday", "my husband's appointment is tuesday",
    "is Sam working tuesday", "is it tuesday", "it's tuesday i think", "are you doing tuesday"])
def test_what_is_only_told_of_a_day_is_asked_about(text: str) -> None:
    assert said(text) == ask("31 Mar")


@pytest.mark.parametrize(("text", "reading"), [
    ("massage tuesday", exact("31 Mar")), ("deep tissue tues 4pm", exact("31 Mar 16:00")),
    ("my wife would like tuesday", exact("31 Mar")), ("my daughter is free tuesday", exact("31 Mar")),
    ("appointment for my son tuesday please", exact("31 Mar")), ("i have tuesday off", exact("31 Mar")),
    ("how much is it and can i come tuesday", exact("31 Mar")),
    ("tuesday at 3, how much is that", exact("31 Mar 15:00")),
    ("i run tuesdays so could do wednesday", exact("1 Apr")),
])
def test_a_wish_stays_one(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize("text", [
    "is the clinic shut on good friday", "open easter monday?", "you open sunday?", "hours on good friday?",
    "can i get a receipt for tuesday", "how much is it on a saturday", "is tuesday cheaper", "are weekdays cheaper",
    "the tuesday offer", "can i park on saturdays", "can i pay on friday", "i want to complain about tuesday",
    "call me on 01865 722311 monday", "give me a ring tuesday after 4", "i need an answer by monday",
    "i'll be 10 mins late on tuesday", "i'm running late for tomorrow", "am i booked friday or saturday",
    "i'm 32 weeks on tuesday", "she's 18 in july", "moving house on saturday", "getting married 12 april!",
    "if i ring at 9 tomorrow can you tell me"])
def test_a_day_of_another_matter_is_no_wish(text: str) -> None:
    assert said(text) == NONE


@pytest.mark.parametrize("text", [
    "have a good weekend", "enjoy your weekend", "hope you had a nice weekend", "happy friday!", "good luck on sunday!",
    "merry christmas, thanks for everything", "hope you have a lovely christmas"])
def test_good_wishes_are_none_for_a_time(text: str) -> None:
    assert said(text) == NONE


def test_good_wishes_stand_beside_one_for_a_time() -> None:
    assert said("happy new year! any slots tuesday") == exact("31 Mar")
