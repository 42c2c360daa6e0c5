"""The places of a clinic that has several, as `clinic.yml` lists them, and who works where."""
import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from clinic.knowledge.hours import WEEKDAYS, Holiday, Hours, read_hours
from clinic.knowledge.practice import Place, WorksAt
from clinic.knowledge.sheet import Sheet

TEXTS = ("map", "directions", "parking", "access")
"""What may be told of one place alone."""
_ID = re.compile(r"[\w-]+")


def read_places(sheets: Iterator[Sheet], holidays: tuple[Holiday, ...], nation: str) -> Iterator[Place]:
    """Each entry of `places`. Holidays are the clinic's."""
    for entry in sheets:
        place = Place(
            id=entry.text("id"), name=entry.text("name"), also=entry.words("also"), address=entry.text("address"),
            opening_hours=(read_hours(entry.sheet("opening_hours"), holidays, nation)
                           if "opening_hours" in entry else None),
            texts={key: text for key in TEXTS if (text := entry.text(key, required=False))})
        if place.id and not _ID.fullmatch(place.id):
            entry.note(f"{place.id!r} can't be the id of a place", "Use letters, digits and dashes",
                       entry.line_of("id"))
        entry.done()
        yield place


def read_at(entry: Sheet, places: Sequence[str]) -> tuple[str, ...]:
    """Where a service is given: ids of *places*."""
    named = entry.words("at")
    for key in named:
        _known(entry, key, places, "at")
    return tuple(key for key in named if key in places)


def read_works_at(entry: Sheet, places: Sequence[str]) -> tuple[WorksAt, ...]:
    """Where somebody works: `at` one place with `hours` as ever, or `hours` with a week for each place."""
    hours = entry.sheet("hours") if "hours" in entry else None
    if hours is None or set(hours) & set(WEEKDAYS):
        return _at_one(entry, hours, places)
    weeks = tuple(WorksAt(key, read_hours(hours.sheet(key), ())) for key in hours
                  if _known(entry, key, places, "hours"))
    for key in set(hours) - {week.place for week in weeks}:
        hours.value(key)  # named above
    hours.done()
    for one, other in combinations(weeks, 2):
        if day := _together(one.hours, other.hours):
            entry.note(f"on {day} the hours at {one.place} and at {other.place} overlap",
                       "Nobody is in two places: leave time for the way between them", entry.line_of("hours"))
    return weeks


def _at_one(entry: Sheet, hours: Sheet | None, places: Sequence[str]) -> tuple[WorksAt, ...]:
    place = entry.text("at", required=False) or (places[0] if len(places) == 1 else "")
    if not place:
        entry.note("it is not said where they work",
                   f"Add `at: {places[0]}`, or put a week under each place in `hours`")
    elif _known(entry, place, places, "at"):
        return (WorksAt(place, read_hours(hours, ()) if hours else None),)
    if hours:
        read_hours(hours, ())
    return ()


def _known(entry: Sheet, key: str, places: Sequence[str], under: str) -> bool:
    if key not in places:
        entry.note(f"`{under}` names {key!r}, which is not in `places`", "Use an id from there", entry.line_of(under))
    return key in places


def _together(one: Hours | None, other: Hours | None) -> str | None:
    """A weekday on which two weeks have a time in common."""
    assert one
    assert other
    return next((day for day, a, b in zip(WEEKDAYS, one.week, other.week, strict=True)
                 if any(x.opens < y.closes and y.opens < x.closes for x in a for y in b)), None)
