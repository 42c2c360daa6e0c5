"""Where a message's CPU goes: the whole server in this process, as `frontdesk run` has it, its parts watched.

The visitors are a process of their own and talk to it over HTTP.
"""
import asyncio
import contextlib
import json
import logging
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from procrastinate.worker import Worker
from sqlalchemy.ext.asyncio import AsyncConnection
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from bench.server import free_port
from bench.turn_ledger import Ledger
from bench.turn_processes import Processes
from bench.turn_table import say, show
from bench.turn_visitors import first_answer
from bot import slim
from channels.inbox import Inbox
from channels.turn import Turns
from channels.website.talk import Talk
from clinic.knowledge.answer import Knowledge
from clinic.safety.reader import Screen
from clinic.settings import ROOT, Settings
from clinic.store.jobs import Jobs
from clinic.store.unit import Store
from clinic.store.watch import Watch
from desk.serving import serve

AT_ONCE = ((1, 16), (32, 3))
"""Conversations at once, and talks in each."""
EXPLAINED = {
    "door: HTTP": "uvicorn, Starlette, the addresses' own work",
    "door: accept": "the inbox's own work",
    "safety reader": "reading for danger, advice",
    "queue": "Procrastinate, with its driver",
    "turn": "the turn's own work, hearing of commits",
    "encoder": "ONNX, each text once",
    "understanding": "the rest of the pipeline, maybe for two",
    "dialogue: Rasa": "policies, tracker, responses",
    "dialogue: actions": "ours, run by Rasa's SDK",
    "search": "answers and quotes from the content",
    "database: our side": "SQLAlchemy and psycopg",
    "database: server": "PostgreSQL's processes",
    "other": "event loop, threads, the measuring itself",
}


@dataclass(frozen=True, slots=True)
class Shares:
    """Milliseconds of CPU a message by part, adding up to the total, and how often the watch changed hands."""

    parts: dict[str, float]
    steps: float

    @property
    def total(self) -> float:
        return sum(self.parts.values())


async def measure(folder: Path) -> dict[str, float]:
    """Watch one load at a time; prints a table, has no targets."""
    say("parts: the server in this process ...")
    slim.install()
    ledger = Ledger()
    _watch(ledger)  # before the server starts: what runs all the time began then
    try:
        async with server(folder / "parts") as (url, used):
            await visitors(url, 8, 2)
            found = [await _shares(ledger, url, used, *load) for load in AT_ONCE]
    finally:
        ledger.undo()
    _print(found)
    return {}


def _watch(ledger: Ledger) -> None:
    from bot.agent import Agent
    from bot.encoder import Encoder
    from bot.in_process import LocalActions

    ledger.watch("door: HTTP", HttpToolsProtocol, "data_received")
    ledger.watch("door: HTTP", RequestResponseCycle, "run_asgi")
    ledger.watch("door: HTTP", Talk, "_replies")
    ledger.watch("door: accept", Inbox, "accept", "open")
    ledger.watch("safety reader", Screen, "read", "advice")
    ledger.watch("queue", Jobs, "enqueue", "_rescue")
    ledger.watch("queue", Worker, "_process_job", "_persist_job_status", "_fetch_and_process_jobs", "_run_loop",
                 "_handle_notification")
    ledger.watch("turn", Turns, "run")
    ledger.watch("turn", Watch, "run")
    ledger.watch("encoder", Encoder, "views")
    ledger.watch("understanding", Agent, "_understand")
    ledger.watch("dialogue: Rasa", Agent, "answer", "_say", "set_aside")
    ledger.watch("dialogue: actions", LocalActions, "request")
    ledger.watch("search", Knowledge, "answer", "passage")
    ledger.watch("database: our side", Store, "begin")
    ledger.watch("database: our side", AsyncConnection, "execute", "scalar", "scalars", "close", "get_raw_connection")


async def _shares(ledger: Ledger, url: str, used: Processes, at_once: int, talks: int) -> Shares:
    spent, steps, database, all_of_it = ledger.spent.copy(), ledger.steps, used.cpu().database, time.process_time_ns()
    count = await visitors(url, at_once, talks)
    await asyncio.sleep(0.2)  # what is done after the last reply belongs to it as well
    whole = time.process_time_ns() - all_of_it
    parts = {part: (ledger.spent[part] - spent[part]) / count / 1e6 for part in EXPLAINED}
    parts["other"] = whole / count / 1e6 - sum(parts.values())
    parts["database: server"] = (used.cpu().database - database) / count * 1000
    return Shares(parts, (ledger.steps - steps) / count)


@asynccontextmanager
async def server(home: Path) -> AsyncIterator[tuple[str, Processes]]:
    """`frontdesk run` in this process: its address, and this process with its database."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with at_home(home, HOST="127.0.0.1", PORT=str(port), WORKERS="1") as (settings, used):
        running = asyncio.create_task(serve(settings))
        try:
            answered = asyncio.create_task(first_answer(url))
            await asyncio.wait((running, answered), return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                answered.cancel()
                await running  # it raises what kept it from starting
            await answered
            yield url, used
        finally:
            logging.getLogger("uvicorn.error").disabled = True  # it would tell at length of being cancelled
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running


@contextmanager
def at_home(home: Path, **environ: str) -> Iterator[tuple[Settings, Processes]]:
    """Settings for this process with a new *home*, and the processes that then count: this one and the database's."""
    home.mkdir()
    (home / "encoder").symlink_to(Settings.read().encoder)
    slim.install()
    logging.getLogger("frontdesk").setLevel(logging.ERROR)
    # In the environment, since Rasa's components look there as well: the whole process has one encoder.
    with patch.dict(os.environ, FRONTDESK_HOME=str(home), DATABASE_URL="", SMTP_URL="", **environ):
        yield Settings.read(), Processes(home, os.getpid())


async def visitors(url: str, at_once: int, talks: int) -> int:
    """Let them talk, in a process of their own; how many messages that were."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.turn_visitors", url, str(at_once), str(talks), cwd=ROOT,
        stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    return len(json.loads(said)["waits"])


def _print(found: Sequence[Shares]) -> None:
    rows = [(part, *(f"{shares.parts[part]:.2f}" for shares in found),
             *(f"{shares.parts[part] / shares.total:.0%}" for shares in found[-1:]), words)
            for part, words in EXPLAINED.items()]
    rows.append(("total", *(f"{shares.total:.2f}" for shares in found), "100%", ""))
    show("Where it goes: CPU ms a message by part",
         ("part", *(f"{at_once} at once" for at_once, _ in AT_ONCE), "share", ""), rows,
         "The real server in this process, visitors over HTTP. The total is what the system counted for all processes; "
         f"the watch changed hands {found[-1].steps:.0f} times a message.")
