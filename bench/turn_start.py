"""How long it takes until somebody is answered, and until a change to the examples is learned."""
import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

from bench.server import Server
from bench.turn_table import say, show
from bench.turn_visitors import first_answer
from clinic.settings import ROOT, Settings

STARTS = ("first start, new home", "second start", "third start")
LONGEST = 600
"""Seconds for a training before it counts as hung."""


async def starts(folder: Path) -> dict[str, float]:
    """From `frontdesk run` to the first reply: in a new home, and again in the same one."""
    say("start: starting three times ...")
    rows: list[tuple[str, float, float]] = []
    for name in STARTS:
        server = Server(folder / "start")
        began = time.monotonic()
        ready = await asyncio.to_thread(server.start)
        try:
            await first_answer(server.url)
            rows.append((name, ready, time.monotonic() - began))
        finally:
            await asyncio.to_thread(server.stop)
    show("From `frontdesk run` to the first answer", ("", "ready s", "first answer s"),
         [(name, f"{ready:.1f}", f"{answered:.1f}") for name, ready, answered in rows],
         "A question posted with ?wait as soon as the server says it is ready. A new home has the encoder and nothing "
         "else: the database is made, and the content encoded.")
    return {"start": min(answered for _, _, answered in rows[1:])}


async def training(folder: Path) -> dict[str, float]:
    """`frontdesk train` into a temporary place: with nothing known, and with the vectors of the examples known."""
    say("training: twice ...")
    home = folder / "training"
    home.mkdir()
    (home / "encoder").symlink_to(Settings.read().encoder)
    cold, warm = [await asyncio.to_thread(train, home, home / name) for name in ("cold", "warm")]
    show("Training, `frontdesk train`", ("", "s", "CPU s"),
         [("nothing known, as at set-up", f"{cold[0]:.1f}", f"{cold[1]:.1f}"),
          ("the texts encoded before, as after an edit", f"{warm[0]:.1f}", f"{warm[1]:.1f}")],
         "The whole command. Rasa's own cache is empty both times, so that everything is trained.")
    return {"training": warm[0], "training, cold": cold[0]}


def train(home: Path, made: Path) -> tuple[float, float]:
    """Seconds, and seconds of CPU, to train a model in the folder *made*, with the vectors that *home* knows."""
    made.mkdir()
    environ = {**os.environ, "FRONTDESK_HOME": str(home), "FRONTDESK_MODEL": str(made / "model.tar.gz"),
               "RASA_CACHE_DIRECTORY": str(made / "rasa")}
    before, began = os.times(), time.monotonic()
    done = subprocess.run([sys.executable, "-c", "from desk.cli import main; main()", "train"], cwd=ROOT, env=environ,
                          capture_output=True, text=True, errors="replace", timeout=LONGEST, check=False)
    seconds, after = time.monotonic() - began, os.times()
    if done.returncode:
        raise RuntimeError(f"training failed: {done.stderr[-1000:]}")
    return seconds, after.children_user + after.children_system - before.children_user - before.children_system
