"""What therapists' calendars elsewhere say is taken, as of the last look that succeeded."""
from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.booking.elsewhere import Looked
from clinic.booking.opening import Taken
from clinic.store.calendar_tables import BusyRow, FeedRow
from clinic.store.tables import table_of

ROW, BUSY = table_of(FeedRow), table_of(BusyRow)


class Feeds:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def claim(self, therapist: str, address: str, before: datetime, now: datetime) -> bool:
        """Whether whoever asks is to look at *address* now: the last look was before an instant, or at another one.
        Nobody else is told so until the next time."""
        told = upsert(ROW).values(therapist=therapist, address=_hash(address), tried_at=now)
        claimed = told.on_conflict_do_update(
            index_elements=[ROW.c.therapist], set_={"tried_at": now, "address": _hash(address)},
            where=or_(ROW.c.tried_at <= before, ROW.c.address != _hash(address)))
        return await self._connection.scalar(claimed.returning(ROW.c.therapist)) is not None

    async def replace(self, therapist: str, busy: Sequence[Taken], now: datetime) -> None:
        """A look that succeeded: what it found stands instead of what was known."""
        await self._connection.execute(update(ROW).where(ROW.c.therapist == therapist)
                                       .values(fetched_at=now, trouble=None))
        await self._connection.execute(delete(BUSY).where(BUSY.c.therapist == therapist))
        if busy:
            await self._connection.execute(insert(BUSY), [
                {"therapist": therapist, "starts": one.starts, "ends": one.ends} for one in busy])

    async def failed(self, therapist: str, trouble: str) -> None:
        """A look that failed: what was known stands."""
        await self._connection.execute(update(ROW).where(ROW.c.therapist == therapist).values(trouble=trouble))

    async def keep_only(self, therapists: Collection[str]) -> None:
        """Forget those who have no calendar elsewhere any more, and what it said."""
        await self._connection.execute(delete(ROW).where(ROW.c.therapist.not_in(list(therapists))))

    async def looks(self) -> list[Looked]:
        """How each calendar's last looks went."""
        rows = await self._connection.execute(select(ROW).order_by(ROW.c.therapist))
        return [Looked(row.therapist, row.tried_at, row.fetched_at, row.trouble) for row in rows]

    async def between(self, earliest: datetime, latest: datetime) -> list[Taken]:
        """What is taken elsewhere between two instants; the soonest first."""
        rows = await self._connection.execute(
            select(BUSY.c.therapist, BUSY.c.starts, BUSY.c.ends)
            .where(BUSY.c.ends > earliest, BUSY.c.starts < latest).order_by(BUSY.c.starts))
        return [Taken(*row) for row in rows]


def _hash(address: str) -> str:
    return sha256(address.encode()).hexdigest()
