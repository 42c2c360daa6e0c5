"""Mail about an appointment: through a real mail server, read back by a calendar's library."""
import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from clinic.booking.appointment import Appointment
from clinic.post import Notice
from tests.clinic.booking.test_staff import heard, staff
from tests.conftest import Pigeonhole
from tests.mail_server import MailServer, invitation_of, text_of
from tests.talk import Talk

THURSDAY_3PM = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)


async def requested(talk: Talk, who: str = "my name is Jo Hill, jo@example.org") -> Appointment:
    await talk.says(f"can i book an hour on thursday at 3pm for my achilles, {who}")
    await talk.passes_check()
    await talk.says("yes")
    (appointment,) = await talk.appointments()
    return appointment


async def test_a_request_is_written_down_for_its_visitor(talk: Talk, mails: MailServer) -> None:
    """Without an invitation: nothing is booked yet."""
    wanted = await requested(talk)
    mail = await mails.one()
    assert (mail["to"], mail["from"].addresses[0].addr_spec) == ("jo@example.org", "desk@clinic.example")
    assert wanted.reference in text_of(mail)
    assert invitation_of(mail) is None


async def test_the_invitation_follows_the_appointment(talk: Talk, mails: MailServer) -> None:
    """Asked for, moved, cancelled: the same event, under rising numbers (RFC 5546)."""
    wanted = await requested(talk)
    async with staff(talk.house) as (book, _):
        await book.confirm(wanted.reference)
    await mails.one(2)
    async with staff(talk.house) as (book, _):
        await book.move(wanted.reference, THURSDAY_3PM + timedelta(hours=1), "therapist-b")
    await mails.one(3)
    async with staff(talk.house) as (book, _):
        await book.cancel(wanted.reference)
    await mails.one(4)
    told = [invitation_of(mail) for mail in mails.received[1:]]
    assert [method for method, _ in told] == ["REQUEST", "REQUEST", "CANCEL"]
    events = [event for _, event in told]
    assert [str(event["UID"]) for event in events] == [f"{wanted.reference}@frontdesk"] * 3
    assert [event["SEQUENCE"] for event in events] == sorted({event["SEQUENCE"] for event in events})
    assert [event.start for event in events] == [THURSDAY_3PM, *[THURSDAY_3PM + timedelta(hours=1)] * 2]
    assert [event["STATUS"] for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [str(event["ORGANIZER"]) for event in events] == ["mailto:desk@clinic.example"] * 3
    assert [str(event["ATTENDEE"]) for event in events] == ["mailto:jo@example.org"] * 3


async def test_a_visitor_who_cancels_gets_it_in_writing(talk: Talk, mails: MailServer) -> None:
    wanted = await requested(talk)
    async with staff(talk.house) as (book, _):
        await book.confirm(wanted.reference)
    await mails.one(2)
    await talk.says("i need to cancel")
    await talk.taps("Cancel it")
    told = invitation_of(await mails.one(3))
    assert told
    assert told[0] == "CANCEL"


async def test_no_mail_says_what_somebody_comes_for(talk: Talk, mails: MailServer) -> None:
    wanted = await requested(talk)
    for number, deed in enumerate(("confirm", "cancel"), 2):
        async with staff(talk.house) as (book, _):
            await getattr(book, deed)(wanted.reference)
        await mails.one(number)
    for mail in mails.received:
        told = mail.as_string().lower()
        assert not [word for word in ("achilles", "sports-massage-60", "health", "injury") if word in told]


async def test_a_phone_number_gets_no_mail(talk: Talk, mails: MailServer) -> None:
    wanted = await requested(talk, "my name is Jo Hill, 07700 900123")
    async with staff(talk.house) as (book, _):
        await book.confirm(wanted.reference)
    assert "has confirmed" in (await heard(talk)).text
    async with talk.house.store.begin() as unit:
        waiting = await unit.connection.scalar(text("select count(*) from procrastinate_jobs where task_name = 'mail'"))
    assert (waiting, mails.received) == (0, [])


async def test_a_mail_server_that_is_busy_delays_it(talk: Talk, mails: MailServer) -> None:
    mails.busy = 1
    wanted = await requested(talk)
    assert wanted.reference in text_of(await mails.one())
    assert mails.busy == 0


async def test_a_mail_server_that_hangs_keeps_nobody_waiting(talk: Talk, post: Pigeonhole,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    """A morning's reminders and notices go all at once: answers must not stand in line behind them."""
    answers, asked = asyncio.Event(), asyncio.Queue[str]()

    async def hanging(notice: Notice) -> None:
        await asked.put(notice.key)
        await answers.wait()

    monkeypatch.setattr(post, "send", hanging)
    async with talk.house.store.begin() as unit:
        for n in range(12):
            await talk.house.handoff.tell(unit, "website", "request", f"N{n}")
    try:
        async with asyncio.timeout(10):
            for _ in range(4):
                await asked.get()
            await talk.says("what are your prices")
        assert talk.kinds == ["clinic_fact"]
    finally:
        answers.set()
        for _ in range(8):
            await asyncio.wait_for(asked.get(), 10)
