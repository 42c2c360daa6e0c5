"""Mail about an appointment: through a real mail server, read back by a calendar's library."""
import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bootstrap import House
from clinic.booking.appointment import Appointment
from clinic.booking.letter import letter
from clinic.post import Notice, Smtp, SmtpMailbox
from clinic.store.mailing import Mailing
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


def mailing(talk: Talk, server: MailServer) -> Mailing:
    """Mail by a server of the test's own."""
    house = talk.house
    return Mailing(house.store, house.library, house.tidings, SmtpMailbox(Smtp(server.url), "desk@clinic.example"),
                   house.handoff, house.clock)


async def test_an_address_beyond_ascii_is_written_to_where_the_server_can(talk: Talk, mails: MailServer) -> None:
    """With SMTPUTF8 (RFC 6531), and to the address as it is."""
    wanted = await requested(talk, "my name is Jörg Ek, jörg@example.org")
    mail = await mails.one()
    assert "\r\nTo: jörg@example.org\r\n".encode() in mails.raw
    assert "SMTPUTF8" in mails.options
    assert wanted.reference in text_of(mail)


async def test_a_domain_beyond_ascii_needs_no_special_server(talk: Talk) -> None:
    wanted = await requested(talk, "my name is Jo Hill, jo@bücher.example")
    with MailServer(smtputf8=False) as plain:
        await mailing(talk, plain).run("requested", wanted.reference, wanted.version)
        mail = await plain.one()
    assert [str(one) for one in mail["to"].addresses] == ["jo@xn--bcher-kva.example"]


async def test_where_the_server_cannot_staff_are_told_and_it_is_not_tried_again(
        talk: Talk, post: Pigeonhole, caplog: pytest.LogCaptureFixture) -> None:
    wanted = await requested(talk, "my name is Jörg Ek, jörg@example.org")
    with MailServer(smtputf8=False) as plain:
        await mailing(talk, plain).run("requested", wanted.reference, wanted.version)
        assert plain.received == []
    await told(post, wanted.reference)
    assert "no SMTPUTF8" in caplog.text
    assert "jörg" not in caplog.text


async def test_an_address_that_the_server_refuses_for_good_is_told_too(talk: Talk, mails: MailServer,
                                                                       post: Pigeonhole) -> None:
    mails.unknown = {"nobody@example.org"}
    try:
        wanted = await requested(talk, "my name is Jo Hill, nobody@example.org")
        await told(post, wanted.reference)
    finally:
        mails.unknown = set()
    assert mails.received == []


async def told(post: Pigeonhole, reference: str) -> None:
    """Waits until the clinic has heard that its visitor got no mail."""
    notice = Notice("mail_undeliverable", reference)
    async with asyncio.timeout(10):
        while notice not in post.notices:  # noqa: ASYNC110 - it comes from a worker
            await asyncio.sleep(0.02)
    assert notice.shown_by == f"frontdesk book history {reference}"


async def test_a_clinics_name_beyond_ascii_arrives_as_it_is(talk: Talk, house: House, mails: MailServer) -> None:
    """Encoded (RFC 2047), commas and all, so that every server takes it."""
    wanted = await requested(talk, "my name is Jo Hill, 07700 900123")
    content = house.library.current.content
    named = replace(content, clinic=replace(content.clinic, name="Müller, Praxis & Söhne"))
    mail = letter(named, "requested", replace(wanted, contact="jo@example.org"), sender="desk@clinic.example",
                  link="", now=house.clock(), was_booked=False)
    await Smtp(mails.url).deliver(mail)
    (sender,) = (await mails.one())["from"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Müller, Praxis & Söhne", "desk@clinic.example")
    assert mails.raw.partition(b"\r\n\r\n")[0].isascii()
    assert b"From: =?utf-8?" in mails.raw
