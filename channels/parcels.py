"""Bodies of providers, unpacked with care: what is not as it should be is Malformed, never a fault of ours."""
import json
from collections.abc import Iterator, Mapping
from typing import Any

from channels.contract import Malformed

LONGEST_ID = 200
"""Characters of a provider's id."""


def unpack(body: bytes) -> dict[str, Any]:
    """The JSON object in *body*. Raises Malformed, also for a key that stands there twice: two readers could differ."""
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=_once)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Malformed("The body is no JSON object in UTF-8, or has a key twice.") from None
    if not isinstance(value, dict):
        raise Malformed("The body is no JSON object.")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def a_map(value: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The object under *key*; {} where there is none. Raises Malformed."""
    found = value.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Malformed(f"`{key}` is no object.")
    return found


def maps(value: Mapping[str, Any], key: str) -> Iterator[dict[str, Any]]:
    """The objects in the list under *key*. Raises Malformed."""
    found = value.get(key)
    if found is None:
        return
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Malformed(f"`{key}` is no list of objects.")
    yield from found


def words(value: Mapping[str, Any], key: str) -> str | None:
    """The string under *key*, if there is one. Raises Malformed."""
    found = value.get(key)
    if found is not None and not isinstance(found, str):
        raise Malformed(f"`{key}` is no string.")
    return found


def an_id(value: Mapping[str, Any], key: str) -> str:
    """The string or whole number under *key*, as a string. Raises Malformed where there is none."""
    found = value.get(key)
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise Malformed(f"`{key}` is missing, or no id.")
    if not (0 < len(str(found)) <= LONGEST_ID and str(found).isprintable()):
        raise Malformed(f"`{key}` is no id.")
    return str(found)
