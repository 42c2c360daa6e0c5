"""References that a visitor can read out: six characters, the same for requests and appointments."""
import re
import secrets

LETTERS = "BCDFGHJKMNPQRTVWXYZ2346789"
"""No vowels, so no words; nothing that looks like something else when read aloud."""
_WRITTEN = re.compile(rf"(?<![^\W_])[{LETTERS}]{{6}}(?![^\W_])", re.I)


def new_reference() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(6))


def find_reference(text: str) -> str | None:
    """The first thing in *text* that could be a reference, in capitals; a number of six digits counts."""
    found = _WRITTEN.search(text)
    return found[0].upper() if found else None


def without_reference(text: str) -> str:
    return _WRITTEN.sub(" ", text, count=1)
