"""The only place that asks what time it is."""
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """This instant, in UTC and aware of it."""
    return datetime.now(UTC)
