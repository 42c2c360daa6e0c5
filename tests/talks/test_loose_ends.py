"""Appointments where something happened in between, or where the command line looks at a real one."""
from datetime import UTC, datetime, timedelta

from bootstrap import House
from tests.conftest import StoppedClock
from tests.talk import Talk

THURSDAY_3PM = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)


async def booked(talk: Talk) -> str:
    """An hour on Thursday at three, asked for; its reference."""
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill, 07700 900123")
    await talk.passes_check()
    await talk.taps("Yes, go ahead")
    return (await talk.appointments())[0].reference


async def test_nothing_is_moved_to_no_time_at_all(talk: Talk) -> None:
    """A wish that the clinic finds a time for has none: it can't be what an appointment is moved to."""
    await booked(talk)
    await talk.says("can i move my appointment")
    await talk.says("friday afternoon")
    assert "Talk to a person" in talk.choices
    assert "Let the clinic find one" not in talk.choices


async def test_a_choice_from_before_the_move_moves_nothing(talk: Talk) -> None:
    await talk.says("can i book an hour on thursday afternoon, my name is Jo Hill, 07700 900123")
    old = next(one["token"] for one in talk.last.choices if one["label"].startswith("Let the clinic"))
    await talk.says("thursday at 3pm")
    await talk.passes_check()
    await talk.taps("Yes, go ahead")
    await talk.says("can i move my appointment")
    await talk._send(choice=old)
    await talk.says("yes")
    assert "failed_turn" not in await talk.cases()
    assert [one.starts for one in await talk.appointments()] == [THURSDAY_3PM]


async def test_a_move_of_what_was_called_off_meanwhile_is_told(talk: Talk, house: House) -> None:
    reference = await booked(talk)
    await talk.says("can i move my appointment")
    await talk.says("friday at 10am")
    async with house.store.begin() as unit:
        await unit.book.settle(reference, "cancelled", "staff", house.clock())
    await talk.says("yes")
    assert "Thursday 26 November at 15:00 is over or was cancelled" in talk.last.text
    async with house.store.begin() as unit:
        assert await unit.book.held(talk.conversation) is None
    await talk.says("what are your prices")
    assert talk.kinds == ["clinic_fact"]


async def test_a_yes_to_a_move_within_the_terms_is_for_a_person(talk: Talk, clock: StoppedClock) -> None:
    """It was begun in time, and the visitor came back to it the next day but one."""
    await booked(talk)
    await talk.says("can i move my appointment")
    await talk.says("friday at 10am")
    clock.now = THURSDAY_3PM - timedelta(hours=3)
    await talk.says("yes")
    assert talk.kinds == ["handoff"]
    assert await talk.cases() == ["late_change"]
    assert [one.starts for one in await talk.appointments()] == [THURSDAY_3PM]


async def test_the_command_line_does_not_get_hold_of_a_visitors(talk: Talk, house: House) -> None:
    """Else it would be gone from the desk's view, and its visitor would hear of nothing any more."""
    reference = await booked(talk)
    rehearsal = Talk(house, talk.post)
    rehearsal.conversation, _ = await house.inbox.open("cli")
    await rehearsal.says("i want to cancel my appointment")
    await rehearsal.says(f"{reference} 07700 900123")
    assert "can't find" in rehearsal.replies[0].text
    assert [one.reference for one in await talk.appointments()] == [reference]


async def test_what_the_command_line_rehearsed_is_no_visitors(talk: Talk, house: House) -> None:
    rehearsal = Talk(house, talk.post)
    rehearsal.conversation, _ = await house.inbox.open("cli")
    reference = await booked(rehearsal)
    await talk.says("i want to cancel my appointment")
    await talk.says(f"{reference} 07700 900123")
    assert "can't find" in talk.replies[0].text
    assert [one.reference for one in await rehearsal.appointments()] == [reference]
