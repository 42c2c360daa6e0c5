"""The pages that we serve: the clinic's own with the chat on it, articles, and answered questions."""
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from clinic.knowledge.facts import pounds, week_lines
from clinic.knowledge.prose import to_html
from clinic.library import Library
from clinic.notice import notice

HERE = Path(__file__).parent


class Pages:
    def __init__(self, library: Library, unsigned: bool) -> None:
        self._library, self._unsigned = library, unsigned
        self._static = StaticFiles(directory=HERE / "static")
        self._templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(),
                                      trim_blocks=True, lstrip_blocks=True)

    def routes(self) -> list[BaseRoute]:
        return [Route("/", self.home), Route("/articles/{slug}", self.article), Route("/faq/{id}", self.faq),
                Route("/widget.js", self.widget), Mount("/static", self._static)]

    async def home(self, request: Request) -> Response:
        clinic = self._library.current.content.clinic
        places = [{"name": place.name, "address": place.address, "texts": there.texts,
                   "hours": list(week_lines(there.opening_hours))}
                  for place in clinic.places if len(clinic.places) > 1 for there in [clinic.at(place)]]
        hours = [] if places else list(week_lines(clinic.opening_hours))
        return self.page("home.html", hours=hours, places=places, services=[
            {"name": s.name, "length": f"{s.length_minutes} minutes", "price": pounds(s.price_pence),
             "purpose": s.purpose} for s in clinic.services])

    async def article(self, request: Request) -> Response:
        article = self._library.current.content.article(request.path_params["slug"])
        if article is None:
            raise HTTPException(404, "There is no such article.")
        return self.page("article.html", article=article)

    async def faq(self, request: Request) -> Response:
        knowledge = self._library.current
        faq = knowledge.content.faq(request.path_params["id"])
        if faq is None or faq.status != "confirmed":  # what waits for the clinic's word is not public
            raise HTTPException(404, "There is no such question, or it is not answered yet.")
        return self.page("faq.html", faq=faq, answer_html=to_html(faq.markdown))

    async def widget(self, request: Request) -> Response:
        response = await self._static.get_response("widget.js", request.scope)
        response.headers.update({"cache-control": "max-age=300", "cross-origin-resource-policy": "cross-origin",
                                 "access-control-allow-origin": "*"})
        return response

    def page(self, name: str, **values: Any) -> Response:
        """One of our templates, with what every page shows."""
        return HTMLResponse(self.render(name, **values))

    def render(self, name: str, **values: Any) -> str:
        """The template *name* in the frame of all our pages."""
        content = self._library.current.content
        return self._templates.get_template(name).render(
            clinic=content.clinic, privacy_url="/privacy", notice=notice(content, self._unsigned),
            unsigned=self._unsigned, **values)
