"""One page from the web, with limits: only http and https, so many bytes, so many seconds."""

import time

import httpx

from clinic.errors import ClinicError

_SECONDS = 20.0
_REDIRECTS = 5
_READABLE = (
    "text/",
    "application/xhtml+xml",
    "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)


def fetch(address: str, largest: int, refused: type[ClinicError]) -> bytes:
    """The body at *address*, at most *largest* bytes; raises *refused* with the reason."""
    try:
        url = httpx.URL(address)
        if url.scheme not in ("http", "https") or not url.host:
            raise refused(f"{address} can't be fetched: only http and https addresses can")
        with (
            httpx.Client(follow_redirects=True, max_redirects=_REDIRECTS, timeout=_SECONDS) as client,
            client.stream("GET", url) as answer,
        ):
            return _body(answer, largest, refused)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise refused(f"{address} can't be fetched: {error or type(error).__name__}") from error


def _body(answer: httpx.Response, largest: int, refused: type[ClinicError]) -> bytes:
    answer.raise_for_status()
    kind = answer.headers.get("content-type", "text/html")
    if not kind.lower().startswith(_READABLE):
        raise refused(f"{answer.url} is {kind}; a web page, text or .docx can be read")
    body, until = bytearray(), time.monotonic() + _SECONDS
    for part in answer.iter_bytes():
        body += part
        if len(body) > largest:
            raise refused(f"{answer.url} is larger than {largest // 1_000_000} MB")
        if time.monotonic() > until:
            raise refused(f"{answer.url} took longer than {_SECONDS:.0f} seconds")
    return bytes(body)
