"""Asking for an appointment, as people do."""
from datetime import UTC, datetime

import pytest

from tests.talk import Talk


async def test_a_request_is_stored_and_the_clinic_told(talk: Talk) -> None:
    await talk.says("id like to book an appointment please")
    await talk.taps("First visit")
    await talk.says("thursday after 6")
    await talk.picks()
    await talk.says("Jo Hill")
    await talk.says("07700 900123")
    await talk.passes_check()
    assert await talk.appointments() == []  # nothing is sent before a yes
    await talk.says("yes")
    (request,) = await talk.appointments()
    assert (request.service, request.name, request.contact) == ("first-visit", "Jo Hill", "+447700900123")
    assert request.starts == datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
    assert request.reference in talk.last.text
    assert [notice.about for notice in await _told(talk)] == ["request"]


async def test_everything_in_one_message_is_understood(talk: Talk) -> None:
    await talk.says("can i book a 60 minute sports massage for thursday after 6, my name is Jo Hill 07700 900123")
    await talk.passes_check()
    assert "Thursday 26 November at 18:00" in talk.last.text
    assert "Jo Hill" in talk.last.text
    await talk.says("yes please")
    assert len(await talk.appointments()) == 1


async def test_a_question_in_the_middle_is_answered_and_the_request_goes_on(talk: Talk) -> None:
    await talk.says("can i book an appointment")
    await talk.taps("Sports massage, 60")
    await talk.says("how much is it?")
    assert talk.kinds == ["clinic_fact", "booking"]
    await talk.says("friday at 10am")
    assert "name" in talk.last.text


async def test_a_change_of_mind_is_taken(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo, 07700 900123")
    await talk.passes_check()
    await talk.says("actually make it friday at 10am")
    assert "friday 27 november at 10:00" in talk.last.text.lower()
    assert "thursday" not in talk.last.text.lower()
    await talk.says("yes")
    assert [one.starts for one in await talk.appointments()] == [datetime(2026, 11, 27, 10, 0, tzinfo=UTC)]


@pytest.mark.parametrize("said", [
    "can i book an hour thursday at 3pm, Sam Hill, 07700 900123",
    "60 minute massage on Thursday at 3pm please. sam.hill@example.org Sam Hill",
    "hi can i get an hour thursday at 3pm? thanks Sam Hill 07700 900123",
    "book thursday at 3pm 60 minutes Sam Hill 07700 900123"])
async def test_a_name_beside_the_number_is_one(talk: Talk, said: str) -> None:
    await talk.says(said)
    assert "May I ask" in talk.last.text  # nothing else is missing
    await talk.taps("Yes, ask me")
    await talk.taps("None of these")
    assert "Name: Sam Hill\n" in talk.last.text


async def test_stop_ends_it_at_any_point(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday")
    await talk.says("forget it")
    assert await talk.appointments() == []
    await talk.says("what are your prices")
    assert talk.kinds == ["clinic_fact"]


async def test_a_number_that_cannot_ring_is_asked_for_again(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill")
    await talk.says("12345678")
    assert talk.last.kind == "booking"
    assert "12345678" not in talk.last.text
    await talk.says("jo@example.org")
    await talk.passes_check()
    assert "jo@example.org" in talk.last.text


async def test_a_no_at_the_end_asks_what_to_change(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill, 07700 900123")
    await talk.passes_check()
    await talk.taps("Change")
    assert await talk.appointments() == []
    await talk.says("saturday at 10am")
    assert "saturday" in talk.last.text.lower()


async def test_a_red_flag_wins_over_a_half_made_booking(talk: Talk) -> None:
    """Danger in the middle of a booking brings help, and nothing is booked."""
    await talk.says("can i come thurs after 6")
    await talk.says("also ive got crushing chest pain going down my left arm right now")
    assert talk.kinds == ["safety"]
    assert talk.last.choices == []
    assert "999" in talk.last.text
    assert await talk.appointments() == []
    assert await talk.cases() == ["safety_emergency"]


async def test_after_a_red_flag_a_booking_goes_through_a_person(talk: Talk) -> None:
    await talk.says("ive got crushing chest pain going down my left arm right now")
    await talk.says("im fine now, can i book for thursday")
    assert "handoff" in talk.kinds
    assert "booking_after_red_flag" in await talk.cases()


async def _told(talk: Talk) -> list:
    """What the clinic was told, once the queue is through."""
    import asyncio

    for _ in range(100):
        if talk.post.notices:
            break
        await asyncio.sleep(0.05)
    return talk.post.notices


async def test_a_no_that_says_what_to_change_changes_it(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill, 07700 900123")
    await talk.passes_check()
    await talk.says("no, make it saturday at 10am")
    assert "saturday" in talk.last.text.lower()
    assert await talk.appointments() == []
    await talk.says("yes")
    assert [one.starts for one in await talk.appointments()] == [datetime(2026, 11, 28, 10, 0, tzinfo=UTC)]


async def test_a_yes_after_asking_what_to_change_sends_nothing_unread(talk: Talk) -> None:
    """What is sent was read back as it stands; a yes to "What should be different?" is not a yes to that."""
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill, 07700 900123")
    await talk.passes_check()
    await talk.says("no")
    await talk.says("yes")
    assert await talk.appointments() == []
    assert "Jo Hill" in talk.last.text
    await talk.says("yes")
    assert len(await talk.appointments()) == 1


async def test_a_correction_of_the_name_takes_the_right_one(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Dave Reid, 07700 900123")
    await talk.passes_check()
    await talk.says("no, my name is Dev not Dave")
    assert "Name: Dev\n" in talk.last.text


async def test_a_yes_to_the_offered_request_begins_it(talk: Talk) -> None:
    """Details out of nowhere are asked about; "yes" is enough, and they are not asked for again."""
    await talk.says("thursday after 6")
    assert [choice["label"] for choice in talk.last.choices] == ["Book an appointment"]
    await talk.says("yes please")
    await talk.taps("Sports massage, 60")
    await talk.picks()
    assert "Thursday 26 November" in talk.replies[0].text
    assert "name" in talk.last.text.lower()


async def test_two_questions_in_the_middle_are_answered_before_the_form_goes_on_once(talk: Talk) -> None:
    await talk.says("can i book an appointment")
    await talk.says("how much is an hour and where can i park?")
    assert talk.kinds == ["clinic_fact", "clinic_fact", "booking"]


@pytest.mark.parametrize("text", ["send nothing", "maybe", "no yes", "yes, is that right?", "hold on"])
async def test_only_a_clear_yes_sends_the_request(talk: Talk, text: str) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill, 07700 900123")
    await talk.passes_check()
    await talk.says(text)
    assert await talk.appointments() == []


async def test_cancel_within_a_request_ends_it(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill")
    await talk.says("cancel")
    assert talk.kinds == ["booking"]
    assert await talk.cases() == []
    await talk.says("what are your prices")
    assert talk.kinds == ["clinic_fact"]


async def test_a_time_beside_the_number_is_when_to_call_and_not_the_appointment(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill")
    await talk.says("07700 900123, but not on monday")
    await talk.passes_check()
    assert "thursday" in talk.last.text.lower()


async def test_a_name_may_be_a_month(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm")
    await talk.says("June Smith")
    await talk.says("07700 900123")
    await talk.passes_check()
    assert "Name: June Smith" in talk.last.text
    assert "thursday" in talk.last.text.lower()


async def test_a_service_is_known_by_the_beginning_of_its_name(talk: Talk) -> None:
    await talk.says("can i book an appointment")
    await talk.says("first visit")
    assert "day" in talk.last.text.lower()


def test_what_somebody_wrote_cannot_break_or_hide_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    """Markup of the terminal is shown as it was typed."""
    from rich.console import Console

    from desk.listing import table

    listed = table("Requests", "When")
    listed.add_row("Thursday [/foo] [conceal]x")
    Console(markup=False, width=80).print(listed)
    assert "[/foo] [conceal]x" in capsys.readouterr().out


async def test_after_an_emergency_a_loose_day_goes_to_a_person(talk: Talk) -> None:
    await talk.says("ive got crushing chest pain going down my left arm right now")
    await talk.says("thursday after 6")
    assert talk.kinds == ["handoff"]


async def test_a_no_within_a_request_is_shown_the_way_out(talk: Talk) -> None:
    await talk.says("can i book an appointment")
    await talk.says("no thanks")
    assert "Stop, send nothing" in [choice["label"] for reply in talk.replies for choice in reply.choices]


async def test_who_repeats_it_is_told_of_once(talk: Talk) -> None:
    for _ in range(3):
        await talk.says("ive got crushing chest pain going down my left arm right now")
        assert talk.kinds == ["safety"]
    assert await talk.cases() == ["safety_emergency"]


async def test_a_wish_to_change_something_is_asked_what(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill, 07700 900123")
    await talk.passes_check()
    await talk.says("change the time")
    assert talk.kinds == ["booking"]
    assert await talk.cases() == []
    await talk.says("friday at 10am")
    assert "friday 27 november at 10:00" in talk.last.text.lower()


NAMES = {
    "Noor": "Noor", "noor": "noor", "Eve": "Eve", "Jones, Bob": "Jones, Bob", "May": "May", "Will": "Will",
    "my name's Eve": "Eve", "it's Eve": "Eve", "Hi, I’m Noor": "Noor", "Grace please": "Grace",
    "April Jones": "April Jones", "Rob Price": "Rob Price", "Pat": "Pat", "Miles": "Miles",
    "Will Power": "Will Power", "Mrs Jones": "Mrs Jones", "A. Khan": "A. Khan", "O'Brien": "O'Brien", "Ng": "Ng",
    "Anne-Marie de Vries": "Anne-Marie de Vries", "the name is Price": "Price", "王伟": "王伟", "Zoë": "Zoë",
}


@pytest.mark.parametrize("text", NAMES)
async def test_a_name_is_taken_whatever_else_it_looks_like(talk: Talk, text: str) -> None:
    await talk.says("can i book an hour on thursday at 3pm")
    await talk.says(text)
    await talk.says("07700 900123")
    await talk.passes_check()
    assert f"Name: {NAMES[text]}\n" in talk.last.text
    assert "thursday" in talk.last.text.lower()


@pytest.mark.parametrize(("text", "kind"), [
    ("how much is it?", "clinic_fact"), ("prices", "clinic_fact"), ("where do i park", "clinic_fact"),
    ("what for", None), ("hello", "smalltalk"), ("can i talk to a person", "handoff"), ("no", "booking"),
    ("not sure", "booking"), ("my knee", "answer"), ("you're useless", "handoff"), ("this is rubbish", "handoff"),
    ("friday at 10 instead", "booking"), ("massage", None),
])
async def test_a_question_or_an_order_is_not_taken_for_a_name(talk: Talk, text: str, kind: str | None) -> None:
    await talk.says("can i book an hour on thursday at 3pm, 07700 900123")
    await talk.says(text)
    assert kind in (None, *talk.kinds)
    assert "What name" in talk.last.text


async def test_who_is_asked_for_a_name_can_stop(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm, 07700 900123")
    await talk.says("forget it")
    assert "Nothing was sent" in talk.last.text


async def test_a_name_that_is_a_time_leaves_the_time_alone(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm")
    await talk.says("Eve Jones, 07700 900123")
    await talk.passes_check()
    assert "Name: Eve Jones\n" in talk.last.text
    assert "thursday" in talk.last.text.lower()


async def test_a_name_that_is_a_time_is_known_by_its_introduction(talk: Talk) -> None:
    await talk.says("my name's Eve, can i book an hour")
    assert "Which day" in talk.last.text
    await talk.says("thursday at 3pm")
    await talk.says("07700 900123")
    await talk.passes_check()
    assert "Name: Eve\n" in talk.last.text


async def test_another_day_may_be_given_for_the_name(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm, 07700 900123")
    await talk.says("friday at 10am instead")
    await talk.says("Jo")
    await talk.passes_check()
    assert "friday" in talk.last.text.lower()
    assert "Name: Jo\n" in talk.last.text


@pytest.mark.parametrize("tries", [
    ("12345678", "0117 49", "jo@"), ("07700 9001", "07700 9001", "it is 07700 9001"),
])
async def test_a_number_that_can_not_be_read_three_times_brings_a_person(talk: Talk, tries: tuple[str, ...]) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill")
    for text in tries[:2]:
        await talk.says(text)
        assert set(talk.kinds) == {"booking"}
    await talk.says(tries[2])
    assert talk.kinds == ["handoff"]
    assert await talk.cases() == ["booking_unread"]
    await talk.says("what are your prices")
    assert talk.kinds == ["clinic_fact"]  # nobody goes on asking


async def test_what_was_read_in_between_begins_the_count_again(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill")
    for text in ("12345678", "12345678", "make it friday at 2pm", "12345678", "12345678"):
        await talk.says(text)
        assert set(talk.kinds) == {"booking"}
    assert await talk.cases() == []


@pytest.mark.parametrize(("text", "kept"), [
    ("020 7946 0000 ext 12", "+442079460000 ext 12"), ("0117 496 0123 x45", "+441174960123 ext 45"),
    ("my number is 020 7946 0000 extension 9", "+442079460000 ext 9"), ("07700 900123", "+447700900123"),
])
async def test_the_extension_of_a_number_is_kept(talk: Talk, text: str, kept: str) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill")
    await talk.says(text)
    await talk.passes_check()
    assert f"Contact: {kept}\n" in talk.last.text
    assert "Name: Jo Hill\n" in talk.last.text


async def test_an_extension_is_no_part_of_the_name(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm")
    await talk.says("Jo Hill 020 7946 0000 ext 12")
    await talk.passes_check()
    assert "Name: Jo Hill\n" in talk.last.text
