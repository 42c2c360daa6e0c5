"""When somebody would like to come, read from how they say it. No database, no web, no clock: now is given.

The contract is `docs/when.md`."""
from clinic.booking.when.reading import Reading, read
from clinic.booking.when.wish import Interval

__all__ = ["Interval", "Reading", "read"]
