"""Passwords and codes: kept as argon2's hashes, compared so that nobody learns which names exist."""
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
HALF_MINUTE = 30
LATE = 1
"""Half minutes by which a code may be early or late."""
_NOBODYS = _HASHER.hash(secrets.token_hex(16))
"""What an unknown name's password is compared with, so that the answer takes as long."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody typed."""

    password: str
    code: str = ""


def hashed(password: str) -> str:
    """argon2's hash of *password*; takes some 50 ms of CPU on purpose."""
    return _HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether *kept* is the hash of *password*; takes as long where nothing is kept."""
    try:
        return _HASHER.verify(kept or _NOBODYS, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def counter_of(code: str, secret: str, now: datetime) -> int | None:
    """The half minute that *code* is of, if it is one of about *now*."""
    code = "".join(code.split())
    here = int(now.timestamp()) // HALF_MINUTE
    totp = pyotp.TOTP(secret)
    for counter in range(here - LATE, here + LATE + 1):
        if code.isascii() and secrets.compare_digest(totp.generate_otp(counter), code):
            return counter
    return None


def new_secret(name: str, clinic: str) -> tuple[str, str]:
    """A secret for a second factor, and the address that an authenticator reads it from."""
    secret = pyotp.random_base32()
    return secret, pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=clinic)
