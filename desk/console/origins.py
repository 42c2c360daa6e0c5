"""Where enquiries came from, week by week: by channel, or by the tag of the link."""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from clinic.figures.week import Week, added
from desk.console.plots import Plot, stacked

COLOURS = 5
"""Origins that are drawn apart; the others are one colour."""
OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Origin:
    """One channel or source. `weeks`: by Monday, only those in which somebody came from there."""

    name: str
    weeks: Mapping[date, Week]
    total: Week


@dataclass(frozen=True, slots=True)
class Origins:
    """The most frequent first. `colours`: the class in the drawing and the name of each that is drawn apart."""

    parts: tuple[Origin, ...]
    plot: Plot
    colours: tuple[tuple[str, str], ...]


def origins(weeks: Mapping[tuple[date, str], Week], mondays: Sequence[date]) -> Origins:
    """*weeks*: by Monday and name. *mondays*: those drawn, in order."""
    found = {name: {week: figures for (week, one), figures in weeks.items() if one == name} for _, name in weeks}
    parts = sorted((Origin(name, there, added(list(there.values()))) for name, there in found.items()),
                   key=lambda one: (-one.total.enquiries, one.name))
    apart, rest = parts[:COLOURS], parts[COLOURS:]
    colours = [(f"part-{place}", one.name) for place, one in enumerate(apart)] + ([(OTHERS, OTHERS)] if rest else [])

    def bar(week: date) -> list[tuple[str, int]]:
        drawn = [(kind, one.weeks[week].enquiries) for (kind, _), one in zip(colours, apart, strict=False)
                 if week in one.weeks]
        return [*drawn, (OTHERS, sum(one.weeks[week].enquiries for one in rest if week in one.weeks))]

    plot = stacked([(f"{week.day} {week:%b}", bar(week)) for week in mondays], dict(colours))
    return Origins(tuple(parts), plot, tuple(colours))
