"""A person takes a conversation over: the assistant is silent, and comes back when it should."""
import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from bootstrap import House
from channels import takeover
from channels.inbox import Arrival
from clinic.conversation import Message
from tests.conftest import StoppedClock
from tests.talk import Talk

SATURDAY_NIGHT = datetime(2026, 11, 28, 23, 0, tzinfo=UTC)
"""Reception is closed until Monday morning."""
MONDAY_EVENING = datetime(2026, 11, 23, 18, 11, tzinfo=UTC)
"""Reception closed a little while ago."""


async def said(talk: Talk) -> list[Message]:
    async with talk.house.store.begin() as unit:
        return await unit.messages.after(talk.conversation, 0)


async def take(talk: Talk, by: str = "Kim") -> None:
    async with talk.house.store.begin() as unit:
        await talk.house.takeover.take(unit, talk.conversation, by)


async def states(talk: Talk) -> list[tuple[str, str]]:
    async with talk.house.store.begin() as unit:
        return [(case.reason, case.state) for case in await unit.cases.of(talk.conversation)]


async def held(talk: Talk) -> bool:
    async with talk.house.store.begin() as unit:
        return (await unit.conversations.lock(talk.conversation)).held_by_staff


async def test_while_a_person_has_it_the_assistant_is_silent(talk: Talk) -> None:
    await talk.says("can i talk to a person please")
    await take(talk)
    await talk.says("what are your prices")
    assert talk.replies == []
    assert await states(talk) == [("asked_for_person", "taken")]


async def test_a_red_flag_is_answered_though_a_person_has_it(talk: Talk) -> None:
    await talk.says("hello")
    await take(talk)
    await talk.says("crushing pain in my chest and my left arm has gone numb")
    assert talk.kinds == ["safety"]


async def test_a_takeover_waits_for_the_turn_that_is_under_way(talk: Talk, house: House) -> None:
    """Whatever the assistant was about to say is said before the person joins, never after."""
    conversation, _ = await house.inbox.open("website")
    talk.conversation = conversation
    for n in range(5):
        await house.inbox.accept(Arrival(conversation, f"m{n}", "what are your prices"))
    await asyncio.sleep(0.02)
    await take(talk)
    await talk.says("and your hours")
    messages = await said(talk)
    joined = next(n for n, message in enumerate(messages) if message.kind == "handoff")
    assert [message.sender for message in messages[joined + 1:]] == ["visitor"]


async def test_a_reply_can_be_taken_back_for_a_while(talk: Talk, house: House) -> None:
    await talk.says("hello")
    async with house.store.begin() as unit:
        key = await house.takeover.write(unit, talk.conversation, "Wrong window, sorry", "Kim")
    async with house.store.begin() as unit:
        assert await unit.outgoing.undo(talk.conversation, key) == "Wrong window, sorry"
    await house.takeover.say(str(talk.conversation), key)
    assert "person" not in [message.sender for message in await said(talk)]


async def test_a_reply_goes_out_by_itself_when_its_time_is_over(talk: Talk, house: House,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(takeover, "UNDO", timedelta(seconds=0.1))
    await talk.says("hello")
    with house.watch.follow(str(talk.conversation)) as news:
        async with house.store.begin() as unit:
            await house.takeover.write(unit, talk.conversation, "Kim here. Come at six.", "Kim")
        while (await said(talk))[-1].sender != "person":
            news.clear()
            await asyncio.wait_for(news.wait(), 10)
    assert (await said(talk))[-1].text == "Kim here. Come at six."


async def test_replies_are_said_in_the_order_they_were_written(talk: Talk, house: House) -> None:
    """The job of the second comes first: it says the first as well, and neither twice."""
    await talk.says("hello")
    async with house.store.begin() as unit:
        one = await house.takeover.write(unit, talk.conversation, "one", "Kim")
        two = await house.takeover.write(unit, talk.conversation, "two", "Kim")
    for key in (two, one):
        await house.takeover.say(str(talk.conversation), key)
    assert [message.text for message in await said(talk) if message.sender == "person"] == ["one", "two"]


async def test_handed_back_the_assistant_answers_again(talk: Talk, house: House) -> None:
    """What was written and could still be taken back is said first."""
    await talk.says("can i talk to a person please")
    async with house.store.begin() as unit:
        await house.takeover.write(unit, talk.conversation, "All done, bye", "Kim")
    async with house.store.begin() as unit:
        await house.takeover.hand_back(unit, talk.conversation, "Kim")
    assert [message.sender for message in await said(talk)][-2:] == ["person", "bot"]
    await talk.says("what are your prices")
    assert talk.kinds == ["clinic_fact"]
    assert await states(talk) == [("asked_for_person", "handed_back")]


async def test_closed_with_a_reason_the_case_is_put_away(talk: Talk, house: House) -> None:
    await talk.says("can i talk to a person please")
    async with house.store.begin() as unit:
        assert await house.takeover.close(unit, talk.conversation, "Kim", "answered") == 1
        case = (await unit.cases.of(talk.conversation))[0]
    assert (case.state, case.closing, case.settled_by) == ("closed", "answered", "Kim")
    assert await talk.cases() == []


async def test_after_a_long_silence_the_assistant_is_back(talk: Talk, house: House, clock: StoppedClock) -> None:
    """Both are told; whoever was left without a word is a case again."""
    await talk.says("can i talk to a person please")
    await take(talk)
    await talk.says("are you there")
    clock.now += timedelta(minutes=29)
    await house.takeover.return_quiet()
    assert await held(talk)
    clock.now += timedelta(minutes=2)
    await house.takeover.return_quiet()
    assert not await held(talk)
    assert (await said(talk))[-1].kind == "handoff"
    assert await states(talk) == [("asked_for_person", "open")]
    await talk.says("hello again")  # the notice was queued before this message's turn
    assert "handed_back_silence" in [notice.about for notice in talk.post.notices]


async def test_a_person_who_goes_on_talking_keeps_it(talk: Talk, house: House, clock: StoppedClock) -> None:
    await talk.says("can i talk to a person please")
    await take(talk)
    clock.now += timedelta(minutes=29)
    async with house.store.begin() as unit:
        await house.takeover.write(unit, talk.conversation, "One moment", "Kim")
    clock.now += timedelta(minutes=29)
    await house.takeover.return_quiet()
    assert await held(talk)


async def test_at_the_end_of_the_day_the_assistant_is_back(talk: Talk, house: House, clock: StoppedClock) -> None:
    clock.now = MONDAY_EVENING - timedelta(minutes=20)
    await talk.says("can i talk to a person please")
    await take(talk)
    clock.now = MONDAY_EVENING
    await house.takeover.return_quiet()
    assert not await held(talk)


async def test_whoever_takes_it_after_hours_keeps_it(talk: Talk, house: House, clock: StoppedClock) -> None:
    clock.now = MONDAY_EVENING
    await talk.says("can i talk to a person please")
    await take(talk)
    clock.now += timedelta(minutes=5)
    await house.takeover.return_quiet()
    assert await held(talk)


async def test_out_of_hours_one_contact_may_be_left(talk: Talk, house: House, clock: StoppedClock) -> None:
    clock.now = SATURDAY_NIGHT
    await talk.says("can i talk to a person please")
    await talk.says("07700 900123")
    assert talk.kinds == ["handoff"]
    async with house.store.begin() as unit:
        assert [case.contact for case in await unit.cases.of(talk.conversation)] == ["+447700900123"]


async def test_a_contact_may_be_left_out(talk: Talk, house: House, clock: StoppedClock) -> None:
    """Whatever else is said next is answered as ever, and a number that comes later is no contact."""
    clock.now = SATURDAY_NIGHT
    await talk.says("can i talk to a person please")
    await talk.says("what are your prices")
    assert talk.kinds == ["clinic_fact"]
    await talk.says("07700 900123")
    async with house.store.begin() as unit:
        assert [case.contact for case in await unit.cases.of(talk.conversation)] == [None]


async def test_in_hours_nobody_is_asked_for_a_contact(talk: Talk) -> None:
    await talk.says("can i talk to a person please")
    await talk.says("07700 900123")
    async with talk.house.store.begin() as unit:
        assert [case.contact for case in await unit.cases.of(talk.conversation)][:1] == [None]


async def change(house: House, what: str, on: bool, until: datetime | None = None) -> None:
    """Say or end *what*, and wait until this process knows."""
    with house.watch.follow("desk") as news:
        async with house.store.begin() as unit:
            await (unit.presences.say(what, "Kim", house.clock(), until) if on else unit.presences.end(what))
        await asyncio.wait_for(news.wait(), 10)


async def test_nobody_at_the_desk_today_is_promised_nowhere(talk: Talk, house: House, clock: StoppedClock) -> None:
    """It is noon on a Monday, and the visitor hears of tomorrow."""
    assert house.handoff.desk_back(clock.now) is None
    await change(house, "away", True, clock.now.replace(hour=23))
    try:
        assert house.handoff.desk_back(clock.now) == "tomorrow at 09:00"
        await talk.says("can i talk to a person please")
        assert "tomorrow at 09:00" in talk.last.text
        assert house.handoff.desk_back(clock.now + timedelta(days=1)) is None
    finally:
        await change(house, "away", False)
    assert house.handoff.desk_back(clock.now) is None


async def test_paused_the_chat_is_a_contact_card(talk: Talk, house: House) -> None:
    await change(house, "paused", True)
    try:
        await talk.says("what are your prices")
        assert talk.kinds == ["handoff"]
        assert house.library.current.content.clinic.phone in talk.last.text
        assert await talk.cases() == ["paused"]
        await talk.says("crushing pain in my chest and my left arm has gone numb")
        assert talk.kinds == ["safety"]
    finally:
        await change(house, "paused", False)
    await talk.says(f"what are your prices {uuid4().hex[:2]}")
    assert "handoff" not in talk.kinds
