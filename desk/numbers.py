"""`frontdesk numbers`: the figures of the last weeks, counted now, or the conversations behind one of them."""
import sys
from datetime import date, timedelta

from clinic.clock import utc_now
from clinic.errors import ClinicError
from clinic.figures.enquiry import FATES
from clinic.figures.table import as_csv
from clinic.figures.week import ALL, PARTS, Key, Week, belongs
from clinic.knowledge.content import load
from clinic.settings import Settings
from clinic.store.figures import mondays
from desk.listing import book, console_for, table


class NoSuchFigure(ClinicError):
    """A figure is named by a day of its week and one of its parts."""


async def show(settings: Settings, weeks: int, as_table: bool) -> None:
    """Print the last *weeks*."""
    zone, now = load(settings.content).clinic.zone, utc_now()
    today = now.astimezone(zone).date()
    found: dict[Key, Week] = {}
    async with book(settings) as unit:
        for monday in reversed(list(mondays(today - timedelta(weeks=weeks - 1), today))):
            counted = await unit.figures.count(monday, zone, now)
            found |= {(monday, *place): week for place, week in counted.items()}
    if as_table:
        sys.stdout.write(as_csv(found))
        return
    listed = table("Enquiries by the week in which they began, and what became of them (docs/numbers.md)", "Week of",
                   "Channel", "Source", "Enquiries", *(fate.replace("_", " ") for fate in FATES), "Needed nobody",
                   "Mostly reported")
    for (monday, channel, source), week in found.items():
        listed.add_row(monday.isoformat(), channel, source, str(week.enquiries),
                       *(str(week.fates[fate]) for fate in FATES), _share(week.deflection), _share(week.naive))
    console_for().print(listed)


async def trace(settings: Settings, week: str, part: str, channel: str = ALL, source: str = ALL) -> None:
    """Print the conversations of a figure: of those on *channel* and from *source*. Raises NoSuchFigure."""
    try:
        monday = date.fromisoformat(week)
    except ValueError:
        raise NoSuchFigure(f"{week!r} is no day: write 2026-11-23.") from None
    if part not in PARTS:
        raise NoSuchFigure(f"{part!r} is none of {', '.join(PARTS)}.")
    zone, now = load(settings.content).clinic.zone, utc_now()
    async with book(settings) as unit:
        found = await unit.figures.enquiries(monday - timedelta(days=monday.weekday()), zone)
    for one in found:
        if belongs(one, part, channel, source, now):
            print(f"{one.conversation}  {one.channel}  {one.source}  {one.begins:%Y-%m-%d %H:%M} UTC")


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
