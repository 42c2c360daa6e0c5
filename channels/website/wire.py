"""The website's messages in and out, checked: what `/openapi.json` describes (docs/wire.md)."""
import json
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request

from channels.inbox import LONGEST
from channels.problems import Problem
from clinic.storable import storable

BODY = 64 * 1024
"""Bytes that a body may have."""
DISCARDED = 8 * BODY
"""Bytes of a longer one that are let through to nowhere, so that its sender reads the refusal; then the line is cut."""
WAIT = 30.0
"""Seconds that a post may wait for its replies."""


@dataclass(frozen=True, slots=True)
class Posted:
    id: str
    text: str | None
    choice: str | None


async def posted(request: Request) -> Posted:
    """The message in the body. Raises Problem: 400 malformed, 413 too large, 422 wrong type, empty or too long."""
    body = _object(await _body(request))
    key, text, choice = body.get("id"), body.get("text"), body.get("choice")
    if not isinstance(key, str) or not 1 <= len(key) <= 64 or not _is_storable(key):
        raise Problem(422, "`id` is a string of 1 to 64 characters, unique in the conversation.")
    if (text is None) == (choice is None):
        raise Problem(422, "Give either `text` or `choice`.")
    if choice is not None:
        if not isinstance(choice, str) or not 1 <= len(choice) <= 200 or not _is_storable(choice):
            raise Problem(422, "`choice` is the token of a choice that was offered.")
        return Posted(key, None, choice)
    if not isinstance(text, str) or not text.strip():
        raise Problem(422, "`text` is a string with something in it.")
    if len(text) > LONGEST:
        raise Problem(422, f"`text` has at most {LONGEST:,} characters.")
    return Posted(key, storable(text) or " ", None)


async def _body(request: Request) -> bytes:
    length = request.headers.get("content-length", "0")
    body, size = b"", int(length) if length.isdigit() and int(length) > DISCARDED else 0
    if size == 0:
        async for chunk in request.stream():
            size += len(chunk)
            body += chunk if size <= BODY else b""
            if size > DISCARDED:
                break
    if size > BODY:
        raise Problem(413, f"A body has at most {BODY:,} bytes.", {"connection": "close"})
    return body


def _object(body: bytes) -> dict[str, object]:
    try:
        value = json.loads(body.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Problem(400, "The body is not JSON in UTF-8.") from error
    if not isinstance(value, dict):
        raise Problem(422, "The body is a JSON object.")
    return value


def _is_storable(text: str) -> bool:
    """PostgreSQL keeps no NUL, and UTF-8 no half of a surrogate pair."""
    return "\x00" not in text and text.encode("utf-8", "ignore").decode() == text


def conversation_of(request: Request) -> tuple[UUID, str]:
    """The conversation in the path and the token that should open it. Raises Problem 401 for either, alike."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        key = UUID(request.path_params["conversation"])
    except ValueError:
        raise unknown() from None
    if scheme.lower() != "bearer" or not token:
        raise unknown()
    return key, token.strip()


def unknown() -> Problem:
    return Problem(401, "There is no such conversation, or the token is not its own.",
                   {"www-authenticate": "Bearer"})


def number(request: Request, name: str, default: float, highest: float) -> float:
    """A number from the query, at most *highest*. Raises Problem 422."""
    given = request.query_params.get(name)
    if given is None:
        return default
    try:
        value = float(given)
    except ValueError:
        raise Problem(422, f"`{name}` is a number.") from None
    if not 0 <= value < float("inf"):
        raise Problem(422, f"`{name}` is a number from 0 up.")
    return min(value, highest)
