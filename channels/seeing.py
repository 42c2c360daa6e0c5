"""Showing visitors that they were read and are being answered. Where that fails, nobody misses anything."""
import asyncio
from collections.abc import Sequence
from contextlib import suppress

from channels.contract import Channel, Incoming, NotDelivered
from channels.courier import Courier

PATIENCE = 10.0
"""Seconds that it may take."""


class Seeing:
    def __init__(self, courier: Courier) -> None:
        self._courier = courier
        self._running: set[asyncio.Task[None]] = set()

    def soon(self, channel: Channel, messages: Sequence[Incoming]) -> None:
        """Show that *messages* were seen, without anybody waiting for it."""
        task = asyncio.create_task(self._show(channel, messages))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _show(self, channel: Channel, messages: Sequence[Incoming]) -> None:
        for message in messages:
            for call in channel.seen(message):
                with suppress(NotDelivered):
                    await self._courier.carry(channel, call, PATIENCE)
