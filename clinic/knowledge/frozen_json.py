"""Frozen dataclasses to plain JSON values and back, led by their type hints."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, time
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """*value* as dicts, lists, texts and numbers."""
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [to_plain(entry) for entry in value]
    if isinstance(value, Mapping):
        return {str(key): to_plain(entry) for key, entry in value.items()}
    return value.isoformat() if isinstance(value, date | time) else value


def from_plain(kind: type[T], plain: Any) -> T:
    """What `to_plain` made of a *kind*. Raises KeyError or ValueError where *plain* isn't one."""
    return _read(kind, plain)  # type: ignore[no-any-return]


def _read(kind: Any, plain: Any) -> Any:
    if isinstance(kind, type) and is_dataclass(kind):
        told = {name: hint for name, hint in _hints(kind).items() if name in plain or name not in _optional(kind)}
        return kind(**{name: _read(hint, plain[name]) for name, hint in told.items()})
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is UnionType:
        kind = next(option for option in arguments if option is not NoneType)
        return None if plain is None else _read(kind, plain)
    if origin is tuple:
        return tuple(_read(arguments[0], entry) for entry in plain)
    if origin is dict:
        return {key: _read(arguments[1], entry) for key, entry in plain.items()}
    return kind.fromisoformat(plain) if kind in (date, time) else plain


@cache
def _optional(kind: Any) -> frozenset[str]:
    """What an older release, which did not have it yet, may have left out."""
    return frozenset(field.name for field in fields(kind) if field.default is not MISSING)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
