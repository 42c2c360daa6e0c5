"""The waiting list: joined in the talk; what comes free is offered to the first who wants it, then to the next."""
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import text

from bootstrap import House
from clinic.booking.appointment import Appointment, Details
from clinic.booking.opening import Opening
from clinic.booking.waiting import InLine
from clinic.conversation import Message
from clinic.store.offering import Offering
from clinic.store.unit import Store
from tests.clinic.booking.test_staff import staff
from tests.conftest import MONDAY_NOON, StoppedClock
from tests.talk import Talk

THURSDAY = datetime(2026, 11, 26, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFER = "has come free"
PEOPLE = ("therapist-a", "therapist-b")


@dataclass
class Thursday:
    """A Thursday on which nothing is free: what keeps each therapist from the one appointment of the evening."""

    evenings: dict[str, Appointment]


@pytest_asyncio.fixture
async def full(talk: Talk) -> AsyncIterator[Thursday]:
    evenings = {}
    async with talk.house.store.begin() as unit:
        for who in PEOPLE:
            for begins, ends in ((9, 17), (18.25, 20), (17, 18.25)):
                time = Opening(THURSDAY + begins * HOUR, THURSDAY + ends * HOUR, who, "")
                evenings[who] = await unit.book.add(time, timedelta(0), Details("", ""), "blocked", MONDAY_NOON)
    yield Thursday(evenings)


async def joins(talk: Talk, wish: str = "an hour on thursday evening") -> None:
    await talk.says(f"can i book {wish}")
    await talk.taps("Tell me if one comes free")
    await talk.taps("Yes, put me on the list")
    assert "on the waiting list" in talk.last.text


async def walk(house: House) -> None:
    """A round, as every process makes it every so often."""
    await house.rounds.offering.walk()


async def unblock(house: House, full: Thursday, who: str = "therapist-b") -> None:
    async with staff(house) as (book, _):
        await book.unblock(full.evenings[who].reference)


async def offered_before_another(talk: Talk, full: Thursday) -> Talk:
    """*talk* and, behind it, another join the list, and one evening comes free, so that *talk* is offered it: the
    other."""
    second = Talk(talk.house, talk.post)
    await joins(talk)
    await joins(second)
    await unblock(talk.house, full)
    await walk(talk.house)
    return second


async def told(talk: Talk) -> list[Message]:
    """What was said since the last answer."""
    async with talk.house.store.begin() as unit:
        assert talk.conversation
        return await unit.messages.after(talk.conversation, talk.last.n)


async def offers(talk: Talk) -> list[Message]:
    return [message for message in await told(talk) if OFFER in message.text]


async def taps(talk: Talk, label: str) -> None:
    """One of the choices under the last thing that was said, asked for or not."""
    choices = [choice for message in await told(talk) for choice in message.choices]
    await talk._send(choice=next(choice["token"] for choice in choices if choice["label"].startswith(label)))


async def on_list(talk: Talk) -> list[InLine]:
    async with talk.house.store.begin() as unit:
        assert talk.conversation
        return await unit.waiting_list.of(talk.conversation)


async def test_from_joining_to_a_booking_by_the_ordinary_path(talk: Talk, full: Thursday) -> None:
    await joins(talk)
    await walk(talk.house)
    assert await offers(talk) == []
    await unblock(talk.house, full)
    await walk(talk.house)
    await walk(talk.house)
    (offer,) = await offers(talk)
    assert "Thursday 26 November at 17:00, with a man therapist" in offer.text
    assert "until Monday 23 November at 14:00" in offer.text
    await talk.says("yes")
    assert "What name" in talk.last.text
    await talk.says("Sam Hill")
    await talk.says("07700 900123")
    await talk.passes_check()
    await talk.says("yes")
    (made,) = await talk.appointments()
    assert (made.starts, made.therapist, made.state, made.name) == (
        THURSDAY + 17 * HOUR, "therapist-b", "requested", "Sam Hill")
    assert made.screening
    assert await on_list(talk) == []


async def test_it_is_joined_only_after_a_yes_to_being_told(talk: Talk, full: Thursday) -> None:
    await talk.says("can i book an hour on thursday evening")
    await talk.says("tell me if something frees up")
    assert "I write it here in this chat" in talk.last.text
    assert "120 minutes" in talk.last.text
    assert await on_list(talk) == []
    await talk.says("no")
    assert await on_list(talk) == []
    assert "Another day" in talk.choices


async def test_who_asks_for_it_out_of_nowhere_is_asked_for_what(talk: Talk, full: Thursday) -> None:
    """And what is free is shown first."""
    await talk.says("put me on the waiting list")
    await talk.says("60 minutes")
    await talk.says("thursday evening")
    await talk.says("put me on the waiting list")
    await talk.says("yes please")
    (place,) = await on_list(talk)
    assert (place.wanted.service, place.wanted.words) == ("sports-massage-60", "thursday evening")


async def test_what_was_free_already_is_not_offered(talk: Talk, full: Thursday) -> None:
    """Who waits for another time than those that they saw hears of one that was not there."""
    await unblock(talk.house, full)
    await talk.says("can i book an hour on thursday evening")
    assert "These times are free" in talk.last.text
    await talk.says("none of those work, put me on the waiting list")
    await talk.says("yes")
    await walk(talk.house)
    assert await offers(talk) == []
    await unblock(talk.house, full, "therapist-a")
    await walk(talk.house)
    (offer,) = await offers(talk)
    assert "with a woman therapist" in offer.text


async def test_a_no_passes_it_to_the_next_in_line(talk: Talk, full: Thursday) -> None:
    second = await offered_before_another(talk, full)
    assert (len(await offers(talk)), await offers(second)) == (1, [])
    await talk.says("no thanks")
    assert "next in line" in talk.last.text
    await walk(talk.house)
    assert (await offers(talk), len(await offers(second))) == ([], 1)
    assert [place.state for place in await on_list(talk)] == ["waiting"]


async def test_who_does_not_answer_lets_it_lapse_and_goes_behind(talk: Talk, full: Thursday,
                                                                 clock: StoppedClock) -> None:
    second = await offered_before_another(talk, full)
    clock.now += timedelta(minutes=121)
    await walk(talk.house)
    assert "gone to the next in line" in (await told(talk))[-1].text
    assert len(await offers(second)) == 1
    async with talk.house.store.begin() as unit:
        assert [place.conversation for place in await unit.waiting_list.everybody()] == [
            second.conversation, talk.conversation]
    clock.now += timedelta(minutes=121)
    await walk(talk.house)
    assert len(await offers(talk)) == 1, "it was offered again to somebody who had let it lapse"


async def test_a_late_yes_is_told_that_it_is_gone(talk: Talk, full: Thursday, clock: StoppedClock) -> None:
    await offered_before_another(talk, full)
    clock.now += timedelta(minutes=121)
    await walk(talk.house)
    await taps(talk, "Yes, I'd like it")
    assert "gone to somebody else" in talk.last.text
    assert await talk.appointments() == []


async def test_who_says_yes_and_stops_gives_it_to_the_next(talk: Talk, full: Thursday) -> None:
    second = await offered_before_another(talk, full)
    await talk.says("yes")
    await walk(talk.house)
    assert await offers(second) == []
    await talk.says("stop")
    await walk(talk.house)
    assert len(await offers(second)) == 1
    assert await told(talk) == []


async def test_what_was_promised_is_kept_while_they_decide(talk: Talk, full: Thursday, clock: StoppedClock) -> None:
    """A yes does not shorten it to what a hold in a talk is."""
    await joins(talk)
    await unblock(talk.house, full)
    await walk(talk.house)
    await talk.says("yes")
    clock.now += timedelta(minutes=90)
    other = Talk(talk.house, talk.post)
    await other.says("can i book an hour on thursday evening")
    assert "Nothing is free then" in other.last.text
    await talk.says("Sam Hill")
    assert "How can the clinic reach you" in talk.last.text


async def test_leaving_frees_what_was_kept(talk: Talk, full: Thursday) -> None:
    second = await offered_before_another(talk, full)
    await talk.says("please take me off the waiting list")
    assert "off the waiting list" in talk.last.text
    assert await on_list(talk) == []
    await walk(talk.house)
    assert len(await offers(second)) == 1


async def test_it_lapses_when_the_last_wished_day_has_passed(talk: Talk, full: Thursday, clock: StoppedClock) -> None:
    await joins(talk)
    clock.now = THURSDAY + 23 * HOUR
    await walk(talk.house)
    assert await told(talk) == []
    clock.now = THURSDAY + 33 * HOUR
    await walk(talk.house)
    await walk(talk.house)
    (said,) = await told(talk)
    assert "You are off the list now" in said.text
    assert await on_list(talk) == []


async def test_nobody_hears_of_it_at_night(talk: Talk, full: Thursday, clock: StoppedClock) -> None:
    await joins(talk)
    clock.now = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)
    await unblock(talk.house, full)
    await walk(talk.house)
    assert await offers(talk) == []
    clock.now = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    await walk(talk.house)
    assert len(await offers(talk)) == 1


async def test_after_a_red_flag_nothing_is_offered_and_a_person_arranges_it(talk: Talk, full: Thursday) -> None:
    await joins(talk)
    await talk.says("i have crushing chest pain and my arm is numb")
    assert talk.kinds == ["safety"]
    await unblock(talk.house, full)
    await walk(talk.house)
    assert await offers(talk) == []
    await talk.says("tell me if something frees up")
    assert "a person to look at this" in talk.last.text
    async with talk.house.store.begin() as unit:
        (place,) = await unit.waiting_list.everybody()
        assert place.alarmed


async def test_a_red_flag_after_the_offer_leaves_it_to_a_person(talk: Talk, full: Thursday) -> None:
    await joins(talk)
    await unblock(talk.house, full)
    await walk(talk.house)
    token = (await offers(talk))[0].choices[0]["token"]
    await talk.says("i have crushing chest pain and my arm is numb")
    await talk._send(choice=token)
    assert await talk.appointments() == []
    assert not any("What name" in reply.text for reply in talk.replies)


async def test_after_a_red_flag_nothing_leads_to_a_booking_when_it_lapses(talk: Talk, full: Thursday,
                                                                          clock: StoppedClock) -> None:
    """The next in line has it, and nothing is said where help was."""
    second = await offered_before_another(talk, full)
    await talk.says("i have crushing chest pain and my arm is numb")
    clock.now += timedelta(minutes=121)
    await walk(talk.house)
    assert await told(talk) == []
    assert len(await offers(second)) == 1


async def test_whoever_a_person_talks_with_is_not_interrupted(talk: Talk, full: Thursday) -> None:
    await joins(talk)
    async with talk.house.store.begin() as unit:
        assert talk.conversation
        await unit.conversations.hold(talk.conversation, "Ann", talk.house.clock())
    await unblock(talk.house, full)
    await walk(talk.house)
    assert await offers(talk) == []


async def cancelled(house: House, made: Appointment) -> None:
    async with staff(house) as (book, _):
        await book.cancel(made.reference)


async def moved(house: House, made: Appointment) -> None:
    async with staff(house) as (book, _):
        await book.move(made.reference, THURSDAY + 34 * HOUR, "therapist-a")


async def declined(house: House, made: Appointment) -> None:
    async with house.store.begin() as unit:
        await unit.book.settle(made.reference, "requested", "staff", house.clock())
    async with staff(house) as (book, _):
        await book.decline(made.reference)


@pytest.mark.parametrize("frees", [cancelled, moved, declined])
async def test_whatever_frees_it_is_offered(talk: Talk, full: Thursday, frees: Callable[[House, Appointment],
                                                                                    Awaitable[None]]) -> None:
    await unblock(talk.house, full)
    async with talk.house.store.begin() as unit:
        evening = Opening(THURSDAY + 17 * HOUR, THURSDAY + 18 * HOUR, "therapist-b", "sports-massage-60")
        made = await unit.book.add(evening, HOUR, Details("A N Other", "x@example.org"), "booked", MONDAY_NOON)
    await joins(talk)
    await walk(talk.house)
    assert await offers(talk) == []
    await frees(talk.house, made)
    await walk(talk.house)
    assert len(await offers(talk)) == 1


async def test_a_hold_that_runs_out_is_offered(talk: Talk, full: Thursday, clock: StoppedClock) -> None:
    await unblock(talk.house, full)
    other, _ = await talk.house.inbox.open("website")
    async with talk.house.store.begin() as unit:
        evening = Opening(THURSDAY + 17 * HOUR, THURSDAY + 18 * HOUR, "therapist-b", "sports-massage-60")
        await unit.book.hold(other, evening, HOUR, clock.now + timedelta(minutes=10), clock.now)
    await joins(talk)
    await walk(talk.house)
    assert await offers(talk) == []
    clock.now += timedelta(minutes=11)
    await walk(talk.house)
    assert len(await offers(talk)) == 1


async def test_of_many_processes_one_offers_it_to_one_person(house: House, talk: Talk, full: Thursday,
                                                             clock: StoppedClock) -> None:
    """Eight processes look at once, each with connections of its own, while others book and the rounds go on: nobody is
    offered what somebody else has, nobody twice, and the first in line is first."""
    visitors = [Talk(house, talk.post) for _ in range(6)]
    for visitor in visitors:
        await joins(visitor)
    stores = [Store(house.store.dsn, connections=3) for _ in range(8)]
    try:
        for who in PEOPLE:
            await unblock(house, full, who)
        walkers = [Offering(store, house.library, house.tidings, house.handoff, clock) for store in stores]
        await asyncio.gather(*(walker.walk() for walker in walkers for _ in range(3)))
        await asyncio.gather(*(walker.walk() for walker in walkers))
    finally:
        await asyncio.gather(*(store.close() for store in stores))
    counts = [len(await offers(visitor)) for visitor in visitors]
    assert max(counts) == 1
    assert counts == sorted(counts, reverse=True)
    async with house.store.begin() as unit:
        kept = await unit.book.between(THURSDAY + 17 * HOUR, THURSDAY + 20 * HOUR)
        offered = [place for place in await unit.waiting_list.everybody() if place.state == "offered"]
    assert [one.state for one in kept if one.starts < THURSDAY + 18 * HOUR] == ["held", "held"]
    assert sum(counts) == len({place.opening for place in offered}) == 2
    assert {place.conversation for place in offered} == {visitor.conversation for visitor in visitors[:2]}


async def test_an_offer_and_a_visitor_who_asks_at_the_same_moment_are_two_people(house: House, talk: Talk,
                                                                                full: Thursday) -> None:
    """Whoever is first has it; the other is told the truth."""
    key = f"sports-massage-60@therapist-b@{(THURSDAY + 17 * HOUR).isoformat(timespec='minutes')}"
    await joins(talk, "an hour on thursday at 5pm")
    other, _ = await house.inbox.open("website")
    await unblock(house, full)

    async def picks() -> bool:
        async with house.store.begin() as unit:
            service, therapist, starts = key.split("@")
            begins = datetime.fromisoformat(starts)
            try:
                await unit.book.hold(other, Opening(begins, begins + HOUR, therapist, service),
                                     timedelta(minutes=75), MONDAY_NOON + HOUR, MONDAY_NOON)
            except Exception:
                return False
        return True

    picked, _ = await asyncio.gather(picks(), house.rounds.offering.walk())
    assert picked + len(await offers(talk)) == 1


async def test_nothing_is_said_where_the_message_cannot_be_written(house: House, talk: Talk, full: Thursday) -> None:
    """The hold, the place and the message are one: a round that breaks leaves nothing, and the next one offers it."""
    await joins(talk)
    await unblock(house, full)
    async with house.store.begin() as unit:
        await unit.connection.execute(text(
            "alter table message add constraint broken check (sender <> 'bot') not valid"))
    try:
        with pytest.raises(Exception, match="broken"):
            await walk(house)
        async with house.store.begin() as unit:
            there = await unit.book.between(THURSDAY + 17 * HOUR, THURSDAY + 18 * HOUR)
            assert [one.state for one in there] == ["blocked"]
    finally:
        async with house.store.begin() as unit:
            await unit.connection.execute(text("alter table message drop constraint broken"))
    await walk(house)
    assert len(await offers(talk)) == 1


async def test_a_conversation_has_three_places_and_the_same_wish_once(talk: Talk, full: Thursday) -> None:
    await joins(talk)
    await joins(talk)
    assert len(await on_list(talk)) == 1
    for service in ("30 minutes", "90 minutes"):
        await joins(talk, f"{service} on thursday evening")
    await talk.says("can i book a first visit on thursday evening")
    await talk.taps("Tell me if one comes free")
    await talk.taps("Yes, put me on the list")
    assert "three times already" in talk.last.text
    assert len(await on_list(talk)) == 3


async def test_what_begins_too_soon_to_be_kept_is_not_offered(talk: Talk) -> None:
    """Two hours before it begins nothing can be booked: what could be kept for a quarter of an hour is told."""
    async with talk.house.store.begin() as unit:
        for who in PEOPLE:
            day = Opening(MONDAY_NOON, MONDAY_NOON + 8 * HOUR, who, "")
            blocked = await unit.book.add(day, timedelta(0), Details("", ""), "blocked", MONDAY_NOON)
    await joins(talk, "an hour this afternoon")
    await unblock(talk.house, Thursday({"therapist-b": blocked}))
    await walk(talk.house)
    (offer,) = await offers(talk)
    assert "Monday 23 November at 14:15" in offer.text
    assert "until Monday 23 November at 12:15" in offer.text
