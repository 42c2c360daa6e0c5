"""Where the check before a booking is answered by people on somebody else's channel: on our own page, by a link that
works once, so that what they tell of their health stays out of the messenger."""
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from clinic.booking import links
from clinic.records import Records

SECRET = "check"  # noqa: S105 - its name
"""What the secret in its address is called."""
LASTS = timedelta(hours=2)


class CheckPage:
    def __init__(self, public_url: str, elsewhere: Callable[[str], bool]) -> None:
        """*elsewhere*: whether a channel is somebody else's."""
        self._public_url, self._elsewhere = public_url, elsewhere

    def is_for(self, channel: str) -> bool:
        """Whether the check is answered there on our page: where a visitor's phone can reach that."""
        return self._elsewhere(channel) and urlsplit(self._public_url).scheme == "https"

    async def link(self, records: Records, conversation: UUID, state: dict[str, Any], now: datetime, *,
                   anew: bool) -> str:
        """Where *conversation* answers its check, from *state* on; the one under way, unless it begins *anew*."""
        key = None if anew else await records.screenings.under_way(conversation, now)
        key = key or await records.screenings.begin(conversation, state, now + LASTS)
        return f"{self._public_url}/check/{key}/{links.key_of(str(key), await records.secrets.of(SECRET))}"
