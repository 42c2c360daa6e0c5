"""What opens something is stored as a hash only."""
from hashlib import sha256


def hash_of(secret: str) -> bytes:
    """Of a token or a code: they are random or good for minutes, so a plain hash is enough and costs nothing."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
