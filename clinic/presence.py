"""Whether anybody is at the desk: what staff say about today, beside the hours that the clinic keeps."""
from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Presence:
    """What this process knows of it; taken up anew whenever somebody changes it (`Watch`)."""

    away_until: datetime | None = None
    """Nobody is at the desk before this instant, whatever the hours say."""
    paused: bool = False
    """The chat answers nothing and shows how to reach the clinic; signs of danger are heard as ever."""

    def away(self, now: datetime) -> bool:
        return self.away_until is not None and now < self.away_until
