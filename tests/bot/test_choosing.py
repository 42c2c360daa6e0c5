"""Choices under a reply: tapped, named, numbered or counted in words."""
from typing import Any, cast
from uuid import uuid4

import pytest

from bot.choosing import Choosing
from clinic.conversation import Offer, Waiting
from clinic.visit import Visit

CHOOSING = Choosing.load()


def service(label: str, name: str) -> Offer:
    return Offer(label, {"intent": "inform", "entities": {"service": name}}, f"t-{name}")


HOUR = service("Sports massage, 60 minutes", "hour")
HALF = service("Sports massage, 30 minutes", "half")
FIRST = service("First visit, 75 minutes", "first")
OFFERS = [HOUR, HALF, FIRST]
PICKED = {
    "1": HOUR, "one": HOUR, "the first one": HOUR, "First please!": HOUR, "1)": HOUR, "#1": HOUR, "option 1": HOUR,
    "2": HALF, "the 2nd": HALF, "second one please": HALF, "Number two": HALF, "the middle one": HALF,
    "3.": FIRST, "third": FIRST, "the last one": FIRST, "last": FIRST, "bottom one": FIRST,
    "ok the first one": HOUR, "Yes, the second please": HALF, "no, the last one": FIRST, "i'll take the second": HALF,
    "can i have the first one please": HOUR, "great, 3 please": FIRST,
    "first visit, 75 minutes": FIRST, "Frist visit, 75 minutes": FIRST, "sports massage 30 minutes": HALF,
}
PLAIN_TALK = ["4", "the fifth one", "can i come on the 2nd of june", "is it my first time?", "two of us are coming",
              "yes", "no", "how much is the first one", "second hand shoes", "", "?!", "0", "massage",
              "i'll have one", "can i book 2", "ok", "ok thanks", "i'll take the bus", "not the first one"]


def visit(groups: list[tuple[int, list[Offer]]]) -> Visit:
    """A visit with nothing but choices: reading one touches nothing else."""
    nothing = cast(Any, None)
    return Visit(nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing, offers=groups)


def waiting(text: str, choice: str | None = None) -> Waiting:
    return Waiting(uuid4(), "website", 3, text, choice, helped=False, highest=cast(Any, "none"), held_by_staff=False,
                   tracker=None)


def entities(offer: Offer) -> list[dict[str, str]]:
    return [{"entity": name, "value": value} for name, value in offer.means["entities"].items()]


@pytest.mark.parametrize("text", PICKED)
def test_a_choice_can_be_said(text: str) -> None:
    at = visit([(2, OFFERS)])
    meant = CHOOSING.meant(waiting(text), at)
    assert meant is not None
    assert (meant["intent"], meant["entities"]) == ({"name": "inform", "confidence": 1.0}, entities(PICKED[text]))
    assert at.closed == [2]


@pytest.mark.parametrize("text", PLAIN_TALK)
def test_plain_talk_picks_nothing(text: str) -> None:
    at = visit([(2, OFFERS)])
    assert CHOOSING.meant(waiting(text), at) is None
    assert at.closed == []


def test_only_the_newest_choices_can_be_said() -> None:
    """What is no longer in front of somebody isn't what "the third" means."""
    assert CHOOSING.meant(waiting("the third"), visit([(4, [HOUR]), (2, OFFERS)])) is None


@pytest.mark.parametrize("yes", ["yes", "Yes please!", "go on then", "ok"])
def test_a_yes_takes_the_one_choice_that_was_just_offered(yes: str) -> None:
    assert CHOOSING.meant(waiting(yes), visit([(2, [HALF])])) is not None
    assert CHOOSING.meant(waiting(yes), visit([(2, OFFERS)])) is None  # which of them?
    assert CHOOSING.meant(waiting(yes), visit([(1, [HALF])])) is None  # something was said since


@pytest.mark.parametrize("means", ["book_appointment", "ask_person"])
def test_what_was_only_heard_begins_nothing(means: str) -> None:
    """"ok" to an answer with "Book an appointment" beside it: a yes takes that, and a nod does not."""
    beside = Offer("Whatever it says", {"intent": means}, "t-beside")
    assert CHOOSING.meant(waiting("ok"), visit([(2, [beside])])) is None
    assert CHOOSING.meant(waiting("yes please"), visit([(2, [beside])])) is not None


def test_an_older_choice_can_still_be_tapped() -> None:
    at = visit([(4, [HOUR]), (2, OFFERS)])
    meant = CHOOSING.meant(waiting("", "t-first"), at)
    assert meant is not None
    assert meant["entities"] == entities(FIRST)
    assert at.closed == [2]


def test_a_choice_that_is_closed_brings_fresh_ones() -> None:
    meant = CHOOSING.meant(waiting("", "t-gone"), visit([(2, OFFERS)]))
    assert meant is not None
    assert meant["intent"]["name"] == "stale_choice"


def test_with_no_choices_a_number_is_plain_talk() -> None:
    assert CHOOSING.meant(waiting("2"), visit([])) is None


@pytest.mark.parametrize(("said", "place"), [("6", 6), ("seven", 7), ("8.", 8), ("option 9", 9), ("10", 10)])
def test_many_choices_are_numbered_on(said: str, place: int) -> None:
    """A messenger without buttons for so many shows numbers."""
    many = [service(f"Opening {letter}", letter) for letter in "abcdefghij"]
    meant = CHOOSING.meant(waiting(said), visit([(2, many)]))
    assert meant
    assert meant["text"] == many[place - 1].label
