"""The outbox: what was said to a visitor on somebody else's channel is put on its way, in the same transaction."""
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit
from uuid import UUID

from channels.composing import compose
from channels.contract import Limits, Part
from clinic.clock import Clock
from clinic.conversation import Message
from clinic.library import Library
from clinic.notice import notice
from clinic.records import Records
from clinic.store.jobs import Jobs
from clinic.store.unit import Unit

QUEUE = "sends"


class Outbox:
    def __init__(self, limits: Mapping[str, Limits], jobs: Jobs, library: Library, clock: Clock, *, public_url: str,
                 unsigned: Callable[[], bool]) -> None:
        self._limits, self._jobs, self._library, self._clock = limits, jobs, library, clock
        self._links_to = public_url if urlsplit(public_url).scheme == "https" else None
        self._unsigned = unsigned

    def writes_to(self, channel: str) -> bool:
        """Whether its visitors have an address where what is said later reaches them; else they come and fetch it."""
        return channel in self._limits

    def settle(self, channel: str) -> float:
        """Seconds that its visitors are given for the next message of one thought."""
        limits = self._limits.get(channel)
        return limits.settle if limits else 0.0

    async def post(self, unit: Unit, conversation: UUID, channel: str, above: int, *, asked: bool = False) -> None:
        """Send on what was said in *conversation* above message *above*; nothing where the visitor fetches it.

        To somebody who wanted no more, only what safety says, and what they *asked* for."""
        limits = self._limits.get(channel)
        if limits is None:
            return
        messages = await unit.deliveries.unposted(conversation, above)
        if messages and not asked and await unit.correspondents.has_stopped(conversation):
            messages = [message for message in messages if message.kind == "safety"]
        if not messages:
            return
        first = await unit.correspondents.notice_due(conversation)
        for message in messages:
            parts = compose(message, limits, choose=self._library.current.content.words.said["choose"],
                            links_to=self._links_to)
            if first:
                parts = self._with_notice(message, parts)
            first = False
            await unit.deliveries.add(conversation, channel, message, parts, self._clock())
        await self.send(unit, conversation)

    async def pass_on(self, records: Records, conversation: UUID, channel: str, above: int) -> None:
        """The same for the clinic's own rules, which know no store."""
        assert isinstance(records, Unit)
        await self.post(records, conversation, channel, above)

    async def send(self, unit: Unit, conversation: UUID) -> None:
        """Have whatever waits in *conversation* sent, once this is committed."""
        await self._jobs.enqueue(unit, "send", queue=QUEUE, lock=f"send {conversation}",
                                 conversation=str(conversation))

    def _with_notice(self, message: Message, parts: list[dict[str, object]]) -> list[dict[str, object]]:
        """That this is a machine is said before anything else; only help in danger comes before that."""
        said = Part(notice(self._library.current.content, self._unsigned())).as_row()
        return [*parts, said] if message.kind == "safety" else [said, *parts]
