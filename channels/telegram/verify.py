"""Whether an update comes from Telegram: it repeats the secret that we named when we gave it our address."""
import hashlib
import hmac
from collections.abc import Mapping

HEADER = "x-telegram-bot-api-secret-token"


def secret_of(token: str) -> str:
    """The secret for the bot with *token*: nothing more to set, and it says nothing about the token."""
    return hmac.new(token.encode(), b"frontdesk webhook", hashlib.sha256).hexdigest()


def is_telegrams(headers: Mapping[str, str], secret: str) -> bool:
    """In a time that tells nothing about the secret."""
    return hmac.compare_digest(headers.get(HEADER, "").encode(), secret.encode())
