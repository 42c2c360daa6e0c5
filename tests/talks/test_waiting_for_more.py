"""Who waits on the website hears of a time by mail; who has an appointment waits for another time for it."""
from datetime import timedelta

import pytest

from clinic.booking.appointment import Appointment
from clinic.store.offer_mail import OfferMail
from tests.conftest import StoppedClock
from tests.mail_server import MailServer, text_of
from tests.talk import Talk
from tests.talks.test_waiting_list import (
    HOUR,
    THURSDAY,
    Thursday,
    full,
    joins,
    offers,
    on_list,
    staff,
    taps,
    told,
    unblock,
    walk,
)

__all__ = ["full"]
EVENING = THURSDAY + 17 * HOUR


async def test_who_left_a_mail_address_is_written_to(talk: Talk, full: Thursday, mails: MailServer) -> None:
    """With when and with whom, and nothing of what it is for."""
    await talk.says("can i book an hour for my achilles on thursday evening, sam@example.org")
    await talk.taps("Tell me if one comes free")
    assert "by mail to sam@example.org" in talk.last.text
    await talk.taps("Yes, put me on the list")
    await unblock(talk.house, full)
    await walk(talk.house)
    mail = await mails.one()
    assert (mail["to"], mail["subject"]) == ("sam@example.org", "Harbour Lane Sports Massage: a time has come free")
    said = " ".join(text_of(mail).split())
    assert "Thursday 26 November at 17:00, with a man therapist" in said
    assert "until Monday 23 November at 14:00" in said
    assert talk.house.settings.public_url in said
    for word in ("achilles", "60 minutes", "an hour"):
        assert word not in said.lower()
    await walk(talk.house)
    assert len(mails.received) == 1


async def test_an_address_may_come_later(talk: Talk, full: Thursday, mails: MailServer) -> None:
    await joins(talk)
    assert "write me your mail address" in talk.last.text
    await talk.says("sam@example.org")
    assert "by mail to sam@example.org" in talk.last.text
    assert [place.wanted.contact for place in await on_list(talk)] == ["sam@example.org"]
    await unblock(talk.house, full)
    await walk(talk.house)
    assert (await mails.one())["to"] == "sam@example.org"


async def test_a_phone_number_is_no_mail_address(talk: Talk, full: Thursday, mails: MailServer) -> None:
    await talk.says("can i book an hour on thursday evening, 07700 900123")
    await talk.taps("Tell me if one comes free")
    assert "You only see it if you look in here" in talk.last.text
    await talk.taps("Yes, put me on the list")
    await unblock(talk.house, full)
    await walk(talk.house)
    assert len(await offers(talk)) == 1
    assert mails.received == []


async def test_a_mail_that_comes_too_late_is_not_sent(talk: Talk, full: Thursday, mails: MailServer,
                                                      clock: StoppedClock) -> None:
    """The server was down while the time was kept; or the visitor has answered already."""
    house = talk.house
    await talk.says("can i book an hour on thursday evening, sam@example.org")
    await talk.taps("Tell me if one comes free")
    await talk.taps("Yes, put me on the list")
    await unblock(house, full)
    await walk(house)
    await mails.one()
    (place,) = await on_list(talk)
    assert place.opening
    mailing = OfferMail(house.store, house.library, _Refuses(), clock, house.settings.public_url)
    with pytest.raises(ConnectionError):  # it is tried again, as long as the time is kept
        await mailing.run(place.id, place.opening)
    clock.now += timedelta(minutes=121)
    await mailing.run(place.id, place.opening)
    clock.now -= timedelta(minutes=121)
    await taps(talk, "No, not that one")
    await mailing.run(place.id, place.opening)
    await mailing.run(place.id + 1000, place.opening)


class _Refuses:
    """A mail server that can't be reached."""

    sender = "desk@clinic.example"

    async def post(self, mail: object) -> None:
        raise ConnectionError


async def appointment(talk: Talk) -> Appointment:
    """Friday at ten, booked in the talk, with a mail address."""
    await talk.says("can i book an hour on friday at 10am, my name is Jo Hill, jo@example.org")
    await talk.passes_check()
    await talk.says("yes")
    (made,) = await talk.appointments()
    return made


async def waits_to_move(talk: Talk) -> Appointment:
    made = await appointment(talk)
    await talk.says("can i move my appointment")
    await talk.says("thursday evening")
    await talk.taps("Tell me if one comes free")
    assert "Your appointment stays as it is" in talk.last.text
    await talk.taps("Yes, put me on the list")
    assert "waiting list for another time: thursday evening" in talk.last.text
    (place,) = await on_list(talk)
    assert place.wanted.moving == made.reference
    return made


async def test_a_yes_to_what_came_free_moves_the_appointment(talk: Talk, full: Thursday, mails: MailServer) -> None:
    """The same one, with its reference, and none beside it; its old time is free."""
    made = await waits_to_move(talk)
    await unblock(talk.house, full)
    await walk(talk.house)
    (offer,) = await offers(talk)
    assert "Thursday 26 November at 17:00" in offer.text
    (before,) = await talk.appointments()
    assert before.starts == made.starts
    await taps(talk, "Yes, I'd like it")
    assert "New time: Thursday 26 November at 17:00" in talk.last.text
    await talk.says("yes")
    assert "Moved" in talk.last.text
    (moved,) = await talk.appointments()
    assert (moved.reference, moved.starts, moved.therapist, moved.version) == (
        made.reference, EVENING, "therapist-b", made.version + 1)
    assert await on_list(talk) == []
    async with talk.house.store.begin() as unit:
        assert talk.conversation
        assert await unit.book.held(talk.conversation) is None
        assert [state for _, _, state, _ in await unit.ledger.history(made.reference)] == ["requested", "requested"]
        taken = await unit.book.taken(made.starts, made.ends, talk.house.clock())
    assert [one for one in taken if one.therapist == made.therapist] == []


async def test_a_no_leaves_the_appointment_as_it_is(talk: Talk, full: Thursday) -> None:
    made = await waits_to_move(talk)
    await unblock(talk.house, full)
    await walk(talk.house)
    await taps(talk, "No, not that one")
    assert [one.starts for one in await talk.appointments()] == [made.starts]
    assert [place.state for place in await on_list(talk)] == ["waiting"]


async def test_stopping_at_the_last_moment_leaves_it_too(talk: Talk, full: Thursday) -> None:
    made = await waits_to_move(talk)
    await unblock(talk.house, full)
    await walk(talk.house)
    await taps(talk, "Yes, I'd like it")
    await talk.says("no stop, leave it as it was")
    await talk.says("stop")
    assert [one.starts for one in await talk.appointments()] == [made.starts]


async def test_whose_appointment_is_off_waits_no_more(talk: Talk, full: Thursday) -> None:
    made = await waits_to_move(talk)
    async with staff(talk.house) as (book, _):
        await book.decline(made.reference)
    said = len(await told(talk))
    await unblock(talk.house, full)
    await walk(talk.house)
    assert await on_list(talk) == []
    assert len(await told(talk)) == said  # they know


async def test_an_appointment_that_goes_while_its_time_is_kept_is_not_moved(talk: Talk, full: Thursday) -> None:
    made = await waits_to_move(talk)
    await unblock(talk.house, full)
    await walk(talk.house)
    (offer,) = await offers(talk)
    async with staff(talk.house) as (book, _):
        await book.decline(made.reference)
    await talk._send(choice=next(one["token"] for one in offer.choices if one["label"].startswith("Yes")))
    assert "gone" in talk.last.text
    assert await talk.appointments() == []
    async with talk.house.store.begin() as unit:
        assert talk.conversation
        assert await unit.book.held(talk.conversation) is None


async def test_nobody_waits_for_longer_than_it_may_be_moved(talk: Talk, full: Thursday, clock: StoppedClock) -> None:
    """Friday at ten, and a day's notice: from Thursday at ten on it is too late, and that is said."""
    made = await waits_to_move(talk)
    (place,) = await on_list(talk)
    assert place.until == made.starts - 24 * HOUR
    clock.now = made.starts - 23 * HOUR
    await walk(talk.house)
    assert await on_list(talk) == []
    assert "It stays as it is. You are off the waiting list." in " ".join((await told(talk))[-1].text.split())
