"""A turn is one transaction: all of it, or nothing and again."""
import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text

from bootstrap import House
from channels import turn
from channels.inbox import Arrival
from channels.turn import Turns
from clinic.conversation import Reply
from clinic.safety.reading import Reading
from clinic.settings import ROOT
from clinic.visit import Answered, Visit


class Breaking:
    """An assistant that does *first* a number of times, then answers."""

    def __init__(self, times: int, first: Any) -> None:
        self.left, self.first = times, first

    async def answer(self, visit: Visit) -> Answered:
        if self.left:
            self.left -= 1
            await self.first(visit)
        return Answered((Reply("smalltalk", "answered"),), {"name": "greet", "confidence": 1.0}, "[]")

    async def set_aside(self, visit: Visit) -> Answered:
        return Answered((), None, None)

    async def danger(self, visit: Visit) -> Reading | None:
        return None


async def a_bug_after_a_write(visit: Visit) -> None:
    await visit.records.cases.hand_over(visit.waiting.conversation, visit.waiting.n, "half_done", visit.now)
    raise RuntimeError("a bug")


async def a_database_error(visit: Visit) -> None:
    await visit.records.connection.execute(text("select 1/0"))  # type: ignore[attr-defined]


async def a_swallowed_database_error(visit: Visit) -> None:
    """As Rasa does it: the exception is logged and forgotten, the transaction is not."""
    try:
        await a_database_error(visit)
    except Exception:
        await visit.records.cases.hand_over(visit.waiting.conversation, visit.waiting.n, "never", visit.now)


@pytest_asyncio.fixture
async def waiting(house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[UUID]:
    """A conversation with one message that no worker takes: its queue is nobody's."""
    monkeypatch.setattr(turn, "PAUSES", (0.0, 0.0))
    monkeypatch.setattr("channels.inbox.queue_of", lambda channel: "nobody")
    conversation, _ = await house.inbox.open("website")
    await house.inbox.accept(Arrival(conversation, "m1", "hello"))
    yield conversation


def turns(house: House, assistant: Any) -> Turns:
    return Turns(house.store, house.jobs, assistant, house.library, house.screen, house.handoff, house.tidings,
                 house.clock)


async def log_of(house: House, conversation: UUID) -> list[str | None]:
    async with house.store.begin() as unit:
        return [message.kind for message in await unit.messages.after(conversation, 0)]


async def cases_of(house: House, conversation: UUID) -> list[str]:
    async with house.store.begin() as unit:
        return [reason for key, _, reason, _ in await unit.cases.open_cases(1000) if key == conversation]


@pytest.mark.parametrize("trouble", [a_bug_after_a_write, a_database_error, a_swallowed_database_error])
async def test_trouble_once_leaves_no_trace(house: House, waiting: UUID, trouble: Any) -> None:
    """The second try answers, once, and nothing of the first one is there."""
    await turns(house, Breaking(1, trouble)).run(str(waiting))
    assert await log_of(house, waiting) == [None, "smalltalk"]
    assert await cases_of(house, waiting) == []


@pytest.mark.parametrize("trouble", [a_bug_after_a_write, a_database_error, a_swallowed_database_error])
async def test_trouble_for_good_brings_a_person(house: House, waiting: UUID, trouble: Any) -> None:
    """Three failures: the visitor is told, staff have it on their list, the conversation is free."""
    await turns(house, Breaking(99, trouble)).run(str(waiting))
    assert await log_of(house, waiting) == [None, "handoff"]
    assert await cases_of(house, waiting) == ["failed_turn"]
    await house.inbox.accept(Arrival(waiting, "m2", "hello again"))
    await turns(house, Breaking(0, None)).run(str(waiting))
    assert (await log_of(house, waiting))[-1] == "smalltalk"


async def test_where_it_failed_is_kept_without_what_was_said(house: House, waiting: UUID) -> None:
    """The kind of exception and the lines of code, for whoever mends it; no text of it, and no path of the machine."""
    async def with_words(visit: Visit) -> None:
        try:
            raise KeyError(visit.waiting.text)
        except KeyError as error:
            raise ValueError(f"no good: {visit.waiting.text}") from error

    await turns(house, Breaking(99, with_words)).run(str(waiting))
    async with house.store.begin() as unit:
        fault = next(lines for _, lines in await unit.messages.faults(1000) if "KeyError" in lines)
    assert fault[-1] == "ValueError"
    assert any(line.startswith("channels/turn.py:") and line.endswith(" take") for line in fault)
    assert "hello" not in repr(fault)
    assert str(ROOT) not in repr(fault)


async def test_no_reply_at_all_is_a_failure(house: House, waiting: UUID) -> None:
    class Silent(Breaking):
        async def answer(self, visit: Visit) -> Answered:
            return Answered((), None, "[]")

    await turns(house, Silent(0, None)).run(str(waiting))
    assert await log_of(house, waiting) == [None, "handoff"]


async def test_two_workers_answer_a_message_once(house: House, waiting: UUID) -> None:
    assistant = Breaking(0, None)
    await asyncio.gather(*(turns(house, assistant).run(str(waiting)) for _ in range(6)))
    assert await log_of(house, waiting) == [None, "smalltalk"]


async def test_messages_are_answered_in_their_order(house: House, waiting: UUID) -> None:
    heard: list[str] = []

    class Listening(Breaking):
        async def answer(self, visit: Visit) -> Answered:
            heard.append(visit.waiting.text)
            return await super().answer(visit)

    for n, said in enumerate(("one", "two", "three")):
        await house.inbox.accept(Arrival(waiting, f"more{n}", said))
    await asyncio.gather(*(turns(house, Listening(0, None)).run(str(waiting)) for _ in range(4)))
    assert heard == ["hello", "one", "two", "three"]


async def test_one_job_answers_all_that_waits(house: House, waiting: UUID) -> None:
    """The jobs of the other messages are locked until the first one ends; nobody waits for them."""
    for n in range(3):
        await house.inbox.accept(Arrival(waiting, f"more{n}", "and another thing"))
    await turns(house, Breaking(0, None)).run(str(waiting))
    assert (await log_of(house, waiting)).count("smalltalk") == 4


async def test_a_person_who_has_it_is_not_talked_over(house: House, waiting: UUID) -> None:
    async with house.store.begin() as unit:
        await unit.conversations.hold(waiting, "Kim", house.clock())
    await turns(house, Breaking(0, None)).run(str(waiting))
    assert await log_of(house, waiting) == [None]


async def test_a_contact_that_is_left_in_danger_brings_help_too(house: House, waiting: UUID) -> None:
    """Few words beside a number are read for danger like any others, by the second reader as well."""
    class Alarmed(Breaking):
        async def danger(self, visit: Visit) -> Reading | None:
            rule = next(rule for rule, _ in house.screen.rules.second if rule.level == "emergency")
            return Reading("emergency", (rule,))

    async with house.store.begin() as unit:
        await unit.cases.hand_over(waiting, 1, "asked_for_person", house.clock())
        await unit.cases.ask_contact(waiting, 1)
        await unit.messages.finish((await unit.messages.oldest_waiting(waiting))[0], "answered", (), house.clock())
    await house.inbox.accept(Arrival(waiting, "m2", "im going, ring 07700 900123"))
    await turns(house, Alarmed(0, None)).run(str(waiting))
    assert await log_of(house, waiting) == [None, None, "safety"]
    async with house.store.begin() as unit:
        assert (await unit.conversations.lock(waiting)).level == "emergency"
        assert {case.contact for case in await unit.cases.of(waiting)} >= {"+447700900123"}


async def test_what_rasa_swallows_still_fails_the_turn(house: House, waiting: UUID,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa logs an action's exception and goes on; the turn hears of it and rolls back."""
    from actions.facts import ActionFact
    from bootstrap import load_agent

    async def broken(self: ActionFact, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        raise RuntimeError("a bug in an action")

    monkeypatch.setattr(ActionFact, "run", broken)
    key, _ = await house.inbox.open("website")
    await house.inbox.accept(Arrival(key, uuid4().hex, "what are your prices"))
    await turns(house, load_agent(house.settings)).run(str(key))
    assert await log_of(house, key) == [None, "handoff"]


async def test_a_tracker_that_cannot_be_saved_fails_the_turn(house: House, waiting: UUID,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    from bootstrap import load_agent
    from bot import in_process

    def broken(tracker: Any) -> list[Any]:
        raise TypeError("not to be stored")

    monkeypatch.setattr(in_process, "shorten", broken)
    await turns(house, load_agent(house.settings)).run(str(waiting))
    assert await log_of(house, waiting) == [None, "handoff"]


async def test_a_missing_model_is_said_plainly(house: House) -> None:
    from bootstrap import load_agent
    from clinic.errors import NotReady

    with pytest.raises(NotReady, match="frontdesk train"):
        load_agent(replace(house.settings, model=house.settings.home / "none.tar.gz"))
