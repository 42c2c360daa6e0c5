"""Brings a database to the tables of this release."""
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from clinic.errors import ClinicError
from clinic.store.dsn import reason, sqlalchemy_url

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7000  # two processes that start together: one migrates, the other waits


def migrate(dsn: str) -> str:
    """Apply what is missing, all of it or nothing; cheap when nothing is. Returns the revision.

    Raises DatabaseUnreachable, DatabaseTooNew."""
    newest, here, config = head(), revision(dsn), _config()
    if here == newest:
        return newest
    if here and here not in {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}:
        raise DatabaseTooNew(f"This database was brought to a later version than this program's ({here}; the last one "
                             f"here is {newest}). Start that version, or restore a backup from before.")
    engine = create_engine(sqlalchemy_url(dsn))
    try:
        with engine.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
    return newest


def head() -> str:
    """The revision of this release."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    assert newest
    return newest


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


class DatabaseTooNew(ClinicError):
    """The database has been served by a later version of the program."""


class DatabaseUnreachable(ClinicError):
    """The database that DATABASE_URL names can't be connected to."""


def revision(dsn: str) -> str | None:
    """That of the database at *dsn*; None where it has no tables of ours. Raises DatabaseUnreachable."""
    try:
        connection = psycopg.connect(dsn)
    except (psycopg.Error, UnicodeError) as error:
        raise DatabaseUnreachable(f"The database can't be reached: {reason(error)}. Check DATABASE_URL, and that its "
                                  "server runs; leave DATABASE_URL out to use the built-in one.") from None
    with connection:
        if not connection.execute("select to_regclass('alembic_version')").fetchone()[0]:  # type: ignore[index]
            return None
        row = connection.execute("select version_num from alembic_version").fetchone()
        return row[0] if row else None
