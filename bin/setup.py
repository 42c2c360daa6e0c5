#!/usr/bin/env python3
"""Sets the house up: environment, encoder, model. Each step is skipped where nothing changed.

    python3.11 bin/setup.py [--dev]

Standard library only: nothing is installed yet. A step that was cut off is done again from its beginning, since
its stamp is written last. Everything comes from the package index that pip is set up for, pinned by hash.
"""
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
HOME = Path(os.environ.get("FRONTDESK_HOME") or ROOT / "var").absolute()
ENCODER = HOME / "encoder"
PYTHONS = ((3, 11), (3, 12), (3, 13))
NEEDED_MB = 2600
"""Free disk that a first set-up needs: 1.2 GB to stay, the rest while it works."""


class SetupError(Exception):
    """One line that says what is wrong and what to do."""


def main() -> int:
    dev = "--dev" in sys.argv[1:]
    try:
        check_python()
        with one_at_a_time():
            steps = [("environment", lambda: environment(dev)), ("encoder", encoder), ("model", model)]
            for number, (name, work) in enumerate(steps, 1):
                run_step(f"[{number}/{len(steps)}] {name}", work)
    except SetupError as error:
        print(f"Set-up stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nSet-up stopped. Run it again; it goes on where it was.", file=sys.stderr)
        return 130
    return 0


def check_python() -> None:
    if sys.version_info[:2] not in PYTHONS:
        raise SetupError(f"this is Python {sys.version.split()[0]}; 3.11, 3.12 or 3.13 is needed. Install python3.11, "
                         "or say which one: make run PYTHON=/path/to/python3.11")
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise SetupError("this Python lacks venv. On Debian and Ubuntu: apt install python3-venv") from None


class one_at_a_time:
    """Two set-ups at once would pull the floor from under each other."""

    def __enter__(self) -> None:
        HOME.mkdir(parents=True, exist_ok=True)
        self.file = (HOME / "setup.lock").open("w")
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SetupError("another set-up is running here. Wait for it to end.") from None

    def __exit__(self, *_: object) -> None:
        self.file.close()


def run_step(title: str, work: Callable[[], bool]) -> None:
    """Say what happens and how long it took; quiet where nothing had to be done."""
    began = time.monotonic()
    if work():
        print(f"{title}: done in {time.monotonic() - began:.0f} s", flush=True)


# -- steps: each returns whether there was anything to do ----------------------------------------------------


def environment(dev: bool) -> bool:
    lock = ROOT / ("requirements-dev.lock" if dev else "requirements.lock")
    stamp, wanted = VENV / "stamp", fingerprint(lock, ROOT / "pyproject.toml", Path(__file__)) + f" {sys.version_info[:2]}"
    had = stamp.read_text() if stamp.is_file() else ""
    both = fingerprint(ROOT / "requirements-dev.lock", ROOT / "pyproject.toml", Path(__file__)) + f" {sys.version_info[:2]}"
    if had in (wanted, both):  # what tests need holds all that a run needs
        return False
    enough_disk()
    if not had:
        shutil.rmtree(VENV, ignore_errors=True)
    stamp.unlink(missing_ok=True)
    say("environment: installing about 190 packages (a minute or two) ...")
    if not (VENV / "bin" / "python").exists():
        call([sys.executable, "-m", "venv", str(VENV)], "the environment could not be made")
    install(VENV, lock)
    launchers()
    stamp.write_text(wanted)
    return True


def encoder() -> bool:
    source = [ROOT / "bot" / "export_encoder.py", ROOT / "requirements-build.lock"]
    stamp, wanted = ENCODER / "stamp", fingerprint(*source)
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    enough_disk()
    say("encoder: exporting the sentence encoder, once ...")
    build = HOME / "encoder-build"
    shutil.rmtree(build, ignore_errors=True)
    try:
        call([sys.executable, "-m", "venv", str(build)], "the build environment could not be made")
        install(build, ROOT / "requirements-build.lock")
        call([str(build / "bin" / "python"), str(source[0]), str(ENCODER)], "the encoder could not be exported")
    finally:
        shutil.rmtree(build, ignore_errors=True)
    stamp.write_text(wanted)
    return True


def model() -> bool:
    done = subprocess.run([str(VENV / "bin" / "frontdesk"), "train", "--if-changed"], cwd=ROOT, check=False)
    if done.returncode:
        raise SetupError("the model could not be trained; what is above says why.")
    return False


# -- tools ---------------------------------------------------------------------------------------------------


def install(venv: Path, lock: Path) -> None:
    """What *lock* pins, and nothing else. Rasa declares an older Python and older libraries: docs/decisions/."""
    call([str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
          "--ignore-requires-python", "--require-hashes", "--no-input", "-r", str(lock)],
         "the packages could not be installed. Is the network there, and the disk not full?")


def launchers() -> None:
    """`frontdesk` and `rasa` in the environment; the second takes the place of Rasa's own."""
    site = next((VENV / "lib").glob("python*/site-packages"))
    (site / "frontdesk.pth").write_text(f"{ROOT}\n")
    for name, module, function in (("frontdesk", "desk.cli", "main"), ("rasa", "bootstrap", "rasa")):
        script = VENV / "bin" / name
        script.write_text(f"#!{VENV / 'bin' / 'python'}\nfrom {module} import {function}\n\n{function}()\n")
        script.chmod(0o755)


def call(command: list[str], trouble: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith("WARNING")]
        raise SetupError(f"{trouble}\n  " + "\n  ".join(reason[-3:]))


def enough_disk() -> None:
    free = shutil.disk_usage(ROOT).free // 2**20
    if free < NEEDED_MB:
        raise SetupError(f"{free} MB of disk are free, a first set-up needs {NEEDED_MB} MB. Make room and run it again.")


def fingerprint(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
