"""What every answer of the door carries, whichever room it comes from."""
import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels.app import make_app

PAGE = "https://clinic.example"


async def _broken(request: Request) -> Response:
    raise RuntimeError("a bug")


async def _ready() -> str | None:
    return None


@pytest.fixture
def door() -> httpx.AsyncClient:
    app = make_app([Route("/broken", _broken)], _ready, public_url="http://localhost:8000", origins=(PAGE,))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://door")


async def test_a_page_that_carries_the_chat_can_read_that_something_broke(door: httpx.AsyncClient) -> None:
    """Without these headers a browser calls our own fault a network error."""
    answered = await door.get("/broken", headers={"origin": PAGE})
    assert answered.status_code == 500
    assert answered.headers["access-control-allow-origin"] == PAGE
    assert "a bug" not in answered.text


async def test_a_page_of_strangers_can_not_read_it(door: httpx.AsyncClient) -> None:
    answered = await door.get("/broken", headers={"origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in answered.headers
