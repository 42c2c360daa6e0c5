"""Whose CPU it was: the time of the event loop's thread, told apart by what runs, from outside of what is measured.

A coroutine runs in steps, between one wait and the next. Each step of a watched one is timed, so that parts add up
however many conversations take turns; what one part asks of another counts for the other alone.
"""
import functools
import inspect
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

Wrapped = Callable[..., Any]


class Ledger:
    """`watch` what belongs to a part; `spent` then has the nanoseconds of CPU of each part."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self.steps = 0
        self._open: list[str] = []
        self._since = 0
        self._thread = threading.get_ident()
        self._undo: list[tuple[type, str, Any]] = []

    def watch(self, part: str, owner: type, *names: str) -> None:
        """Count the methods *names* of *owner* for *part*: plain ones, coroutines and asynchronous contexts."""
        for name in names:
            original = inspect.getattr_static(owner, name)
            self._undo.append((owner, name, original if name in vars(owner) else None))
            setattr(owner, name, self._wrapped(part, original))

    def undo(self) -> None:
        """Leave everything as it was."""
        for owner, name, original in reversed(self._undo):
            if original is None:
                delattr(owner, name)
            else:
                setattr(owner, name, original)
        self._undo.clear()

    def _wrapped(self, part: str, original: Wrapped) -> Wrapped:
        @functools.wraps(original)
        def plain(*args: Any, **kwargs: Any) -> Any:
            with self.inside(part):
                return original(*args, **kwargs)

        @functools.wraps(original)
        async def stepwise(*args: Any, **kwargs: Any) -> Any:
            return await Steps(self, part, original(*args, **kwargs))

        @functools.wraps(original)
        def context(*args: Any, **kwargs: Any) -> Any:
            return Context(self, part, original(*args, **kwargs))

        if inspect.iscoroutinefunction(original):
            return stepwise
        return context if inspect.isasyncgenfunction(inspect.unwrap(original)) else plain

    @contextmanager
    def inside(self, part: str) -> Iterator[None]:
        """What runs meanwhile is *part*'s, but for what is another's within it. Only the loop's thread counts."""
        ours = threading.get_ident() == self._thread
        if ours:
            self.enter(part)
        try:
            yield
        finally:
            if ours:
                self.leave()

    def enter(self, part: str) -> None:
        now = time.thread_time_ns()
        if self._open:
            self.spent[self._open[-1]] += now - self._since
        self._open.append(part)
        self._since, self.steps = now, self.steps + 1

    def leave(self) -> None:
        now = time.thread_time_ns()
        self.spent[self._open.pop()] += now - self._since
        self._since = now


class Steps:
    """A coroutine, each step of it counted."""

    def __init__(self, ledger: Ledger, part: str, coroutine: Any) -> None:
        self._ledger, self._part, self._coroutine = ledger, part, coroutine

    def __await__(self) -> Generator[Any, Any, Any]:
        return self  # type: ignore[return-value]

    def __next__(self) -> Any:
        return self.send(None)

    def __iter__(self) -> "Steps":
        return self

    def send(self, value: Any) -> Any:
        self._ledger.enter(self._part)
        try:
            return self._coroutine.send(value)
        finally:
            self._ledger.leave()

    def throw(self, *error: Any) -> Any:
        self._ledger.enter(self._part)
        try:
            return self._coroutine.throw(*error)
        finally:
            self._ledger.leave()

    def close(self) -> None:
        self._coroutine.close()


class Context:
    """An asynchronous context: its ways in and out are counted, not what happens inside."""

    def __init__(self, ledger: Ledger, part: str, context: Any) -> None:
        self._ledger, self._part, self._context = ledger, part, context

    async def __aenter__(self) -> Any:
        return await Steps(self._ledger, self._part, self._context.__aenter__())

    async def __aexit__(self, *error: Any) -> Any:
        return await Steps(self._ledger, self._part, self._context.__aexit__(*error))
