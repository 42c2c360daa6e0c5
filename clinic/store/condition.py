"""How a database is: for somebody who asks why nothing works."""
import psycopg

from clinic.errors import ClinicError
from clinic.store.dsn import reason

OLDEST = 15
"""The first PostgreSQL that has all we use."""


class DatabaseUnfit(ClinicError):
    """The database can't be reached or used; the text says why."""


async def condition(dsn: str) -> str:
    """One line on the database at *dsn*. Raises DatabaseUnfit."""
    try:
        async with await psycopg.AsyncConnection.connect(dsn, connect_timeout=5) as connection:
            version = connection.info.server_version // 10_000
            if version < OLDEST:
                raise DatabaseUnfit(f"it is PostgreSQL {version}, and {OLDEST} is the oldest that will do")
            allowed = await connection.execute("select has_database_privilege(current_database(), 'create')")
            if await allowed.fetchone() != (True,):
                raise DatabaseUnfit(f"{connection.info.user} may not make tables in {connection.info.dbname}")
    except (psycopg.Error, UnicodeError) as error:
        raise DatabaseUnfit(f"it can't be reached: {reason(error)}") from None
    return f"PostgreSQL {version}"
