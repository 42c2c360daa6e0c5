"""While you were out: what needs a person, the most urgent first; and who says that nobody is there."""
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from channels.turn import MOST_WORDS
from clinic.booking.contact import ContactUnusable, find_contact
from clinic.store.cases import Case
from clinic.store.presences import AWAY, PAUSED
from clinic.store.threads import Glimpse
from clinic.store.unit import Unit
from desk.console.door import HOME, Door
from desk.console.live import Live
from desk.console.room import HEADERS, Guest, Room, go
from desk.refusals import MEANING

A_MONTH = timedelta(days=30)
"""How long the clinic has to answer a request about somebody's data."""
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits, in the order in which it is looked at."""

    alerts: list[tuple[Glimpse, str | None, datetime]]
    cases: list[tuple[Case, Glimpse]]
    data: list[tuple[Case, Glimpse, int]]
    """Requests about somebody's data, with the days that are left."""
    taken: list[tuple[Case, Glimpse]]
    requests: int
    dead: list[Any]
    stopped: dict[str, datetime]
    """Where replies have stopped, and when that was noticed."""
    total: int
    """Of what nobody has in hand."""


class Home:
    def __init__(self, room: Room, door: Door, live: Live) -> None:
        self._room, self._door, self._live = room, door, live

    def routes(self) -> list[Route]:
        page, form = self._door.page, self._door.form
        return [Route("/", page(self.home)), Route("/waiting", page(self.waiting, part_of="/")),
                Route("/events", page(self._live.desk, part_of="/")), Route("/threads", page(self.threads)),
                Route("/presence", form(self.presence), methods=["POST"])]

    async def home(self, request: Request, guest: Guest) -> Response:
        async with self._room.store.begin() as unit:
            waiting = await self._waiting(unit)
            said = await unit.presences.said(self._room.clock())
        content = self._room.library.current.content
        today = self._room.clock().astimezone(content.clinic.zone).date()
        return self._room.page("home.html", guest, waiting=waiting, meaning=MEANING, said=said,
                               overdue=[faq for faq in content.faqs if faq.overdue(today)])

    async def waiting(self, request: Request, guest: Guest) -> Response:
        """The lists alone, for a page that is open."""
        async with self._room.store.begin() as unit:
            waiting = await self._waiting(unit)
        return HTMLResponse(self._room.fragment("_waiting.html", guest, waiting=waiting, meaning=MEANING),
                            headers=HEADERS)

    async def threads(self, request: Request, guest: Guest) -> Response:
        async with self._room.store.begin() as unit:
            newest = await unit.threads.newest()
            glimpses = await unit.threads.glimpses(newest)
        return self._room.page("threads.html", guest, glimpses=[glimpses[key] for key in newest if key in glimpses])

    async def presence(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        """Nobody is in today, or the chat rests; or that has ended."""
        name, now = given.get("name", ""), self._room.clock()
        if name not in (AWAY, PAUSED):
            return self._room.refuse(guest, 400, "There is no such switch.")
        async with self._room.store.begin() as unit:
            if given.get("on") == "yes":
                zone = self._room.library.current.content.clinic.zone
                await unit.presences.say(name, guest.colleague.name, now, midnight(now, zone) if name == AWAY else None)
            else:
                await unit.presences.end(name)
        return go(HOME)

    async def _waiting(self, unit: Unit) -> Waiting:
        raised = await unit.firings.raised()
        cases = await unit.cases.waiting()
        glimpses = await unit.threads.glimpses([*(key for key, *_ in raised), *(case.conversation for case in cases)])
        pairs = [(case, replace(glimpse, last=_news(case, glimpse.last)))
                 for case in cases if (glimpse := glimpses.get(case.conversation))]
        now = self._room.clock()
        asked = len(await unit.ledger.requested()) + sum(
            one.state == "open" for one in await unit.requests.newest(SHOWN))
        dead = await unit.deliveries.dead(SHOWN)
        data = [(case, glimpse, (case.created_at + A_MONTH - now).days) for case, glimpse in pairs
                if case.reason == "data_request"]
        mine = [pair for pair in pairs if pair[0].state == "taken" and pair[0].reason != "data_request"]
        fresh = [pair for pair in pairs if pair[0].state == "open" and pair[0].reason != "data_request"]
        words = await unit.firings.words([key for key, *_ in raised])
        alerts = [(replace(glimpses[key], last=words.get(key, glimpses[key].last)), rule, at)
                  for key, _, _, rule, at in raised if key in glimpses]
        return Waiting(alerts, fresh, data, mine, asked, dead, await unit.flow.told(),
                       len(alerts) + len(fresh) + asked + len(dead))


def _news(case: Case, last: str) -> str:
    """What the visitor has said since the case; nothing where that is only how to reach them, which stands there."""
    try:
        contact = find_contact(last) if case.contact else None
    except ContactUnusable:
        contact = None
    return "" if last == case.words or (contact and len(last.split()) <= MOST_WORDS) else last


def midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """The end of the day at the clinic."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, zone)
