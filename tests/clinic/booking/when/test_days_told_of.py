"""Days that are told of beside the one that is wished for, on Friday 27 March 2026 at 10."""
import pytest
from wishes import NONE, ask, exact, said

from clinic.booking.when import Reading


@pytest.mark.parametrize(("text", "reading"), [
    ("my marathon's on 26 april, the day after it", exact("27 Apr")),
    ("competing on 12 april, two days after", exact("14 Apr")),
    ("i compete on 23 august and would like a rub-down two days after", exact("25 Aug")),
    ("got london on 26 april so thinking the day after", exact("27 Apr")),
    ("running manchester on 19 april so maybe 3 days before", exact("16 Apr")),
    ("tough mudder on saturday, can i come the day after", exact("29 Mar")),
    ("we play on saturday so the day after would be best", exact("29 Mar")),
    ("I've got a half on the 12th, could I come 2 days later", exact("14 Apr")),
    ("big one's on 21 november. before that if you can, so the day before it", exact("20 Nov")),
    ("marathon's on the 20th of april, i want to come the week before", exact("13 Apr to 19 Apr")),
    ("the day after saturday's match", exact("29 Mar")),
    ("after saturdays game", exact("29 Mar to 9 Apr")),
    ("my birthday's on the 12th, can i come that day", exact("12 Apr")),
    ("monday morning? I've a 10k on the Sunday after", exact("30 Mar 06:00-12:00")),
    ("tomorrow or the day after", exact("28 Mar to 29 Mar")),
    ("cannae manage the morra, the day efter?", exact("29 Mar")),
])
def test_what_is_told_from_another_day_is_what_is_wished_for(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize("text", [
    "when i'm back from my holiday", "once we're back off our hols", "when my holiday's over", "once im back",
    "as soon as i'm back from my trip", "once my race is done", "once exams are finished",
    "when I get back from spain"])
def test_only_the_visitor_knows_when_they_are_back(text: str) -> None:
    assert said(text) == ask()


@pytest.mark.parametrize(("text", "reading"), [
    ("im at the dentist tomorrow so wednesday after 2 please", exact("1 Apr 14:00-24:00")),
    ("I'm at the hospital on monday, could do tuesday at 3", exact("31 Mar 15:00")),
    ("i've got the kids on monday so tuesday", exact("31 Mar")),
    ("car's in the garage on monday, tuesday is fine", exact("31 Mar")),
    ("I land on tuesday night, wednesday afternoon?", exact("1 Apr 12:00-17:00")),
    ("dentist on tuesday at 2, could come after that", exact("31 Mar 14:00-24:00")),
    ("I'll be over your way on the 24th, around noon?", exact("24 Apr 11:30-12:30")),
    ("you can call me after 5 on 07700 900123, I'd like thursday morning", exact("2 Apr 06:00-12:00")),
    ("i always come tuesday, can i do thursday", ask("31 Mar, 2 Apr", "2 Apr")),
    ("my parents are up on tuesday so not then",
     exact("27 Mar 10:00-24:00 to 30 Mar, 1 Apr to 6 Apr, 8 Apr to 9 Apr")),
])
def test_what_somebody_does_on_a_day_is_no_wish_for_it(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize(("text", "reading"), [
    ("did something to my back at the weekend. could I see someone wednesday", exact("1 Apr")),
    ("my gp suggested it in january, can i come in april", exact("1 Apr to 30 Apr")),
    ("broke my ankle in december. can i come in may", exact("1 May to 31 May")),
    ("sat at desk all day every day so can i have saturday at 10", exact("28 Mar 10:00")),
    ("could you do tuesday at 8? I start nights after", ask("31 Mar 08:00", "31 Mar 20:00")),
    ("cancel monday, book tuesday", exact("31 Mar")),
    ("swap tuesday for wednesday", exact("1 Apr")),
    ("i was booked for tuesday, can i do wednesday", exact("1 Apr")),
    ("thursday would be better than friday", exact("2 Apr")),
])
def test_the_past_and_what_is_given_up_are_left(text: str, reading: Reading) -> None:
    assert said(text) == reading


@pytest.mark.parametrize("text", [
    "my GP suggested massage after a fall in January, do you think it could help?", "I've done 40 miles in 3 days",
    "what do i wear for a first appointment", "how soon after an op can I have a massage", "thanks for monday",
    "is it ok to run the day after", "should i come before or after my race", "sorry i missed tuesday",
    "i slept funny on sunday", "i couldn't sleep on saturday", "my second visit this month", "6 sessions in 3 months",
    "3 times a week", "call me tomorrow", "i'll ring back on monday", "not in since before christmas",
    "got a PB of 21:45 at parkrun", "sore all weekend", "sunday's race killed me", "earlier on i pulled my calf"])
def test_talk_of_days_without_a_wish(text: str) -> None:
    assert said(text) == NONE


@pytest.mark.parametrize(("text", "reading"), [
    ("can you move my appointment to tuesday at 2", exact("31 Mar 14:00")),
    ("please shift my booking to the 4th", exact("4 Apr")), ("change my appt to tuesday", exact("31 Mar")),
    ("my appointment is on tuesday", NONE), ("i have an appointment on tuesday", NONE)])
def test_where_an_appointment_goes_is_wished_for_and_where_it_is_is_not(text: str, reading: Reading) -> None:
    assert said(text) == reading
