"""References that a visitor can read out: six characters, the same for requests and appointments."""
import secrets

LETTERS = "BCDFGHJKMNPQRTVWXYZ2346789"
"""No vowels, so no words; nothing that looks like something else when read aloud."""


def new_reference() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(6))
