"""How many of what there is, and in which state: for whoever helps from afar. Never whose, and never a word."""
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_JOBS = """
select queue_name, task_name, status::text, count(*), max(attempts) from procrastinate_jobs
group by 1, 2, 3 order by 1, 2, 3
"""
_DELIVERIES = """
select channel, state, error, count(*), max(attempts) from delivery group by 1, 2, 3 order by 1, 2, 3
"""
_MESSAGES = """
select c.channel, coalesce(m.state, m.sender), count(*), max(m.at) from message m
join conversation c on c.id = m.conversation group by 1, 2 order by 1, 2
"""


class Tallies:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def rows(self) -> list[Sequence[object]]:
        """Each table with the number of its rows."""
        tables = await self._connection.scalars(text(
            "select table_name from information_schema.tables where table_schema = current_schema() "
            "and table_type = 'BASE TABLE' order by 1"))
        return [(table, await self._connection.scalar(text(f'select count(*) from "{table}"')))  # noqa: S608 - its own
                for table in tables.all()]

    async def megabytes(self) -> int:
        """What the database takes on the disk."""
        return int(await self._connection.scalar(text("select pg_database_size(current_database()) / 1048576")) or 0)

    async def jobs(self) -> list[Sequence[object]]:
        """Work by queue, kind and state: how much, and the most tries that any of it had."""
        return await self._all(_JOBS)

    async def deliveries(self) -> list[Sequence[object]]:
        """What is or was on its way, by channel, state and reason: how much, and the most tries."""
        return await self._all(_DELIVERIES)

    async def messages(self) -> list[Sequence[object]]:
        """Messages by channel and by state, or by whose they are: how many, and when the last one came."""
        return await self._all(_MESSAGES)

    async def _all(self, query: str) -> list[Sequence[object]]:
        return [tuple(row) for row in await self._connection.execute(text(query))]
