"""A search through every table for what somebody is known by: the proof that nothing is left."""
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_TABLES = text("""
select table_name, array_agg(quote_ident(column_name)) filter (where data_type not in ('bytea', 'boolean', 'bigint',
    'integer', 'timestamp with time zone', 'timestamp without time zone', 'double precision', 'tstzrange')) as columns
from information_schema.columns join information_schema.tables using (table_schema, table_name)
where table_schema = current_schema() and table_type = 'BASE TABLE' group by table_name order by table_name
""")


class Finding:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def tables(self) -> dict[str, list[str]]:
        """Every table, with those of its columns that can hold words."""
        return {row.table_name: row.columns or [] for row in await self._connection.execute(_TABLES)}

    async def conversations_with(self, traces: Sequence[str], limit: int = 50) -> list[UUID]:
        """Conversations in which somebody wrote one of *traces*."""
        rows = await self._connection.scalars(text(
            "select distinct conversation from message m where exists (select from unnest(cast(:traces as text[])) "
            "trace where position(trace in lower(m.text)) > 0) limit :limit"),
            {"traces": [trace.lower() for trace in traces], "limit": limit})
        return list(rows)

    async def rows_with(self, traces: Sequence[str]) -> dict[str, int]:
        """How many rows of each table hold any of *traces*, in whatever column; all tables, also those with none."""
        wanted, found = [trace.lower() for trace in traces if trace], {}
        for table, columns in (await self.tables()).items():
            said = "lower(concat_ws(' ', {}))".format(", ".join(f"t.{column}::text" for column in columns))
            if not columns or not wanted:
                found[table] = 0
                continue
            found[table] = int(await self._connection.scalar(text(  # names are the database's own, and quoted
                f'select count(*) from "{table}" t where exists (select from unnest(cast(:traces as text[])) trace '  # noqa: S608
                f"where position(trace in {said}) > 0)"), {"traces": wanted}) or 0)
        return found
