"""References that were looked for and not found, in whichever conversation: nobody guesses for long."""
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.store.calendar_tables import LookupFailureRow
from clinic.store.tables import table_of

ROW = table_of(LookupFailureRow)
WITHIN = timedelta(hours=1)
"""How long a failure counts: whoever comes back later than that is not kept out by what others tried."""
MOST_OF_ONE = 5
"""Failures with one reference within that time: somebody tries contacts for it."""
MOST = 30
"""Failures with any: somebody tries references. So many honest slips in an hour no clinic has."""
_ALONE = text("select pg_advisory_xact_lock(7006, 0)")


class Lookups:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def may(self, reference: str, now: datetime) -> bool:
        """Whether *reference* may be looked for at *now*. Until commit nobody else asks: of many who ask at once each
        sees what came of the others."""
        await self._connection.execute(_ALONE)
        counts = (await self._connection.execute(
            select(func.count(), func.count().filter(ROW.c.reference == reference.upper()))
            .where(ROW.c.at > now - WITHIN, ROW.c.at <= now))).one()
        return bool(counts[0] < MOST and counts[1] < MOST_OF_ONE)

    async def failed(self, reference: str, now: datetime) -> bool:
        """It was not found; whether that closes it, or all of them, from now on."""
        await self._connection.execute(delete(ROW).where(ROW.c.at <= now - WITHIN))
        await self._connection.execute(insert(ROW).values(reference=reference.upper(), at=now))
        return not await self.may(reference, now)
