"""Telegram without a public address: we ask for updates, and are given them as soon as there are any."""
import asyncio
import logging
from typing import Any

from channels.contract import Call, Incoming, Malformed, NoAnswer, NotDelivered, Refused, TryLater
from channels.courier import Courier
from channels.reception import Reception
from channels.seeing import Seeing
from channels.telegram.channel import Telegram
from channels.telegram.read import ALLOWED

log = logging.getLogger("frontdesk.telegram")
LONG = 25
"""Seconds that Telegram keeps a question open when there is nothing."""
LONGEST_PAUSE = 300.0
BREATH = 3.0
"""Seconds before asking again after something went wrong."""


class Polling:
    """*brought*: the address to which Telegram shall bring updates instead; None: they are fetched."""

    def __init__(self, telegram: Telegram, reception: Reception, courier: Courier, seeing: Seeing,
                 brought: str | None) -> None:
        self._telegram, self._reception, self._courier, self._seeing = telegram, reception, courier, seeing
        self._brought = brought
        self._next = 0

    async def run(self) -> None:
        """Fetch updates until cancelled, or have them brought. Each is kept before Telegram is told so, by asking for
        the next."""
        if self._brought:
            await self._subscribe(self._brought)
            await asyncio.Event().wait()
        await self._until_taken(Call("/deleteWebhook", json={"drop_pending_updates": False}))
        log.info("telegram: fetching messages (PUBLIC_URL is not on the internet, so none can be brought)")
        while True:
            for update in await self._updates():
                await self._take(update)

    async def _subscribe(self, address: str) -> None:
        await self._until_taken(Call("/setWebhook", json={
            "url": address, "secret_token": self._telegram.secret, "allowed_updates": list(ALLOWED),
            "drop_pending_updates": False, "max_connections": 20}))
        log.info("telegram: messages are brought to %s", address)

    async def _until_taken(self, call: Call) -> None:
        pause = BREATH
        while True:
            try:
                return await self._ask(call)
            except NotDelivered as error:
                _complain(error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    async def _updates(self) -> list[dict[str, Any]]:
        try:
            found = await self._ask(Call("/getUpdates", json={"offset": self._next, "timeout": LONG,
                                                              "allowed_updates": list(ALLOWED)}))
        except NotDelivered as error:
            _complain(error)
            await asyncio.sleep(max(BREATH, getattr(error, "after", None) or 0.0))
            return []
        return [update for update in found if isinstance(update, dict)] if isinstance(found, list) else []

    async def _ask(self, call: Call) -> Any:
        answer = await self._courier.carry(self._telegram, call, LONG + 10)
        if answer.status == 200 and answer.body.get("ok") is True:
            return answer.body.get("result")
        if answer.status == 409:
            raise TryLater("another program fetches this bot's messages; end it, or give each a bot of its own")
        self._telegram.outcome(answer)
        raise NoAnswer("an answer that can't be read")

    async def _take(self, update: dict[str, Any]) -> None:
        """Keep what *update* says. Raises where it could not be kept, so that Telegram gives it again."""
        try:
            events = self._telegram.events(update)
        except Malformed as error:
            log.warning("telegram: an update was left out: %s", error)
            events = ()
        for event in events:
            if await self._reception.take(self._telegram.name, event) and isinstance(event, Incoming):
                self._seeing.soon(self._telegram, [event])
        if isinstance(number := update.get("update_id"), int):
            self._next = max(self._next, number + 1)


def _complain(error: NotDelivered) -> None:
    if isinstance(error, Refused) and error.reason != "token":
        log.error("telegram does not take our address: PUBLIC_URL has to be https, on port 443, 80, 88 or 8443")
    elif isinstance(error, Refused):
        log.error("telegram does not accept TELEGRAM_TOKEN: it was withdrawn, or is not complete. BotFather gives a "
                  "new one (/token).")
    else:
        log.warning("telegram: %s; asking again", error)
