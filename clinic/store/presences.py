"""What staff say about who is at the desk, kept so that every process and every restart knows it."""
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.presence import Presence
from clinic.store.cases import DESK
from clinic.store.desk_tables import PresenceRow
from clinic.store.tables import table_of

ROW = table_of(PresenceRow)
AWAY, PAUSED = "away", "paused"
CHANGED = "presence"
"""What whoever hears of it is told."""


@dataclass(frozen=True, slots=True)
class Said:
    """Who said it, when, and until when it holds; None: until somebody ends it."""

    name: str
    by: str
    at: datetime
    until: datetime | None


class Presences:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def say(self, name: str, by: str, now: datetime, until: datetime | None = None) -> None:
        """*name* (away, paused) holds from now on."""
        await self._connection.execute(upsert(ROW).values(name=name, until=until, by=by, at=now).on_conflict_do_update(
            index_elements=["name"], set_={"until": until, "by": by, "at": now}))
        await self._tell()

    async def end(self, name: str) -> None:
        await self._connection.execute(delete(ROW).where(ROW.c.name == name))
        await self._tell()

    async def said(self, now: datetime) -> dict[str, Said]:
        """What holds at *now*, by its name."""
        rows = await self._connection.execute(select(ROW))
        return {row.name: Said(row.name, row.by, row.at, row.until) for row in rows
                if row.until is None or row.until > now}

    async def take_up(self, presence: Presence, now: datetime) -> None:
        """Bring *presence* up to date."""
        said = await self.said(now)
        presence.away_until = said[AWAY].until if AWAY in said else None
        presence.paused = PAUSED in said

    async def _tell(self) -> None:
        await self._connection.execute(select(func.pg_notify(DESK, CHANGED)))
