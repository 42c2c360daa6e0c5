"""Every address that there is, with whatever may be sent to it: none of it is a fault of ours, signed in or not."""
import re
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from bootstrap import House
from tests.desk.console.conftest import Colleague, Desk, addresses
from tests.talk import Talk

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["", "0", "1", "-1", "9" * 30, "1e400", "NaN", "\0", "%", "'\"--", "{{7*7}}", "../../etc/passwd", "2026-11-26",
     "2026-11-26T09:00", "2026-13-45", "T", "yes", "=1+1", "a\r\nb: c", "\u202e", "on"])
NAMES = [
    "answer", "answers", "asked", "because", "change", "checked", "closing", "code", "confirm", "contact",
    "day", "entry", "gap", "gaps", "id", "key", "kind", "left", "name", "need", "on", "opening", "password",
    "phone", "place", "proposal", "question", "reason", "reference", "role", "service", "slot", "starts",
    "state", "text", "therapist", "thread", "to", "version", "week", "weeks", "who", "wish", "with"]
FORMS = st.dictionaries(st.sampled_from(NAMES) | TEXTS, TEXTS, max_size=8)
OFTEN = trying(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture,
                                                                       HealthCheck.too_slow])


async def sent(data: st.DataObject, client: httpx.AsyncClient, method: str, path: str, real: list[str],
               **fields: str) -> httpx.Response:
    """One request to it, with something in each blank of its path."""
    def filled(blank: re.Match[str]) -> str:
        return quote(data.draw(st.sampled_from(real) | TEXTS, label=blank[0]), safe="") or "x"

    address = re.sub(r"\{\w+(:\w+)?\}", filled, path)
    query = data.draw(FORMS, label="query")
    if method == "GET":
        return await client.request(method, address, params=query)
    return await client.request(method, address, params=query, data={**data.draw(FORMS, label="form"), **fields})


@pytest_asyncio.fixture
async def real(talk: Talk) -> list[str]:
    """What a blank in a path may rightly hold."""
    await talk.says("can i book an hour on thursday afternoon, my name is jo, 07700 900517")
    await talk.passes_check()
    await talk.taps("Yes, go ahead")
    (kept,) = await talk.appointments()
    return [str(talk.conversation), str(kept.reference), "1", "0", "2026-11-23", "dead_end"]


@pytest_asyncio.fixture
async def morgan(desk: Desk) -> Colleague:
    """Signed in, with a page open. Whatever happens to them, the answer is no stack trace."""
    await desk.employs("Morgan", "manager")
    morgan = Colleague(desk.house, client_of(desk))
    desk.opened.append(morgan.client)
    await morgan.signs_in("Morgan")
    await morgan.opens("/desk")
    return morgan


@pytest.fixture
def there(house: House, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """All addresses but streams, which stay open: what they refuse is in test_description."""
    return [(method, path) for method, path in addresses(house, monkeypatch) if not path.endswith("/events")]


@OFTEN
@given(data=st.data())
async def test_a_stranger_breaks_nothing(desk: Desk, there: list[tuple[str, str]], real: list[str],
                                         data: st.DataObject) -> None:
    """Nor is let in to anything of the desk's."""
    async with client_of(desk) as client:
        method, path = data.draw(st.sampled_from(there))
        answer = await sent(data, client, method, path, real)
    assert answer.status_code < 500, (method, path)
    if path.startswith("/desk") and not path.startswith(("/desk/sign-in", "/desk/static")):
        assert answer.status_code in (303, 404, 405), answer.text[:300]


@OFTEN
@given(data=st.data())
async def test_nor_does_who_is_signed_in(morgan: Colleague, there: list[tuple[str, str]], real: list[str],
                                         data: st.DataObject) -> None:
    """Somebody of the highest role, with forms that are the desk's own by all signs."""
    method, path = data.draw(st.sampled_from([one for one in there if one[1].startswith("/desk/")
                                              and not one[1].endswith(("sign-out", "/people/{key:int}"))]))
    answer = await sent(data, morgan.client, method, path, real, csrf=morgan.csrf)
    assert answer.status_code < 500, (method, path)
    assert "/desk/sign-in" not in answer.headers.get("location", "")


def client_of(desk: Desk) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(desk.app, raise_app_exceptions=False),
                             base_url="http://localhost:8000", headers={"sec-fetch-site": "same-origin"})


@pytest.mark.parametrize("path", ["/desk/book/%00/move", "/desk/numbers/2026-11-23/dead_end?channel=%00", "/desk/%00"])
async def test_what_no_database_can_hold_is_not_there(morgan: Colleague, path: str) -> None:
    assert (await morgan.opens(path)).status_code == 404
