"""`.env`: settings in a file that only its owner reads."""
import os
import stat
from collections.abc import Mapping
from pathlib import Path

SECRET = ("_TOKEN", "_SECRET", "SMTP_URL", "DATABASE_URL")
"""What the names of settings end with that nobody else may read."""


def write_env(file: Path, given: Mapping[str, str]) -> None:
    """Put *given* into *file*, over what it has of them; all else stays. It is readable by its owner only, from the
    first byte, and never half written."""
    kept = [line for line in (file.read_text("utf-8").splitlines() if file.is_file() else [])
            if line.strip().removeprefix("export ").partition("=")[0].strip() not in given]
    text = "\n".join([*kept, *(f"{name}={value}" for name, value in given.items())]) + "\n"
    half = file.with_name(file.name + ".new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    half.replace(file)


def private(file: Path) -> bool:
    """Whether nobody but its owner may read the secrets in *file*; also where there are none."""
    if not file.is_file() or not file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        return True
    names = (line.strip().removeprefix("export ").partition("=")[0].strip()
             for line in file.read_text("utf-8").splitlines())
    return not any(name.endswith(SECRET) for name in names)
