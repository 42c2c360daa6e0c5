"""Real openings, held and booked, by people who change their minds; and what happens to an appointment afterwards."""
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from bootstrap import House
from clinic.booking.opening import Opening
from tests.conftest import StoppedClock
from tests.talk import Talk

WHO = "my name is Jo Hill, 07700 900123"
THURSDAY_3PM = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
FRIDAY_10AM = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


@pytest.fixture
def another(talk: Talk) -> Talk:
    """Somebody else, at the same clinic."""
    return Talk(talk.house, talk.post)


@pytest_asyncio.fixture
async def one_diary(house: House) -> AsyncIterator[None]:
    """The clinic has said that this book is its one diary: its services are booked at once."""
    knowledge = house.library.current
    clinic = knowledge.content.clinic
    services = tuple(replace(service, booking="confirm") for service in clinic.services)
    sure = replace(clinic, services=services, booking=replace(clinic.booking, only_diary=True))
    house.library._current = replace_clinic(knowledge, sure)
    yield
    house.library._current = knowledge


def replace_clinic(knowledge: object, clinic: object) -> object:
    import copy
    changed = copy.copy(knowledge)
    changed.content = replace(knowledge.content, clinic=clinic)
    return changed


async def booked(talk: Talk, when: str = "thursday at 3pm") -> Talk:
    await talk.says(f"can i book an hour on {when}, {WHO}")
    await talk.passes_check()
    return await talk.says("yes")


async def taken(talk: Talk, starts: datetime, therapist: str) -> None:
    """Somebody has it already."""
    from clinic.booking.appointment import Details
    async with talk.house.store.begin() as unit:
        await unit.book.add(Opening(starts, starts + timedelta(hours=1), therapist, "sports-massage-60"),
                            timedelta(minutes=75), Details("A N Other", "x@example.org"), "booked", talk.house.clock())


async def test_openings_are_offered_as_choices_with_ways_out(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday")
    assert [label[:10] for label in talk.choices[:5]] == ["Thu 26 Nov"] * 5
    assert talk.choices[5:] == ["More times", "Another day", "Let the clinic find one", "Talk to a person"]


async def test_more_times_are_other_times(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday")
    first = talk.choices[:5]
    await talk.taps("More times")
    assert not set(first) & set(talk.choices[:5])
    await talk.says("the second one")
    assert talk.kinds == ["booking", "booking"]
    assert "name" in talk.last.text


async def test_what_is_left_unsaid_is_as_before(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday")
    await talk.says("after 5 then")
    assert {label[:14] for label in talk.choices[:3]} <= {f"Thu 26 Nov, {hour}" for hour in (17, 18, 19)}
    await talk.says("actually the tuesday after")
    assert {label[:9] for label in talk.choices[:3]} == {"Tue 1 Dec"}


async def test_what_names_no_time_is_asked_again_until_a_person_helps(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday")
    for _ in range(2):
        await talk.says("the blue one")
        assert "Which of the times" in talk.replies[0].text
        assert "Another day" in talk.choices
    await talk.says("the blue one")
    assert talk.kinds == ["handoff"]


async def test_where_the_day_is_full_the_nearest_are_offered(talk: Talk) -> None:
    await talk.says("can i book an hour on sunday")
    assert "nearest" in talk.last.text
    assert {label[:3] for label in talk.choices[:5]} <= {"Fri", "Sat", "Mon", "Tue"}


async def test_a_doubtful_day_is_asked_about(talk: Talk) -> None:
    await talk.says("can i book an hour next friday")
    assert talk.choices == ["Fri 27 Nov", "Fri 4 Dec"]
    await talk.says("yes that's right")  # which one, it does not say
    assert "Which" in talk.last.text
    await talk.says("the 4th of december")
    assert [label[:9] for label in talk.choices[:5]] == ["Fri 4 Dec"] * 5


async def test_a_doubt_is_settled_by_a_tap(talk: Talk) -> None:
    await talk.says(f"please book a one-hour massage next friday at 10am, {WHO}")
    await talk.taps("Fri 4 Dec")
    assert "Friday 4 December at 10:00 is free" in talk.replies[0].text


@pytest.mark.parametrize("said", ["31 february", "yesterday"])
async def test_a_day_that_never_comes_is_said_to_be_none(talk: Talk, said: str) -> None:
    await talk.says("can i book an hour")
    await talk.says(said)
    assert "no such day" in talk.replies[0].text
    await talk.says("thursday at 3pm")
    assert "is free" in talk.replies[0].text


async def test_a_held_time_is_nobody_elses_until_it_is_given_back(talk: Talk, another: Talk) -> None:
    await taken(talk, THURSDAY_3PM, "therapist-b")
    await talk.says("can i book an hour on thursday at 3pm")
    await another.says("can i book an hour on thursday at 3pm")
    assert "nearest" in another.last.text
    await talk.says("forget it")
    await another.says("thursday at 3pm")
    assert "is free" in another.replies[0].text


async def test_a_time_lost_meanwhile_is_said_at_once_with_the_next_best(
        talk: Talk, another: Talk, clock: StoppedClock) -> None:
    """A hold that ran out, and that somebody else took."""
    await taken(talk, THURSDAY_3PM, "therapist-b")
    await talk.says(f"can i book an hour on thursday at 3pm, {WHO}")
    await talk.passes_check()
    clock.now += timedelta(minutes=30)
    await booked(another)
    await talk.says("yes")
    assert "just gone" in talk.replies[0].text
    assert "Another day" in talk.choices
    assert await talk.appointments() == []
    await talk.picks()
    await talk.says("yes")
    assert len(await talk.appointments()) == 1


async def test_a_hold_that_ran_out_but_that_nobody_wanted_is_still_good(talk: Talk, clock: StoppedClock) -> None:
    await talk.says(f"can i book an hour on thursday at 3pm, {WHO}")
    await talk.passes_check()
    clock.now += timedelta(hours=20)
    await talk.says("yes")
    assert [one.starts for one in await talk.appointments()] == [THURSDAY_3PM]


async def test_a_choice_from_an_old_list_is_not_taken(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday")
    token = talk.last.choices[0]["token"]
    await talk.taps("More times")
    await talk._send(choice=token)
    assert talk.kinds[0] == "clarify"
    assert await talk.appointments() == []


async def test_a_request_keeps_the_time_but_says_that_it_is_none_yet(talk: Talk) -> None:
    await booked(talk)
    (appointment,) = await talk.appointments()
    assert (appointment.state, appointment.starts) == ("requested", THURSDAY_3PM)
    assert "not booked until they confirm" in talk.last.text
    assert appointment.reference in talk.last.text
    assert appointment.screening is not None


@pytest.mark.usefixtures("one_diary")
async def test_where_the_book_is_the_one_diary_it_is_booked(talk: Talk) -> None:
    await booked(talk)
    assert [one.state for one in await talk.appointments()] == ["booked"]
    assert talk.last.text.startswith("Booked.")


@pytest.mark.usefixtures("one_diary")
async def test_what_the_check_leaves_to_a_person_is_not_booked(talk: Talk) -> None:
    await talk.says(f"can i book an hour on thursday at 3pm, {WHO}")
    await talk.taps("I'd rather tell")
    await talk.says("yes")
    assert [one.state for one in await talk.appointments()] == ["requested"]
    assert talk.last.kind == "handoff"


async def test_the_clinic_can_be_left_to_find_a_time(talk: Talk) -> None:
    await talk.says("can i book an hour on sunday")
    await talk.taps("Let the clinic")
    await talk.says("Jo Hill")
    await talk.says("07700 900123")
    await talk.passes_check()
    await talk.says("yes")
    assert await talk.appointments() == []
    assert [request.wanted for request in await talk.requests()] == ["on sunday"]


async def test_a_woman_can_be_asked_for(talk: Talk) -> None:
    await talk.says(f"can i book an hour with a woman on thursday afternoon, {WHO}")
    assert all(label < "Thu 26 Nov, 18" for label in talk.choices[:5])  # she works until six
    await talk.picks()
    await talk.passes_check()
    assert "Who: a woman therapist" in talk.last.text


async def test_it_is_shown_to_whoever_made_it(talk: Talk, another: Talk) -> None:
    await booked(talk)
    await talk.says("when is my appointment")
    assert "Thursday 26 November at 15:00" in talk.last.text
    await another.says("when is my appointment")
    assert "reference" in another.last.text
    assert "26 November" not in another.last.text


async def test_it_is_moved_to_a_time_that_is_free(talk: Talk) -> None:
    await booked(talk)
    (before,) = await talk.appointments()
    await talk.says("can i move my appointment")
    await talk.says("friday at 10am")
    assert [one.starts for one in await talk.appointments()] == [THURSDAY_3PM]  # until there is a yes
    await talk.says("yes")
    assert [(one.reference, one.starts) for one in await talk.appointments()] == [(before.reference, FRIDAY_10AM)]
    await talk.says("what are your prices")
    assert talk.kinds == ["clinic_fact"]


async def test_giving_up_a_move_leaves_it_as_it_was(talk: Talk) -> None:
    await booked(talk)
    await talk.says("can i move my appointment")
    await talk.says("friday at 10am")
    await talk.says("forget it")
    assert "stays as it was" in talk.last.text
    assert [one.starts for one in await talk.appointments()] == [THURSDAY_3PM]


async def test_it_is_cancelled_after_a_yes(talk: Talk) -> None:
    await booked(talk)
    await talk.says("i need to cancel")
    assert len(await talk.appointments()) == 1
    await talk.taps("Keep it")
    assert len(await talk.appointments()) == 1
    await talk.says("cancel my appointment please")
    await talk.taps("Cancel it")
    assert "Cancelled" in talk.last.text
    assert await talk.appointments() == []


async def test_within_the_terms_a_person_changes_it(talk: Talk, clock: StoppedClock) -> None:
    await booked(talk)
    clock.now = THURSDAY_3PM - timedelta(hours=20)
    await talk.says("i need to cancel")
    assert talk.kinds == ["handoff"]
    assert "late_change" in await talk.cases()
    await talk.says("can i move my appointment")
    assert talk.kinds == ["handoff"]
    assert len(await talk.appointments()) == 1


async def test_it_is_looked_up_by_reference_and_contact(talk: Talk, another: Talk) -> None:
    """On another device; from then on it can be moved and cancelled there."""
    await booked(talk)
    (appointment,) = await talk.appointments()
    await another.says("i want to cancel my appointment")
    await another.says(f"it's {appointment.reference.lower()}")
    await another.says("07700 900123")
    assert "Thursday 26 November at 15:00" in another.last.text
    await another.taps("Cancel it")
    await another.taps("Cancel it")
    assert await another.appointments() == []


async def test_a_wrong_reference_and_a_wrong_contact_look_alike(talk: Talk, another: Talk) -> None:
    await booked(talk)
    (appointment,) = await talk.appointments()
    await another.says("when is my appointment")
    await another.says(f"{appointment.reference} 07700 900999")
    wrong_contact = another.replies[0].text
    await another.says("ZZZZZZ 07700 900123")
    assert another.replies[0].text == wrong_contact
    await another.says("BBBBB2 07700 900123")
    assert another.kinds == ["handoff"]
    assert "appointment_not_found" in await another.cases()


async def test_a_question_while_looking_up_is_answered(talk: Talk) -> None:
    await talk.says("when is my appointment")
    await talk.says("how much is an hour?")
    assert talk.kinds == ["clinic_fact", "booking"]
    await talk.says("stop")
    await talk.says("what are your prices")
    assert talk.kinds == ["clinic_fact"]


async def test_a_red_flag_in_the_middle_of_a_move_brings_help(talk: Talk) -> None:
    await booked(talk)
    await talk.says("can i move my appointment")
    await talk.says("friday, tho ive got crushing chest pain going down my left arm right now")
    assert talk.kinds == ["safety"]
    assert [one.starts for one in await talk.appointments()] == [THURSDAY_3PM]


async def test_going_back_asks_for_the_last_piece_once_more(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm")
    await talk.says("go back")
    assert "Which day" in talk.last.text
    await talk.says("friday at 10am")
    await talk.says("Jo Hill")
    await talk.says("go back")
    assert "name" in talk.last.text
    await talk.says("Joe Hill")
    await talk.says("07700 900123")
    await talk.says("oops, go back")  # out of the check
    assert "reach you" in talk.last.text
    await talk.says("07700 900124")
    await talk.passes_check()
    assert "Name: Joe Hill\nContact: +447700900124\n" in talk.last.text
    assert "Friday 27 November at 10:00" in talk.last.text


@pytest.mark.parametrize(("wrong", "right", "shown"), [
    ("wrong number", "07700 900999", "Contact: +447700900999\n"), ("sorry wrong name", "Al Hill", "Name: Al Hill\n"),
    ("thats the wrong day", "friday at 10am", "When: Friday 27 November at 10:00\n"),
    ("wrong treatment", "half an hour", "What: Sports massage, 30 minutes\n"),
    ("no the number is wrong, its 07700 900999", None, "Contact: +447700900999\n")])
async def test_what_is_said_to_be_wrong_is_put_right(talk: Talk, wrong: str, right: str | None, shown: str) -> None:
    await talk.says(f"can i book an hour on thursday at 3pm, {WHO}")
    await talk.passes_check()
    await talk.says(wrong)
    if right:
        assert "Please check" not in talk.last.text
        await talk.says(right)
    assert shown in talk.last.text
    assert await talk.appointments() == []


async def test_who_has_no_reference_is_asked_twice_and_then_helped(talk: Talk) -> None:
    await talk.says("when is my appointment")
    for _ in range(2):
        await talk.says("the blue one")
        assert set(talk.kinds) == {"booking"}
    await talk.says("the blue one")
    assert talk.kinds == ["handoff"]
    assert await talk.cases() == ["appointment_not_found"]
    await talk.says("what are your prices")
    assert talk.kinds == ["clinic_fact"]
