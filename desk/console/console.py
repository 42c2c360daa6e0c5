"""The console's addresses under /desk, wired from the parts of the house that it is given."""
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from channels.contract import Limits
from channels.rehearsal import Rehearsal
from channels.takeover import Takeover
from clinic.booking.tidings import Tidings
from clinic.safety.reader import Screen
from clinic.store.watch import Watch
from desk.console.answers import Answers
from desk.console.diary import Diary
from desk.console.door import Door
from desk.console.gaps import GapLoop
from desk.console.home import Home
from desk.console.live import Live
from desk.console.numbers import Numbers
from desk.console.people import People
from desk.console.phone import Phone
from desk.console.privacy import Privacy
from desk.console.room import HERE, Guest, Room
from desk.console.thread import Threads
from desk.editing import Editing


@dataclass(frozen=True, slots=True)
class Parts:
    """Of the house, what the console works with. `rehearsal`: None in a process that has no assistant."""

    watch: Watch
    takeover: Takeover
    rehearsal: Rehearsal | None
    screen: Screen
    limits: Mapping[str, Limits]
    editing: Editing
    tidings: Tidings


def console_routes(room: Room, parts: Parts) -> list[BaseRoute]:
    """All that is under /desk."""
    door = Door(room)
    live = Live(door, parts.watch)
    routes = [*door.routes(), *Home(room, door, live).routes(), *Diary(room, door, parts.tidings).routes(),
              *Threads(room, door, live, parts.takeover, parts.rehearsal, parts.limits).routes(),
              *People(room, door).routes(), *Answers(room, door, parts.rehearsal, parts.screen).routes(),
              *GapLoop(room, door, parts.editing).routes(), *Privacy(room, door).routes(),
              *Numbers(room, door).routes(), *Phone(room, door).routes()]
    home = next(route for route in routes if route.path == "/")

    async def unknown(request: Request, guest: Guest) -> Response:
        raise HTTPException(404, "There is no such page at the desk.")

    return [Mount("/desk/static", StaticFiles(directory=HERE / "static")), Route("/desk", home.endpoint),
            Mount("/desk", routes=[*routes, Route("/{rest:path}", door.page(unknown))])]
