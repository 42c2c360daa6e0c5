"""The same talk through stock Rasa and through this: `make bench-stock`.

Stock Rasa 3.6 needs a Python 3.10 (`python3.10`, or PYTHON310=/path/to/one) and an environment of its own, made once in
FRONTDESK_HOME/stock. It learns our examples and rules with the pipeline and policies that Rasa itself takes where
config.yml names none, keeps its trackers in memory, as it comes, and calls our actions in `rasa run actions`.
"""
import asyncio
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bench.server import Child, Server, free_port
from bench.turn_processes import Side, Use
from bench.turn_start import train
from bench.turn_table import say, show
from bench.turn_visitors import Line, Load, OurLine, RasaLine, first_answer, load
from clinic.knowledge.content import load as load_content
from clinic.settings import ROOT, Settings

RASA = "3.6.21"
PINS = (f"rasa=={RASA}", "setuptools<81", "wheel")
"""Rasa pins the rest, but for who provides pkg_resources, which it imports and newer setuptools lack."""
ROOM_GB = 6.0  # free disk that installing needs; 2.7 GB stay
LONGEST = {"install": 1800.0, "train": 5400.0, "start": 240.0}
"""Seconds after which each counts as hung."""
TELL = 20.0  # seconds between two lines about how far it is
AT_ONCE = ((1, 20), (32, 2))
"""Conversations at once, and talks one after the other in each."""
SHOWN = {"training, s": "training", "training, CPU s": "learning", "start to the first answer, s": "start",
         "memory (PSS), MB": "memory"}
CONFIG = "recipe: default.v1\nassistant_id: stock\nlanguage: en\n"  # names nothing: Rasa takes its own
ENVIRON = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONWARNINGS": "ignore",
           "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}


class StockFailed(RuntimeError):
    """Stock Rasa could not be made or run; the text says where its own words are."""


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one side: seconds, MB, and by load what the visitors saw and the CPU ms a message."""

    training: float
    learning: float
    """What the training took of CPU seconds."""
    start: float
    memory: float
    loads: list[Load]
    cpu: list[Use]


def main() -> int:
    python = python310()
    if python is None:
        print("There is no Python 3.10 here, which stock Rasa needs. PYTHON310=/path/to/one names one.")
        return 0
    stock = Settings.read().home / "stock"
    try:
        rasa = environment(python, stock)
        model, training = trained(rasa, stock)
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            theirs = asyncio.run(measure(RasaLine, _stock_side(rasa, model, Path(folder)), training))
            ours = asyncio.run(measure(OurLine, _our_side(Path(folder)), _our_training(Path(folder))))
    except StockFailed as error:
        print(error, file=sys.stderr)
        return 1
    _print(theirs, ours)
    return 0


def python310() -> str | None:
    """A Python 3.10 that runs: a name on the path may be no more than pyenv's stand-in."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    known = [str(file) for file in sorted(root.glob("versions/3.10.*/bin/python3.10"))]
    for name in (os.environ.get("PYTHON310"), "python3.10", *known):
        if name and shutil.which(name):
            said = subprocess.run([name, "-c", "import sys, venv; print(*sys.version_info[:2])"], capture_output=True,
                                  text=True, check=False)
            if said.stdout.strip() == "3 10":
                return name
    return None


def environment(python: str, stock: Path) -> Path:
    """The `rasa` of stock Rasa's environment in *stock*, which is made if it isn't there. Raises StockFailed."""
    venv, stamp = stock / "venv", stock / "venv" / "stamp"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != " ".join(PINS):
        stock.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(stock).free < ROOM_GB * 1e9:
            raise StockFailed(f"Stock Rasa needs {ROOM_GB:.0f} GB of free disk in {stock} while it is installed.")
        say(f"Installing stock Rasa {RASA}, TensorFlow and all, once: 2.7 GB, some minutes ...")
        shutil.rmtree(venv, ignore_errors=True)
        log, temporary = stock / "install.log", stock / "tmp"
        temporary.mkdir(exist_ok=True)  # a temporary folder in memory would be too small
        _finish([python, "-m", "venv", venv], log, LONGEST["install"])
        _finish([venv / "bin" / "pip", "install", "--no-input", *PINS], log, LONGEST["install"],
                {"TMPDIR": str(temporary)}, lambda said: f"{said.count('Collecting ')} packages found")
        shutil.rmtree(temporary)
        stamp.write_text(" ".join(PINS), encoding="utf-8")
    return venv / "bin" / "rasa"


def trained(rasa: Path, stock: Path) -> tuple[Path, tuple[float, float]]:
    """A model of our data; the seconds, and seconds of CPU, that it took. Anew when the data changed.

    Raises StockFailed."""
    project = stock / "project"
    shutil.rmtree(project, ignore_errors=True)
    shutil.copytree(ROOT / "data", project / "data")
    (project / "domain.yml").write_text(_domain(), encoding="utf-8")
    (project / "config.yml").write_text(CONFIG, encoding="utf-8")
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(project.rglob("*.yml")))).hexdigest()[:12]
    model, took = stock / f"{digest}.tar.gz", stock / f"{digest}.seconds"
    if not took.is_file():
        say("Training it on our examples with its default pipeline: ten to twenty minutes ...")
        for old in stock.glob("*.tar.gz"):
            old.unlink()
        began, before = time.monotonic(), os.times()
        _finish([rasa, "train", "--fixed-model-name", digest, "--out", stock], stock / "train.log", LONGEST["train"],
                {"RASA_CACHE_DIRECTORY": str(project / "cache")}, _component, project)
        cpu = sum(os.times()[2:4]) - sum(before[2:4])
        took.write_text(f"{time.monotonic() - began:.0f} {cpu:.0f}")
    seconds, cpu = map(float, took.read_text().split())
    return model, (seconds, cpu)


def _domain() -> str:
    """Ours, with what bot/words_of_clinic.py fills in at each reply filled in: stock Rasa would stumble over it."""
    clinic = load_content(Settings.read().content).clinic
    text = (ROOT / "domain.yml").read_text(encoding="utf-8")
    words = {"clinic": clinic.name, "phone": clinic.phone, "mail": clinic.mail, "next_read": "",
             "privacy_role": clinic.name, "privacy_contact": clinic.mail}
    return re.sub(r"\{(\w+)\}", lambda place: words.get(place[1], place[0]), text)


def _component(said: str) -> str:
    names, rounds = re.findall(r"Starting to train component '(\w+)'", said), re.findall(r"(\d+)%\|", said[-300:])
    return f"{names[-1] if names else 'reading the data'}{f', {rounds[-1]} %' if rounds else ''}"


def _finish(command: Sequence[str | Path], log: Path, longest: float, environ: Mapping[str, str] | None = None,
            far: Callable[[str], str] | None = None, folder: Path = ROOT) -> None:
    """Run *command* to its end, telling now and then how *far* it is by what it said. Raises StockFailed."""
    log.unlink(missing_ok=True)
    child = Child(command, log, {**ENVIRON, **(environ or {})}, folder)
    child.begin()
    assert child.process
    try:
        began = time.monotonic()
        while time.monotonic() - began < longest:
            try:
                if child.process.wait(TELL):
                    break
                return
            except subprocess.TimeoutExpired:
                if far:
                    said = log.read_text(encoding="utf-8", errors="replace")
                    say(f"  {far(said)} ({time.monotonic() - began:.0f} s)")
        raise StockFailed(f"{Path(command[0]).name} failed, or took more than {longest:.0f} s: see {log}")
    finally:
        child.stop()


def _stock_side(rasa: Path, model: Path, folder: Path) -> Side:
    home, port, actions = folder / "stock", free_port(), free_port()
    home.mkdir()
    (home / "encoder").symlink_to(Settings.read().encoder)
    (home / "endpoints.yml").write_text(f"action_endpoint:\n  url: http://127.0.0.1:{actions}/webhook\n")
    (home / "credentials.yml").write_text("rest:\n")
    environ = {**os.environ, "FRONTDESK_HOME": str(home), "DATABASE_URL": "", "SMTP_URL": ""}
    serving = Child([sys.executable, "-c", "from bootstrap import rasa; rasa()", "run", "actions", "--port",
                     str(actions)], home / "actions.log", environ)
    talking = Child([rasa, "run", "--interface", "127.0.0.1", "--port", str(port), "--model", model, "--endpoints",
                     "endpoints.yml", "--credentials", "credentials.yml"], home / "rasa.log", ENVIRON, home)
    return Side(f"http://127.0.0.1:{port}", home, serving, talking)


def _our_side(folder: Path) -> Side:
    server = Server(folder / "ours")
    return Side(server.url, server.home, server)


def _our_training(folder: Path) -> tuple[float, float]:
    """Seconds, and seconds of CPU, with nothing known before, as theirs."""
    say("Training ours ...")
    home = folder / "training"
    home.mkdir()
    (home / "encoder").symlink_to(Settings.read().encoder)
    return train(home, home / "made")


async def measure(line: type[Line], side: Side, training: tuple[float, float]) -> Found:
    """Start *side* twice, the first time for what is made only once, and let visitors talk to it."""
    name = "ours" if line is OurLine else "stock Rasa"
    say(f"{name}: starting twice, then talking ...")
    try:
        side.begin()
        await first_answer(side.url, line, LONGEST["start"])
        await asyncio.to_thread(side.end)
        began, used = time.monotonic(), side.begin()
        await first_answer(side.url, line, LONGEST["start"])
        start = time.monotonic() - began
        await load(side.url, 4, 1, line)
        loads, cpu = [], []
        for at_once, talks in AT_ONCE:
            before = used.cpu()
            loads.append(await load(side.url, at_once, talks, line))
            await asyncio.sleep(0.2)  # what is done after the last reply belongs to it as well
            cpu.append(used.cpu().since(before, loads[-1].count / 1000))
        return Found(*training, start, used.memory().whole, loads, cpu)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise StockFailed(f"{name} does not answer ({error!r}). Its last words:\n{side.last_words()}") from error
    finally:
        await asyncio.to_thread(side.end)


def _print(theirs: Found, ours: Found) -> None:
    rows = [(name, getattr(theirs, part), getattr(ours, part)) for name, part in SHOWN.items()]
    for place, (at_once, _) in enumerate(AT_ONCE):
        (a, used_a), (b, used_b) = ((side.loads[place], side.cpu[place]) for side in (theirs, ours))
        rows += [(f"{at_once} at once: messages a second", a.rate, b.rate), ("  p50 ms", a.share(0.5), b.share(0.5)),
                 ("  p99 ms", a.share(0.99), b.share(0.99)), ("  CPU ms a message", used_a.whole, used_b.whole),
                 ("  messages without a reply", a.silent, b.silent)]
    show(f"The same talk through stock Rasa {RASA} and through this", ("", "stock Rasa", "this", "stock / this"),
         [(name, _figure(a), _figure(b), f"{a / b:.1f}" if b else "") for name, a, b in rows],
         "Both over HTTP on this machine, each with one process that talks, whatever it needs beside it counted in: "
         "stock Rasa's action server with its database, our database. Ours also stores every message and reads it for "
         "danger; stock Rasa keeps its trackers in memory.")


def _figure(value: float) -> str:
    return f"{value:.1f}" if isinstance(value, float) and value < 100 else f"{value:.0f}"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that no child outlives us
    sys.exit(main())
