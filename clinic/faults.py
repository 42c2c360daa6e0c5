"""What may be kept of an exception: its kinds and the lines of code, never its text, which may hold anybody's words."""
import traceback
from pathlib import Path

from clinic.settings import ROOT

MOST = 12
"""Lines that are kept of one fault: the last ones."""
LIBRARIES = "site-packages"


def causes(error: BaseException | None) -> list[BaseException]:
    """*error* after what it came from."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found[::-1]


def lines_of(error: BaseException) -> list[str]:
    """Where it went wrong: `clinic/gate.py:12 keep` for each step in our own code and the last in another's, then the
    kind of exception; what it came from before it. No path of this machine."""
    lines: list[str] = []
    for cause in causes(error):
        frames = traceback.extract_tb(cause.__traceback__)
        lines += [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames
                  if frame is frames[-1] or _is_ours(frame.filename)]
        lines.append(type(cause).__name__)
    return lines[-MOST:]


def _is_ours(file: str) -> bool:
    return Path(file).is_relative_to(ROOT) and LIBRARIES not in file


def _short(file: str) -> str:
    if _is_ours(file):
        return Path(file).relative_to(ROOT).as_posix()
    parts = Path(file).parts
    return "/".join(parts[parts.index(LIBRARIES) + 1:] if LIBRARIES in parts else parts[-1:])
