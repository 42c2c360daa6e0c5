"""References guessed from one conversation after the other: none opens, and the owner is not kept out for long."""
import asyncio
from datetime import timedelta
from typing import Any

from clinic.booking.appointment import Appointment
from clinic.booking.opening import AppointmentUnknown
from clinic.booking.reference import LETTERS
from clinic.store.lookups import MOST, MOST_OF_ONE
from tests.conftest import Pigeonhole, StoppedClock
from tests.talk import Talk

CONTACT = "07700 900123"
SHOWN = "26 November"


async def booked(talk: Talk, day: str = "thursday") -> Appointment:
    await talk.says(f"can i book an hour on {day} at 3pm, my name is Jo Hill, {CONTACT}")
    await talk.passes_check()
    await talk.says("yes")
    (appointment,) = await talk.appointments()
    return appointment


async def looks_up(talk: Talk, reference: str, contact: str = CONTACT) -> str:
    """What a fresh conversation hears who asks for it."""
    fresh = Talk(talk.house, talk.post)
    await fresh.says("when is my appointment")
    await fresh.says(f"{reference} {contact}")
    return " ".join(reply.text for reply in fresh.replies)


def guesses(but: str) -> list[str]:
    """References that nobody has, all different."""
    return [one for n in range(1000) if (one := "BC" + "".join(LETTERS[n // 25**k % 25] for k in range(4))) != but]


async def ask_the_book(talk: Talk, reference: str, contact: str) -> Any:
    """One guess from a conversation of its own, as the action makes it, without the words around it."""
    async with talk.house.store.begin() as unit:
        asker, _ = await talk.house.inbox.open("website")
        now = talk.house.clock()
        if not await unit.lookups.may(reference, now):
            return "closed"
        try:
            return await unit.book.find(reference, contact, asker)
        except AppointmentUnknown:
            await unit.lookups.failed(reference, now)
            return "unknown"


async def test_a_thousand_guesses_from_a_thousand_conversations_open_nothing(talk: Talk) -> None:
    """The right one is among them, and comes too late, however many ask at once."""
    made = await booked(talk)
    tried = guesses(made.reference)
    tried.insert(len(tried) // 2, made.reference)
    outcomes: list[Any] = []
    for first in range(0, len(tried), 8):
        outcomes += await asyncio.gather(*(ask_the_book(talk, one, "+447700900123") for one in tried[first:first + 8]))
    assert [outcome for outcome in outcomes if isinstance(outcome, Appointment)] == []
    assert (len(outcomes) >= 1000, outcomes.count("unknown")) == (True, MOST)


async def test_who_asks_then_hears_a_kind_word_and_a_person_sees_it(talk: Talk, post: Pigeonhole) -> None:
    made = await booked(talk)
    for one in guesses(made.reference)[:MOST]:
        await looks_up(talk, one)
    kept_out = Talk(talk.house, talk.post)
    await kept_out.says("when is my appointment")
    await kept_out.says(f"{made.reference} {CONTACT}")
    assert kept_out.kinds == ["handoff"]
    assert SHOWN not in kept_out.last.text
    assert await kept_out.cases() == ["appointments_guessed"]
    async with asyncio.timeout(10):
        while not (told := [one for one in post.notices if one.about == "appointments_guessed"]):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert len(told) == 1


async def test_contacts_that_are_tried_for_one_reference_close_that_one(talk: Talk) -> None:
    made = await booked(talk)
    for n in range(MOST_OF_ONE):
        assert SHOWN not in await looks_up(talk, made.reference, f"07700 90020{n}")
    assert SHOWN not in await looks_up(talk, made.reference)
    theirs = await booked(Talk(talk.house, talk.post), "friday")
    assert "27 November" in await looks_up(talk, theirs.reference)


async def test_the_owner_is_let_in_another_hour_and_always_where_it_was_made(talk: Talk, clock: StoppedClock) -> None:
    made = await booked(talk)
    for one in guesses(made.reference)[:MOST]:
        await ask_the_book(talk, one, "+447700900123")
    assert SHOWN not in await looks_up(talk, made.reference)
    await talk.says("when is my appointment")
    assert SHOWN in talk.last.text
    clock.now += timedelta(minutes=61)
    assert SHOWN in await looks_up(talk, made.reference)


async def test_an_owner_who_slips_twice_is_let_in_at_the_third(talk: Talk) -> None:
    made = await booked(talk)
    for wrong in ("BCDFGH", "BCDFGJ"):
        await looks_up(talk, wrong)
    assert SHOWN in await looks_up(talk, made.reference)
