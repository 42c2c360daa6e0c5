"""What a message wishes for, and whether that is certain."""
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from clinic.booking.when.clauses import Clause, Clauses
from clinic.booking.when.days import ANY_DAY
from clinic.booking.when.doubt import Missing, View, every_view
from clinic.booking.when.grammar import items
from clinic.booking.when.mentions import wished
from clinic.booking.when.sharing import shared
from clinic.booking.when.tokens import tokens
from clinic.booking.when.wish import Interval, Wanted, dealt, intervals, merged

EXACT, ASK, IMPOSSIBLE, NONE = "exact", "ask", "impossible", "none"
MOST_CHOICES = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """How a wish is read: `reading` is exact, ask, impossible or none. `intervals` are local minutes, from up to but
    without to (a point has both the same), sorted and apart; `choices` are the ways to take it, the soonest first."""

    reading: str
    intervals: tuple[Interval, ...] = ()
    choices: tuple[tuple[Interval, ...], ...] = ()


def read(text: str, now: datetime, zone: ZoneInfo) -> Reading:
    """The wish for a time in *text*, said at *now* (local minutes in *zone*, or any aware instant). Never raises."""
    local = _local(now, zone)
    said = wished(items(tokens(text), local))
    groups = Clauses(False).read(said)
    clauses = shared(corrected(groups))
    if not any(clause.days or clause.times or clause.anytime or clause.instants for clause in clauses):
        return Reading(NONE)
    return judged(dealt(clauses), clauses, local, zone)


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
        views = list(every_view(now, partial(_seen, wanted, points, zone)))
    except Missing:
        return Reading(ASK)
    ways = sorted({found for _, found in views if found})
    if not ways:
        return Reading(IMPOSSIBLE)
    if len(ways) == 1 and all(view.sure for view, _ in views):
        return Reading(EXACT, ways[0])
    return Reading(ASK, (), tuple(ways[:MOST_CHOICES]))


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


__all__ = ["ANY_DAY", "Reading", "read"]
