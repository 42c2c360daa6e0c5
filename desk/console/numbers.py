"""True numbers: what was taken off the clinic's hands, with its parts; each figure leads to its conversations."""
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clinic.figures.enquiry import FATES
from clinic.figures.table import as_csv
from clinic.figures.week import ALL, FUNNEL, PARTS, added, belongs
from clinic.store.counting import FARTHEST
from desk.console.door import Door
from desk.console.origins import origins
from desk.console.plots import stacked
from desk.console.room import HEADERS, Guest, Room

WEEKS = 12
SHOWN = timedelta(weeks=WEEKS - 1)


class Numbers:
    def __init__(self, room: Room, door: Door) -> None:
        self._room, self._door = room, door

    def routes(self) -> list[Route]:
        page = self._door.page
        return [Route("/numbers", page(self.show, "manage")), Route("/numbers.csv", page(self.table, "manage")),
                Route("/numbers/{week:str}/{part:str}", page(self.trace, "manage"))]

    async def show(self, request: Request, guest: Guest) -> Response:
        channel, source = _asked(request)
        async with self._room.store.begin() as unit:
            kept, counted = await unit.figures.kept(self._monday - SHOWN), await unit.figures.counted()
        weeks = {week: figures for (week, *place), figures in kept.items() if place == [channel, source]}
        shown = sorted(weeks)
        plot = stacked([(f"{week.day} {week:%b}", [(fate, weeks[week].fates[fate]) for fate in FATES])
                        for week in shown])
        by_channel = origins({(week, place): figures for (week, place, tag), figures in kept.items()
                              if tag == source and place != ALL}, shown)
        by_source = origins({(week, tag): figures for (week, place, tag), figures in kept.items()
                             if place == channel and tag != ALL}, shown)
        return self._room.page(
            "numbers.html", guest, weeks=[(week, weeks[week]) for week in reversed(shown)], plot=plot, fates=FATES,
            funnel=FUNNEL, channel=channel, source=source, counted=counted, by_channel=by_channel,
            by_source=by_source, names=self._room.library.current.content.words.choices,
            total=added(list(weeks.values())), channels=_all_first({place for _, place, _ in kept}),
            sources=_all_first({tag for *_, tag in kept}))

    async def table(self, request: Request, guest: Guest) -> Response:
        async with self._room.store.begin() as unit:
            kept = await unit.figures.kept(self._monday - FARTHEST)
        return Response(as_csv(kept), media_type="text/csv", headers={
            **HEADERS, "content-disposition": 'attachment; filename="numbers.csv"'})

    async def trace(self, request: Request, guest: Guest) -> Response:
        """The conversations that a figure is made of, counted anew: what has been erased since is missing."""
        part, (channel, source) = request.path_params["part"], _asked(request)
        try:
            monday = date.fromisoformat(request.path_params["week"])
        except ValueError:
            monday = None
        if monday is None or part not in PARTS:
            return self._room.refuse(guest, 404, "There is no such figure.")
        monday -= timedelta(days=monday.weekday())
        async with self._room.store.begin() as unit:
            found = await unit.figures.enquiries(monday, self._room.library.current.content.clinic.zone)
        now = self._room.clock()
        return self._room.page("figure.html", guest, week=monday, part=part, channel=channel, source=source,
                               found=[one for one in found if belongs(one, part, channel, source, now)])

    @property
    def _monday(self) -> date:
        today = self._room.clock().astimezone(self._room.library.current.content.clinic.zone).date()
        return today - timedelta(days=today.weekday())


def _asked(request: Request) -> tuple[str, str]:
    """The channel and the source that somebody wants to see."""
    return request.query_params.get("channel", ALL), request.query_params.get("source", ALL)


def _all_first(names: set[str]) -> list[str]:
    return sorted(names, key=lambda name: (name != ALL, name))
