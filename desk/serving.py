"""`frontdesk run`: database, door and assistant in one process; more processes only to answer more at once."""
import asyncio
import contextlib
import errno
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator

import uvicorn

from bootstrap import House, door_of, fetching, load_agent, minding, open_house, watching, working
from clinic.clock import Clock, utc_now
from clinic.errors import ClinicError
from clinic.settings import Settings
from clinic.store.watch import Watch

log = logging.getLogger("frontdesk")
QUEUES = ("turns", "notices")
AGAIN = 1.0
"""Seconds before a further process that ended is replaced: one that can't start must not keep the machine busy."""
COLLECTED = (5_000, 20, 20)
"""New objects of Python's between two of its collections, and collections between two that look at older ones too."""


class PortTaken(ClinicError):
    """Somebody else listens there, or this account may not."""


class HostUnknown(ClinicError):
    """HOST is no address that this machine has."""


class NotSigned(ClinicError):
    """A clinic that is no sample, with safety rules that nobody entitled to has signed."""


class Door(uvicorn.Server):
    """uvicorn, which at its end waits for every open request: whoever follows a conversation is sent home first."""

    def __init__(self, watch: Watch, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._watch = watch

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._watch.end()
        await super().shutdown(sockets)


async def serve(settings: Settings, clock: Clock = utc_now) -> None:
    """Serve until Ctrl-C or SIGTERM. Raises ClinicError where a part can't be had."""
    listening = _listen(settings)
    log.info("starting: loading the assistant ...")
    agent = await asyncio.to_thread(load_agent, settings)
    log.info("starting: opening the database ...")
    async with open_house(settings, agent=agent, clock=clock, serving=True) as house, working(house, QUEUES), \
            _further(settings, house), fetching(house), minding(house), watching(house):
        check_signed(house)
        _settle()
        publishing = asyncio.create_task(house.publishing.watch())
        try:
            await _serve_door(settings, house, listening)
        finally:
            publishing.cancel()
            listening.close()


def check_signed(house: House) -> None:
    """A real clinic answers nobody before somebody answers for its safety rules (SAFETY 6). Raises NotSigned."""
    standing, settings = house.standing(), house.settings
    if standing.signed:
        return
    if not house.library.current.content.clinic.sample and not settings.safety_unsigned:
        raise NotSigned(f"{standing.why} `frontdesk safety review` prints what a registered clinician reads, and "
                        "`frontdesk safety sign` keeps who signed. To go live without, set "
                        "SAFETY_UNSIGNED='accept: who takes it on, and why'.")
    log.warning("%s", standing.why[:300])
    if settings.safety_unsigned:
        log.warning("gone live all the same: %s", settings.safety_unsigned)


async def work(settings: Settings) -> None:
    """Answer, without a door, until told to stop. DATABASE_URL is the first process's database, whichever that is."""
    agent = await asyncio.to_thread(load_agent, settings)
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_reader(sys.stdin.fileno(), stop.set)  # our parent holds the other end: its death ends us too
    async with open_house(settings, agent=agent) as house, working(house, QUEUES), watching(house):
        _settle()
        await stop.wait()


def _settle() -> None:
    """What is loaded stays: the collector of rubbish, which would walk through all of it for every few messages, leaves
    it out from now on, and comes more seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED)


async def _serve_door(settings: Settings, house: House, listening: socket.socket) -> None:
    server = Door(house.watch, uvicorn.Config(
        door_of(house), log_config=None, access_log=False, timeout_keep_alive=75,
        timeout_graceful_shutdown=2, proxy_headers=True, server_header=False))
    log.info("ready: %s   (Ctrl-C stops it)", settings.public_url)
    await server.serve(sockets=[listening])


def _listen(settings: Settings) -> socket.socket:
    """The door's socket, taken first: a second start ends here, before it loaded anything."""
    try:
        return _listening(settings.host, settings.port)
    except (OSError, UnicodeError, TypeError) as error:  # the latter two: no name at all
        raise _not_listening(settings, error) from error


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # Accepted connections inherit it. Without, each answer's body waits 40 ms for the receipt of its headers.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(512)
    except BaseException:
        listening.close()
        raise
    return listening


def _not_listening(settings: Settings, error: Exception) -> ClinicError:
    """What is wrong with HOST or PORT, and what to do."""
    where, code = f"{settings.host}:{settings.port}", getattr(error, "errno", None)
    if not isinstance(error, OSError) or isinstance(error, socket.gaierror) or code == errno.EADDRNOTAVAIL:
        return HostUnknown(f"Can't listen on {where}: HOST={settings.host} is no address of this machine. Leave HOST "
                           "out to be reached from this machine only; HOST=0.0.0.0 lets others in as well.")
    if code == errno.EACCES:
        return PortTaken(f"Can't listen on {where}: this account may not use that port. PORT=8000 is for everybody.")
    return PortTaken(f"Can't listen on {where} ({error.strerror}). Is it running already? "
                     f"PORT={settings.port + 1} uses another port.")


@contextlib.asynccontextmanager
async def _further(settings: Settings, house: House) -> AsyncIterator[None]:
    """The processes beyond the first; they end with this one, however it ends."""
    places = [asyncio.create_task(_keep_one(house.store.dsn)) for _ in range(settings.workers - 1)]
    try:
        yield
    finally:
        for place in places:
            place.cancel()
        await asyncio.gather(*places, return_exceptions=True)


async def _keep_one(dsn: str) -> None:
    """A further process, and another where it ends by itself, until cancelled."""
    while True:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "from desk.cli import main; main()", "worker", start_new_session=True,
            env={**os.environ, "DATABASE_URL": dsn}, stdin=asyncio.subprocess.PIPE)  # its password is nobody's to see
        try:
            code = await process.wait()
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
        ended = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        log.warning("process %d of those that answer %s; starting another", process.pid, ended)
        await asyncio.sleep(AGAIN)
