"""Published versions of what the clinic says, and the vectors of their texts."""
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ARRAY, Text, any_, insert, literal, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.store.tables import ContentRow, VectorRow, table_of

ROW, VECTOR = table_of(ContentRow), table_of(VectorRow)
CHANNEL = "content"
"""What NOTIFY is called when a version was published."""


class Contents:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def publish(self, version: str, body: str, now: datetime) -> int:
        """Store a version; its number. Every process hears of it at commit."""
        number = await self._connection.scalar(
            insert(ROW).values(version=version, body=body, published_at=now).returning(ROW.c.number))
        await self._connection.execute(text("select pg_notify(:c, :v)"), {"c": CHANNEL, "v": version})
        return int(number or 0)

    async def newest(self) -> tuple[int, str, str] | None:
        """Number, version and body of what is live; None before the first."""
        row = (await self._connection.execute(
            select(ROW.c.number, ROW.c.version, ROW.c.body).order_by(ROW.c.number.desc()).limit(1))).first()
        return (row.number, row.version, row.body) if row else None

    async def vectors(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Those vectors among *keys* that are known."""
        asked = any_(literal(list(keys), ARRAY(Text)))  # one parameter: a long article has more texts than are allowed
        rows = await self._connection.execute(select(VECTOR.c.key, VECTOR.c.vector).where(VECTOR.c.key == asked))
        return {row.key: row.vector for row in rows}

    async def keep_vectors(self, vectors: Mapping[str, bytes]) -> None:
        if vectors:
            await self._connection.execute(upsert(VECTOR).on_conflict_do_nothing(), [
                {"key": key, "vector": vector} for key, vector in vectors.items()])
