"""How much one sender may ask for: a bucket that fills at a steady rate. In memory, per process."""
import time
from collections import OrderedDict
from collections.abc import Callable

FORGOTTEN_BEYOND = 10_000
"""Senders remembered; the longest unseen goes first."""


class Bucket:
    """At most *burst* at once, then *per_second*."""

    def __init__(self, burst: int, per_second: float, seconds: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._rate, self._seconds = burst, per_second, seconds
        self._level: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, sender: str) -> float:
        """0.0 if *sender* may go on; else the seconds to wait."""
        now = self._seconds()
        left, since = self._level.pop(sender, (float(self._burst), now))
        left = min(self._burst, left + (now - since) * self._rate)
        wait = 0.0 if left >= 1 else (1 - left) / self._rate
        self._level[sender] = (left - 1 if not wait else left, now)
        while len(self._level) > FORGOTTEN_BEYOND:
            self._level.popitem(last=False)
        return wait

    def give_back(self, sender: str) -> None:
        """What *sender* took last did no harm, and does not count."""
        if sender in self._level:
            left, since = self._level[sender]
            self._level[sender] = (min(self._burst, left + 1), since)
