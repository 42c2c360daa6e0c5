"""What a receptionist would not get wrong in the middle of a talk."""
import pytest

from tests.talk import Talk

SERVICES = [*(f"Sports massage, {minutes} minutes" for minutes in (30, 60, 90)), "First visit, 75 minutes"]


@pytest.mark.parametrize("text", [
    "when do you have time this week", "is thursday morning free", "what do you have left on thursday",
    "how long is the wait for an appointment", "do you have time on wednesday afternoon"])
async def test_who_asks_what_is_free_sees_times_and_not_only_a_question(talk: Talk, text: str) -> None:
    await talk.says(text)
    times = talk.replies[-2].text
    assert times.startswith("The first free time for each:")
    assert all(f"{service}: " in times for service in SERVICES)
    assert talk.choices == SERVICES
    await talk.says("is there parking?")
    assert "free time" not in "".join(reply.text for reply in talk.replies)  # said once


async def test_who_asks_for_a_day_that_is_closed_sees_the_nearest_times(talk: Talk) -> None:
    await talk.says("is sunday free")
    assert talk.replies[-2].text.startswith("Nothing is free then.")
    assert talk.replies[-2].text.count("27 Nov, ") + talk.replies[-2].text.count("28 Nov, ") == len(SERVICES)
    assert talk.choices == SERVICES


async def test_only_one_thing_is_asked_at_a_time(talk: Talk) -> None:
    await talk.says("what do you have left on monday")
    assert [choice[:3] for choice in talk.choices] == ["Mon", "Mon"]
    await talk.says("the second one")
    assert "Mon 30 Nov" in talk.replies[-2].text
    assert talk.choices == SERVICES


async def test_thanks_and_greetings_in_a_form_ask_nothing_else(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm")
    for text in ("thank you so much", "hello"):
        await talk.says(text)
        assert [reply.kind for reply in talk.replies] == ["smalltalk", "booking"]
        assert "?" not in talk.replies[0].text


async def test_a_number_that_comes_before_the_name_is_kept_and_said_to_be(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm")
    await talk.says("07700 900123")
    assert "noted" in talk.replies[0].text
    await talk.says("Sam Hill")
    assert "May I ask" in talk.last.text  # the number is not asked for again


async def test_a_name_put_right_for_somebody_else_is_taken(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm")
    await talk.says("Sam Hill")
    await talk.says("sorry wrong name, it's my wife Ann Hill")
    assert "couldn't" not in "".join(reply.text for reply in talk.replies)
    await talk.says("07700 900123")
    await talk.passes_check()
    assert "Name: Ann Hill" in talk.last.text


async def test_a_thumb_up_is_a_yes_where_one_is_asked_for(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill, 07700 900123")
    await talk.passes_check()
    await talk.says("👍🏽")
    assert len(await talk.appointments()) == 1


async def test_ok_to_an_answer_begins_no_booking(talk: Talk) -> None:
    await talk.says("would a massage help my achilles")
    assert talk.choices == ["Book an appointment"]
    await talk.says("ok")
    assert talk.kinds == ["smalltalk"]


async def test_ok_to_the_question_whether_to_look_is_a_yes(talk: Talk) -> None:
    await talk.says("thursday afternoon")
    assert talk.last.text.endswith("?")
    await talk.says("ok")
    assert talk.choices == SERVICES
    assert "Thu 26 Nov" in talk.replies[-2].text


@pytest.mark.parametrize("text", ["fnurgle blat", "what's the capital of france", "do you do acupuncture"])
async def test_what_is_not_answered_has_a_way_on(talk: Talk, text: str) -> None:
    await talk.says(text)
    assert talk.kinds == ["fallback"]
    assert len(talk.choices) > 1
    assert "Talk to a person" in talk.choices


async def test_what_is_not_answered_in_a_form_offers_no_other_booking(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm")
    await talk.says("do you do acupuncture?")
    assert [choice["label"] for reply in talk.replies for choice in reply.choices] == ["Talk to a person"]


async def test_a_reference_that_somebody_has_not_got_is_no_dead_end(talk: Talk) -> None:
    await talk.says("i want to cancel my appointment")
    await talk.says("i don't have a code")
    told = talk.replies[0]
    assert "a person can look for you" in told.text
    assert [choice["label"] for choice in told.choices] == ["Stop, send nothing", "Talk to a person"]
    await talk.says("07700 900123")
    assert "noted" in talk.replies[0].text


async def test_how_late_goes_on_with_being_late(talk: Talk) -> None:
    await talk.says("i'm running late")
    await talk.says("about 15 minutes")
    assert "passed that on too" in talk.last.text
    assert "appointment with that" not in talk.last.text


@pytest.mark.parametrize("text", ["will massage fix my shin splints for good", "can you cure shin splints"])
async def test_nobody_is_let_believe_in_a_cure(talk: Talk, text: str) -> None:
    await talk.says(text)
    assert talk.kinds == ["not_covered", "answer"]
    assert "Nobody can promise" in talk.replies[0].text
    assert talk.last.citations


async def test_a_plain_question_about_an_ache_is_not_told_of_cures(talk: Talk) -> None:
    await talk.says("would massage help my shin splints?")
    assert talk.kinds == ["answer"]
