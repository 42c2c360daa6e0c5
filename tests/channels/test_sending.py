"""What is on its way: attempts are recorded before they are made, and no end of a process loses or scrambles any."""
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text

from bootstrap import House
from channels import sending
from channels.contract import Answer, Call, NoAnswer, Refused, TryLater
from channels.sending import Sending
from channels.staff_chat import StaffChat
from clinic.booking.appointment import Details
from clinic.booking.opening import Opening
from clinic.booking.waiting import Wanted
from clinic.conversation import Reply
from clinic.store.unit import Store
from tests.conftest import MONDAY_NOON, Pigeonhole, StoppedClock

ADDRESS = "447700900555"


class Carrier:
    """Takes what it is given, or does what it was told to; the attempt must be on record by then."""

    def __init__(self, store: Store, moods: Sequence[Any] = ()) -> None:
        self.store, self.moods, self.taken = store, list(moods), []  # type: ignore[var-annotated]

    async def carry(self, channel: Any, call: Call, patience: float | None = None) -> Answer:
        async with self.store.begin() as unit:
            sending = await unit.connection.scalar(text("select count(*) from delivery where state = 'sending'"))
        assert sending == 1
        mood = self.moods.pop(0) if self.moods else None
        if isinstance(mood, BaseException):
            raise mood
        assert call.json
        self.taken.append(call.json["text"])
        return Answer(200, {"ok": True, "result": {"message_id": len(self.taken)}})


class Killed(BaseException):
    """The process ends here."""


@pytest_asyncio.fixture
async def talk(house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[UUID]:
    """A conversation on Telegram whose deliveries no worker takes."""
    monkeypatch.setattr("channels.outbox.QUEUE", "nobody")
    monkeypatch.setattr(sending, "QUEUE", "nobody")
    async with house.store.begin() as unit:
        await unit.connection.execute(text("update delivery set state = 'dropped'"))
        who = await unit.correspondents.meet("telegram", [ADDRESS], house.clock())
        await unit.correspondents.notice_due(who.conversation)
    yield who.conversation
    async with house.store.begin() as unit:
        await unit.connection.execute(text("delete from conversation where id = :key"), {"key": who.conversation})


async def say(house: House, talk: UUID, *texts: str, kind: Any = "answer") -> None:
    async with house.store.begin() as unit:
        for said in texts:
            n = await unit.messages.say(talk, Reply(kind, said), house.clock())
            await house.messengers.outbox.post(unit, talk, "telegram", n - 1)


async def run(house: House, talk: UUID, carrier: Carrier) -> list[tuple[str, str | None]]:
    """Have it sent as a worker would; then the state of each delivery."""
    one = Sending(house.store, house.jobs, house.messengers.channels, carrier, house.handoff,  # type: ignore[arg-type]
                  house.clock, StaffChat(house.jobs, house.takeover, house.clock), pause=0.0)
    await one.run(str(talk))
    async with house.store.begin() as unit:
        return [(row.state, row.error) for row in await unit.deliveries.of(talk)]


async def test_what_was_said_is_sent_in_order(house: House, talk: UUID) -> None:
    await say(house, talk, "one", "two", "three")
    carrier = Carrier(house.store)
    assert await run(house, talk, carrier) == [("sent", None)] * 3
    assert carrier.taken == ["one", "two", "three"]


async def test_nothing_overtakes_what_waits(house: House, talk: UUID) -> None:
    await say(house, talk, "one", "two")
    carrier = Carrier(house.store, [TryLater("503"), TryLater("429", 0.0)])
    assert await run(house, talk, carrier) == [("waiting", "503"), ("waiting", None)]
    assert await run(house, talk, carrier) == [("waiting", "429"), ("waiting", None)]
    await run(house, talk, carrier)
    assert carrier.taken == ["one", "two"]


async def test_a_pause_that_is_asked_for_is_kept(house: House, talk: UUID) -> None:
    await say(house, talk, "one")
    carrier = Carrier(house.store, [TryLater("429", 60.0)])
    for _ in range(3):
        await run(house, talk, carrier)
    assert carrier.taken == []
    async with house.store.begin() as unit:
        wait = await unit.connection.scalar(text("select extract(epoch from max(due_at) - now()) from delivery where "
                                                 "conversation = :key"), {"key": talk})
    assert 55 < wait <= 90


async def test_a_kill_in_the_middle_repeats(house: House, talk: UUID) -> None:
    """Nobody knows whether it got there: once more beats never."""
    await say(house, talk, "one")
    carrier = Carrier(house.store, [Killed()])
    with pytest.raises(Killed):
        await run(house, talk, carrier)
    assert await run(house, talk, carrier) == [("sent", None)]
    assert carrier.taken == ["one"]


@pytest.mark.parametrize("mood", [Killed(), NoAnswer("ReadTimeout")])
async def test_a_booking_is_never_sent_twice(house: House, talk: UUID, mood: BaseException, post: Pigeonhole) -> None:
    """A person looks whether it got there; what comes after it goes on."""
    await say(house, talk, "Your appointment is on Monday.", kind="booking")
    await say(house, talk, "Anything else?")
    carrier = Carrier(house.store, [mood])
    try:
        states = await run(house, talk, carrier)
    except Killed:
        states = await run(house, talk, carrier)
    assert states == [("parked", "unsure"), ("sent", None)]
    async with house.store.begin() as unit:
        assert "undelivered_unsure" in [why for key, _, why, _ in await unit.cases.open_cases(1000) if key == talk]


async def test_what_is_refused_does_not_keep_the_rest(house: House, talk: UUID) -> None:
    await say(house, talk, "one", "two")
    carrier = Carrier(house.store, [Refused("refused")])
    assert await run(house, talk, carrier) == [("failed", "refused"), ("sent", None)]


async def test_a_fault_of_ours_does_not_keep_the_rest(house: House, talk: UUID) -> None:
    await say(house, talk, "one", "two")
    carrier = Carrier(house.store, [KeyError("a bug")])
    assert await run(house, talk, carrier) == [("failed", "fault"), ("sent", None)]


async def test_it_is_left_to_staff_in_the_end(house: House, talk: UUID) -> None:
    await say(house, talk, "one")
    carrier = Carrier(house.store, [TryLater("500", 0.0)] * sending.TRIES)
    for _ in range(sending.TRIES):
        states = await run(house, talk, carrier)
    assert states == [("failed", "gave_up")]


async def test_a_channel_that_was_taken_away_is_shown(house: House, talk: UUID) -> None:
    await say(house, talk, "one")
    one = Sending(house.store, house.jobs, {}, Carrier(house.store), house.handoff, house.clock,  # type: ignore[arg-type]
                  StaffChat(house.jobs, house.takeover, house.clock))
    await one.run(str(talk))
    async with house.store.begin() as unit:
        assert [(row.state, row.error) for row in await unit.deliveries.of(talk)] == [("failed", "not_set_up")]


async def test_a_turn_that_is_rolled_back_sends_nothing(house: House, talk: UUID) -> None:
    async def failing() -> None:
        async with house.store.begin() as unit:
            n = await unit.messages.say(talk, Reply("answer", "one"), house.clock())
            await house.messengers.outbox.post(unit, talk, "telegram", n - 1)
            raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        await failing()
    assert await run(house, talk, Carrier(house.store)) == []


async def test_a_reminder_that_waited_too_long_is_not_sent(house: House, talk: UUID, clock: StoppedClock) -> None:
    """The provider was away until the appointment had begun: what comes after the reminder is sent all the same."""
    clock.now = MONDAY_NOON
    starts = MONDAY_NOON + timedelta(days=3, hours=3)
    async with house.store.begin() as unit:
        await unit.connection.execute(text("delete from appointment"))
        held = await unit.book.hold(talk, Opening(starts, starts + timedelta(hours=1), "therapist-a",
                                                  "sports-massage-60"), timedelta(hours=1), starts, clock.now)
        await unit.book.confirm(held.id, "booked", Details("Jo Hill", "+447700900123"), clock.now)
    clock.now = starts - timedelta(hours=2)
    await house.rounds.remind()
    carrier = Carrier(house.store, [TryLater("away")])
    assert await run(house, talk, carrier) == [("waiting", "away")]
    clock.now = starts
    await say(house, talk, "is anybody there?")
    assert await run(house, talk, carrier) == [("dropped", "untrue"), ("sent", None)]
    assert carrier.taken == ["is anybody there?"]


@pytest_asyncio.fixture
async def waits(house: House, talk: UUID, clock: StoppedClock) -> AsyncIterator[UUID]:
    """Somebody on Telegram waits for Thursday afternoon; nothing is booked."""
    clock.now = MONDAY_NOON
    local = MONDAY_NOON.replace(tzinfo=None) + timedelta(days=3)
    async with house.store.begin() as unit:
        await unit.connection.execute(text("delete from appointment"))
        await unit.connection.execute(text("delete from waiting"))
        wanted = Wanted("sports-massage-60", ((local, local + timedelta(hours=6)),), "thursday afternoon")
        await unit.waiting_list.join(talk, wanted, (), house.library.current.content.clinic.zone, clock.now)
    yield talk
    async with house.store.begin() as unit:
        await unit.connection.execute(text("delete from appointment"))
        await unit.connection.execute(text("delete from waiting"))


async def test_a_time_that_came_free_is_told_on_their_own_channel(house: House, waits: UUID) -> None:
    carrier = Carrier(house.store)
    await house.rounds.offering.walk()
    assert await run(house, waits, carrier) == [("sent", None)]
    assert "has come free: Thursday 26 November" in carrier.taken[0]


async def test_a_time_that_is_kept_no_more_is_not_told(house: House, waits: UUID, clock: StoppedClock) -> None:
    """The provider was away for longer than it was kept: what is said since then is sent."""
    await house.rounds.offering.walk()
    carrier = Carrier(house.store, [TryLater("away")])
    assert await run(house, waits, carrier) == [("waiting", "away")]
    clock.now += timedelta(minutes=121)
    await house.rounds.offering.walk()
    states = await run(house, waits, carrier)
    assert states[0] == ("dropped", "untrue")
    assert states[1:] == [("sent", None)] * len(carrier.taken)
    assert "gone to the next in line" in carrier.taken[0]


async def test_who_wants_no_more_messages_is_offered_nothing(house: House, waits: UUID) -> None:
    async with house.store.begin() as unit:
        await unit.correspondents.stop(waits, True)
    await house.rounds.offering.walk()
    async with house.store.begin() as unit:
        assert [place.state for place in await unit.waiting_list.of(waits)] == ["waiting"]
        await unit.correspondents.stop(waits, False)
    await house.rounds.offering.walk()
    async with house.store.begin() as unit:
        assert [place.state for place in await unit.waiting_list.of(waits)] == ["offered"]
