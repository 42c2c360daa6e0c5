"""Plants faults in the safety rules and in the gate (faults.yml), one by one, in a copy: a test must fail for each.

python -m bench.drill_faults [NAME ...]: all of them takes a quarter of an hour; names that begin so, less."""
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml

from bench.turn_table import say, show
from clinic.settings import ROOT, Settings

FAULTS = Path(__file__).with_name("faults.yml")
TESTS = {"reader": ("tests/clinic/safety",),
         "talks": ("tests/talks/test_safety.py", "tests/channels", "tests/talks/test_booking.py"),
         "journeys": ("tests/bot/test_rasa_commands.py::test_every_journey_goes_as_it_says",
                      "tests/bot/test_rasa_commands.py::test_danger_beats_an_open_form_where_no_door_has_read_it")}
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", ".mypy_cache", ".ruff_cache", "__pycache__", ".rasa")
PATIENCE = 600.0
"""Seconds for the tests of one fault."""


@dataclass(frozen=True, slots=True)
class Fault:
    """*old* stands in *file* exactly once and becomes *new*; *tests* must notice."""

    name: str
    file: str
    old: str
    new: str
    tests: str


def plant(fault: Fault, root: Path) -> str | None:
    """Put *fault* into the copy at *root*; what is wrong with the fault itself, if anything."""
    file = root / fault.file
    text = file.read_text(encoding="utf-8")
    if text.count(fault.old) != 1:
        return f"stands {text.count(fault.old)} times in {fault.file}: mend the drill"
    file.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
    return None


def noticed(fault: Fault) -> tuple[bool, str]:
    """Whether a test fails once *fault* is in, and which."""
    with tempfile.TemporaryDirectory(prefix="fault-") as folder:
        root = copied_to(Path(folder) / "project")
        if wrong := plant(fault, root):
            return False, wrong
        if fault.file in ("domain.yml", "config.yml") or fault.file.startswith("data/"):
            subprocess.run([sys.executable, "-c", "from desk.cli import main; main()", "train"], cwd=root,
                           env=environ_of(root), check=True, capture_output=True)
        failed = failing(root, fault.tests)
        return bool(failed), (failed or ["every test passed"])[0][:150]


def copied_to(root: Path) -> Path:
    shutil.copytree(ROOT, root, ignore=LEFT_OUT)
    (root / "var").mkdir()
    for part in ("encoder", "cache"):
        (root / "var" / part).symlink_to((Settings.read().home / part).resolve())
    return root


def environ_of(root: Path) -> dict[str, str]:
    return {**os.environ, "FRONTDESK_HOME": "", "FRONTDESK_CONTENT": "", "DATABASE_URL": "", "PYTHONPATH": str(root),
            "PYTHONDONTWRITEBYTECODE": "1"}


def failing(root: Path, tests: str) -> list[str]:
    """The first failure among *tests* in the copy at *root*, as pytest names it; empty if all pass."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *TESTS[tests]]
    done = subprocess.run(command, cwd=root, env=environ_of(root), capture_output=True, text=True, timeout=PATIENCE)
    named = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return named or ([f"pytest ended with {done.returncode}"] if done.returncode else [])


def sound(tests: str) -> list[str]:
    """What fails among *tests* with no fault in: then nothing that they notice means anything."""
    with tempfile.TemporaryDirectory(prefix="fault-") as folder:
        return failing(copied_to(Path(folder) / "project"), tests)


def main(names: list[str]) -> int:
    faults = [Fault(**fault) for fault in yaml.safe_load(FAULTS.read_text(encoding="utf-8"))]
    chosen = [fault for fault in faults if not names or any(fault.name.startswith(name) for name in names)]
    began, rows, missed = time.monotonic(), [], 0
    with ThreadPoolExecutor(max(1, (os.cpu_count() or 1))) as pool:
        for failed in pool.map(sound, sorted({fault.tests for fault in chosen})):
            if failed:
                say(f"With no fault in, {failed[0]}: mend that first.")
                return 2
        for number, (fault, (caught, by)) in enumerate(zip(chosen, pool.map(noticed, chosen), strict=True), 1):
            missed += not caught
            say(f"{number} of {len(chosen)}: {fault.name}: {'noticed' if caught else 'MISSED'}")
            rows.append((fault.name, "noticed" if caught else "MISSED", by.split("::")[-1].split(" ")[0]))
    show(f"{len(chosen) - missed} of {len(chosen)} faults noticed, in {time.monotonic() - began:.0f} s",
         ("fault", "", "by"), rows)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
