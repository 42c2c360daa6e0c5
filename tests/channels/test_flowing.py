"""Replies that stop: somebody is told once, and once when they flow again, whoever looks and however often."""
import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from prometheus_client import generate_latest
from sqlalchemy import text

from bootstrap import House
from channels.flowing import Flowing
from channels.inbox import Arrival
from clinic.conversation import Reply
from clinic.post import Notice
from clinic.store.flow import WAITS
from desk import flowing
from tests.conftest import MONDAY_NOON, Pigeonhole, StoppedClock

LIMIT = timedelta(minutes=5)
STOPPED, AGAIN = Notice("replies_stopped", "answers"), Notice("replies_flow_again", "answers")


@pytest_asyncio.fixture
async def still(house: House, clock: StoppedClock, post: Pigeonhole, monkeypatch: pytest.MonkeyPatch
                ) -> AsyncIterator[UUID]:
    """A conversation whose message no worker takes, where nothing else waits."""
    for queue in ("channels.outbox.QUEUE", "channels.takeover.QUEUE"):
        monkeypatch.setattr(queue, "nobody")
    monkeypatch.setattr("channels.inbox.queue_of", lambda channel: "nobody")
    clock.now = MONDAY_NOON
    async with house.store.begin() as unit:
        for statement in ("update message set state = 'answered' where state = 'waiting'",
                          "update delivery set state = 'dropped'", "update outgoing set state = 'undone'",
                          "delete from warning"):
            await unit.connection.execute(text(statement))
    conversation = await writes(house)
    post.notices.clear()
    yield conversation
    async with house.store.begin() as unit:
        await unit.connection.execute(text("delete from conversation where id = :key"), {"key": conversation})
        await unit.connection.execute(text("delete from warning"))


async def writes(house: House, channel: str = "website") -> UUID:
    conversation, _ = await house.inbox.open(channel)
    await house.inbox.accept(Arrival(conversation, uuid4().hex, "are you open on friday"))
    return conversation


async def answered(house: House, conversation: UUID) -> None:
    async with house.store.begin() as unit:
        await unit.connection.execute(text("update message set state = 'answered' where conversation = :key and "
                                           "state = 'waiting'"), {"key": conversation})


def looks(house: House, post: Pigeonhole) -> Flowing:
    """As a process that has just begun to look."""
    return Flowing(house.store, post, house.clock, LIMIT)


async def twice(one: Flowing) -> None:
    await one.look()
    await one.look()


async def test_the_clinic_is_told_once_by_whoever_lives(house: House, still: UUID, post: Pigeonhole,
                                                        clock: StoppedClock) -> None:
    first, second = looks(house, post), looks(house, post)
    await twice(first)
    assert post.notices == []
    clock.now += LIMIT
    for _ in range(3):
        await second.look()
        await first.look()
    await twice(looks(house, post))  # one that was started again
    assert post.notices == [STOPPED]


async def test_and_once_when_they_flow_again(house: House, still: UUID, post: Pigeonhole, clock: StoppedClock) -> None:
    clock.now += LIMIT
    await twice(looks(house, post))
    await answered(house, still)
    first, second = looks(house, post), looks(house, post)
    for one in (first, second, first):
        await one.look()
    assert post.notices == [STOPPED, AGAIN]
    await writes(house)
    await twice(first)
    clock.now += LIMIT
    await twice(first)
    assert post.notices == [STOPPED, AGAIN, STOPPED]


async def test_a_hiccup_is_no_new_start(house: House, still: UUID, post: Pigeonhole, clock: StoppedClock) -> None:
    """The first is answered, and the next has waited for most of the time: it does not flow yet."""
    one = looks(house, post)
    clock.now += LIMIT * 0.4
    later = await writes(house)
    clock.now += LIMIT * 0.6
    await twice(one)
    await answered(house, still)
    await twice(one)
    assert post.notices == [STOPPED]
    await answered(house, later)
    await twice(one)
    assert post.notices == [STOPPED, AGAIN]


async def test_a_machine_that_wakes_up_catches_up_first(house: House, still: UUID, post: Pigeonhole,
                                                        clock: StoppedClock) -> None:
    one = looks(house, post)
    clock.now += timedelta(hours=9)
    await one.look()
    await answered(house, still)
    await twice(one)
    assert post.notices == []


class Unreachable(Pigeonhole):
    """A mail server that takes nothing at first."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.left = times

    async def send(self, notice: Notice) -> None:
        self.left -= 1
        if self.left >= 0:
            raise OSError("no mail server")
        await super().send(notice)


async def test_where_the_word_does_not_get_out_it_is_tried_again(
        house: House, still: UUID, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the next look, and the looks go on."""
    monkeypatch.setattr("channels.flowing.LOOK_EVERY", 0.01)
    clock.now += LIMIT
    mail = Unreachable(2)
    watching = asyncio.create_task(looks(house, mail).watch())
    async with asyncio.timeout(20):
        while not mail.notices:  # noqa: ASYNC110 - nobody tells when it is there
            await asyncio.sleep(0.01)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert mail.notices == [STOPPED]
    assert mail.left == -1


async def test_what_waits_in_the_outbox_is_told_of_by_channel(house: House, still: UUID, post: Pigeonhole,
                                                              clock: StoppedClock) -> None:
    await answered(house, still)
    async with house.store.begin() as unit:
        who = await unit.correspondents.meet("telegram", ["447700900777"], house.clock())
        n = await unit.messages.say(who.conversation, Reply("answer", "one"), house.clock())
        await house.messengers.outbox.post(unit, who.conversation, "telegram", n - 1)
        await unit.connection.execute(text("update delivery set due_at = :at where conversation = :key"),
                                      {"at": house.clock(), "key": who.conversation})
    clock.now += LIMIT
    one = looks(house, post)
    await twice(one)
    assert post.notices == [Notice("replies_stopped", "telegram")]
    async with house.store.begin() as unit:  # what is taken up again by hand has its time before it
        await unit.connection.execute(text("update delivery set state = 'failed', error = 'gave_up' where "
                                           "conversation = :key"), {"key": who.conversation})
        await unit.deliveries.revive(None)
        (wait,) = await unit.flow.waits(clock.now)
        assert (wait.place, wait.many) == ("telegram", 2)  # before it, that this is a machine
        assert wait.since > MONDAY_NOON + LIMIT
        await unit.connection.execute(text("delete from conversation where id = :key"), {"key": who.conversation})


async def test_what_staff_wrote_is_missed_too(house: House, still: UUID, post: Pigeonhole, clock: StoppedClock) -> None:
    await answered(house, still)
    async with house.store.begin() as unit:
        await house.takeover.write(unit, still, "see you then", "Robin")
    await twice(looks(house, post))
    clock.now += LIMIT * 1.1
    await twice(looks(house, post))
    assert post.notices == [Notice("replies_stopped", "staff")]


async def test_the_command_lines_own_questions_are_nobodys_loss(house: House, still: UUID, post: Pigeonhole,
                                                                clock: StoppedClock) -> None:
    await answered(house, still)
    left = await writes(house, "cli")
    clock.now += timedelta(days=1)
    await twice(looks(house, post))
    assert post.notices == []
    await answered(house, left)


async def test_it_shows_in_the_metrics_and_to_the_doctor(house: House, still: UUID, post: Pigeonhole,
                                                         clock: StoppedClock) -> None:
    settings = replace(house.settings, database_url=house.store.dsn)
    assert (await flowing.replies(settings, clock)).ok
    clock.now += LIMIT
    one = looks(house, post)
    await twice(one)
    assert b'frontdesk_waiting{place="answers"} 1.0' in generate_latest()
    assert b'frontdesk_waiting_seconds{place="answers"} 300.0' in generate_latest()
    assert b'frontdesk_replies_stopped{place="answers"} 1.0' in generate_latest()
    found = await flowing.replies(settings, clock)
    assert not found.ok
    assert "messages wait" in found.said
    await answered(house, still)
    await one.look()
    assert b'frontdesk_replies_stopped{place="answers"} 0.0' in generate_latest()
    assert b'frontdesk_waiting{place="answers"} 0.0' in generate_latest()


async def test_a_look_reads_only_what_is_open(house: House, still: UUID) -> None:
    """With years behind it, it costs the same: it can be had from the indexes of what is open."""
    async with house.store.begin() as unit:
        for setting in ("enable_seqscan = off", "enable_bitmapscan = off"):  # as they are chosen with years behind it
            await unit.connection.execute(text(f"set local {setting}"))
        plan = "\n".join(await unit.connection.scalars(
            text(f"explain {WAITS.text}"), {"answers": "a", "staff": "s", "now": house.clock()}))
    assert "message_waiting" in plan
    assert "delivery_open" in plan
