"""What the clinic is warned of again and again, but not more often than it can bear."""
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.store.outbox_tables import WarningRow
from clinic.store.tables import table_of

ROW = table_of(WarningRow)


class Warnings:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def due(self, about: str, before: datetime, now: datetime) -> bool:
        """Whether nobody was warned *about* it after *before*; from now on they were. Of several who ask, one is told
        so."""
        return await self._connection.scalar(
            upsert(ROW).values(about=about, at=now)
            .on_conflict_do_update(index_elements=[ROW.c.about], set_={"at": now}, where=ROW.c.at <= before)
            .returning(ROW.c.about)) is not None
