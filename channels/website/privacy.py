"""What we keep, for everybody to read; a copy of their data for whoever has the link; receipts of what was erased."""
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from channels.app import HEADERS
from channels.website.pages import Pages
from clinic.clock import Clock
from clinic.library import Library
from clinic.privacy.document import document, public_words
from clinic.store.audit import Entry
from clinic.store.unit import Store

SECRET = {"cache-control": "no-store", "x-robots-tag": "noindex",
          "content-security-policy": HEADERS["content-security-policy"].replace("form-action 'none'",
                                                                                "form-action 'self'")}


class Privacy:
    def __init__(self, pages: Pages, store: Store, library: Library, clock: Clock) -> None:
        self._pages, self._store, self._library, self._clock = pages, store, library, clock

    def routes(self) -> list[BaseRoute]:
        return [Route("/privacy", self.register), Route("/privacy/copy/{key}", self.copy, methods=["GET", "POST"]),
                Route("/privacy/receipt/{key}", self.receipt)]

    async def register(self, request: Request) -> Response:
        return self._pages.page("privacy.html", register=self._library.current.content.privacy)

    async def copy(self, request: Request) -> Response:
        """A page with one button; only that uses the link up, so that nothing which looks at links ahead does."""
        if request.method == "POST":
            return await self._handed_out(request.path_params["key"])
        async with self._store.begin() as unit:
            if await unit.data_requests.link(request.path_params["key"], self._clock()) is None:
                return self._gone()
        return self._secret(self._pages.page("copy.html"))

    async def _handed_out(self, key: str) -> Response:
        content, now = self._library.current.content, self._clock()
        async with self._store.begin() as unit:
            wish = await unit.data_requests.use(key, now)
            if wish is None or wish.conversation is None:
                return self._gone()
            subject = await unit.subjects.of_conversation(wish.conversation)
            data = await unit.exporting.of(subject, public_words(content))
            await unit.audit.note(Entry(now, "visitor", "exported", "/privacy", wish.conversation))
        return self._secret(Response(document(content, data, now), media_type="application/json", headers={
            "content-disposition": 'attachment; filename="your-data.json"'}))

    async def receipt(self, request: Request) -> Response:
        async with self._store.begin() as unit:
            wish = await unit.data_requests.by_key(request.path_params["key"])
        if wish is None:
            return self._gone()
        return self._secret(self._pages.page("receipt.html", wish=wish, receipt=wish.receipt,
                                             register=self._library.current.content.privacy))

    def _gone(self) -> Response:
        response = self._secret(self._pages.page("gone.html"))
        response.status_code = 404
        return response

    def _secret(self, response: Response) -> Response:
        response.headers.update(SECRET)
        return response
