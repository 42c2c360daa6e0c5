"""The book, in a real database: nobody has a time twice, whatever happens at once."""
import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import pytest_asyncio

from bootstrap import House
from clinic.booking.appointment import Appointment, Details
from clinic.booking.opening import AppointmentUnknown, Opening, OpeningTaken

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NEEDS = timedelta(minutes=75)
SAM = Details("Sam Hill", "+447700900123")
_days = iter(range(1, 10_000))


@pytest.fixture
def opening() -> Opening:
    """A time that no other test uses."""
    starts = datetime(2030, 1, 1, 10, 0, tzinfo=UTC) + timedelta(days=next(_days))
    return Opening(starts, starts + timedelta(minutes=60), "therapist-a", "sports-massage-60")


@pytest_asyncio.fixture
async def visitors(house: House) -> AsyncIterator[list[UUID]]:
    yield [(await house.inbox.open("website"))[0] for _ in range(8)]


async def hold(house: House, who: UUID, opening: Opening, now: datetime = NOW) -> Appointment:
    async with house.store.begin() as unit:
        return await unit.book.hold(who, opening, NEEDS, now + timedelta(minutes=10), now)


async def extend(house: House, who: UUID) -> None:
    async with house.store.begin() as unit:
        await unit.book.extend(who, NOW + timedelta(minutes=10))


async def confirm(house: House, held: Appointment) -> Appointment:
    async with house.store.begin() as unit:
        return await unit.book.confirm(held.id, "booked", SAM, NOW)


async def test_of_many_at_once_one_has_it(house: House, visitors: list[UUID], opening: Opening) -> None:
    outcomes = await asyncio.gather(*(hold(house, who, opening) for who in visitors), return_exceptions=True)
    assert sum(isinstance(outcome, Appointment) for outcome in outcomes) == 1
    assert all(isinstance(outcome, Appointment | OpeningTaken) for outcome in outcomes)


async def test_the_time_needed_afterwards_is_taken_too(house: House, visitors: list[UUID], opening: Opening) -> None:
    await hold(house, visitors[0], opening)
    after = Opening(opening.ends, opening.ends + timedelta(minutes=60), opening.therapist, opening.service)
    with pytest.raises(OpeningTaken):
        await hold(house, visitors[1], after)
    free = Opening(opening.starts + NEEDS, opening.ends + NEEDS, opening.therapist, opening.service)
    assert (await hold(house, visitors[1], free)).state == "held"


async def test_a_hold_that_has_run_out_goes_to_whoever_asks(house: House, visitors: list[UUID],
                                                            opening: Opening) -> None:
    """And whoever had it is told so, while one that nobody asked for is still theirs."""
    first = await hold(house, visitors[0], opening)
    later = NOW + timedelta(minutes=11)
    assert (await hold(house, visitors[1], opening, later)).conversation == visitors[1]
    with pytest.raises(OpeningTaken):
        await confirm(house, first)


async def test_a_hold_past_its_time_is_still_ones_own_while_nobody_wants_it(
        house: House, visitors: list[UUID], opening: Opening) -> None:
    held = await hold(house, visitors[0], opening, NOW - timedelta(hours=3))
    assert (await confirm(house, held)).state == "booked"


async def test_confirming_ten_times_books_once(house: House, visitors: list[UUID], opening: Opening) -> None:
    held = await hold(house, visitors[0], opening)
    booked = await asyncio.gather(*(confirm(house, held) for _ in range(10)))
    assert len({one.reference for one in booked}) == 1
    async with house.store.begin() as unit:
        assert [state for _, _, state, _ in await unit.ledger.history(booked[0].reference)] == ["booked"]
        assert len(await unit.book.of(visitors[0], NOW)) == 1


async def test_another_choice_gives_the_first_back(house: House, visitors: list[UUID], opening: Opening) -> None:
    await hold(house, visitors[0], opening)
    other = Opening(opening.starts + timedelta(hours=3), opening.ends + timedelta(hours=3), "therapist-a", "x")
    await hold(house, visitors[0], other)
    assert (await hold(house, visitors[1], opening)).state == "held"
    async with house.store.begin() as unit:  # one that fails leaves what was held
        with pytest.raises(OpeningTaken):
            await unit.book.hold(visitors[1], other, NEEDS, NOW + timedelta(minutes=10), NOW)
        mine = await unit.book.held(visitors[1])
    assert mine
    assert mine.starts == opening.starts


async def test_ones_own_hold_is_no_obstacle(house: House, visitors: list[UUID], opening: Opening) -> None:
    await hold(house, visitors[0], opening)
    async with house.store.begin() as unit:
        window = opening.starts - timedelta(hours=1), opening.ends + timedelta(hours=1)
        assert await unit.book.taken(*window, NOW, but_of=visitors[0]) == []
        assert len(await unit.book.taken(*window, NOW, but_of=visitors[1])) == 1
        assert await unit.book.taken(*window, NOW + timedelta(hours=1)) == []


async def test_it_is_found_with_reference_and_contact_only(house: House, visitors: list[UUID],
                                                           opening: Opening) -> None:
    booked = await confirm(house, await hold(house, visitors[0], opening))
    async with house.store.begin() as unit:
        assert (await unit.book.find(booked.reference.lower(), SAM.contact, visitors[1])).id == booked.id
        for reference, contact in ((booked.reference, "+447700900999"), ("ZZZZZZ", SAM.contact)):
            with pytest.raises(AppointmentUnknown):
                await unit.book.find(reference, contact, visitors[1])


async def test_moving_keeps_the_reference_and_frees_the_old_time(house: House, visitors: list[UUID],
                                                                 opening: Opening) -> None:
    booked = await confirm(house, await hold(house, visitors[0], opening))
    new = Opening(opening.starts + timedelta(minutes=30), opening.ends + timedelta(minutes=30), "therapist-a",
                  opening.service)  # overlaps the old one: it makes room for itself
    async with house.store.begin() as unit:
        moved = await unit.book.move(booked.reference, new, NEEDS, "visitor", NOW)
    assert (moved.reference, moved.starts, moved.version) == (booked.reference, new.starts, booked.version + 1)
    with pytest.raises(OpeningTaken):
        await hold(house, visitors[1], opening)


async def test_a_move_to_a_taken_time_changes_nothing(house: House, visitors: list[UUID], opening: Opening) -> None:
    booked = await confirm(house, await hold(house, visitors[0], opening))
    other = Opening(opening.starts + timedelta(hours=4), opening.ends + timedelta(hours=4), "therapist-a", "x")
    await hold(house, visitors[1], other)
    async with house.store.begin() as unit:
        with pytest.raises(OpeningTaken):
            await unit.book.move(booked.reference, other, NEEDS, "visitor", NOW)
        assert (await unit.book.find(booked.reference, SAM.contact, visitors[1])).starts == opening.starts


async def test_cancelling_frees_the_time_once(house: House, visitors: list[UUID], opening: Opening) -> None:
    booked = await confirm(house, await hold(house, visitors[0], opening))
    for _ in range(3):
        async with house.store.begin() as unit:
            assert (await unit.book.settle(booked.reference, "cancelled", "visitor", NOW)).state == "cancelled"
    async with house.store.begin() as unit:
        assert len(await unit.ledger.history(booked.reference)) == 2
    again = await confirm(house, await hold(house, visitors[1], opening))
    async with house.store.begin() as unit:  # and staff can't bring the first one back over it
        with pytest.raises(OpeningTaken):
            await unit.book.settle(booked.reference, "booked", "staff", NOW)
        assert (await unit.book.find(again.reference, SAM.contact, visitors[0])).state == "booked"


async def test_staff_can_block_time(house: House, visitors: list[UUID], opening: Opening) -> None:
    async with house.store.begin() as unit:
        await unit.book.add(Opening(opening.starts, opening.ends, "therapist-a", ""), timedelta(0),
                            Details("", "", wish="training day"), "blocked", NOW)
    with pytest.raises(OpeningTaken):
        await hold(house, visitors[0], opening)
    async with house.store.begin() as unit:
        day = await unit.book.between(opening.starts - timedelta(hours=1), opening.ends)
    assert [one.state for one in day] == ["blocked"]


async def test_who_writes_does_so_alone(house: House, visitors: list[UUID], opening: Opening) -> None:
    """Else two who write at the same moment wait for each other in the database's constraint, and one of them fails
    (`make drill-booking`, race) instead of hearing that the time is gone."""
    elsewhere = Opening(opening.starts + timedelta(hours=3), opening.ends + timedelta(hours=3), "therapist-a", "x")
    mine = await hold(house, visitors[0], elsewhere)
    for write in (lambda: extend(house, visitors[0]), lambda: hold(house, visitors[1], elsewhere),
                  lambda: confirm(house, mine)):
        async with house.store.begin() as unit:
            await unit.book.hold(visitors[2], opening, NEEDS, NOW + timedelta(minutes=10), NOW)
            other = asyncio.create_task(write())
            assert not (await asyncio.wait({other}, timeout=0.3))[0]
        await asyncio.wait({other})
    assert other.result().state == "booked"


async def test_what_the_command_line_books_takes_nobodys_time(house: House, visitors: list[UUID],
                                                              opening: Opening) -> None:
    """A rehearsal sees the book as it is, and leaves it so."""
    rehearsing, _ = await house.inbox.open("cli")
    booked = await confirm(house, await hold(house, rehearsing, opening))
    assert booked.therapist == opening.therapist
    assert (await hold(house, visitors[0], opening)).state == "held"
    window = opening.starts - timedelta(hours=1), opening.ends
    async with house.store.begin() as unit:
        assert [one.starts for one in await unit.book.taken(*window, NOW)] == [opening.starts]
        assert len(await unit.book.taken(*window, NOW, but_of=rehearsing)) == 2
        assert [one.conversation for one in await unit.book.between(*window)] == [visitors[0]]


async def hold_to_move(house: House, who: UUID, reference: str, to: Opening) -> None:
    async with house.store.begin() as unit:
        await unit.book.hold_to_move(who, reference, to, NEEDS, NOW + timedelta(minutes=10), NOW)


async def move(house: House, reference: str, to: Opening) -> Appointment:
    async with house.store.begin() as unit:
        return await unit.book.move(reference, to, NEEDS, "visitor", NOW)


def by(opening: Opening, minutes: int, length: int = 60) -> Opening:
    starts = opening.starts + timedelta(minutes=minutes)
    return Opening(starts, starts + timedelta(minutes=length), opening.therapist, opening.service)


@pytest.mark.parametrize("minutes", [-60, -30, 0, 30, 60])
async def test_an_appointment_may_move_into_its_own_time(house: House, visitors: list[UUID], opening: Opening,
                                                         minutes: int) -> None:
    made = await confirm(house, await hold(house, visitors[0], opening))
    await hold_to_move(house, visitors[0], made.reference, by(opening, minutes))
    moved = await move(house, made.reference, by(opening, minutes))
    assert (moved.starts, moved.state) == (by(opening, minutes).starts, "booked")
    async with house.store.begin() as unit:
        around = await unit.book.between(opening.starts - timedelta(hours=3), opening.ends + timedelta(hours=3))
    assert [one.reference for one in around] == [made.reference]


async def test_what_lies_outside_of_its_own_time_is_held_on_both_sides(house: House, visitors: list[UUID],
                                                                       opening: Opening) -> None:
    """A longer treatment around the one that is booked: nobody else has what comes before it or after it."""
    made = await confirm(house, await hold(house, visitors[0], opening))
    longer = by(opening, -30, 150)
    async with house.store.begin() as unit:
        await unit.book.hold_to_move(visitors[0], made.reference, longer, timedelta(minutes=165),
                                     NOW + timedelta(minutes=10), NOW)
    for minutes, length in ((-90, 60), (75, 30)):
        with pytest.raises(OpeningTaken):
            await hold(house, visitors[1], by(opening, minutes, length))
    async with house.store.begin() as unit:
        await unit.book.move(made.reference, longer, timedelta(minutes=165), "visitor", NOW)
        around = await unit.book.between(longer.starts, longer.ends)
    assert [(one.reference, one.starts) for one in around] == [(made.reference, longer.starts)]


async def test_of_those_who_move_into_the_same_gap_one_has_it(house: House, visitors: list[UUID],
                                                              opening: Opening) -> None:
    """Two neighbours, half an hour of it between them, each moving towards the other, at once and again and again."""
    first = await confirm(house, await hold(house, visitors[0], opening))
    second = await confirm(house, await hold(house, visitors[1], by(opening, 105)))

    async def towards(who: UUID, reference: str, to: Opening) -> Appointment:
        await hold_to_move(house, who, reference, to)
        return await move(house, reference, to)

    outcomes = await asyncio.gather(towards(visitors[0], first.reference, by(opening, 30)),
                                    towards(visitors[1], second.reference, by(opening, 75)), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Appointment", "OpeningTaken"]
