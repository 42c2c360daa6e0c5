"""What the database can keep of what people write."""


def storable(text: str | None) -> str | None:
    """*text* without what PostgreSQL can't keep: NUL, and halves of surrogate pairs."""
    return None if text is None else text.replace("\x00", "").encode("utf-8", "replace").decode()
