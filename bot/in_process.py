"""What lets Rasa run inside a turn: its actions here, its tracker in the turn's transaction, its failures heard.

Rasa logs exceptions of actions and of the tracker store, and goes on. Both are recorded here, so that the
turn can raise the first one and roll everything back.
"""
import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa.utils.log_utils import configure_structlog
from rasa_sdk.executor import ActionExecutor

SERVED = "frontdesk"
"""What Rasa knows our own channels by: a turn of ours, in which the door has read the message."""
WINDOW = 20
"""Events that Rasa sees of the past: rules need the last turn, stories three (`max_history`)."""


class RunningTurn:
    """What Rasa reads and writes while it answers one message."""

    def __init__(self, tracker: str | None) -> None:
        self.tracker = tracker
        self.failure: BaseException | None = None

    def record(self, error: BaseException) -> None:
        self.failure = self.failure or error


RUNNING: ContextVar[RunningTurn] = ContextVar("RUNNING")

# Rasa checks each answer of an action against a JSON schema, and that schema against its own: 25 ms. These
# answers come from rasa_sdk in this very process.
RemoteAction._validate_action_result = lambda self, result: True  # type: ignore[method-assign]

# For each event that is read back Rasa goes through all of its classes: 20 events a message, 70 classes.
setattr(Event, "resolve_by_type", staticmethod(cache(Event.resolve_by_type)))  # noqa: B010


class LocalActions(EndpointConfig):
    """An action endpoint that runs the actions of a package right here."""

    def __init__(self, package: str = "actions") -> None:
        super().__init__(url="in-process", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(self, *_: Any, json: Any = None, **__: Any) -> Any:
        try:
            return await self._executor.run(json)
        except Exception as error:
            if running := RUNNING.get(None):
                running.record(error)
            raise


class SenderLocks(LockStore):
    """One asyncio lock a sender: Rasa's own polls once a second. Across processes the database holds the turn."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[asyncio.Lock]:
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            yield lock


class TurnTrackerStore(TrackerStore):
    """Reads the tracker from the running turn and writes it back there; keeps nothing between turns."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        running = RUNNING.get()
        if running.tracker is None:
            return None
        return DialogueStateTracker.from_dict(sender_id, json.loads(running.tracker), self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        running = RUNNING.get()
        try:
            running.tracker = json.dumps([event.as_dict() for event in shorten(tracker)])
        except Exception as error:
            running.record(error)
            raise

    async def keys(self) -> Iterable[str]:
        return []

    async def delete(self, sender_id: str) -> None:
        RUNNING.get().tracker = None


def shorten(tracker: DialogueStateTracker) -> list[Event]:
    """The last turns' events, led by the slots and the open form that earlier ones left behind.

    What the assistant said is not kept: no policy reads it, and the conversation has it."""
    events = [_slim(event) for event in tracker.events if not isinstance(event, BotUttered)]
    start = max(0, len(events) - WINDOW)
    while start > 0 and not _begins_turn(events, start):
        start -= 1
    if start == 0:
        return events
    before = DialogueStateTracker.from_events(tracker.sender_id, events[:start], list(tracker.slots.values()))
    kept: list[Event] = [SlotSet(slot.name, slot.value) for slot in before.slots.values()
                         if slot.value != slot.initial_value]
    if before.active_loop_name:
        kept.append(ActiveLoop(before.active_loop_name))
    return [ActionExecuted("action_listen"), *kept, *events[start + 1:]]


def _begins_turn(events: list[Event], index: int) -> bool:
    return isinstance(events[index], ActionExecuted) and events[index].action_name == "action_listen"


def _slim(event: Event) -> Event:
    if isinstance(event, UserUttered) and event.parse_data:
        event.parse_data = {key: event.parse_data[key] for key in ("intent", "entities", "text")
                            if key in event.parse_data}
    return event


class Collector(OutputChannel):
    """Keeps what Rasa says, whole: text, metadata and custom payload."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return SERVED

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.said.append(message)


def quiet() -> None:
    """Rasa would print every message and state: personal data, and nobody reads it there."""
    configure_structlog(logging.WARNING)
    logging.getLogger("rasa").setLevel(logging.ERROR)
    logging.getLogger("rasa_sdk").setLevel(logging.ERROR)
