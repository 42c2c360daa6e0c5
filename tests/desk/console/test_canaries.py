"""Ten thousand canaries through every door: none sings in a log, a metric, a notice, or outside the tables of talks."""
import asyncio
import io
import logging
from collections.abc import Iterator
from itertools import count

import httpx
import pytest
from sqlalchemy import text
from starlette.responses import JSONResponse

from bootstrap import House
from channels import takeover
from clinic.knowledge.answer import Knowledge
from clinic.post import UNDELIVERABLE
from clinic.store.finding import Finding
from clinic.store.holdings import HOLDINGS, NOBODYS
from desk import logs
from tests.channels.kit.provider import Provider
from tests.channels.kit.visitor import EVERYWHERE
from tests.conftest import Pigeonhole
from tests.desk.console.conftest import PASSWORD, Desk
from tests.mail_server import MailServer
from tests.talk import Talk

ALL = 10_000
MESSENGERS = ("whatsapp", "telegram", "twilio")
ASKED = ("do you treat calves", "can i talk to a person please", "what is the airspeed of a swallow", "delete my data",
         "can i book an hour on thursday afternoon", "crushing pain in my chest", "what are your prices")
KEEPING = {table for table, holding in HOLDINGS.items()
           if holding.kind in ("conversations", "requests", "appointments")}
"""Where what people say belongs."""


class Aviary:
    """Canaries, each once: a name, a number, an address, a complaint."""

    def __init__(self) -> None:
        self._numbers, self.out = count(), 0

    def __call__(self, many: int) -> str:
        self.out += many
        return " ".join(self._bird(next(self._numbers)) for _ in range(many))

    def _bird(self, n: int) -> str:
        code = f"zq{n:05d}xk"
        return (f"Mister-{code}", f"+447700{n:06d}{code}", f"{code}@birds.example", f"itching-{code}")[n % 4]


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    """The log of a server that was told to say all it can."""
    out = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    logs.begin(True, out)
    yield out
    root.handlers[:], level = before
    root.setLevel(level)


async def test_ten_thousand_canaries_are_heard_nowhere_else(
        house: House, providers: Provider, desk: Desk, talk: Talk, mails: MailServer, post: Pigeonhole,
        heard: io.StringIO, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Visitors on every channel, staff at the desk, strangers at the door; turns, providers and a mail server that fail
    with the words in their mouth."""
    aviary, door, provider = Aviary(), desk.browser().client, providers
    provider.clear()
    monkeypatch.setattr(takeover, "UNDO", takeover.UNDO * 0)
    addresses = []
    for channel in ("website", *MESSENGERS):
        for asked in ASKED:
            visitor = EVERYWHERE[channel](house, provider, door)
            addresses.append(visitor.address)
            await visitor.says(f"{asked} {aviary(60)}")
            await visitor.says(f"my name is {aviary(1)} and you reach me at {aviary(2)}")
            await visitor.heard()
    await _fails(house, provider, door, aviary, monkeypatch)
    await _at_the_desk(house, desk, visitor, aviary)
    await _books(talk, mails, aviary)
    addresses += await _not_delivered(house, provider, door, aviary)
    await _at_the_door(door, aviary)
    while aviary.out < ALL:
        visitor = EVERYWHERE["website"](house, provider, door)
        await visitor.says(aviary(200))
        await visitor.heard()
    metrics = (await door.get("/metrics")).text
    said = capfd.readouterr()
    places = {"log": heard.getvalue(), "metrics": metrics, "notices": repr(post.notices), "stdout": said.out,
              "stderr": said.err}
    assert {place: _birds(words) for place, words in places.items() if "zq0" in words} == {}
    assert {place: address for place, words in places.items() for address in addresses if address in words} == {}
    assert "failed" in places["log"]
    assert all(f'channel="{name}",outcome="refused"' in metrics for name in MESSENGERS)
    assert {UNDELIVERABLE, "undelivered_refused"} <= {notice.about for notice in post.notices}
    async with house.store.begin() as unit:
        rows = await Finding(unit.connection).rows_with(["zq0"])  # what no word of ours begins with
    assert {table: n for table, n in rows.items() if n and table not in KEEPING} == {}
    assert rows["message"] > 80
    assert rows.keys() == HOLDINGS.keys() | NOBODYS.keys()


def _birds(words: str) -> str:
    place = words.index("zq0")
    return words[max(0, place - 200):place + 40]


async def _fails(house: House, provider: Provider, door: httpx.AsyncClient, aviary: Aviary,
                 monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault that says what it was working on, once in our code and once in the database."""
    def fault(self: Knowledge, question: object, today: object) -> None:
        raise ValueError(f"no good: {question}")

    with monkeypatch.context() as broken:
        broken.setattr(Knowledge, "answer", fault)
        visitor = EVERYWHERE["website"](house, provider, door)
        await visitor.says(f"do you treat sore calves {aviary(5)}")
        await visitor.heard()
    words = aviary(1)
    try:
        async with house.store.begin() as unit:
            await unit.connection.execute(text("insert into note (by, text, at) values ('x', :words, now())"),
                                          {"words": words})
    except Exception:
        logging.getLogger("frontdesk").exception("something failed")


async def _at_the_desk(house: House, desk: Desk, visitor: object, aviary: Aviary) -> None:
    """Sign-ins that fail, what is typed into every form, and a look for somebody."""
    morgan = await desk.at_work("manager")
    for _ in range(5):
        await desk.browser().client.post("/desk/sign-in", data={"name": aviary(1), "password": aviary(1)})
    path = f"/desk/threads/{await visitor.conversation()}"  # type: ignore[attr-defined]
    await morgan.opens(path)
    await morgan.sends(f"{path}/note", text=aviary(20))
    await morgan.sends(f"{path}/reply", text=aviary(20))
    await morgan.sends("/desk/answers", asked=aviary(20), phone="yes")
    await morgan.opens("/desk/privacy")
    await morgan.sends("/desk/privacy/look", who=aviary(1))
    await morgan.sends("/desk/privacy/erase", who=aviary(1), checked="yes")
    await morgan.opens("/desk/people")
    await morgan.sends("/desk/people", name="", role=aviary(1), password=PASSWORD)
    await morgan.opens(f"/desk/book/{aviary(1)}/move")


async def _books(talk: Talk, mails: MailServer, aviary: Aviary) -> None:
    """A whole booking with a name and an address, to which the mail server takes nothing; then it is called off."""
    mail = aviary(4).split()[2]
    mails.unknown.add(mail)
    await talk.says(f"can i book an hour on thursday afternoon, my name is {aviary(1)}, {mail}")
    await talk.passes_check()
    await talk.taps("Yes, go ahead")
    (kept,) = await talk.appointments()
    assert kept.contact == mail
    async with asyncio.timeout(20):
        while not any(notice.about == UNDELIVERABLE for notice in talk.post.notices):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)
    await talk.says(f"please cancel my appointment, {aviary(3)}")
    mails.unknown.clear()


async def _not_delivered(house: House, provider: Provider, door: httpx.AsyncClient, aviary: Aviary) -> list[str]:
    """Providers that say in their refusal what they were given, and to whom; the addresses that they were given."""
    addresses = []
    for channel in MESSENGERS:
        visitor = EVERYWHERE[channel](house, provider, door)
        addresses.append(visitor.address)
        for status in (503, 400, 400, 400):
            words = f"{aviary(3)} {visitor.address}"
            provider.moods.append(lambda status=status, words=words: JSONResponse(
                {"description": words, "message": words, "code": 9, "error": {"code": 9, "message": words}}, status))
        await visitor.says(f"hello, it is {aviary(1)}")
        await visitor.heard()
        provider.moods.clear()
    return addresses


async def _at_the_door(door: httpx.AsyncClient, aviary: Aviary) -> None:
    """What is refused is not repeated: paths, queries, headers, bodies that are none."""
    opened = (await door.post("/v1/conversations")).json()
    messages = f"/v1/conversations/{opened['conversation']}/messages"
    token = {"authorization": f"Bearer {opened['token']}", "user-agent": aviary(1), "referer": aviary(1)}
    answers = [
        await door.get(f"/faq/{aviary(1)}"), await door.get(f"/articles/{aviary(1)}"), await door.get(f"/{aviary(1)}"),
        await door.get(f"/v1/conversations/{aviary(1)}/messages", headers={"authorization": f"Bearer {aviary(1)}"}),
        await door.post(messages, content=aviary(5).encode(), headers=token),
        await door.post(messages, json={"id": aviary(9), "text": aviary(5)}, headers=token),
        await door.post(messages, json={"id": "1", "choice": aviary(40)}, headers=token),
        await door.post(messages, params={"wait": aviary(1)}, json={"id": "1", "text": "hi"}, headers=token),
        await door.get(messages, params={"after": aviary(1)}, headers=token),
        *[await door.post(f"/webhooks/{name}", content=f'{{"text": "{aviary(2)}"}}'.encode()) for name in MESSENGERS],
        await door.get("/webhooks/whatsapp", params={"hub.verify_token": aviary(1)}),
        await door.get(f"/privacy/copy/{aviary(1)}"), await door.get(f"/calendar/{aviary(1)}.ics"),
        await door.get(f"/appointments/{aviary(1)}/{aviary(1)}.ics"), await door.get(f"/desk/{aviary(1)}")]
    assert {answer.status_code // 100 for answer in answers} <= {3, 4}
