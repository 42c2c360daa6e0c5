"""Secrets that make an address unguessable. They live with the book, so that an address outlives any process."""
import secrets

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.store.calendar_tables import SecretRow
from clinic.store.tables import table_of

ROW = table_of(SecretRow)


class Secrets:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, name: str) -> str:
        """The secret called *name*, made if there is none: 256 random bits, in signs that an address may hold."""
        query = select(ROW.c.value).where(ROW.c.name == name)
        if (found := await self._connection.scalar(query)) is None:
            await self._connection.execute(upsert(ROW).values(name=name, value=secrets.token_urlsafe(32))
                                           .on_conflict_do_nothing())
            found = await self._connection.scalar(query)
        return str(found)

    async def renew(self, name: str) -> str:
        """Another one: every address made with the old one ends."""
        await self._connection.execute(delete(ROW).where(ROW.c.name == name))
        return await self.of(name)
