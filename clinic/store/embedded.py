"""A database's address for whoever needs one: a server of the clinic's own, or the built-in one, shared.

One process owns the built-in server (`clinic/store/postgres`); others beside it use the same address, and the first
of them takes the server over when its owner leaves.
"""
import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path

from clinic.store.postgres.cluster import DatabaseBroken
from clinic.store.postgres.server import DatabaseInUse, EmbeddedPostgres, answers
from clinic.store.postgres.sockets import dsn_at, socket_folder

__all__ = ["DatabaseBroken", "DatabaseInUse", "EmbeddedPostgres", "database", "dsn_if_running"]

log = logging.getLogger("frontdesk.database")
PATIENCE = 30.0
"""Seconds for another process's server to take connections, or for that process to be gone."""
LOOK = 0.1
"""Seconds between two looks at a server that isn't ours; as long as it may be without anybody."""


@contextlib.asynccontextmanager
async def database(url: str | None, home: Path) -> AsyncIterator[str]:
    """A database's address: *url*; else that of the server running in *home*, else of one that we start.

    The built-in server is there for as long as this is open, whoever started it. Raises DatabaseInUse,
    DatabaseBroken."""
    if url:
        yield url
        return
    server = EmbeddedPostgres(home / "database")
    dsn, ours = await _start_or_share(server, home / "database")
    heir = None if ours else asyncio.create_task(_inherit(server))
    try:
        yield dsn
    finally:
        if heir:
            heir.cancel()
            await asyncio.gather(heir, return_exceptions=True)
        await server.stop()


async def dsn_if_running(folder: Path) -> str | None:
    """The address of the server in *folder*; None where none takes connections."""
    sockets = socket_folder(folder.resolve())
    return dsn_at(sockets) if await answers(sockets) else None


async def _start_or_share(server: EmbeddedPostgres, folder: Path) -> tuple[str, bool]:
    """An address, and whether the server there is ours."""
    end = asyncio.get_running_loop().time() + PATIENCE
    while True:
        try:
            return await server.start(), True
        except DatabaseInUse:
            if dsn := await dsn_if_running(folder):
                return dsn, False
            if asyncio.get_running_loop().time() > end:
                raise
        await asyncio.sleep(LOOK)


async def _inherit(server: EmbeddedPostgres) -> None:
    """Take the server over as soon as its owner is gone."""
    while True:
        await asyncio.sleep(LOOK)
        try:
            await server.start()
            return
        except DatabaseInUse:
            continue
        except DatabaseBroken as error:
            log.error("%s", error)
            await asyncio.sleep(2.0)
