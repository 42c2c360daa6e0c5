"""Tokens that end: the clinic is warned two weeks ahead, once a day at most, by whatever process looks first."""
import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from channels.contract import Channel, NotDelivered
from channels.courier import Courier
from clinic.clock import Clock
from clinic.handoff import Handoff
from clinic.store.unit import Store

log = logging.getLogger("frontdesk.channels")
AHEAD = timedelta(days=14)
AGAIN = timedelta(days=1)
LOOK_EVERY = 3_600.0
"""Seconds between looks."""
PATIENCE = 20.0


async def token_end(channel: Channel, courier: Courier) -> datetime | None:
    """When *channel*'s token ends; None where it does not, or its provider doesn't say. Raises NotDelivered."""
    call = channel.token_state()
    if call is None:
        return None
    return channel.token_ends(await courier.carry(channel, call, PATIENCE))


class Expiring:
    def __init__(self, store: Store, channels: Mapping[str, Channel], courier: Courier, handoff: Handoff,
                 clock: Clock) -> None:
        self._store, self._channels, self._courier = store, channels, courier
        self._handoff, self._clock = handoff, clock

    async def watch(self) -> None:
        """Look every hour, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> list[str]:
        """Warn of each token that ends soon, or has ended; the channels that the clinic was told of just now."""
        told = []
        for name, channel in self._channels.items():
            try:
                ends = await token_end(channel, self._courier)
            except NotDelivered as error:
                log.info("%s does not say how long our token is good for: %s", name, error)
                continue
            if ends is not None and ends - self._clock() <= AHEAD and await self._warn(name, ends):
                told.append(name)
        return told

    async def _warn(self, name: str, ends: datetime) -> bool:
        now = self._clock()
        async with self._store.begin() as unit:
            if not await unit.warnings.due(f"token {name}", now - AGAIN, now):
                return False
            log.warning("the token of %s ends on %s: make a new one and set it (`frontdesk channels add %s`)", name,
                        ends.date(), name)
            await self._handoff.tell(unit, name, "channel_token_ends", f"{name} {ends.date()}")
        return True
