"""Carries calls to providers. What goes wrong on the way is told apart; no address and no secret gets into a log."""
import logging
from collections.abc import Mapping
from typing import Any

import httpx

from channels.contract import Answer, Call, Channel, NoAnswer, TryLater

PATIENCE = httpx.Timeout(20.0, connect=5.0)
"""Seconds; a provider that takes longer has not answered."""
_NOT_OUT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
"""What ends a call before anything of it was out."""


class Courier:
    """One client for all channels, opened at the first call."""

    def __init__(self) -> None:
        for chatty in ("httpx", "httpcore"):  # they log addresses, and a Telegram bot's holds its token
            logging.getLogger(chatty).setLevel(logging.WARNING)
        self._client: httpx.AsyncClient | None = None

    async def carry(self, channel: Channel, call: Call, patience: float | None = None) -> Answer:
        """The provider's answer, whatever it is; *patience* in seconds. Raises TryLater, NoAnswer."""
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=PATIENCE, trust_env=False, follow_redirects=False)
        timeout = PATIENCE if patience is None else httpx.Timeout(patience, connect=5.0)
        try:
            answer = await self._client.request(call.method, channel.base_url + call.path, json=call.json,
                                                data=call.form, headers=dict(channel.headers), timeout=timeout)
        except _NOT_OUT as error:
            raise TryLater(type(error).__name__) from None  # its text may hold the address, which may hold a secret
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoAnswer(type(error).__name__) from None
        return Answer(answer.status_code, _object(answer), _seconds(answer.headers.get("retry-after", "")))

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()


def _object(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        body = answer.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _seconds(header: str) -> float | None:
    """`Retry-After` in seconds; as a date, which no provider of ours sends, it is not read."""
    return float(header) if header.isascii() and header.isdigit() and len(header) < 8 else None
