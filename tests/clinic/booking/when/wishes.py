"""How a test says when something is said, and when it is wished for."""
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from clinic.booking.when import Interval, Reading, read

LONDON = ZoneInfo("Europe/London")
FRIDAY = datetime.fromisoformat("2026-03-27T10:00")
"""A Friday morning in spring, two days before the clocks change."""


def said(text: str, now: datetime | str = FRIDAY) -> Reading:
    return read(text, datetime.fromisoformat(now) if isinstance(now, str) else now, LONDON)


def spans(written: str) -> tuple[Interval, ...]:
    """"2 Apr 18:00-24:00, 3 Apr, 4 Apr 10:00": stretches, whole days and points of 2026, or of the year given."""
    return tuple(_span(piece) for piece in written.split(", ")) if written else ()


def _span(piece: str) -> Interval:
    if " to " in piece:
        first, last = piece.split(" to ")
        return _span(first)[0], _span(last)[1]
    words = piece.split()
    year = words.pop(2) if len(words) > 2 and words[2].isdigit() else "2026"
    day = datetime.strptime(f"{words[0]} {words[1]} {year} +0000", "%d %b %Y %z").replace(tzinfo=None)
    if len(words) == 2:
        return day, day + timedelta(days=1)
    start, _, end = words[2].partition("-")
    return day + _clock(start), day + _clock(end or start)


def _clock(written: str) -> timedelta:
    return timedelta(hours=int(written[:2]), minutes=int(written[3:]))


def exact(written: str) -> Reading:
    return Reading("exact", spans(written))


def ask(*ways: str) -> Reading:
    return Reading("ask", (), tuple(spans(way) for way in ways))


IMPOSSIBLE, NONE = Reading("impossible"), Reading("none")
