"""The check before a request: what it asks, what it takes for an answer, and what that comes to."""
from datetime import UTC, datetime
from typing import Any

import pytest

from clinic.safety.checkup import Checkup, State
from clinic.safety.reader import Screen
from clinic.settings import ROOT

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def checkup() -> Checkup:
    return Checkup(Screen.load(ROOT / "content"))


def tap(checkup: Checkup, state: State, *values: str) -> State:
    return checkup.take(state, values, "-", None, NOW)


def say(checkup: Checkup, state: State, text: str, yes: bool | None = None) -> State:
    return checkup.take(state, (), text, yes, NOW)


def agreed(checkup: Checkup, *told: str, to_see: bool = False) -> State:
    return tap(checkup, checkup.begin(set(told), to_see), "agree")


def test_nothing_is_asked_before_somebody_agrees(checkup: Checkup) -> None:
    state = checkup.begin(set(), False)
    text, choices = checkup.question(state)
    assert "May I ask" in text
    assert [choice.value for choice in choices] == ["agree", "person"]
    assert say(checkup, state, "purple").step == "consent"
    assert agreed(checkup).consent == {"wording": checkup.record(state)["wording"], "at": "2026-11-23T12:00:00+00:00"}


def test_none_of_these_is_fine(checkup: Checkup) -> None:
    for done in (tap(checkup, agreed(checkup), "none"), say(checkup, agreed(checkup), "no", yes=False)):
        assert (done.step, checkup.outcome(done), checkup.says(done)) == ("done", "fine", "")


@pytest.mark.parametrize("at", ["consent", "list", "detail"])
def test_a_person_may_be_told_instead_at_every_step(checkup: Checkup, at: str) -> None:
    """And what was said until then is not sent along."""
    state = checkup.begin({"CI-01"}, False)
    state = state if at == "consent" else tap(checkup, state, "agree")
    state = tap(checkup, state, "heart") if at == "detail" else state
    done = tap(checkup, state, "person")
    assert (done.step, checkup.outcome(done)) == ("done", "refused")
    record = checkup.record(done)
    assert (record["answers"], record["told_before"], record["names"]) == ([], [], [])


def test_a_plain_yes_to_the_list_is_asked_which(checkup: Checkup) -> None:
    """It was understood, so nobody hears that it was not."""
    asked, again = agreed(checkup), say(checkup, agreed(checkup), "yes", yes=True)
    assert checkup.question(again) == checkup.question(asked)
    assert checkup.question(say(checkup, asked, "purple"))[0] != checkup.question(asked)[0]


def test_a_no_to_the_question_whether_it_may_ask_is_a_refusal(checkup: Checkup) -> None:
    assert checkup.outcome(say(checkup, checkup.begin(set(), False), "no", yes=False)) == "refused"


@pytest.mark.parametrize(("said", "rules", "outcome"), [
    ("apixaban since march", ["CI-01"], "clearance"), ("i pulled my hamstring yesterday", ["CI-20"], "decline"),
    ("type 2 diabetic", ["CI-18"], "adapt"), ("im 8 weeks pregnant", ["CI-05"], "decline"),
    ("20 weeks pregnant", ["CI-06"], "adapt"), ("had a stent in 2019", ["CI-15"], "clearance")])
def test_own_words_are_taken_for_what_they_name(checkup: Checkup, said: str, rules: list[str], outcome: str) -> None:
    state = say(checkup, agreed(checkup), said)
    assert [answer["rules"] for answer in state.answers] == [rules]
    done = tap(checkup, state, "none")
    assert checkup.outcome(done) == outcome
    assert checkup.says(done)


def test_words_that_name_nothing_known_are_asked_for_again(checkup: Checkup) -> None:
    state = say(checkup, agreed(checkup), "well it's complicated")
    assert (state.step, state.unread, state.answers) == ("list", True, ())
    assert "couldn't match" in checkup.question(state)[0]


def test_an_answer_that_names_nothing_known_counts_as_the_group_says(checkup: Checkup) -> None:
    state = say(checkup, tap(checkup, agreed(checkup), "operation"), "the left one, six weeks back")
    assert state.answers[0]["action"] == "decline"
    assert checkup.outcome(tap(checkup, state, "none")) == "decline"


def test_the_most_careful_outcome_counts(checkup: Checkup) -> None:
    state = say(checkup, agreed(checkup), "diabetic, on warfarin, and i pulled my calf this morning")
    assert checkup.outcome(tap(checkup, state, "none")) == "decline"
    assert sorted(rule for answer in state.answers for rule in answer["rules"]) == ["CI-01", "CI-18", "CI-20"]


def test_several_groups_are_asked_about_one_after_the_other(checkup: Checkup) -> None:
    state = tap(checkup, agreed(checkup), "heart", "skin")
    assert state.asked == "heart"
    state = say(checkup, state, "varicose veins, not tender")
    assert (state.step, state.asked) == ("detail", "skin")
    state = say(checkup, state, "nut allergy")
    assert state.step == "list"
    assert {"heart", "skin"} & {choice.value for choice in checkup.question(state)[1]} == set()


def test_what_was_told_before_is_not_asked_again_and_counts(checkup: Checkup) -> None:
    state = agreed(checkup, "CI-01", "RF-09", "CI-99")
    text, choices = checkup.question(state)
    assert "thins the blood" in text
    assert "blood" not in {choice.value for choice in choices}
    assert checkup.outcome(tap(checkup, state, "none")) == "clearance"


def test_after_somebody_young_nothing_more_is_asked(checkup: Checkup) -> None:
    state = say(checkup, tap(checkup, agreed(checkup), "young"), "she's 14, her mum is Ann Hill")
    assert state.step == "done"
    assert "guardian" in checkup.says(state)


def test_who_should_have_been_seen_first_is_asked_first(checkup: Checkup) -> None:
    state = agreed(checkup, to_see=True)
    assert state.step == "seen_by"
    assert checkup.outcome(tap(checkup, tap(checkup, state, "not_seen"), "none")) == "decline"
    seen = tap(checkup, say(checkup, state, "my gp on monday, tests were fine"), "none")
    assert checkup.outcome(seen) == "adapt"
    assert checkup.record(seen)["answers"][0]["said"] == "my gp on monday, tests were fine"


def test_no_more_groups_than_one_reads_and_two_ways_out(checkup: Checkup) -> None:
    choices = checkup.question(agreed(checkup))[1]
    assert len(choices) <= 10
    assert [choice.value for choice in choices[-2:]] == ["none", "person"]
    assert all(len(choice.label) <= 24 for choice in choices)  # the smallest channel's rows


def test_it_waits_in_a_slot_between_two_messages(checkup: Checkup) -> None:
    import json
    state = say(checkup, tap(checkup, agreed(checkup, "CI-18"), "heart"), "pacemaker")
    slot: dict[str, Any] = json.loads(json.dumps(state.as_slot()))
    assert State.from_slot(slot) == state
