"""From files to what is live: checked, given vectors, published as a numbered version, taken up by every process."""
import asyncio
import logging
from pathlib import Path

import numpy as np
import psycopg
from sqlalchemy import text

from clinic.clock import Clock
from clinic.errors import ClinicError
from clinic.knowledge import vectors
from clinic.knowledge.answer import Knowledge
from clinic.knowledge.content import Content, load
from clinic.library import Library
from clinic.store.unit import Store

log = logging.getLogger("frontdesk.content")
LOOK_EVERY = 1.0
"""Seconds between looks at the files."""
WATCHED = 7008
"""The advisory lock that a server shares for as long as it watches its files: what it says is what is live."""


class Publishing:
    """Publishes a folder's content and keeps the library of this process up to date."""

    def __init__(self, store: Store, library: Library, folder: Path, encoder: str, clock: Clock) -> None:
        self._store, self._library, self._folder, self._encoder, self._clock = store, library, folder, encoder, clock

    async def publish(self) -> str:
        """What the folder says now becomes live, if it differs. Raises ContentError; then nothing changes."""
        content = await asyncio.to_thread(load, self._folder)
        async with self._store.begin() as unit:
            newest = await unit.contents.newest()
        if newest is None or newest[1] != content.version:
            await self._vectors_of(content)  # first these: nobody waits for them in a turn
            async with self._store.begin() as unit:
                number = await unit.contents.publish(content.version, content.to_json(), self._clock())
            log.info("content version %s is live", number)
        return content.version

    async def publish_unless_served(self) -> None:
        """The same for a command beside a server: while one runs, its folder is what is live, whatever this command was
        told of."""
        async with self._store.look() as unit:
            served = await unit.connection.scalar(text(
                "select exists (select from pg_locks where locktype = 'advisory' and classid = :key and granted and "
                "database = (select oid from pg_database where datname = current_database()))"), {"key": WATCHED})
            newest = await unit.contents.newest() if served else None
        if newest is None:
            await self.publish()
        elif newest[1] != (await asyncio.to_thread(load, self._folder)).version:
            log.warning("a server is running with other content than %s: what it says is used", self._folder)

    async def take_up(self) -> None:
        """Make the newest published version this process's own."""
        async with self._store.begin() as unit:
            newest = await unit.contents.newest()
        if newest is None or newest[1] == self._library.version:
            return
        content = Content.from_json(newest[2])
        known = await self._vectors_of(content)
        self._library.put(await asyncio.to_thread(Knowledge, content, known, self._library.encode))

    async def watch(self) -> None:
        """Look at the files now and then; a change that passes the check is live within seconds."""
        seen = _stamp(self._folder)
        connection = await psycopg.AsyncConnection.connect(self._store.dsn, autocommit=True)
        try:
            await connection.execute("select pg_advisory_lock_shared(%s, 0)", (WATCHED,))
            await self._watch(seen)
        finally:
            await connection.close()

    async def _watch(self, seen: tuple[tuple[str, int, int], ...]) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            stamp = await asyncio.to_thread(_stamp, self._folder)
            if stamp == seen:
                continue
            seen = stamp
            try:
                await self.publish()
            except ClinicError as error:
                log.error("the edit is not live, what was there before still is:\n%s", error)

    async def _vectors_of(self, content: Content) -> dict[str, np.ndarray]:
        """Vectors of all texts, from the database where they are known; new ones are kept there."""
        texts = vectors.wanted(content)
        async with self._store.begin() as unit:
            stored = await unit.contents.vectors(self._key(key) for key in texts)
        known = {key: np.frombuffer(stored[self._key(key)], np.float32) for key in texts if self._key(key) in stored}
        lots = vectors.missing(texts, known, self._library.encode)
        while lot := await asyncio.to_thread(next, iter(lots), None):
            known.update(lot)
            async with self._store.begin() as unit:
                await unit.contents.keep_vectors({self._key(key): vector.astype(np.float32).tobytes()
                                                  for key, vector in lot.items()})
            lots = vectors.missing(texts, known, self._library.encode)
        return known

    def _key(self, key: str) -> str:
        return f"{self._encoder[:16]}:{key}"


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of the files: cheap to take, different after any edit."""
    files = (file for file in sorted(folder.rglob("*")) if file.suffix in (".md", ".yml") and file.is_file())
    return tuple((str(file), stat.st_mtime_ns, stat.st_size) for file in files if (stat := file.stat()))
