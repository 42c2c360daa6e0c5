"""Whether a post comes from Meta: signed over its bytes as they are with the app's secret; and Meta's own question."""
import hashlib
import hmac
import re
from collections.abc import Mapping

HEADER = "x-hub-signature-256"
_FORM = re.compile(r"sha256=[0-9a-f]{64}")
LONGEST_CHALLENGE = 200


def is_metas(headers: Mapping[str, str], body: bytes | None, secret: str) -> bool:
    """In a time that tells nothing about the signature; without a body only whether there is one."""
    given = headers.get(HEADER, "")
    if body is None or not _FORM.fullmatch(given):
        return bool(_FORM.fullmatch(given))
    right = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(given.encode(), right.encode())


def challenge(query: Mapping[str, str], verify_token: str) -> str | None:
    """What Meta wants to read when the clinic gives it our address; None where it is somebody else who asks."""
    given, asked = query.get("hub.verify_token", ""), query.get("hub.challenge", "")
    right = hmac.compare_digest(given.encode(), verify_token.encode())
    return asked[:LONGEST_CHALLENGE] if right and query.get("hub.mode") == "subscribe" and asked else None
