"""Work to do after a commit: queued in the same transaction, done once a worker is free.

Procrastinate keeps the queue in PostgreSQL, in order per lock (a conversation). It never frees the lock of a
worker that died; here each worker holds an advisory lock for as long as it lives, and whoever sees that
lock free hands the dead worker's jobs on (`_rescue`).
"""
import asyncio
import logging
import select
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import procrastinate
import psycopg
from procrastinate.worker import Worker
from psycopg_pool import AsyncConnectionPool

from clinic.store.unit import Unit

log = logging.getLogger("frontdesk.jobs")
Handler = Callable[..., Awaitable[None]]
PATIENCE = procrastinate.RetryStrategy(max_attempts=12, exponential_wait=3)
"""For what has no tries of its own, such as mail: half a day, then it stays in the list of failed jobs."""
RESCUE_CLASS = 7002
RESCUE_EVERY = 1.0  # seconds
POLL_EVERY = 0.2
"""Seconds between looks at the queue without a notification: one that comes while a look is under way is lost."""
_ORPHANS = """
select j.id from procrastinate_jobs j left join procrastinate_workers w on w.id = j.worker_id
where j.status = 'doing' and not exists (
    select 1 from pg_locks l where l.locktype = 'advisory' and l.granted
    and l.database = (select oid from pg_database where datname = current_database())
    and l.classid = %(family)s and l.objid = w.id::int::oid)
"""


async def _alone(connection: psycopg.AsyncConnection) -> None:
    """Each statement of the queue is whole by itself: a transaction around it would be two more trips. None
    waits for the disk: where the machine stops, a job just taken or done is done once more, as after any kill. Jobs
    are queued with what they are about, and kept as well as that."""
    await connection.set_autocommit(True)
    await connection.execute("set synchronous_commit = off")


async def _there(connection: psycopg.AsyncConnection) -> None:
    """Raises psycopg.OperationalError where the database hung up, which leaves the socket something to read: without
    asking it, as the queue's library would do before each statement."""
    socket = select.poll()
    socket.register(connection.fileno(), select.POLLIN)
    if socket.poll(0):
        connection.pgconn.consume_input()


def _pool(**given: Any) -> AsyncConnectionPool:
    return AsyncConnectionPool(**{**given, "check": _there})


class Jobs:
    """The queue. `enqueue` joins a transaction; `work` runs until cancelled."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._served: set[str] = set()
        self._app = procrastinate.App(connector=procrastinate.PsycopgConnector(
            conninfo=dsn, min_size=1, max_size=6, configure=_alone, pool_factory=_pool))

    def take(self, handlers: Mapping[str, Handler]) -> None:
        """What does which task, before any is queued or worked on."""
        self._tasks = {name: self._app.task(name=name, queue="turns", retry=PATIENCE)(handler)
                       for name, handler in handlers.items()}

    def working(self, queue: str) -> bool:
        """Whether a worker of this process is alive and takes jobs of *queue*."""
        return queue in self._served

    async def open(self) -> None:
        await self._app.open_async()

    async def close(self) -> None:
        await self._app.close_async()

    async def enqueue(self, unit: Unit, task: str, *, queue: str, lock: str | None = None, wait: float = 0.0,
                      **arguments: Any) -> None:
        """Queue *task* in *unit*'s transaction: a rollback takes it back. Same *lock*: one at a time, in order.

        *wait*: seconds before it is begun; not together with a lock, which it would close for as long."""
        assert not (wait and lock)
        at = datetime.now(UTC) + timedelta(seconds=wait) if wait else None
        await self._tasks[task].configure(queue=queue, lock=lock, schedule_at=at, connection=await unit.driver()
                                          ).defer_async(**arguments)

    async def work(self, queues: Sequence[str], concurrency: int) -> None:
        """Take jobs until cancelled. Raises psycopg.OperationalError when the database went away."""
        alive = asyncio.Event()

        async def wait_until_alive(call_next: Callable[[], Awaitable[Any]], *_: Any) -> Any:
            await alive.wait()  # no job before the lock that proves us alive is ours
            return await call_next()

        worker = Worker(app=self._app, queues=list(queues), concurrency=concurrency, delete_jobs="successful",
                        fetch_job_polling_interval=POLL_EVERY, stalled_worker_timeout=3600,
                        shutdown_graceful_timeout=5, install_signal_handlers=False,
                        worker_middleware=[wait_until_alive])
        running = asyncio.create_task(worker.run())
        try:
            await self._live(worker, running, alive)
        finally:
            self._served.difference_update(queues)
            worker.stop()
            with suppress(asyncio.CancelledError):
                await asyncio.wait([running], timeout=6)
            running.cancel()

    async def _live(self, worker: Worker, running: "asyncio.Task[None]", alive: asyncio.Event) -> None:
        async with await psycopg.AsyncConnection.connect(self._dsn, autocommit=True) as connection:
            while worker.worker_id is None and not running.done():  # noqa: ASYNC110 - nobody tells when it is there
                await asyncio.sleep(0.005)
            await connection.execute("select pg_advisory_lock(%s, %s)", (RESCUE_CLASS, worker.worker_id))
            alive.set()
            self._served.update(worker.queues or ())
            while not running.done():
                await self._rescue(connection, worker)
                await asyncio.wait([running], timeout=RESCUE_EVERY)
            await running

    async def _rescue(self, connection: psycopg.AsyncConnection, worker: Worker) -> None:
        orphans = await (await connection.execute(_ORPHANS, {"family": RESCUE_CLASS})).fetchall()
        for (job,) in orphans:
            log.warning("a worker died over job %s; it runs again", job)
            await self._app.job_manager.retry_job_by_id_async(job, datetime.now(UTC))
        if orphans:
            worker._new_job_event.set()  # else it would sleep until the next poll
