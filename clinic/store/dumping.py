"""A copy of the whole database in a file, and back out of it, by the tools that the built-in PostgreSQL brings."""
import asyncio
import os
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from clinic.errors import ClinicError
from clinic.store.postgres.cluster import program
from clinic.store.schema import migrate

_ENV = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
        "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
ASIDE = "before_restore"
"""The schema in which what was there stands until all is back."""


class BackupFailed(ClinicError):
    """PostgreSQL's tool did not do it; the text has its last line."""


class InUse(ClinicError):
    """Something else is connected to the database that is to be replaced."""


async def dump(dsn: str, file: Path) -> None:
    """Write the database to *file*, as it is at one moment. Raises BackupFailed."""
    await _run("pg_dump", dsn, "--format=custom", "--schema=public", "--no-owner", "--no-privileges", f"--file={file}")


async def load(dsn: str, file: Path) -> None:
    """Put what *file* holds in the place of what is in the database, and bring it to the tables of this release. Where
    that fails, what was there is there again. Raises BackupFailed, InUse."""
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        others = await (await connection.execute(
            "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() "
            "and backend_type = 'client backend'")).fetchone()
        if others and others[0]:
            raise InUse("Something is connected to this database. Stop the server first, then restore.")
        await connection.execute(f"drop schema if exists {ASIDE} cascade")
        await connection.execute(f"alter schema public rename to {ASIDE}")
        await connection.execute("create schema public")
        try:
            await _run("pg_restore", dsn, "--schema=public", "--no-owner", "--no-privileges", "--exit-on-error",
                       "--single-transaction", f"--dbname={conninfo_to_dict(dsn).get('dbname', '')}", str(file))
            await asyncio.to_thread(migrate, dsn)
        except BaseException:
            await connection.execute("drop schema if exists public cascade")
            await connection.execute(f"alter schema {ASIDE} rename to public")
            raise
        await connection.execute(f"drop schema {ASIDE} cascade")


async def _run(tool: str, dsn: str, *arguments: str) -> None:
    """Run *tool*. The password is in its environment, which nobody else sees, and not among its arguments."""
    known = conninfo_to_dict(dsn)
    environ = {**os.environ, **{_ENV[key]: str(value) for key, value in known.items() if key in _ENV}}
    process = await asyncio.create_subprocess_exec(program(tool), *arguments, env=environ,
                                                   stderr=asyncio.subprocess.PIPE)
    _, said = await process.communicate()
    if process.returncode:
        lines = said.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"]
        raise BackupFailed(f"{tool} did not do it: {lines[0][:200]}")
