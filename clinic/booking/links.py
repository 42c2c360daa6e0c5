"""Addresses of calendars that nobody can guess. Their secrets are in the database (`clinic.store.secrets`)."""
import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

OF_APPOINTMENTS, OF_THE_BOOK = "appointment", "calendar"
"""What the two secrets are called."""
SIGNS = 22
"""Of a key: 128 bits and a little."""


def key_of(reference: str, secret: str) -> str:
    """What opens the appointment with that reference."""
    digest = hmac.new(secret.encode(), reference.upper().encode(), sha256).digest()
    return urlsafe_b64encode(digest).decode()[:SIGNS]


def opens(key: str, reference: str, secret: str) -> bool:
    """Whether *key* is the one of that reference; as slow for a wrong one as for the right one."""
    return hmac.compare_digest(key.encode("utf-8", "replace"), key_of(reference, secret).encode())


def of_appointment(public_url: str, reference: str, secret: str) -> str:
    return f"{public_url}/appointments/{reference}/{key_of(reference, secret)}.ics"


def of_book(public_url: str, secret: str, therapist: str | None = None) -> str:
    return f"{public_url}/calendar/{secret}.ics" + (f"?therapist={therapist}" if therapist else "")
