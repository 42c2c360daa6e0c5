"""Calendars by an address that nobody can guess: an appointment for its visitor, the book for staff."""
import re
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from icalendar import Calendar, Event

from bootstrap import door_of
from clinic.booking import links
from tests.clinic.booking.test_staff import THURSDAY_3PM, heard, requested, staff
from tests.talk import Talk


@pytest_asyncio.fixture
async def browser(talk: Talk) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(door_of(talk.house))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield client


def only_event(body: str) -> Event:
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    return event


async def test_the_reply_links_to_the_appointment_for_a_calendar(talk: Talk, browser: httpx.AsyncClient) -> None:
    """As it is whenever it is fetched: asked for, then booked, then cancelled."""
    wanted = await requested(talk)
    link = re.search(r"http\S+\.ics", talk.last.text)
    assert link
    path = urlsplit(link[0]).path
    found = []
    for deed in (None, "confirm", "cancel"):
        if deed:
            async with staff(talk.house) as (book, _):
                await getattr(book, deed)(wanted.reference)
        answer = await browser.get(path)
        assert answer.headers["content-type"].startswith("text/calendar")
        found.append(only_event(answer.text))
    assert [event["STATUS"] for event in found] == ["TENTATIVE", "CONFIRMED", "CANCELLED"]
    assert {event.start for event in found} == {THURSDAY_3PM}
    assert "Jo Hill" not in str(found)


async def test_what_staff_confirm_is_said_with_the_link(talk: Talk) -> None:
    wanted = await requested(talk)
    async with staff(talk.house) as (book, _):
        await book.confirm(wanted.reference)
    assert f"/appointments/{wanted.reference}/" in (await heard(talk)).text


@pytest.mark.parametrize("path", ["/appointments/{0}/AAAAAAAAAAAAAAAAAAAAAA.ics", "/appointments/ZZZZZZ/é.ics",
                                  "/calendar/x.ics", "/calendar/é.ics", "/appointments/{0}/.ics"])
async def test_a_guess_is_answered_like_nothing(talk: Talk, browser: httpx.AsyncClient, path: str) -> None:
    wanted = await requested(talk)
    answer = await browser.get(path.format(wanted.reference))
    assert answer.status_code == 404
    assert wanted.reference not in answer.text.replace(path.format(wanted.reference), "")


async def test_a_key_opens_one_appointment_only() -> None:
    assert not links.opens(links.key_of("BBBBBB", "s"), "CCCCCC", "s")
    assert not links.opens(links.key_of("BBBBBB", "s"), "BBBBBB", "t")
    assert links.opens(links.key_of("bbbbbb", "s"), "BBBBBB", "s")


async def test_staff_subscribe_to_the_book(talk: Talk, browser: httpx.AsyncClient) -> None:
    """Of everybody or of one; who comes is not in it unless the clinic says so, and why they come never is."""
    wanted = await requested(talk)
    async with staff(talk.house) as (book, unit):
        await book.block(book.therapist("therapist-b"), THURSDAY_3PM, THURSDAY_3PM.replace(hour=17), "training")
        secret = await unit.secrets.of(links.OF_THE_BOOK)
    everybody = (await browser.get(f"/calendar/{secret}.ics")).text
    assert len(Calendar.from_ical(everybody).walk("VEVENT")) == 2
    assert "Jo Hill" not in everybody
    assert "900123" not in everybody
    mine = (await browser.get(f"/calendar/{secret}.ics?therapist={wanted.therapist}")).text
    assert wanted.reference in str(only_event(mine)["SUMMARY"])


async def test_new_addresses_end_the_old_ones(talk: Talk, browser: httpx.AsyncClient) -> None:
    async with staff(talk.house) as (_, unit):
        old = await unit.secrets.of(links.OF_THE_BOOK)
        new = await unit.secrets.renew(links.OF_THE_BOOK)
    assert (await browser.get(f"/calendar/{old}.ics")).status_code == 404
    assert (await browser.get(f"/calendar/{new}.ics")).status_code == 200
