"""Whether a post comes from Twilio: signed over the address that it was told, and over every field."""
import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

HEADER = "x-twilio-signature"
PORTS = {"https": 443, "http": 80}


def is_twilios(headers: Mapping[str, str], fields: Iterable[tuple[str, str]], address: str, token: str) -> bool:
    """In a time that tells nothing about the signature. Twilio signs with or without the port, depending on what the
    address looked like to it."""
    given, fields = headers.get(HEADER, "").encode(), list(fields)
    return any([hmac.compare_digest(given, signature(one, fields, token)) for one in _spellings(address)])  # noqa: C419


def signature(address: str, fields: Iterable[tuple[str, str]], token: str) -> bytes:
    """Each field once, in the order of their names."""
    signed = address + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.new(token.encode(), signed.encode("utf-8", "surrogatepass"), hashlib.sha1).digest())


def _spellings(address: str) -> tuple[str, ...]:
    parts = urlsplit(address)
    if parts.port is None:
        return address, parts._replace(netloc=f"{parts.netloc}:{PORTS.get(parts.scheme, 443)}").geturl()
    return address, parts._replace(netloc=parts.netloc.rpartition(":")[0]).geturl()
