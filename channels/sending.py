"""Sending: a conversation's deliveries one after the other, each attempt recorded before it is made."""
import logging
import random
import time
from collections.abc import Mapping
from uuid import UUID

from prometheus_client import Counter

from channels.contract import Channel, NoAnswer, Part, Refused, TryLater
from channels.courier import Courier
from channels.outbox import QUEUE
from channels.staff_chat import StaffChat
from clinic.clock import Clock
from clinic.handoff import Handoff
from clinic.store.deliveries import Due
from clinic.store.jobs import Jobs
from clinic.store.unit import Store, Unit

log = logging.getLogger("frontdesk.sending")
TRIES = 12
"""Attempts before it is left to staff: with the pauses between them about two hours."""
LONGEST_PAUSE = 1_800.0
"""Seconds; a provider that asks for more is given it."""
TOLD_AGAIN = 3_600.0
"""Seconds before the clinic hears once more that a channel does not let us in."""
AGAIN_IS_WORSE = ("booking",)
"""Kinds that nobody should read twice: a person looks what happened."""
ENDED = Counter("frontdesk_deliveries", "What became of messages to visitors", ["channel", "outcome"])
REPEATED = Counter("frontdesk_deliveries_repeated", "Sent again since the provider gave no answer", ["channel"])


class Sending:
    def __init__(self, store: Store, jobs: Jobs, channels: Mapping[str, Channel], courier: Courier, handoff: Handoff,
                 clock: Clock, staff_chat: StaffChat, pause: float = 1.0) -> None:
        self._store, self._jobs, self._channels, self._courier = store, jobs, channels, courier
        self._handoff, self._clock, self._pause = handoff, clock, pause
        self._staff_chat = staff_chat
        self._shut_out: dict[str, float] = {}

    async def run(self, conversation: str) -> None:
        """Send whatever is due in *conversation*; one job at a time does (its lock)."""
        while await self._send_next(UUID(conversation)):
            pass

    async def wake(self, conversation: str) -> None:
        """A pause is over: have it sent. Apart from `run`, since a job that waits would close the lock for as long."""
        async with self._store.begin() as unit:
            await self._jobs.enqueue(unit, "send", queue=QUEUE, lock=f"send {conversation}", conversation=conversation)

    async def _send_next(self, conversation: UUID) -> bool:
        """Whether there may be another."""
        async with self._store.begin() as unit:
            due = await unit.deliveries.next(conversation)
            if due and due.kind in AGAIN_IS_WORSE and due.state == "waiting":
                await unit.deliveries.drop_untrue(conversation, self._clock())
                due = await unit.deliveries.next(conversation)
            if due is None:
                return False
            channel = self._channels.get(due.channel)
            if channel is None:
                await self._end(unit, due, "failed", "not_set_up")
                return True
            reason = self._hindrance(due, channel)
            if reason is None:
                await unit.deliveries.attempt(due)
        if reason is not None:
            await self._refused(due, reason)
            return True
        if due.state == "sending":
            REPEATED.labels(due.channel).inc()
        return await self._deliver(due, channel)

    def _hindrance(self, due: Due, channel: Channel) -> str | None:
        """Why it is not even tried."""
        if due.gone:
            return "blocked"
        if due.state == "sending" and due.kind in AGAIN_IS_WORSE:
            return "unsure"
        window = channel.limits.window
        late = window and due.heard_at and self._clock() - due.heard_at > window
        return "window" if late else None

    async def _deliver(self, due: Due, channel: Channel) -> bool:
        try:
            answer = await self._courier.carry(channel, channel.write(due.address, Part.from_row(due.body)))
            provider_id = channel.outcome(answer)
        except TryLater as later:
            return await self._later(due, str(later), later.after)
        except NoAnswer:
            return await self._unsure(due)
        except Refused as refused:
            await self._refused(due, refused.reason)
            return True
        except Exception:  # a fault of ours must not keep what comes after it
            log.exception("delivery %s failed by a fault", due.id)
            async with self._store.begin() as unit:
                await self._end(unit, due, "failed", "fault")
            return True
        async with self._store.begin() as unit:
            await unit.deliveries.sent(due, provider_id)
        ENDED.labels(due.channel, "sent").inc()
        return True

    async def _later(self, due: Due, why: str, after: float | None) -> bool:
        async with self._store.begin() as unit:
            if due.attempts + 1 >= TRIES:
                await self._end(unit, due, "failed", "gave_up")
                return True
            doubling = min(self._pause * 2 ** due.attempts, LONGEST_PAUSE)
            pause = max(after or 0.0, doubling) * random.uniform(1.0, 1.5)  # noqa: S311 - spreads tries, hides nothing
            await unit.deliveries.put_off(due, pause, why[:100])
            await self._jobs.enqueue(unit, "send_later", queue=QUEUE, wait=pause, conversation=str(due.conversation))
        return False

    async def _unsure(self, due: Due) -> bool:
        """It may have got there. A repeat beats silence, but not where it is about an appointment or money."""
        if due.kind in AGAIN_IS_WORSE:
            await self._refused(due, "unsure")
            return True
        REPEATED.labels(due.channel).inc()
        return await self._later(due, "no_answer", None)

    async def _refused(self, due: Due, reason: str) -> None:
        """It is parked before the visitor is asked to write: who does so at once finds it there."""
        async with self._store.begin() as unit:
            if reason == "token":
                await self._told_that_shut_out(unit, due.channel)
            await self._end(unit, due, "parked" if reason in ("unsure", "window") else "failed", reason)
        if reason == "window":
            await self._knock(due)

    async def _knock(self, due: Due) -> None:
        """Ask the visitor to write again, if the provider lets us: what is parked goes out then."""
        channel = self._channels[due.channel]
        call = channel.knock(due.address)
        if call is not None:
            try:
                channel.outcome(await self._courier.carry(channel, call))
            except (TryLater, NoAnswer, Refused) as error:
                log.warning("delivery %s waits for the visitor, who could not be asked: %s", due.id, error)

    async def _end(self, unit: Unit, due: Due, state: str, reason: str) -> None:
        """It does not go out by itself any more; staff see that, except where the visitor wished it so."""
        await unit.deliveries.end(due, state, reason)
        ENDED.labels(due.channel, reason).inc()
        log.warning("delivery %s in conversation %s is %s: %s (see `frontdesk outbox list`)", due.id, due.conversation,
                    state, reason)
        await self._staff_chat.undelivered(unit, due.conversation, due.n, reason)
        if reason not in ("blocked", "token", "not_set_up"):
            await self._handoff.take_over(unit, due.conversation, due.channel, due.n, f"undelivered_{reason}",
                                          self._clock())

    async def _told_that_shut_out(self, unit: Unit, channel: str) -> None:
        now = time.monotonic()
        if now - self._shut_out.get(channel, -TOLD_AGAIN) < TOLD_AGAIN:
            return
        self._shut_out[channel] = now
        log.error("%s does not accept our token: it has expired or was withdrawn. Set a new one and restart, then "
                  "`frontdesk outbox retry --all`.", channel)
        await self._handoff.tell(unit, channel, "channel_token", channel)
