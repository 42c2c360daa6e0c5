"""The steps of set-up. Each is skipped where its stamp fits, and writes its stamp last: one cut off is done again."""
import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path

import packages
from children import Children, SetupError
from progress import Progress

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
SCRATCH = ROOT / "var" / "set-up"
"""Where pip unpacks: a temporary folder in memory would be too small on a small machine."""
ROOM_MB = {"packages": 2200, "encoder": 600}
"""Free disk that a step needs, with what it throws away again: `du` of both while they ran."""
AT_ONCE = 2
UNCHANGED = "nothing changed"
LOOK = 0.3
"""Seconds between two looks at how far the packages are."""


def set_up(dev: bool) -> int:
    """Do what is to be done; the exit code. With *dev*, what tests and checks need as well."""
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, _interrupt)
    progress = Progress()
    try:
        encoder = _encoder_folder()
        with _alone() as lock, _children(lock) as children:
            shutil.rmtree(SCRATCH, ignore_errors=True)
            SCRATCH.mkdir()
            make_environment(children, progress, dev)
            export_encoder(children, progress, encoder)
            train(children, progress)
            shutil.rmtree(SCRATCH, ignore_errors=True)
    except (SetupError, OSError) as error:
        print(f"Set-up stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Set-up stopped. Run it again, and it begins where it has to.", file=sys.stderr)
        return 130
    progress.close()
    return 0


def make_environment(children: Children, progress: Progress, dev: bool) -> None:
    """`.venv` with what the lock pins. A changed lock is caught up with; half an environment is made anew."""
    stamp, base = VENV / "stamp", f"{sys.version_info[0]}.{sys.version_info[1]} {ROOT}\n"
    plain = base + _digest(ROOT / "requirements.lock")
    full = plain + _digest(ROOT / "requirements-dev.lock")  # holds all that the other does
    had = stamp.read_text(encoding="utf-8") if stamp.is_file() and PYTHON.exists() else ""
    if had != full and (dev or had != plain):
        with progress.step("Installing packages", "Packages installed") as tell:
            _room("packages", ROOT)
            if not had.startswith(base):
                shutil.rmtree(VENV, ignore_errors=True)
                children.run([sys.executable, "-m", "venv", VENV], "the environment could not be made:")
            stamp.unlink(missing_ok=True)
            _install_all(children, ROOT / ("requirements-dev.lock" if dev else "requirements.lock"), tell)
            packages.write_commands(VENV, ROOT)
            stamp.write_text(full if dev else plain, encoding="utf-8")
    packages.write_commands(VENV, ROOT)


def _install_all(children: Children, lock: Path, tell: Callable[[int, int], None]) -> None:
    pins = packages.entries(lock)
    first, parts = packages.shares(pins)
    packages.install(children, PYTHON, first, SCRATCH)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        working = {pool.submit(packages.install, children, PYTHON, part, SCRATCH) for part in parts}
        try:
            while working:
                done, working = wait(working, LOOK, FIRST_EXCEPTION)
                for one in done:
                    one.result()
                tell(packages.installed(PYTHON), len(packages.names(pins)))
        except BaseException:
            children.end()
            raise


def export_encoder(children: Children, progress: Progress, encoder: Path) -> None:
    """The sentence encoder, once, with packages that are thrown away afterwards; anew where its files were damaged."""
    script, lock, stamp = ROOT / "bot" / "export_encoder.py", ROOT / "requirements-build.lock", encoder / "stamp"
    files = [encoder / "tokenizer.json", encoder / "encoder.onnx"]
    made_by = _digest(script, lock)
    there = all(file.is_file() for file in (stamp, *files))
    if there and stamp.read_text(encoding="utf-8") == made_by + _digest(*files):
        return
    with progress.step("Exporting the sentence encoder", "Sentence encoder exported"):
        _room("encoder", ROOT)
        tools = SCRATCH / "tools"
        packages.install(children, PYTHON, packages.entries(lock), SCRATCH, into=tools)
        encoder.mkdir(parents=True, exist_ok=True)
        stamp.unlink(missing_ok=True)
        children.run([PYTHON, script, encoder], "the sentence encoder could not be exported:",
                     environ={"PYTHONPATH": str(tools)})
        stamp.write_text(made_by + _digest(*files), encoding="utf-8")
        shutil.rmtree(tools, ignore_errors=True)


def train(children: Children, progress: Progress) -> None:
    """The model, if `frontdesk train` finds that something it is made of changed; told only then."""
    with contextlib.ExitStack() as step:
        def heard(line: str) -> None:
            if UNCHANGED not in line and not begun:
                begun.append(step.enter_context(progress.step("Training the model", "Model trained")))

        begun: list[object] = []
        children.run([VENV / "bin" / "frontdesk", "train", "--if-changed"], "the model could not be trained:", heard,
                     {"TQDM_DISABLE": "1"})


def _encoder_folder() -> Path:
    """Where the encoder goes, after all settings were looked at: a mistake there is told before two minutes' work."""
    sys.path.insert(0, str(ROOT))
    from clinic.errors import ClinicError
    from clinic.settings import Settings

    try:
        return Settings.read().encoder
    except ClinicError as error:
        raise SetupError(str(error)) from None


@contextlib.contextmanager
def _alone() -> Iterator[int]:
    """One set-up at a time; a second waits. Held by our children too, so by one that outlived a killed set-up."""
    SCRATCH.parent.mkdir(exist_ok=True)
    with (SCRATCH.parent / "set-up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up is at work here; waiting for it to end ...", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


@contextlib.contextmanager
def _children(lock: int) -> Iterator[Children]:
    children = Children(lock)
    try:
        yield children
    finally:
        children.end()


def _room(step: str, folder: Path) -> None:
    free = shutil.disk_usage(folder).free // 2**20
    if free < ROOM_MB[step]:
        raise SetupError(f"{free} MB of disk are free, and this needs {ROOM_MB[step]} MB. Make room and run it again.")


def _digest(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest() + "\n"


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
