"""Help first, and what it leaves behind: the level that a conversation keeps, who is told, who lets it go on."""
import re
from datetime import timedelta

import pytest

from clinic.settings import Settings
from desk.safety import alerts, release, report
from tests.talk import Talk

DANGER = "ive got crushing chest pain going down my left arm right now"
CLOT = "my left calf is swollen and hot since the flight"
UNLISTED = "my torso is being flattened and im drenched, heart is jumping"
BOOKING_WORDS = re.compile(r"\b(book(ed|ing|ings)?|appointment request|slots?|openings?|which would you like)\b", re.I)


async def raised(talk: Talk) -> dict[object, tuple[str, str | None]]:
    async with talk.house.store.begin() as unit:
        return {key: (level, rule) for key, _, level, rule, _ in await unit.firings.raised()}


async def test_after_an_emergency_facts_come_with_a_warning_and_nothing_is_sold(talk: Talk) -> None:
    await talk.says(DANGER)
    assert talk.kinds == ["safety"]
    for asked, kind in (("what time do you close", "clinic_fact"), ("how much is it", "clinic_fact"),
                        ("thanks", "smalltalk"), ("where are you", "clinic_fact"), ("help", "smalltalk"),
                        ("what treatments do you offer", "clinic_fact"), ("hello", "smalltalk")):
        await talk.says(asked)
        assert talk.kinds == [kind]
        assert "999" in talk.last.text
        assert not BOOKING_WORDS.search(talk.last.text)
        assert not any(BOOKING_WORDS.search(choice["label"]) for choice in talk.last.choices)


async def test_after_a_red_flag_nobody_is_told_what_treatment_does_for_them(talk: Talk) -> None:
    await talk.says(CLOT)
    await talk.says("would a massage help my calf?")
    assert talk.kinds == ["handoff"]
    assert talk.last.citations == []
    assert "111" in talk.last.text


async def test_no_way_round_leads_to_what_treatment_does(talk: Talk) -> None:
    """Not a passage that was offered before, not a follow-up, not a message that nobody understood."""
    await talk.says("does massage help with plantar fasciitis")
    await talk.says(CLOT)
    for asked in ("and for my calf?", "what about after a race", "benefits", "sports massage recovery blood flow"):
        await talk.says(asked)
        assert "answer" not in talk.kinds
        assert talk.last.citations == []


async def test_the_warning_is_that_of_what_was_raised(talk: Talk) -> None:
    await talk.says("i want to end my life, ive got the pills here")
    assert talk.kinds == ["safety"]
    await talk.says("what are your opening hours")
    assert "116 123" in talk.last.text


async def test_a_half_made_request_is_set_aside_and_goes_to_a_person(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm")
    await talk.says(DANGER)
    assert talk.kinds == ["safety"]
    await talk.says("Jo Hill")
    assert "booking" not in talk.kinds
    await talk.says("can i book now")
    assert talk.kinds == ["handoff"]
    assert await talk.appointments() == []


async def test_a_level_only_rises(talk: Talk) -> None:
    await talk.says(DANGER)
    await talk.says(CLOT)
    assert (await raised(talk))[talk.conversation][0] == "emergency"


async def test_a_sign_of_some_messages_ago_is_remembered(talk: Talk) -> None:
    await talk.says(CLOT)
    for between in ("what are your prices", "ok thanks", "where are you"):
        await talk.says(between)
    await talk.says("im a bit short of breath today")
    assert talk.read["level"] == "emergency"
    assert "RF-08" in talk.read["rules"]


async def test_a_half_made_request_does_not_go_on_by_itself(talk: Talk) -> None:
    """Also at a level after which a request may follow: only by the visitor's own word."""
    await talk.says("can i book an hour on thursday at 3pm")
    await talk.says("theres blood in my wee after long runs")
    assert (talk.read["level"], talk.kinds) == ("gp", ["safety"])
    await talk.says("how much is it")
    assert talk.kinds == ["clinic_fact"]
    await talk.says("can i book now")
    assert talk.kinds[-1] == "booking"


async def test_what_was_tapped_is_read_and_kept_in_words(talk: Talk) -> None:
    await talk.says("does massage help recovery")
    await talk.taps("Book")
    assert talk.conversation
    async with talk.house.store.begin() as unit:
        said = [message.text for message in await unit.messages.after(talk.conversation, 0)
                if message.sender == "visitor"]
    assert said[-1] == "Book an appointment"


async def test_what_only_the_second_reader_hears_is_answered_as_danger(talk: Talk) -> None:
    """In words that no rule knows: if one comes to know them, others have to stand here."""
    assert talk.house.screen.read(UNLISTED).level == "none"
    await talk.says(UNLISTED)
    assert talk.kinds == ["safety"]
    assert talk.read["level"] in ("urgent", "emergency")
    assert talk.read["rules"][0].startswith("SR-")
    assert talk.conversation in await raised(talk)


async def test_saying_that_one_is_fine_drops_no_warning(talk: Talk) -> None:
    await talk.says(DANGER)
    await talk.says("im fine now, it was nothing. book me in for thursday")
    assert "booking" not in talk.kinds
    assert "999" in talk.last.text


async def test_a_person_lets_it_go_on(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    await talk.says(CLOT)
    assert talk.conversation
    assert (await raised(talk))[talk.conversation] == ("urgent", "RF-09")
    settings = settings_of(talk)
    await alerts(settings)
    assert str(talk.conversation) in capsys.readouterr().out
    await release(settings, talk.conversation, "Reception")
    assert talk.conversation not in await raised(talk)
    assert "safety_urgent" not in await talk.cases()
    await talk.says("can i book an hour on thursday at 3pm")
    assert talk.kinds[0] == "booking"
    await talk.says("and im breathless going up the stairs")
    assert "RF-08" not in talk.read["rules"]  # what was released completes nothing


async def test_what_fired_is_counted_without_a_word_of_it(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    await talk.says(CLOT)
    await report(settings_of(talk), 30)
    told = capsys.readouterr().out
    assert "RF-09" in told
    assert "calf" not in told


async def test_what_only_the_second_reader_hears_is_asked_about_without_a_name(talk: Talk) -> None:
    """In words that no rule knows: if one comes to know them, others have to stand here."""
    said = "Can I come Friday? i had a little procedure on my tummy the other week"
    assert talk.house.screen.read(said).level == "none"
    await talk.says(said)
    assert (talk.read["level"], talk.read["rules"]) == ("contraindication", ["SR-04"])
    assert "something about your health" in talk.replies[0].text.split("“")[0]
    assert talk.kinds != ["safety"]
    await talk.says("i had a little procedure on my tummy. does it help with performance?")
    assert "something about your health" not in talk.replies[0].text  # once is enough
    await talk.says("can i book an hour on thursday at 3pm")
    assert talk.kinds[0] == "booking"


async def test_a_contraindication_is_asked_about_first_and_once(talk: Talk) -> None:
    await talk.says("would a massage help my sore calves? im on warfarin")
    assert (talk.read["level"], talk.read["rules"]) == ("contraindication", ["CI-01"])
    assert talk.kinds[0] == "answer"
    assert talk.replies[0].text.startswith("You mention")
    assert "?" in talk.replies[0].text.split("“")[0]
    await talk.says("does it help with recovery if im on warfarin")
    assert not talk.last.text.startswith("You mention")


async def test_what_was_told_is_not_asked_again_and_travels_with_the_request(talk: Talk) -> None:
    await talk.says("im on warfarin, whats sports massage?")
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill, 07700 900123")
    await talk.taps("Yes, ask me")
    assert "blood" not in " ".join(choice["label"] for choice in talk.last.choices).lower()
    await talk.taps("Heart")
    await talk.says("treated high blood pressure, 130 over 80")
    await talk.taps("Nothing else")
    assert "OK" in talk.replies[0].text
    await talk.taps("Yes")
    [request] = await talk.appointments()
    assert request.screening["outcome"] == "clearance"
    assert request.screening["told_before"] == ["CI-01"]
    assert [answer["rules"] for answer in request.screening["answers"]] == [["CI-14"]]
    assert request.screening["consent"]["wording"]


async def test_a_fresh_injury_goes_to_a_person_first(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill, 07700 900123")
    await talk.taps("Yes, ask me")
    await talk.says("i pulled my hamstring yesterday")
    await talk.taps("Nothing else")
    await talk.says("yes")
    assert talk.kinds == ["handoff"]
    assert (await talk.appointments())[0].screening["outcome"] == "decline"
    assert "check_before_booking" in await talk.cases()


async def test_whoever_would_rather_tell_a_person_tells_us_nothing(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill, 07700 900123")
    await talk.taps("I'd rather")
    await talk.says("yes")
    [request] = await talk.appointments()
    assert request.screening["outcome"] == "refused"
    assert request.screening["answers"] == []


async def test_a_question_in_the_middle_of_the_check_is_answered(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill, 07700 900123")
    await talk.taps("Yes, ask me")
    await talk.says("how much is it?")
    assert talk.kinds == ["clinic_fact", "booking"]
    await talk.taps("None of these")
    assert "Please check" in talk.last.text


async def test_the_request_may_be_changed_in_the_middle_of_the_check(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill, 07700 900123")
    await talk.taps("Yes, ask me")
    await talk.says("actually make it saturday morning")
    await talk.picks()
    await talk.taps("None of these")
    assert "saturday 28 november" in talk.last.text.lower()
    assert "thursday" not in talk.last.text.lower()


async def test_the_check_may_be_stopped(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill, 07700 900123")
    await talk.taps("Yes, ask me")
    await talk.says("stop")
    assert "Nothing was sent" in talk.last.text
    assert await talk.appointments() == []


async def test_after_a_gp_level_it_is_asked_who_has_seen_it(talk: Talk) -> None:
    await talk.says("theres blood in my wee after long runs")
    assert talk.read["level"] == "gp"
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill, 07700 900123")
    await talk.taps("Yes, ask me")
    await talk.says("my gp last week, all tests fine")
    await talk.taps("Nothing else")
    await talk.says("yes")
    [request] = await talk.appointments()
    assert [answer["group"] for answer in request.screening["answers"]] == ["seen_by"]


async def test_signs_are_put_together_for_a_day_and_no_longer(talk: Talk) -> None:
    await talk.says("my calf is swollen and hot")
    talk.house.clock.now += timedelta(hours=25)  # type: ignore[attr-defined]
    await talk.says("and now i cant catch my breath when i walk")
    assert "one leg" not in talk.last.text



async def test_another_language_hears_in_it_that_we_answer_in_english(talk: Talk) -> None:
    await talk.says("cuánto cuesta un masaje para la rodilla")
    assert talk.last.text == "Solo puedo responder en inglés. En una emergencia, llame al 999."
    assert (talk.kinds, talk.choices) == (["fallback"], ["Talk to a person"])
    await talk.says("quiero un masaje para la rodilla por la tarde")  # not understood twice: a person, told in it too
    assert talk.last.text.startswith("Solo puedo responder en inglés")
    assert talk.kinds == ["handoff"]


@pytest.mark.parametrize("text", ["مرحبا اريد حجز موعد", "मुझे अपॉइंटमेंट चाहिए", "我想预约按摩", "γεια σας θέλω ραντεβού"])
async def test_a_language_in_other_letters_is_never_just_not_understood(talk: Talk, text: str) -> None:
    await talk.says(text)
    assert "999" in talk.last.text
    assert "Could you put it another way" not in talk.last.text
    assert talk.choices == ["Talk to a person"]


async def test_distress_that_nobody_understood_goes_to_a_person(talk: Talk) -> None:
    await talk.says("help me please its all falling apart with the thing")
    assert talk.kinds == ["handoff"]
    assert "116 123" in talk.last.text
    assert "distress" in await talk.cases()


def settings_of(talk: Talk) -> Settings:
    """Settings by which a command finds the house's own database."""
    from dataclasses import replace
    return replace(talk.house.settings, database_url=talk.house.store.dsn)
