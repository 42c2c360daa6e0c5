"""How far what we know of a therapist's calendar elsewhere can be trusted."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

STALE = timedelta(hours=1)
"""From this age on, staff are told that a calendar may have changed."""


@dataclass(frozen=True, slots=True)
class Looked:
    """How the last looks at one therapist's calendar went."""

    therapist: str
    tried_at: datetime
    fetched_at: datetime | None
    """When a look last succeeded; None: never."""
    trouble: str | None

    def is_stale(self, now: datetime) -> bool:
        return self.fetched_at is None or now - self.fetched_at > STALE


def lacking(wanted: Sequence[str], looks: Sequence[Looked], now: datetime) -> list[str]:
    """A line for each therapist of *wanted* whose calendar is not known as it is now, for staff."""
    known = {one.therapist: one for one in looks}
    return [_line(therapist, known.get(therapist), now) for therapist in wanted
            if therapist not in known or known[therapist].is_stale(now)]


def _line(therapist: str, look: Looked | None, now: datetime) -> str:
    if look is None or look.fetched_at is None:
        why = look.trouble if look and look.trouble else "nobody has looked yet: a running server does"
        return f"the calendar of {therapist} was never read ({why})"
    minutes = int((now - look.fetched_at).total_seconds() // 60)
    return f"the calendar of {therapist} is as of {minutes} minutes ago ({look.trouble or 'not looked at since'})"
