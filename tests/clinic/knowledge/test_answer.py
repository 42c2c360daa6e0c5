"""What is answered, from where, and what is owned up to: in the spelling of those who ask."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from bot.encoder import Encoder
from clinic.knowledge.answer import Answer, Knowledge, NotCovered, Question
from clinic.knowledge.quoting import WORDS_QUOTED
from tests.clinic.knowledge.conftest import TODAY

Ask = Callable[..., Answer | NotCovered]
ANSWERED = [
    ("definition", "what is sports massage", "what-is-sports-massage", "athletes"),
    ("definition", "whats deep tissue", "what-is-sports-massage", "deep tissue"),
    ("definition", "what do u do about knots", "what-is-sports-massage", "knots"),
    ("benefits", "what are the benefits?", "benefits", "posture"),
    ("benefits", "does it help posture", "benefits", "posture"),
    ("benefits", "good for circulation?", "benefits", "circulation"),
    ("benefits", "can it clear my head", "benefits", "mind"),
    ("benefits", "does it relieve stress", "benefits", "stress"),
    ("benefits", "will it make me more flexible", "benefits", "flexibility"),
    ("injury", "would massage help my shin splints", "reducing-injury", "shin splints"),
    ("injury", "heel is agony first thing in the morning", "reducing-injury", "heel"),
    ("injury", "my achilles is killing me can u help", "reducing-injury", "Achilles"),
    ("injury", "itb is giving me grief", "reducing-injury", "IT band"),
    ("injury", "hip pain when running any use?", "reducing-injury", "hip"),
    ("injury", "dodgy runner's knee", "reducing-injury", "knee"),
    ("injury", "calves are rock hard", "reducing-injury", "calf"),
    ("injury", "back spasms after long runs", "reducing-injury", "back"),
    ("injury", "what injuries can massage help with", "reducing-injury", "shin splints"),
    ("injury", "i've got a niggle, would massage help", "reducing-injury", "injury"),
    ("prevention", "can massage stop me getting injured", "reducing-injury", "preventing"),
    ("prevention", "can massage prevent problems before they start", "reducing-injury", "preventing"),
    ("prevention", "how do i stop shin splints coming back", "reducing-injury", "shin splints"),
    ("performance", "will massage make me faster", "performance", "perform"),
    ("performance", "can I get more miles in", "performance", "miles"),
    ("recovery", "how does massage speed up recovery", "recovery", "recover"),
    ("recovery", "does it help with DOMS", "recovery", "soreness"),
    ("recovery", "lymph drainage?", "recovery", "lymphatic"),
    ("recovery", "will it help my hamstrings recover after a marathon", "recovery", "recover"),
]
FROM_AN_FAQ = [
    ("preparation", "what shall i wear", "what-to-wear"),
    ("preparation", "is there anywhere to get changed", "what-to-wear"),
    ("session", "do i have to take my clothes off", "undressing"),
    ("preparation", "can my mum come in with me", "bringing-someone"),
    ("preparation", "what time should i turn up", "when-to-arrive"),
    ("preparation", "do i bring my own towel", "what-to-bring"),
]
NOT_COVERED = [
    ("frequency", "how often should i come", "how-often"),
    ("timing", "day before my marathon ok?", "before-a-race"),
    ("timing", "is the morning after an ultra too soon", "after-a-race"),
    ("sensation", "does it hurt", "does-it-hurt"),
    ("difference", "sports massage v physio", "massage-or-physio"),
    ("course", "how many sessions till its better", "how-many-sessions"),
    ("evidence", "any actual studies on this", "does-it-really-work"),
    ("self_care", "ice or heat", "at-home"),
    ("suitability", "im pregnant can i come", "is-it-right-for-me"),
    ("return_to_running", "when can i run again", "return-to-running"),
    ("preparation", "should i eat before", "eating-and-drinking-before"),
    ("preparation", "can i bring my dog", "children-and-pets-along"),
    ("session", "do you look at how i move first", "what-happens"),
    ("benefits", "how soon will i notice a difference", "noticing-a-difference"),
    ("injury", "would massage help my hamstring", "injuries-not-in-the-article"),
    ("prevention", "keep my glutes from going again", "staying-injury-free"),
    ("injury", "can massage cure baldness", "injuries-not-in-the-article"),
    ("injury", "will massage help with my hiccups", "injuries-not-in-the-article"),
]
NOT_SEEN = [
    "would massage help my migraine",
    "does massage help with asthma",
    "can it fix my broken arm",
    "stress fracture in my shin, any good",
    "do you treat restless legs",
    "i sprained my ankle yesterday",
]


def text_of(answer: Answer) -> str:
    return " ".join(citation.quote for citation in answer.quotes)


@pytest.mark.parametrize(("need", "question", "section", "word"), ANSWERED)
def test_the_article_answers_what_it_gives(
    ask: Ask, need: str, question: str, section: str, word: str
) -> None:
    found = ask(need, question)
    assert isinstance(found, Answer)
    assert {citation.section for citation in found.quotes} == {section}
    assert word.lower() in text_of(found).lower()


@pytest.mark.parametrize(("need", "question", "faq"), FROM_AN_FAQ)
def test_a_confirmed_faq_answers_in_the_clinics_words(ask: Ask, need: str, question: str, faq: str) -> None:
    found = ask(need, question)
    assert isinstance(found, Answer)
    assert [(citation.article, citation.url) for citation in found.quotes] == [(f"faq/{faq}", f"/faq/{faq}")]


@pytest.mark.parametrize(("need", "question", "faq"), NOT_COVERED)
def test_what_nobody_wrote_is_kept_under_its_faq(ask: Ask, need: str, question: str, faq: str) -> None:
    found = ask(need, question)
    assert isinstance(found, NotCovered)
    assert found.faq == faq


@pytest.mark.parametrize("question", NOT_SEEN)
def test_what_the_clinic_does_not_see_gets_a_plain_no(ask: Ask, question: str) -> None:
    found = ask("injury", question)
    assert isinstance(found, NotCovered)
    assert (found.sees, found.nearby) == (False, ())


@pytest.mark.parametrize(("question", "about"), [
    ("I sleep well, and would a massage help my calves?", "calf trouble"),
    ("No chest pains, just tight calves", "calf trouble"),
    ("my calf isn't ruptured, just tight. can massage help?", "calf trouble"),
    ("it's not a stress fracture, just sore shins, any good?", "shin splints"),
    ("I don’t have sciatica, my back is just tight", "back pain"),
    ("no sprain or torn ligament, but my ankle is sore", "ankle pain"),
    ("never had arthritis. would it help with tight hips?", "hip pain"),
    ("my calves cramp when i sleep, would it help", "calf trouble"),
    ("my breathing is fine but my shins hurt", "shin splints"),
    ("can you do my heels if i can't lie on my stomach", "heel pain"),
    ("not my knee, my calf", "calf trouble"),
])  # fmt: skip
def test_what_is_denied_or_mentioned_by_the_way_is_not_what_is_asked(ask: Ask, question: str, about: str) -> None:
    found = ask("injury", question)
    assert isinstance(found, Answer)
    assert found.complaint == about


@pytest.mark.parametrize("question", [
    "i can't sleep, would a massage help",
    "would massage help me sleep well",
    "im not sleeping, any good for that",
    "my stomach hurts and my calves are tight",
    "sore jaw and tight calves",
    "pain in my jaw, and in my neck",
    "sciatica, not my hamstring",
    "i have arthritis in my knee, would it help my knee",
    "does massage make migraines better",
    "no idea if my sciatica would get better with massage",
    "it's not just my sciatica, my calves hurt too",
])
def test_a_complaint_that_somebody_has_is_not_taken_for_a_mention_by_the_way(ask: Ask, question: str) -> None:
    found = ask("injury", question)
    assert isinstance(found, NotCovered)
    assert found.sees is False


def test_a_subject_that_the_message_denies_is_dropped(sample: Knowledge) -> None:
    assert sample.complaints.standing("it isn't sciatica, it's my calf", ["sciatica", "calf"]) == ["calf"]
    assert sample.complaints.standing("not my left knee, my right knee", ["knee"]) == ["knee"]


def test_an_injury_seen_but_not_in_the_article_gets_a_yes_with_no_quote(ask: Ask) -> None:
    found = ask("injury", "would massage help my hammy")
    assert isinstance(found, NotCovered)
    assert (found.sees, found.complaint) == (True, "hamstring trouble")


def test_what_an_article_says_nearby_names_no_other_injury_as_the_answer(ask: Ask) -> None:
    found = ask("injury", "would massage help my hamstring")
    assert isinstance(found, NotCovered)
    assert {citation.section for citation in found.nearby} == {"reducing-injury"}


@pytest.mark.parametrize(("need", "question", "_", "__"), ANSWERED)
def test_quotes_are_verbatim_and_short(
    ask: Ask, sample: Knowledge, need: str, question: str, _: str, __: str
) -> None:
    found = ask(need, question)
    assert isinstance(found, Answer)
    sections = {section.url: section for section in sample.content.sections()}
    for citation in found.quotes:
        section = sections[citation.url]
        assert citation.quote in section.text
        assert (citation.heading, citation.version) == (section.heading, section.version)
    assert len(text_of(found).split()) <= WORDS_QUOTED


def test_an_answer_on_one_injury_does_not_speak_of_another(ask: Ask) -> None:
    found = ask("injury", "will it sort my calf strain")
    assert isinstance(found, Answer)
    assert not {"shin", "achilles", "knee", "heel"} & set(text_of(found).lower().split())


def test_two_injuries_get_a_sentence_each(ask: Ask) -> None:
    found = ask("injury", "sore shins and dodgy knees")
    assert isinstance(found, Answer)
    assert "shin splints" in text_of(found)
    assert "knee pain" in text_of(found)


@pytest.mark.parametrize(("question", "need", "perhaps", "sections"), [
    ("would it leave me fresher and faster", "performance", "recovery", {"performance", "recovery"}),
    ("is it any good for stiff calves", "injury", "benefits", {"reducing-injury", "benefits"}),
    ("does it get the tension out of worn out legs", "definition", "recovery", {"what-is-sports-massage", "recovery"}),
])
def test_in_doubt_what_was_asked_both_sections_are_quoted(
    sample: Knowledge, encoder: Encoder, question: str, need: str, perhaps: str, sections: set[str]
) -> None:
    found = sample.answer(Question(question, encoder([question])[0], need, perhaps=perhaps), TODAY)
    assert isinstance(found, Answer)
    assert {citation.section for citation in found.quotes} == sections
    assert len(text_of(found).split()) <= WORDS_QUOTED


@pytest.mark.parametrize("perhaps", ["evidence", "preparation", "performance"])
def test_a_doubt_whose_other_side_has_no_answer_changes_nothing(
    sample: Knowledge, encoder: Encoder, perhaps: str
) -> None:
    asked = Question("will it make me faster", encoder(["will it make me faster"])[0], "performance")
    assert sample.answer(replace(asked, perhaps=perhaps), TODAY) == sample.answer(asked, TODAY)


def test_what_is_not_seen_stays_a_no_in_any_doubt(sample: Knowledge, encoder: Encoder) -> None:
    asked = Question("would massage help my migraine", encoder(["would massage help my migraine"])[0], "injury")
    assert isinstance(sample.answer(replace(asked, perhaps="benefits"), TODAY), NotCovered)


def test_a_follow_up_is_about_what_was_said_before(ask: Ask) -> None:
    found = ask("injury", "would it help", "achilles")
    assert isinstance(found, Answer)
    assert found.complaint == "Achilles trouble"


def test_what_a_follow_up_names_replaces_what_was_said_before(ask: Ask) -> None:
    found = ask("injury", "and for my calf?", "achilles")
    assert isinstance(found, Answer)
    assert "Achilles" not in text_of(found)


def test_an_answer_says_whose_words_it_quotes(ask: Ask) -> None:
    found = ask("recovery", "does it help recovery")
    assert isinstance(found, Answer)
    assert (found.owner, found.source) == ("third-party", "Nordic Balance")


def test_what_is_only_practice_is_said_past_its_review(ask_physio: Ask) -> None:
    on_time = ask_physio("session", "do I need a doctor's letter", today=date(2026, 1, 10))
    too_late = ask_physio("session", "do I need a doctor's letter", today=date(2026, 1, 11))
    assert isinstance(on_time, Answer)
    assert too_late == on_time


def test_what_is_about_health_is_silent_past_its_review(physio: Knowledge, encoder: Encoder) -> None:
    """Nobody has looked whether it still holds: it waits, under its own name."""
    faqs = tuple(replace(faq, kind="health") if faq.id == "referral" else faq for faq in physio.content.faqs)
    knowledge = Knowledge(replace(physio.content, faqs=faqs), physio.known, encoder)
    question = Question("do I need a doctor's letter", encoder(["do I need a doctor's letter"])[0], "session")
    assert isinstance(knowledge.answer(question, date(2026, 1, 10)), Answer)
    late = knowledge.answer(question, date(2026, 1, 11))
    assert isinstance(late, NotCovered)
    assert late.faq == "referral"


def test_a_claim_that_must_not_be_spoken_is_never_quoted(ask_physio: Ask) -> None:
    found = ask_physio("benefits", "do your exercises cure every joint within days?")
    assert not isinstance(found, Answer) or "cure" not in text_of(found)
    elbow = ask_physio("injury", "elbow hurts, will exercises cure it in days")
    assert isinstance(elbow, Answer)
    assert "grip" in text_of(elbow)
    assert "cure" not in text_of(elbow)


def test_another_trade_answers_from_its_own_article(ask_physio: Ask) -> None:
    found = ask_physio("definition", "what is a frozen shoulder")
    assert isinstance(found, Answer)
    assert (found.quotes[0].section, found.owner) == ("what-it-is", "us")


@pytest.mark.parametrize(
    "section", ["what-is-sports-massage", "benefits", "reducing-injury", "performance", "recovery"]
)
def test_each_section_can_be_shown_when_asked_for(sample: Knowledge, section: str) -> None:
    found = sample.passage("sports-massage-for-runners", section)
    assert found is not None
    assert {citation.section for citation in found.quotes} == {section}
    assert len(text_of(found).split()) <= WORDS_QUOTED


def test_a_section_that_is_gone_can_not_be_shown(sample: Knowledge) -> None:
    assert sample.passage("sports-massage-for-runners", "gone") is None


def test_vectors_already_known_are_not_made_again(sample: Knowledge) -> None:
    def never(texts: object) -> None:
        raise AssertionError(f"asked to encode {texts}")

    Knowledge(sample.content, sample._known, never)  # type: ignore[arg-type]


@pytest.mark.parametrize("question", ["i have high blood pressure is it safe", "is it ok with diabetes"])
def test_a_condition_asked_about_for_safety_is_not_refused_as_a_complaint(ask: Ask, question: str) -> None:
    found = ask("suitability", question)
    assert isinstance(found, NotCovered)
    assert found.complaint is None


@pytest.mark.parametrize("question", ["what is plantar fasciitis", "what are shin splints", "whats itb syndrome"])
def test_what_an_injury_is_is_not_answered_with_what_the_treatment_is(ask: Ask, question: str) -> None:
    found = ask("definition", question)
    assert isinstance(found, NotCovered)
    assert found.faq == "what-an-injury-is"
