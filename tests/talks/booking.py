"""Conversations about appointments as data (tests/data/bookings): what is said, and what the book holds afterwards."""
import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import text

from bootstrap import House
from clinic.booking.appointment import Appointment, Details
from clinic.booking.opening import Opening
from tests.conftest import StoppedClock
from tests.talk import Talk

FOLDER = Path(__file__).parent.parent / "data" / "bookings"
TWO_PLACES = FOLDER / "two_places"
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
SOMEBODY = "A N Other"


@dataclass(frozen=True, slots=True)
class Story:
    """One conversation, or several at once at the same clinic."""

    file: str
    said: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.file}: {self.said['name']}"


def stories(folder: Path = FOLDER) -> Iterator[Story]:
    for file in sorted(folder.glob("*.yml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8")):
            yield Story(file.stem, entry)


class Player:
    """Plays one story, and says what is not as it should be."""

    def __init__(self, house: House, clock: StoppedClock, post: Any) -> None:
        self._house, self._clock, self._post = house, clock, post
        self._talks: dict[str, Talk] = {}
        self._shown: dict[str, list[dict[str, str]]] = {}

    async def play(self, story: Story) -> None:
        """Raises AssertionError where a reply or the book is another than the story has it."""
        said = story.said
        async with _diary(self._house, said.get("diary", "request")):
            for one in said.get("taken", ()):
                await self._take(one)
            for turn in said["turns"]:
                await self._turn(turn)
            await self._holds(said)

    async def _turn(self, turn: dict[str, Any]) -> None:
        if "wait" in turn:
            self._clock.now += timedelta(**{UNITS[turn["wait"][-1]]: float(turn["wait"][:-1])})
            return
        who = turn.get("by", "visitor")
        talk = self._talks.setdefault(who, Talk(self._house, self._post))
        await self._say(talk, who, turn)
        self._shown.setdefault(who, []).extend(choice for reply in talk.replies for choice in reply.choices)
        _expect(talk, turn, await self._reference())

    async def _say(self, talk: Talk, who: str, turn: dict[str, Any]) -> None:
        if "books" in turn:
            await talk.says(f"can i book an hour on {turn['books']}, my name is {turn.get('name', 'Jo Hill')}, "
                            f"{turn.get('contact', '07700 900123')}")
            await talk.passes_check()
            await talk.taps("Yes, go ahead")
        elif "check" in turn:
            for label in ("Yes, ask me", "None of these"):
                assert any(one.startswith(label) for one in talk.choices), f"no check: {talk.last.text!r}"
                await talk.taps(label)
        elif "at_once" in turn:  # on two devices
            devices = [self._device(talk) for _ in turn["at_once"]]
            await asyncio.gather(*(self._say(device, who, one) for device, one in zip(
                devices, turn["at_once"], strict=True)))
            talk.replies = max((device.replies for device in devices), key=lambda replies: replies[-1].n)
        elif "old" in turn:  # a choice that was shown some time ago, to them or to somebody else
            shown = self._shown[turn.get("of", who)]
            await talk._send(choice=next(one["token"] for one in shown if one["label"].startswith(turn["old"])))
        elif "taps" in turn or "picks" in turn:
            await self._tap(talk, turn)
        else:
            await talk.says(turn["says"].replace("{reference}", await self._reference()))

    async def _tap(self, talk: Talk, turn: dict[str, Any]) -> None:
        shown = [choice for reply in talk.replies for choice in reply.choices]
        if "picks" in turn:
            assert "Another day" in talk.choices, f"no openings to pick from: {talk.last.text!r}"
            token = talk.last.choices[turn["picks"] - 1]["token"]
        else:
            fitting = [choice["token"] for choice in shown if choice["label"].startswith(turn["taps"])]
            assert fitting, f"no {turn['taps']!r} to tap among {[one['label'] for one in shown]} ({talk.last.text!r})"
            token = fitting[0]
        presses = [self._device(talk) for _ in range(turn.get("times", 1))]
        await asyncio.gather(*(press._send(choice=token) for press in presses))
        talk.replies = presses[0].replies

    def _device(self, talk: Talk) -> Talk:
        other = Talk(self._house, self._post)
        other.conversation, other.replies = talk.conversation, talk.replies
        return other

    async def _take(self, one: dict[str, Any]) -> None:
        starts, service = _instant(one["starts"]), self._house.library.current.content.clinic.services[0].id
        hours = timedelta(hours=one.get("hours", 1))
        async with self._house.store.begin() as unit:
            await unit.book.add(Opening(starts, starts + hours, one["who"], service),
                                timedelta(minutes=75), Details(SOMEBODY, "x@example.org"), "booked", self._clock())

    async def _reference(self) -> str:
        made = await self._book()
        return made[0].reference if made else ""

    async def _book(self) -> list[Appointment]:
        """All but what was taken from the beginning, and what is cancelled."""
        async with self._house.store.begin() as unit:
            found = await unit.book.between(datetime(2026, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
        return [one for one in found if one.name != SOMEBODY]

    async def _holds(self, said: dict[str, Any]) -> None:
        book = await self._book()
        made = [one for one in book if one.state != "held"]
        assert len(made) == len(said.get("book", ())), [(one.state, one.starts, one.name) for one in made]
        for one, wanted in zip(made, said.get("book", ()), strict=True):
            _compare(one, wanted)
        if "held" in said:
            assert said["held"] == len(book) - len(made), "holds are left"
        requests = [request for talk in self._talks.values() for request in await talk.requests()]
        assert [request.wanted for request in requests] == said.get("requests", [])
        cases = {reason for talk in self._talks.values() for reason in await talk.cases()}
        assert cases == set(said.get("cases", ()))


def _instant(local: datetime) -> datetime:
    """YAML has local times without a zone; in these stories it is winter in London."""
    return local.replace(tzinfo=UTC)


def _compare(one: Appointment, wanted: dict[str, Any]) -> None:
    local = one.starts.astimezone(UTC)
    found = {"starts": local.replace(tzinfo=None), "day": local.date(), "service": one.service, "state": one.state,
             "who": one.therapist, "name": one.name, "contact": one.contact, "place": one.place}
    plain = {key: value for key, value in wanted.items() if key not in ("from", "to")}
    assert {key: found[key] for key in plain} == plain
    assert wanted.get("from", "") <= f"{local:%H:%M}" <= wanted.get("to", "24")


def _expect(talk: Talk, turn: dict[str, Any], reference: str) -> None:
    said = "\n".join(reply.text for reply in talk.replies)
    for words in _list(turn.get("hears")):
        assert words.replace("{reference}", reference).lower() in said.lower(), f"{words!r} is not in {said!r}"
    for words in _list(turn.get("never")):
        assert words.lower() not in said.lower(), f"{words!r} is in {said!r}"
    if "kind" in turn:
        assert set(_list(turn["kind"])) & set(talk.kinds), f"{talk.kinds}: {said!r}"
    labels = [choice["label"] for reply in talk.replies for choice in reply.choices]
    for label in _list(turn.get("shows")):
        assert any(one.startswith(label) for one in labels), f"no {label!r} among {labels}"
    if "offers" in turn:
        times = [label for label in labels if label[-3:-2] == ":"]
        assert times, f"no openings: {said!r}"
        assert all(label.startswith(tuple(_list(turn["offers"]))) for label in times), times


def _list(value: str | list[str] | None) -> list[str]:
    return value if isinstance(value, list) else [] if value is None else [value]


@asynccontextmanager
async def _diary(house: House, booking: str) -> AsyncIterator[None]:
    """The clinic's services are booked in this way; nothing is in the book."""
    async with house.store.begin() as unit:
        await unit.connection.execute(text("delete from appointment"))
        await unit.connection.execute(text("delete from lookup_failure"))
        await unit.connection.execute(text("delete from waiting"))
    before = house.library.current
    clinic = before.content.clinic
    services = tuple(replace(service, booking=booking) for service in clinic.services)
    changed = replace(clinic, services=services, booking=replace(clinic.booking, only_diary=booking == "confirm"))
    now = copy(before)
    now.content = replace(before.content, clinic=changed)
    house.library._current = now
    try:
        yield
    finally:
        house.library._current = before
