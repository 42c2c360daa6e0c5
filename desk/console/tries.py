"""How often somebody may try to sign in: who sprays passwords at a name keeps its owner out of nothing."""
import hmac
import secrets

from starlette.requests import Request
from starlette.responses import Response

from channels.limits import Bucket
from clinic.store.unit import Store

COOKIE = "desk-known"
NINETY_DAYS = 90 * 24 * 3600
PATH = "/desk/sign-in"
SECRET = "known browsers"  # noqa: S105 - its name
"""What the secret of these marks is called in the database."""


class Tries:
    """A browser in which a colleague has signed in before is counted by itself: no other browser uses up its tries. All
    others are counted by address, by both together, and by name: one address alone can't use up a name's tries."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_browser, self._by_address = Bucket(8, 1 / 60), Bucket(20, 1 / 15)
        self._by_both, self._by_name = Bucket(8, 1 / 60), Bucket(30, 1 / 60)

    async def too_many(self, request: Request, name: str) -> bool:
        """Whether this try is one too many; if not, it is counted."""
        counted = await self._counted(request, name.lower())
        return any(bucket.take(who) for bucket, who in counted)  # up to the first that is empty

    async def remember(self, request: Request, response: Response, name: str, secure: bool) -> None:
        """*name* has signed in with this browser, so that the try was none. The mark opens nothing."""
        for bucket, who in await self._counted(request, name.lower()):
            bucket.give_back(who)
        browser = secrets.token_urlsafe(16)
        response.set_cookie(COOKIE, f"{browser}.{await self._mark(browser, name.lower())}", max_age=NINETY_DAYS,
                            path=PATH, httponly=True, samesite="strict", secure=secure)

    async def _counted(self, request: Request, name: str) -> list[tuple[Bucket, str]]:
        """What a try counts against."""
        if (browser := await self._known(request, name)) is not None:
            return [(self._by_browser, browser)]
        address = request.client.host if request.client else ""
        return [(self._by_address, address), (self._by_both, f"{address} {name}"), (self._by_name, name)]

    async def _known(self, request: Request, name: str) -> str | None:
        """The browser, if *name* has signed in with it before."""
        browser, _, mark = request.cookies.get(COOKIE, "").partition(".")
        if not mark or not hmac.compare_digest(mark.encode("utf-8", "replace"),
                                               (await self._mark(browser, name)).encode()):
            return None
        return browser

    async def _mark(self, browser: str, name: str) -> str:
        async with self._store.begin() as unit:
            secret = await unit.secrets.of(SECRET)
        return hmac.new(secret.encode(), f"{browser} {name}".encode("utf-8", "replace"), "sha256").hexdigest()
