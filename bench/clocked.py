"""The real server by a clock of one's own, which runs on from where it was set.

For what takes a night or a week at the clinic: a hand-off in the evening, the morning after it, figures that are
settled after seven days."""
import asyncio
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.server import Server
from clinic.settings import Settings
from clinic.store import rounds
from desk import logs
from desk.serving import serve

FILE = "clock"
"""In the server's home: what time it was there when this was written."""
ROUNDS_EVERY = 0.5
"""Seconds between rounds: an hour there may be over in one of ours."""


class ClockedServer(Server):
    """`frontdesk run`, where it is the time that it was given."""

    command = ("-m", "bench.clocked")

    def __init__(self, home: Path, now: datetime, **environ: str) -> None:
        super().__init__(home, **environ)
        self.is_now(now)

    def is_now(self, now: datetime) -> None:
        """It is *now* there, an instant with its zone, and later from here on."""
        fresh = self.home / f"{FILE}.new"
        fresh.write_text(now.astimezone(UTC).isoformat(), encoding="ascii")
        fresh.replace(self.home / FILE)


def main() -> None:
    file = Path(os.environ["FRONTDESK_HOME"]) / FILE

    def clock() -> datetime:
        with file.open(encoding="ascii") as opened:
            since = time.time() - os.fstat(opened.fileno()).st_mtime
            return datetime.fromisoformat(opened.read()) + timedelta(seconds=since)

    logs.begin(verbose=False)
    rounds.EVERY = ROUNDS_EVERY
    asyncio.run(serve(Settings.read(), clock))


if __name__ == "__main__":
    sys.exit(main())
