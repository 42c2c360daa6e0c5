"""Staff change the book: the visitor hears of it, in the chat and by mail, and nothing of what they told is in it."""
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bootstrap import House
from clinic.booking.appointment import Appointment, Details
from clinic.booking.copies import CopyUnusable, Entry, entry_of
from clinic.booking.importing import Defaults, Importer
from clinic.booking.opening import AppointmentUnknown, NotPossible, OpeningTaken
from clinic.booking.staff import StaffBook, usable
from clinic.booking.stranded import stranded
from clinic.conversation import Message
from clinic.store.unit import Unit
from tests.talk import Talk

THURSDAY_3PM = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@asynccontextmanager
async def staff(house: House) -> AsyncIterator[tuple[StaffBook, Unit]]:
    async with house.store.begin() as unit:
        yield StaffBook(house.library.current.content.clinic, unit, house.tidings, house.clock()), unit


async def requested(talk: Talk) -> Appointment:
    """Somebody asked for Thursday at three, and told something of their health in the check."""
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill, 07700 900123")
    await talk.passes_check()
    await talk.says("yes")
    (appointment,) = await talk.appointments()
    return appointment


async def heard(talk: Talk) -> Message:
    """The last thing that was said in the conversation, whoever it answered."""
    async with talk.house.store.begin() as unit:
        return (await unit.messages.after(talk.conversation, talk.last.n))[-1]


async def test_a_confirmed_request_is_said_in_the_conversation_at_once(talk: Talk) -> None:
    """Whoever watches the conversation is woken; the message offers to move or cancel it."""
    wanted = await requested(talk)
    with talk.house.watch.follow(str(talk.conversation)) as news:
        async with staff(talk.house) as (book, _):
            assert (await book.confirm(wanted.reference.lower())).state == "booked"
        await _soon(news)
    said = await heard(talk)
    assert said.sender == "bot"
    assert said.kind == "booking"
    assert wanted.reference in said.text
    assert [choice["label"] for choice in said.choices] == ["Move it", "Cancel it"]


async def test_what_can_be_done_about_it_is_done_from_there(talk: Talk) -> None:
    wanted = await requested(talk)
    async with staff(talk.house) as (book, _):
        await book.confirm(wanted.reference)
    talk.replies = [await heard(talk)]
    await talk.taps("Cancel it")
    await talk.taps("Cancel it")
    assert await talk.appointments() == []


async def test_confirming_twice_says_it_once(talk: Talk) -> None:
    wanted = await requested(talk)
    for _ in range(2):
        async with staff(talk.house) as (book, _):
            await book.confirm(wanted.reference)
    async with talk.house.store.begin() as unit:
        assert len(await unit.messages.after(talk.conversation, talk.last.n)) == 1
        assert [state for _, _, state, _ in await unit.ledger.history(wanted.reference)] == ["requested", "booked"]


async def test_a_declined_request_frees_the_time_and_says_so(talk: Talk) -> None:
    wanted = await requested(talk)
    async with staff(talk.house) as (book, unit):
        await book.decline(wanted.reference)
        assert await unit.book.taken(THURSDAY_3PM, THURSDAY_3PM + HOUR, talk.house.clock()) == []
    assert wanted.reference in (await heard(talk)).text


async def test_a_move_is_told_with_the_new_time(talk: Talk) -> None:
    wanted = await requested(talk)
    async with staff(talk.house) as (book, _):
        moved = await book.move(wanted.reference, THURSDAY_3PM + HOUR, "therapist-b")
    assert (moved.starts, moved.therapist, moved.version) == (THURSDAY_3PM + HOUR, "therapist-b", wanted.version + 1)
    said = (await heard(talk)).text
    assert "26 November at 16:00" in said
    assert "not booked until" in said


async def test_who_has_the_time_is_named_to_staff(talk: Talk) -> None:
    wanted = await requested(talk)
    async with staff(talk.house) as (book, unit):
        service, therapist = book.service("sports-massage-60"), book.therapist(wanted.therapist)
        with pytest.raises(OpeningTaken, match=wanted.reference):
            await book.add(service, therapist, THURSDAY_3PM + timedelta(minutes=30), Details("Sam", ""))
        assert len(await unit.book.between(THURSDAY_3PM, THURSDAY_3PM + HOUR)) == 1


@pytest.mark.parametrize(("deed", "why"), [("decline", "is booked"), ("unblock", "is booked")])
async def test_what_an_appointment_does_not_allow_is_said(talk: Talk, deed: str, why: str) -> None:
    wanted = await requested(talk)
    async with staff(talk.house) as (book, _):
        await book.confirm(wanted.reference)
        with pytest.raises(NotPossible, match=why):
            await getattr(book, deed)(wanted.reference)
        with pytest.raises(AppointmentUnknown):
            await getattr(book, deed)("ZZZZZZ")


async def test_who_came_is_noted_once_it_has_begun(talk: Talk) -> None:
    wanted = await requested(talk)
    async with staff(talk.house) as (book, _):
        await book.confirm(wanted.reference)
        with pytest.raises(NotPossible, match="begins only"):
            await book.note(wanted.reference, "attended")
    talk.house.clock.now = THURSDAY_3PM + HOUR
    async with staff(talk.house) as (book, _):
        assert (await book.note(wanted.reference, "missed")).state == "missed"
        assert (await book.note(wanted.reference, "attended")).state == "attended"


async def test_what_visitors_told_is_never_said_back(talk: Talk) -> None:
    """What they come for may be read by whoever looks over a shoulder."""
    await talk.says("can i book an hour on thursday at 3pm for my sore achilles, my name is Jo Hill, 07700 900123")
    await talk.passes_check()
    await talk.says("yes")
    (wanted,) = await talk.appointments()
    for deed in ("confirm", "cancel"):
        async with staff(talk.house) as (book, _):
            await getattr(book, deed)(wanted.reference)
        said = (await heard(talk)).text.lower()
        assert not [word for word in ("achilles", "sore", "check", "pain") if word in said]


async def test_a_copy_of_the_book_is_taken_in_as_it_was(talk: Talk) -> None:
    wanted = await requested(talk)
    async with staff(talk.house) as (book, unit):
        await book.block(book.therapist("therapist-b"), THURSDAY_3PM, THURSDAY_3PM + HOUR, "training, away")
        entries = [entry_of(one, line) for line, one in enumerate(await unit.ledger.kept())]
        assert (await Importer(book, unit, talk.house.clock(), Defaults()).take(entries, "x.csv")).known == 2
    await _emptied(talk.house)
    async with staff(talk.house) as (book, unit):
        assert (await Importer(book, unit, talk.house.clock(), Defaults()).take(entries, "x.csv")).added == 2
        assert [entry_of(one, line) for line, one in enumerate(await unit.ledger.kept())] == entries
        assert (await unit.ledger.get(wanted.reference)).name == "Jo Hill"


async def test_one_wrong_line_takes_nothing_in(talk: Talk) -> None:
    good = Entry(2, "therapist-a", "sports-massage-60", THURSDAY_3PM, name="Sam Hill")
    wrong = [Entry(3, "nobody", "sports-massage-60", THURSDAY_3PM + 3 * HOUR), Entry(4, "therapist-a", "x"),
             Entry(5, "therapist-a", "sports-massage-60", THURSDAY_3PM), Entry(6, "therapist-a", "", THURSDAY_3PM),
             Entry(7, "therapist-a", "sports-massage-60", THURSDAY_3PM + 4 * HOUR, contact="0"),
             Entry(8, "therapist-a", "sports-massage-60", THURSDAY_3PM + 4 * HOUR, state="held")]
    with pytest.raises(CopyUnusable) as refused:
        async with staff(talk.house) as (book, unit):
            await Importer(book, unit, talk.house.clock(), Defaults()).take([good, *wrong], "x.csv")
    assert [line.split(": ")[0] for line in str(refused.value).splitlines()[:-1]] == [
        f"x.csv:{entry.line}" for entry in wrong]
    async with talk.house.store.begin() as unit:
        assert await unit.ledger.kept() == []


async def test_what_a_change_strands_is_named(talk: Talk) -> None:
    wanted = await requested(talk)
    clinic = talk.house.library.current.content.clinic
    wednesday = Appointment(1, "BBBBBB", "booked", "sports-massage-60", "therapist-a", THURSDAY_3PM - 24 * HOUR,
                            THURSDAY_3PM - 23 * HOUR)
    gone = Appointment(2, "CCCCCC", "booked", "sports-massage-60", "therapist-z", THURSDAY_3PM, THURSDAY_3PM + HOUR)
    named = stranded([wanted, wednesday, gone], clinic)
    assert [(one.reference, why.split()[0]) for one, why in named] == [("BBBBBB", "therapist-a"),
                                                                       ("CCCCCC", "therapist-z")]


async def test_on_a_channel_of_others_it_is_sent_there(talk: Talk) -> None:
    """With what can be done about it, like any reply."""
    wanted = await requested(talk)
    async with talk.house.store.begin() as unit:
        who = await unit.correspondents.meet("telegram", ["77001"], talk.house.clock())
        await unit.book.adopt(wanted.reference, who.conversation)
    async with staff(talk.house) as (book, unit):
        await book.confirm(wanted.reference)
        sent = await unit.deliveries.of(who.conversation)
    assert [(one.channel, one.state) for one in sent][-1:] == [("telegram", "waiting")]


@pytest.mark.parametrize("contact", ["x", "123", "0" * 40, "a@"])
def test_a_contact_that_reaches_nobody_is_refused(contact: str) -> None:
    with pytest.raises(NotPossible):
        usable(contact)


async def _soon(news: object) -> None:
    await asyncio.wait_for(news.wait(), 5)


async def _emptied(house: House) -> None:
    async with house.store.begin() as unit:
        await unit.connection.execute(text("delete from appointment"))
