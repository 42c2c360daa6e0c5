"""Calendars on a real CalDAV server: what stands in the book stands there, and what is changed there is noticed."""
import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from clinic.booking.caldav import CalDav
from clinic.booking.feed import FeedUnreadable
from tests.clinic.booking.test_staff import heard, requested, staff
from tests.conftest import StoppedClock
from tests.radicale import LOGIN, Radicale
from tests.talk import Talk
from tests.talks.test_openings import replace_clinic

THURSDAY_3PM = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest_asyncio.fixture(scope="session")
async def radicale(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Radicale]:
    server = Radicale(tmp_path_factory.mktemp("radicale"))
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture
async def server(talk: Talk, radicale: Radicale, request: pytest.FixtureRequest,
                 monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Radicale]:
    """Both therapists keep an empty calendar there."""
    knowledge, name = talk.house.library.current, request.node.name.replace("[", "-").replace("]", "")
    people = []
    for person in knowledge.content.clinic.people:
        radicale.make(f"{person.id}-{name}")
        people.append(replace(person, caldav=radicale.address(f"{person.id}-{name}")))
        radicale.names[person.id] = f"{person.id}-{name}"
    talk.house.library._current = replace_clinic(knowledge, replace(knowledge.content.clinic, people=tuple(people)))
    monkeypatch.setattr(talk.house.rounds._sync, "_login", lambda therapist: LOGIN)
    yield radicale
    talk.house.library._current = knowledge
    async with talk.house.store.begin() as unit:
        await unit.feeds.keep_only([])


async def a_round(talk: Talk, clock: StoppedClock) -> None:
    clock.now += timedelta(seconds=61)
    await talk.house.rounds.look_elsewhere()
    async with talk.house.store.begin() as unit:
        assert [one.trouble for one in await unit.feeds.looks()] == [None, None]


def events(server: Radicale, therapist: str) -> list[Any]:
    """As another calendar program reads them."""
    return [found.get_icalendar_component() for found in server.calendar(server.names[therapist]).get_events()]


async def test_the_calendar_follows_the_book(talk: Talk, server: Radicale, clock: StoppedClock) -> None:
    """Asked for, confirmed, moved to somebody else, cancelled; each written once, and without the visitor's name."""
    wanted = await requested(talk)
    here, there = wanted.therapist, {"therapist-a": "therapist-b", "therapist-b": "therapist-a"}[wanted.therapist]
    await a_round(talk, clock)
    (event,) = events(server, here)
    assert (str(event["STATUS"]), event.start) == ("TENTATIVE", THURSDAY_3PM)
    assert "Jo Hill" not in event.to_ical().decode()
    async with staff(talk.house) as (book, _):
        await book.confirm(wanted.reference)
    await a_round(talk, clock)
    assert [str(one["STATUS"]) for one in events(server, here)] == ["CONFIRMED"]
    async with staff(talk.house) as (book, _):
        await book.move(wanted.reference, THURSDAY_3PM + HOUR, there)
    await a_round(talk, clock)
    assert events(server, here) == []
    assert [one.start for one in events(server, there)] == [THURSDAY_3PM + HOUR]
    async with staff(talk.house) as (book, _):
        await book.cancel(wanted.reference)
    await a_round(talk, clock)
    assert events(server, there) == []


async def test_a_round_with_nothing_new_writes_nothing(talk: Talk, server: Radicale, clock: StoppedClock,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    await requested(talk)
    await a_round(talk, clock)

    async def put(*_: object) -> str:
        raise AssertionError("written once more")

    monkeypatch.setattr(CalDav, "put", put)
    await a_round(talk, clock)


async def test_what_the_therapist_writes_there_is_not_offered(talk: Talk, server: Radicale,
                                                              clock: StoppedClock) -> None:
    for name in server.names.values():
        server.calendar(name).add_event(dtstart=THURSDAY_3PM - timedelta(days=7), dtend=THURSDAY_3PM + HOUR
                                        - timedelta(days=7), summary="Course", rrule={"FREQ": "WEEKLY"})
    await a_round(talk, clock)
    await talk.says("can i book an hour on thursday at 3pm")
    assert "nearest" in talk.last.text


async def test_an_appointment_moved_there_is_moved_here(talk: Talk, server: Radicale, clock: StoppedClock) -> None:
    """And its visitor hears of it."""
    wanted = await requested(talk)
    await a_round(talk, clock)
    move(server, wanted.therapist, THURSDAY_3PM + 2 * HOUR)
    await a_round(talk, clock)
    (moved,) = await talk.appointments()
    assert (moved.starts, moved.reference) == (THURSDAY_3PM + 2 * HOUR, wanted.reference)
    assert "at 17:00" in (await heard(talk)).text
    async with talk.house.store.begin() as unit:
        assert [by for _, by, _, _ in await unit.ledger.history(wanted.reference)] == ["visitor", "calendar"]
    await a_round(talk, clock)
    await a_round(talk, clock)
    assert len(await talk.appointments()) == 1
    assert [one["SEQUENCE"] for one in events(server, wanted.therapist)] == [moved.version - 1]


async def test_one_moved_onto_another_goes_back_and_staff_are_told(talk: Talk, server: Radicale,
                                                                   clock: StoppedClock) -> None:
    wanted = await requested(talk)
    async with staff(talk.house) as (book, _):
        await book.block(book.therapist(wanted.therapist), THURSDAY_3PM + 2 * HOUR, THURSDAY_3PM + 3 * HOUR, "")
    await a_round(talk, clock)
    move(server, wanted.therapist, THURSDAY_3PM + 2 * HOUR)
    await a_round(talk, clock)
    assert [one.key for one in await told(talk, "moved_in_a_calendar")] == [wanted.reference]
    await a_round(talk, clock)
    assert [one.starts for one in await talk.appointments()] == [THURSDAY_3PM]
    assert sorted(one.start for one in events(server, wanted.therapist)) == [THURSDAY_3PM, THURSDAY_3PM + 2 * HOUR]


async def test_one_taken_out_there_stands_until_a_person_decides(talk: Talk, server: Radicale,
                                                                 clock: StoppedClock) -> None:
    """A calendar that was emptied by mistake cancels nobody; and it is told once."""
    wanted = await requested(talk)
    await a_round(talk, clock)
    server.calendar(server.names[wanted.therapist]).get_events()[0].delete()
    talk.post.notices.clear()
    for _ in range(3):
        await a_round(talk, clock)
    assert len(await talk.appointments()) == 1
    assert events(server, wanted.therapist) == []
    assert [one.key for one in await told(talk, "gone_from_a_calendar")] == [wanted.reference]


async def test_an_outage_delays_and_loses_nothing(talk: Talk, server: Radicale, clock: StoppedClock) -> None:
    await a_round(talk, clock)
    await server.stop()
    wanted = await requested(talk)
    clock.now += timedelta(minutes=2)
    await talk.house.rounds.look_elsewhere()
    async with talk.house.store.begin() as unit:
        assert all("can't be reached" in (one.trouble or "") for one in await unit.feeds.looks())
    await server.start()
    await a_round(talk, clock)
    assert [str(one["UID"]) for one in events(server, wanted.therapist)] == [f"{wanted.reference}@frontdesk"]


async def test_a_round_that_was_killed_after_writing_writes_no_second_one(talk: Talk, server: Radicale,
                                                                          clock: StoppedClock) -> None:
    """What we wrote and could not note is known again by what it says."""
    wanted = await requested(talk)
    await a_round(talk, clock)
    async with talk.house.store.begin() as unit:
        await unit.calendar_copies.forget(wanted.therapist, wanted.reference)
    await a_round(talk, clock)
    assert len(events(server, wanted.therapist)) == 1
    assert len(await talk.appointments()) == 1


async def test_a_wrong_login_is_said_without_it(talk: Talk, server: Radicale) -> None:
    calendar = CalDav(server.address(server.names["therapist-a"]), ("desk", "wrong"))
    with pytest.raises(FeedUnreadable) as refused:
        await calendar.between(THURSDAY_3PM, THURSDAY_3PM + HOUR)
    assert "login" in str(refused.value)
    assert "wrong" not in str(refused.value)


def move(server: Radicale, therapist: str, starts: datetime) -> None:
    """As somebody drags it in their calendar."""
    found = server.calendar(server.names[therapist]).get_events()
    one = next(event for event in found if event.get_icalendar_component().start == THURSDAY_3PM)
    with one.edit_icalendar_instance() as calendar:
        event = calendar.walk("VEVENT")[0]
        del event["DTSTART"], event["DTEND"]
        event.add("dtstart", starts)
        event.add("dtend", starts + HOUR)
    one.save()


async def told(talk: Talk, about: str) -> list[Any]:
    async with asyncio.timeout(5):
        while not (found := [one for one in talk.post.notices if one.about == about]):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return found
