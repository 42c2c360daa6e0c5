"""What a message wishes for, and whether that is certain."""
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from clinic.booking.when.bounding import bounded
from clinic.booking.when.clause import Clause
from clinic.booking.when.clauses import Clauses
from clinic.booking.when.cursor import Item
from clinic.booking.when.days import Ahead, Recurring, Week
from clinic.booking.when.dealing import dealt
from clinic.booking.when.doubt import Missing, View, every_view
from clinic.booking.when.grammar import items
from clinic.booking.when.known import Fixed, Way, common, completed, days_of, moves, others
from clinic.booking.when.mentions import wished
from clinic.booking.when.reasons import FOREIGN
from clinic.booking.when.related import Within
from clinic.booking.when.sharing import shared
from clinic.booking.when.tokens import tokens
from clinic.booking.when.wish import Interval, Wanted, intervals, merged

EXACT, ASK, IMPOSSIBLE, NONE = "exact", "ask", "impossible", "none"
MOST_CHOICES = 8
SAME = "same"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a wish is read: `reading` is exact, ask, impossible or none. `intervals` are local minutes, from up to but
    without to (a point has both the same), sorted and apart; `choices` are the ways to take it, the soonest first."""

    reading: str
    intervals: tuple[Interval, ...] = ()
    choices: tuple[tuple[Interval, ...], ...] = ()


def read(text: str, now: datetime, zone: ZoneInfo, known: "Reading | None" = None, day: date | None = None) -> Reading:
    """The wish for a time in *text*, said at *now* (local minutes in *zone*, or any aware instant). Never raises.

    *known* is what was wished before: what *text* leaves unsaid is taken from it ("after 5 then", "actually Friday").
    *day* is the day that has just been spoken of: a time without a day is on that one."""
    local = _local(now, zone)
    ways = (known.choices or (known.intervals,)) if known and (known.choices or known.intervals) else ()
    anchor = Fixed(days_of(ways)) if ways else Fixed(frozenset((day,))) if day else None
    told = items(tokens(text), local, known=anchor is not None)
    if ways and (found := moves(told, ways, local)):
        return _one_of([_there(merged(list(way), local), zone) for way in found])
    said = wished(_preferred(told) if ways else told, anchor)
    said = _at_the_same_time(said, ways)
    if not ways and any(item.kind == "thistime" and SAME in item.text for item in said) and not any(
            item.kind == "time" for item in said):
        return Reading(ASK)
    clauses = shared(bounded(corrected(Clauses(anchor is not None).read(said))))
    if not any(clause.days or clause.times or clause.anytime or clause.instants for clause in clauses):
        return Reading(NONE)
    if ways and not _anew(said, clauses):
        return _after(clauses, ways, local, zone)
    if ways:
        return judged(dealt(clauses), clauses, local, zone)
    return judged(dealt(clauses, anchor), clauses, local, zone)


def _preferred(said: list[Item]) -> list[Item]:
    """*said* with what "was better" among times that were talked of as a wish for it: it is no story of the past."""
    if any(item.kind in FOREIGN or item.kind == "health" for item in said):
        return said  # what was better may be how it felt
    return [item for at, item in enumerate(said)
            if not (at and item.kind == "was" and said[at - 1].kind in ("day", "time")
                    and any(near.kind == "wish" for near in said[at + 1:at + 2]))]


def _at_the_same_time(said: list[Item], ways: tuple[Way, ...]) -> list[Item]:
    """*said* with "the same time" as the time said before it, and "the same day next week" as a day of that week."""
    kinds = ("thistime", "sameday")
    same = next((at for at, item in enumerate(said) if item.kind in kinds and SAME in item.text), None)
    if same is None:
        return said
    earlier = next((item for item in reversed(said[:same]) if item.kind == "time"), None)
    if earlier and said[same].kind == "thistime":
        return [*said[:same], earlier, *said[same + 1:]]
    week = next((at for at, item in enumerate(said) if isinstance(item.day, Week)), None)
    if ways and week is not None:
        numbers = frozenset(day.weekday() for day in days_of(ways))
        said[week] = replace(said[week], day=Within(Recurring(numbers), said[week].day or Week(1)))
    return said


def _anew(said: list[Item], clauses: list[Clause]) -> bool:
    """Whether any time at all will do now: "whenever", "the soonest you have", but not "any time that day"."""
    on_it = any(item.kind in ("that", "unit") or item.text == "it" for item in said)
    return not on_it and any(clause.anytime for clause in clauses) and not any(
        clause.days or clause.times or clause.instants for clause in clauses)


def _one_of(ways: list[list[Interval]]) -> Reading:
    found = sorted({tuple(way) for way in ways if way})
    if not found:
        return Reading(IMPOSSIBLE)
    return Reading(EXACT, found[0]) if len(found) == 1 else Reading(ASK, (), tuple(found[:MOST_CHOICES]))


def _after(clauses: list[Clause], ways: tuple[Way, ...], now: datetime, zone: ZoneInfo) -> Reading:
    """What *clauses* make of an earlier wish; where that was in doubt, they may settle it."""
    if len(ways) > 1 and (settled := _settled(clauses, ways, now, zone)):
        return _one_of(settled)
    readings = [judged(dealt(filled), filled, now, zone) for filled in completed(clauses, ways, now)]
    found = [way for reading in readings for way in (reading.choices or (reading.intervals,)) if way]
    if not found and all(clause.taken and clause.only_days for clause in clauses):
        return _one_of([_there(merged(list(others(way, now)), now), zone) for way in ways])  # "not Thursday"
    if not found:
        return readings[0]
    return _one_of([list(way) for way in found])


def _settled(clauses: list[Clause], ways: tuple[Way, ...], now: datetime, zone: ZoneInfo) -> list[list[Interval]]:
    """Those of *ways* that what was said now goes with: "the evening" after "at 7, morning or evening?"."""
    anyday = Fixed(days_of(ways))
    given = [clause if clause.days else replace(clause, days=[anyday]) for clause in clauses if not clause.taken]
    if not given:
        return []
    reading = judged(dealt(given), given, now, zone)
    said = tuple(piece for way in (reading.choices or (reading.intervals,)) for piece in way)
    return [merged(list(both), now) for way in ways if (both := common(way, said))]


def _local(now: datetime, zone: ZoneInfo) -> datetime:
    here = now.astimezone(zone).replace(tzinfo=None) if now.tzinfo else now
    return here.replace(second=0, microsecond=0)


def corrected(groups: list[list[Clause]]) -> list[Clause]:
    """What is left of a wish after its corrections."""
    whole = groups[0]
    for group in groups[1:]:
        whole = _corrected(whole, group)
    return whole


def _corrected(before: list[Clause], after: list[Clause]) -> list[Clause]:
    given = [clause for clause in after if clause.taken is False]
    if not given:
        return before + after
    if any(clause.days for clause in given):
        times = [item for clause in before if clause.taken is False for item in clause.times]
        last = next((clause.times for clause in reversed(before) if clause.times and clause.taken is False), [])
        if times and not any(clause.times for clause in given):
            return [*(replace(clause, times=last) for clause in after)]
        return after
    kept = [replace(clause, times=[]) for clause in before if clause.days]
    return [*kept, *after]


def judged(wanted: list[Wanted], clauses: Sequence[Clause], now: datetime, zone: ZoneInfo) -> Reading:
    """Exact if every view of it comes to the same, else a choice."""
    instants = [minutes for clause in clauses for minutes in clause.instants]
    points = [(there, there) for there in (_in(now, minutes, zone) for minutes in instants) if there]
    try:
        views = list(every_view(now, partial(_seen, wanted, points, zone), _plain(clauses)))
    except Missing:
        return Reading(ASK)
    ways = sorted({found for _, found in views if found})
    if not ways:
        return Reading(ASK if len({bool(want.taken) for want in wanted}) > 1 else IMPOSSIBLE)
    if len(ways) == 1 and all(view.sure for view, _ in views):
        return Reading(EXACT, ways[0])
    return Reading(ASK, (), tuple(ways[:MOST_CHOICES]))


def _plain(clauses: Sequence[Clause]) -> dict[str, int]:
    """What is no doubt: a weekday that "today" is said beside is today."""
    today = any(day == Ahead(0) for clause in clauses for day in clause.days)
    return {"same day": 0} if today else {}


def _seen(wanted: list[Wanted], points: list[Interval], zone: ZoneInfo, view: View) -> tuple[Interval, ...]:
    found = intervals(wanted, view) if wanted else []
    return tuple(_there(merged([*found, *points], view.now), zone))


def _there(found: list[Interval], zone: ZoneInfo) -> list[Interval]:
    """Without the minutes that a night in spring leaves out."""
    kept = []
    for start, end in found:
        point = start == end
        first = _after_gap(start, zone)
        if point and first != start:
            continue
        if first <= end:
            kept.append((first, end))
    return [(start, end) for start, end in kept if start < end or any(start == s == e for s, e in found)]


def _after_gap(local: datetime, zone: ZoneInfo) -> datetime:
    """*local*, or the first minute after the hour that the clocks leave out."""
    back = local.replace(tzinfo=zone).astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None)
    if back == local:
        return local
    return back.replace(minute=0) if back > local else local


def _in(now: datetime, minutes: int, zone: ZoneInfo) -> datetime | None:
    try:
        there = now.replace(tzinfo=zone).astimezone(ZoneInfo("UTC")) + timedelta(minutes=minutes)
    except OverflowError:
        return None
    return there.astimezone(zone).replace(tzinfo=None)
