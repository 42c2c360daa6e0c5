"""Therapists' own calendars close openings: read from a real server, and kept as they were while that is away."""
import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from clinic.booking.elsewhere import lacking
from clinic.booking.feed import FeedUnreadable
from clinic.booking.fetching import LARGEST, fetch
from tests.conftest import StoppedClock
from tests.talk import Talk
from tests.talks.test_openings import replace_clinic

THURSDAY_3PM = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)


class Elsewhere:
    """A calendar's server."""

    def __init__(self) -> None:
        self.status, self.body, self.moved_to = "200 OK", b"", ""
        self.asked = 0
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        assert self._server
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/secret.ics"

    def holds(self, *events: str) -> None:
        told = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\n{event}\r\nEND:VEVENT\r\n" for n, event in enumerate(events))
        self.body = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{told}END:VCALENDAR\r\n".encode()

    async def __aenter__(self) -> "Elsewhere":
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        extra = f"location: {self.moved_to}\r\n" if self.moved_to else ""
        writer.write(f"HTTP/1.1 {self.status}\r\n{extra}content-length: {len(self.body)}\r\nconnection: close\r\n\r\n"
                     .encode() + self.body)
        writer.close()


@pytest_asyncio.fixture
async def elsewhere(talk: Talk) -> AsyncIterator[Elsewhere]:
    """Both therapists keep a calendar there."""
    knowledge = talk.house.library.current
    async with Elsewhere() as server:
        people = tuple(replace(person, calendar=server.address) for person in knowledge.content.clinic.people)
        talk.house.library._current = replace_clinic(knowledge, replace(knowledge.content.clinic, people=people))
        yield server
        talk.house.library._current = knowledge
    async with talk.house.store.begin() as unit:
        await unit.feeds.keep_only([])


async def standing(talk: Talk) -> list[Any]:
    async with talk.house.store.begin() as unit:
        return await unit.feeds.looks()


async def test_what_is_in_a_calendar_is_not_offered(talk: Talk, elsewhere: Elsewhere) -> None:
    elsewhere.holds("DTSTART:20261125T150000Z\r\nDTEND:20261125T163000Z\r\nRRULE:FREQ=DAILY;COUNT=3")
    await talk.house.rounds.look_elsewhere()
    await talk.says("can i book an hour on thursday at 3pm")
    assert "nearest" in talk.last.text
    assert not [label for label in talk.choices if label.startswith("Thu 26 Nov, 15")]


async def test_what_comes_into_it_meanwhile_is_said_at_once(talk: Talk, elsewhere: Elsewhere,
                                                            clock: StoppedClock) -> None:
    """The therapist was booked there while the visitor was still answering."""
    elsewhere.holds()
    await talk.house.rounds.look_elsewhere()
    await talk.says("can i book an hour on thursday at 3pm, my name is Jo Hill, 07700 900123")
    await talk.passes_check()
    elsewhere.holds("DTSTART:20261126T150000Z\r\nDTEND:20261126T160000Z")
    clock.now += timedelta(minutes=11)
    await talk.house.rounds.look_elsewhere()
    await talk.says("yes")
    assert "just gone" in talk.replies[0].text
    assert await talk.appointments() == []


@pytest.mark.parametrize("outage", ["503 Service Unavailable", "404 Not Found", "200 OK"])
async def test_an_outage_keeps_what_was_known(talk: Talk, elsewhere: Elsewhere, clock: StoppedClock,
                                              outage: str) -> None:
    """And it shows once it is an hour old."""
    elsewhere.holds("DTSTART:20261126T150000Z\r\nDTEND:20261126T160000Z")
    await talk.house.rounds.look_elsewhere()
    elsewhere.status, elsewhere.body = outage, b"<html>sign in</html>"
    clock.now += timedelta(minutes=30)
    await talk.house.rounds.look_elsewhere()
    people = ["therapist-a", "therapist-b"]
    assert lacking(people, await standing(talk), clock.now) == []
    assert len(lacking(people, await standing(talk), clock.now + timedelta(hours=1))) == 2
    await talk.says("can i book an hour on thursday at 3pm")
    assert "nearest" in talk.last.text


async def test_each_is_read_once_in_ten_minutes_by_whoever_is_first(talk: Talk, elsewhere: Elsewhere,
                                                                    clock: StoppedClock) -> None:
    elsewhere.holds()
    await asyncio.gather(*(talk.house.rounds.look_elsewhere() for _ in range(4)))
    assert elsewhere.asked == 2
    clock.now += timedelta(minutes=10)
    await talk.house.rounds.look_elsewhere()
    assert elsewhere.asked == 4


async def test_a_calendar_that_is_taken_out_opens_its_times_again(talk: Talk, elsewhere: Elsewhere) -> None:
    elsewhere.holds("DTSTART:20261126T150000Z\r\nDTEND:20261126T160000Z")
    await talk.house.rounds.look_elsewhere()
    async with talk.house.store.begin() as unit:
        await unit.feeds.keep_only([])
        assert await unit.feeds.between(THURSDAY_3PM, THURSDAY_3PM + timedelta(hours=1)) == []


async def test_only_so_many_bytes_and_only_over_a_safe_way(elsewhere: Elsewhere) -> None:
    elsewhere.body = b"x" * (LARGEST + 1)
    with pytest.raises(FeedUnreadable, match="larger"):
        await fetch(elsewhere.address)
    elsewhere.body, elsewhere.status, elsewhere.moved_to = b"", "302 Found", "http://example.org/x.ics"
    with pytest.raises(FeedUnreadable, match="https"):
        await fetch(elsewhere.address)
    elsewhere.moved_to = elsewhere.address
    with pytest.raises(FeedUnreadable, match="one address to the next"):
        await fetch(elsewhere.address)


async def test_no_reason_that_is_kept_has_the_secret_address(talk: Talk, elsewhere: Elsewhere) -> None:
    elsewhere.status = "500 Oops"
    await talk.house.rounds.look_elsewhere()
    assert all(one.trouble and "secret" not in one.trouble for one in await standing(talk))
