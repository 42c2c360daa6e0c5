"""Packages by pip, as the lock files pin them, several at a time; and the commands that run them."""
import hashlib
import re
import sys
from pathlib import Path

from children import Children

ENTRY = re.compile(r"^(?=[A-Za-z0-9])", re.M)
BUILDER = "setuptools"
"""Builds the two packages that have no wheel: installed first and pinned, so that pip fetches no builder of its own."""
SHARES = 6
"""How many parts a lock is installed in, two at a time; more even out large and small, each costs half a second."""
PIP = ["-m", "pip", "install", "--quiet", "--no-deps", "--ignore-requires-python", "--require-hashes",
       "--no-build-isolation", "--use-pep517"]
"""Rasa declares an older Python and older libraries than it runs on: the lock knows better, so pip doesn't look."""
QUIET = {"PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore", "PIP_USER": "0"}
TROUBLE = "the packages could not be installed. Is the package index within reach? What pip said:"


def entries(lock: Path) -> list[str]:
    """The pins of *lock* with their hashes, one for each line that begins with a name."""
    return [part for part in ENTRY.split(lock.read_text(encoding="utf-8")) if "==" in part]


def names(pins: list[str]) -> set[str]:
    """The packages that *pins* name; some twice, for different versions of Python."""
    return {pin.split("==")[0] for pin in pins if "sys_platform == 'win32'" not in pin.split("--hash")[0]}


def shares(pins: list[str]) -> tuple[list[str], list[list[str]]]:
    """The builder, which goes first, and the rest in parts that can be installed at the same time."""
    first = [pin for pin in pins if pin.startswith(f"{BUILDER}==")]
    rest = [pin for pin in pins if pin not in first]
    by_name: dict[str, list[str]] = {}
    for pin in rest:
        by_name.setdefault(pin.split("==")[0], []).append(pin)
    parts: list[list[str]] = [[] for _ in range(SHARES)]
    for number, same in enumerate(by_name.values()):
        parts[number % SHARES] += same
    return first, [part for part in parts if part]


def install(children: Children, python: Path, pins: list[str], scratch: Path, into: Path | None = None) -> None:
    """Install *pins* into *python*'s environment, or into the folder *into*. Raises SetupError."""
    name = hashlib.sha256("".join(pins).encode()).hexdigest()[:12]
    part = scratch / f"{name}.lock"
    part.write_text("".join(pins), encoding="utf-8")
    where = ["--target", str(into)] if into else []
    children.run([python, *PIP, *where, "-r", part], TROUBLE, environ={**QUIET, "TMPDIR": str(scratch)})


def installed(python: Path) -> int:
    """How many packages the environment of *python* has so far."""
    return sum(1 for _ in python.parent.parent.glob("lib/python3*/site-packages/*.dist-info"))


def write_commands(venv: Path, root: Path) -> None:
    """`frontdesk`, and `rasa` in place of Rasa's own; the checkout is importable, so nothing of ours is installed."""
    site = venv / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    _write(site / "frontdesk.pth", f"{root}\n")
    for name, module, function in (("frontdesk", "desk.cli", "main"), ("rasa", "bootstrap", "rasa")):
        # through a shell: a path may hold spaces, or be longer than a first line may
        _write(venv / "bin" / name, f"""#!/bin/sh
'''exec' "{venv}/bin/python" "$0" "$@"
' '''
import sys

from {module} import {function}

sys.exit({function}())
""", mode=0o755)


def _write(file: Path, text: str, mode: int = 0o644) -> None:
    if not file.is_file() or file.read_text(encoding="utf-8") != text:
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)
