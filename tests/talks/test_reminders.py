"""Reminders: in the conversation and by mail, each once, of what is booked and as it is by then."""
import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from clinic.booking.appointment import Appointment
from clinic.conversation import Message
from clinic.post import Smtp, SmtpMailbox
from clinic.store.mailing import Mailing
from tests.clinic.booking.test_staff import staff
from tests.conftest import StoppedClock
from tests.mail_server import MailServer, invitation_of, text_of
from tests.talk import Talk

THURSDAY_3PM = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)


async def booked(talk: Talk, contact: str = "07700 900123") -> Appointment:
    await talk.says(f"can i book an hour on thursday at 3pm, my name is Jo Hill, {contact}")
    await talk.passes_check()
    await talk.says("yes")
    (appointment,) = await talk.appointments()
    async with staff(talk.house) as (book, _):
        return await book.confirm(appointment.reference)


async def reminders(talk: Talk) -> list[Message]:
    """What was said after the confirmation."""
    async with talk.house.store.begin() as unit:
        return (await unit.messages.after(talk.conversation, talk.last.n + 1))


async def round_at(talk: Talk, clock: StoppedClock, moment: datetime) -> None:
    clock.now = moment
    await talk.house.rounds.remind()


async def test_a_day_and_two_hours_before_each_once(talk: Talk, clock: StoppedClock) -> None:
    await booked(talk)
    moment = THURSDAY_3PM - timedelta(hours=26)
    counts = []
    while moment < THURSDAY_3PM + timedelta(hours=1):
        await round_at(talk, clock, moment)
        counts.append(len(await reminders(talk)))
        moment += timedelta(minutes=30)
    assert [counts.index(1), counts.index(2), counts[-1]] == [4, 48, 2]


async def test_rounds_that_meet_say_it_once(talk: Talk, clock: StoppedClock) -> None:
    """Several processes, and a program that was started again."""
    await booked(talk)
    clock.now = THURSDAY_3PM - timedelta(hours=23)
    await asyncio.gather(*(talk.house.rounds.remind() for _ in range(6)))
    assert len(await reminders(talk)) == 1


async def test_it_offers_another_time(talk: Talk, clock: StoppedClock) -> None:
    """Who can't make it begins a move right there."""
    await booked(talk)
    await round_at(talk, clock, THURSDAY_3PM - timedelta(hours=24))
    (said,) = await reminders(talk)
    assert [choice["label"] for choice in said.choices] == ["Move it", "Cancel it"]


async def test_nothing_is_said_of_what_is_not_booked(talk: Talk, clock: StoppedClock) -> None:
    appointment = await booked(talk)
    async with staff(talk.house) as (book, _):
        await book.cancel(appointment.reference)
    before = len(await reminders(talk))
    await round_at(talk, clock, THURSDAY_3PM - timedelta(hours=2))
    assert len(await reminders(talk)) == before


async def test_a_moved_appointment_is_reminded_of_anew(talk: Talk, clock: StoppedClock) -> None:
    appointment = await booked(talk)
    await round_at(talk, clock, THURSDAY_3PM - timedelta(hours=23))
    async with staff(talk.house) as (book, _):
        await book.move(appointment.reference, THURSDAY_3PM + timedelta(days=1))
    await round_at(talk, clock, THURSDAY_3PM - timedelta(hours=1))
    told = len(await reminders(talk))
    await round_at(talk, clock, THURSDAY_3PM + timedelta(hours=1))
    assert len(await reminders(talk)) == told + 1
    assert "27 November" in (await reminders(talk))[-1].text


async def test_an_address_gets_it_by_mail_too(talk: Talk, mails: MailServer, clock: StoppedClock) -> None:
    """As words alone: the calendar has it."""
    await booked(talk, "jo@example.org")
    await mails.one(2)
    await round_at(talk, clock, THURSDAY_3PM - timedelta(hours=24))
    mail = await mails.one(3)
    assert "reminder" in text_of(mail).lower()
    assert invitation_of(mail) is None


async def test_a_round_that_breaks_says_nothing_and_is_done_again(talk: Talk, clock: StoppedClock) -> None:
    """The mark that it went, and what was said, are one: here the message can't be written."""
    await booked(talk)
    async with talk.house.store.begin() as unit:
        await unit.connection.execute(text(
            "alter table message add constraint broken check (sender <> 'bot') not valid"))
    clock.now = THURSDAY_3PM - timedelta(hours=24)
    try:
        assert await asyncio.gather(talk.house.rounds.remind(), return_exceptions=True) != [1]
    finally:
        async with talk.house.store.begin() as unit:
            await unit.connection.execute(text("alter table message drop constraint broken"))
    await talk.house.rounds.remind()
    assert len(await reminders(talk)) == 1


async def test_after_a_server_was_down_nothing_is_said_of_what_has_begun(talk: Talk, clock: StoppedClock) -> None:
    """Both reminders were due meanwhile. Shortly before the start they are said as one; after it, nothing is."""
    appointment = await booked(talk)
    before = len(await reminders(talk))
    await round_at(talk, clock, THURSDAY_3PM)
    await round_at(talk, clock, THURSDAY_3PM + timedelta(minutes=1))
    assert len(await reminders(talk)) == before
    await round_at(talk, clock, THURSDAY_3PM - timedelta(minutes=5))
    (said,) = (await reminders(talk))[before:]
    assert "Thursday 26 November at 15:00, with a woman therapist" in said.text
    assert appointment.reference in said.text


async def test_a_mail_that_is_late_reminds_of_nothing_that_has_begun(talk: Talk, mails: MailServer,
                                                                     clock: StoppedClock) -> None:
    """The mail server was down from before the reminder until after the start: what is tried again is not sent then."""
    appointment = await booked(talk, "jo@example.org")
    await mails.one(2)
    house = talk.house
    mailing = Mailing(house.store, house.library, house.tidings, SmtpMailbox(Smtp(mails.url), "desk@clinic.example"),
                      house.handoff, clock)
    clock.now = THURSDAY_3PM + timedelta(minutes=1)
    await mailing.run("reminder", appointment.reference, appointment.version)
    assert len(mails.received) == 2
    clock.now = THURSDAY_3PM - timedelta(minutes=1)
    await mailing.run("reminder", appointment.reference, appointment.version)
    assert "reminder" in text_of(await mails.one(3)).lower()
