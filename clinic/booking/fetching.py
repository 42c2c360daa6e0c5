"""A therapist's calendar, fetched from elsewhere: encrypted all the way, so many bytes, so many seconds."""
import asyncio
from urllib.parse import urlsplit

import httpx

from clinic.booking.feed import FeedUnreadable
from clinic.knowledge.practice import LOOPBACK

LARGEST = 10_000_000
"""Bytes: ten years of a full diary."""
SECONDS = 20.0
REDIRECTS = 3


async def fetch(address: str) -> str:
    """The text at *address*. Raises FeedUnreadable, with a reason that does not have the address: it is a secret."""
    try:
        async with asyncio.timeout(SECONDS), httpx.AsyncClient(timeout=SECONDS, trust_env=False) as client:
            return (await _body(client, address)).decode("utf-8-sig", "replace")
    except TimeoutError:
        raise FeedUnreadable(f"it took longer than {SECONDS:.0f} seconds") from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise FeedUnreadable(f"it can't be fetched ({type(error).__name__})") from None


async def _body(client: httpx.AsyncClient, address: str) -> bytes:
    check_way(address)
    for _ in range(REDIRECTS + 1):
        async with client.stream("GET", address) as answer:
            if answer.next_request is not None:
                sent_on = str(answer.next_request.url)
                check_way(sent_on, by=address)
                address = sent_on
                continue
            if answer.status_code != 200:
                raise FeedUnreadable(f"its server answers {answer.status_code}")
            return await limited(answer)
    raise FeedUnreadable("it sends us from one address to the next")


async def limited(answer: httpx.Response) -> bytes:
    """Its body. Raises FeedUnreadable where that is more than we take."""
    body = bytearray()
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > LARGEST:
            raise FeedUnreadable(f"it is larger than {LARGEST // 1_000_000} MB")
    return bytes(body)


def check_way(address: str, by: str | None = None) -> None:
    """Raises FeedUnreadable where others could read along, or where the server of *by*, which is elsewhere, sends us to
    something on this machine."""
    parts = urlsplit(address)
    if by is not None and parts.hostname in LOOPBACK and urlsplit(by).hostname not in LOOPBACK:
        raise FeedUnreadable("it sends us to an address of this machine's own")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise FeedUnreadable("it is not at an https address")
