"""True numbers: what was taken off the clinic's hands, with its parts; each figure leads to its conversations."""
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clinic.figures.enquiry import FATES
from clinic.figures.table import as_csv
from clinic.figures.week import ALL, FUNNEL, Week
from clinic.store.counting import FARTHEST
from desk.console.door import Door
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
        channel = request.query_params.get("channel", ALL)
        async with self._room.store.begin() as unit:
            kept, counted = await unit.figures.kept(self._monday - SHOWN), await unit.figures.counted()
        weeks = {week: figures for (week, place), figures in kept.items() if place == channel}
        shown = sorted(weeks)
        plot = stacked([(f"{week.day} {week:%b}", [(fate, weeks[week].fates[fate]) for fate in FATES])
                        for week in shown])
        names = self._room.library.current.content.words.choices
        return self._room.page(
            "numbers.html", guest, weeks=[(week, weeks[week]) for week in reversed(shown)], plot=plot, fates=FATES,
            funnel=FUNNEL, channel=channel, counted=counted, names=names, total=_sum(list(weeks.values())),
            channels=sorted({place for _, place in kept}, key=lambda place: (place != ALL, place)))

    async def table(self, request: Request, guest: Guest) -> Response:
        async with self._room.store.begin() as unit:
            kept = await unit.figures.kept(self._monday - FARTHEST)
        return Response(as_csv(kept), media_type="text/csv", headers={
            **HEADERS, "content-disposition": 'attachment; filename="numbers.csv"'})

    async def trace(self, request: Request, guest: Guest) -> Response:
        """The conversations that a figure is made of, counted anew: what has been erased since is missing."""
        part, channel = request.path_params["part"], request.query_params.get("channel", ALL)
        try:
            monday = date.fromisoformat(request.path_params["week"])
        except ValueError:
            monday = None
        if monday is None or part not in FATES:
            return self._room.refuse(guest, 404, "There is no such figure.")
        monday -= timedelta(days=monday.weekday())
        async with self._room.store.begin() as unit:
            found = await unit.figures.enquiries(monday, self._room.library.current.content.clinic.zone)
        now = self._room.clock()
        return self._room.page("figure.html", guest, week=monday, part=part, channel=channel,
                               found=[one for one in found if one.fate(now) == part and channel in (ALL, one.channel)])

    @property
    def _monday(self) -> date:
        today = self._room.clock().astimezone(self._room.library.current.content.clinic.zone).date()
        return today - timedelta(days=today.weekday())


def _sum(weeks: list[Week]) -> Week:
    """What the weeks shown come to together, but for times, which don't add up."""
    def added(parts: list[dict[str, int]]) -> dict[str, int]:
        keys = dict.fromkeys(key for part in parts for key in part)
        return {key: sum(part.get(key, 0) for part in parts) for key in keys}

    return Week(sum(week.enquiries for week in weeks), added([week.fates for week in weeks]),
                sum(week.unhanded for week in weeks), added([week.funnel for week in weeks]),
                added([week.broke_off for week in weeks]), added([week.intents for week in weeks]),
                added([week.firings for week in weeks]))
