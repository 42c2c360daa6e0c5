"""Attacks on the desk, each on every page or form there is: what is added later is attacked too."""
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text

from bootstrap import House
from clinic.knowledge.importer import import_article
from clinic.settings import ROOT
from clinic.staff import DUTIES, Duty, Role
from clinic.store.holdings import HOLDINGS
from clinic.store.publishing import Publishing
from tests.channels.kit.provider import Provider
from tests.channels.kit.visitor import OnTelegram
from tests.desk.console.conftest import PASSWORD, Desk, addresses
from tests.talk import Talk

EVIL = "<img src=x onerror=alert(1)><script>alert(1)</script>\" onmouseover=\"alert(1)\" x=' onfocus='alert(1) {{7*7}}"
WORDS_OF = {"message": ("text",), "appointment": ("name", "contact", "wish"), "note": ("text", "by"), "gap": ("need",),
            "outgoing": ("text", "by"), "case": ("contact", "taken_by", "closing"), "correspondent": ("address",),
            "conversation": ("held_by", "source", "raised_by"), "delivery": ("error",), "staff": ("name",),
            "request": ("name", "contact", "wanted"), "waiting": ("name", "contact"), "audit": ("by", "about", "page"),
            "data_request": ("by",)}
"""Columns that a page may show and somebody else has filled."""
DUTY_OF = {"/desk/book": "book", "/desk/gaps": "answers", "/desk/gaps/take-back": "manage", "/desk/people": "manage",
           "/desk/numbers": "manage", "/desk/privacy": "manage"}
"""What is needed for the pages and forms that begin so; the longest counts. For all others: to be signed in."""


class Active(HTMLParser):
    """What a page would run: scripts in it, handlers, addresses that are code."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            code = (value or "").strip().lower().startswith(("javascript:", "data:text"))
            if name.startswith("on") or (name in ("href", "src", "action", "formaction") and code):
                self.found.append(f"{tag} {name}={value}")
        if (tag == "script" and not dict(attrs).get("src")) or tag in ("iframe", "object", "embed", "base"):
            self.found.append(tag)


@pytest_asyncio.fixture
async def booked(talk: Talk) -> str:
    """The reference of an appointment made in a conversation."""
    await talk.says("can i book an hour on thursday afternoon, my name is jo, 07700 900517")
    await talk.passes_check()
    await talk.taps("Yes, go ahead")
    (kept,) = await talk.appointments()
    return str(kept.reference)


def filled(path: str, talk: Talk, booked: str) -> str:
    """A path with what is really there in its blanks."""
    known = {"conversation": talk.conversation, "reference": booked, "week": "2026-11-23", "part": "dead_end", "key": 1,
             "step": "confirm", "rest": "nowhere", "gap": 1}
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda blank: str(known[blank[1]]), path)


def inside(house: House, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Every page and form that only those may reach who are signed in, but streams."""
    return [(method, path) for method, path in addresses(house, monkeypatch)
            if path.startswith("/desk") and not path.endswith(("/events", "/sign-in"))]


async def test_no_text_of_anybodys_runs_on_any_page(house: House, desk: Desk, talk: Talk, booked: str,
                                                    providers: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names, contacts, messages, notes, addresses, reasons: all of them are an attack, and every page is opened."""
    await talk.says("what is the airspeed of a swallow")
    await talk.says("can i talk to a person please")
    morgan = await desk.at_work("manager")
    visitor = OnTelegram(house, providers, morgan.client)
    await visitor.says("delete my data")
    await visitor.heard()
    for form in ("note", "reply"):
        await morgan.opens(f"/desk/threads/{talk.conversation}")
        await morgan.sends(f"/desk/threads/{talk.conversation}/{form}", text="a word")
    await turn_evil(house, [talk.conversation, await visitor.conversation()])
    shown = 0
    for method, path in inside(house, monkeypatch):
        if method == "GET":
            page = (await morgan.opens(filled(path, talk, booked))).text
            assert Active(page).found == [], path
            assert "49" not in re.findall(r"onfocus=&#39;alert\(1\) (\d+)", page), path
            shown += "&lt;script&gt;alert(1)" in page
    assert shown >= 7
    for path, field in (("/desk/answers", "asked"), ("/desk/privacy/look", "who")):
        await morgan.opens("/desk")
        await morgan.sends(path, **{field: EVIL})
        assert Active(morgan.page).found == [], path
        assert "&lt;script&gt;alert(1)" in morgan.page, path


async def turn_evil(house: House, conversations: list[UUID | None]) -> None:
    """Put the attack into all words of theirs, and make it the name of whoever works here."""
    async with house.store.begin() as unit:
        subjects = [await unit.subjects.of_conversation(key) for key in conversations if key]
        await unit.connection.execute(text("set local session_replication_role = replica"))  # the log only grows, else
        for table, columns in WORDS_OF.items():
            for column in columns:
                for subject in subjects:
                    await unit.connection.execute(
                        text(f'update "{table}" t set "{column}" = :evil where {HOLDINGS[table].rows or "true"}'),
                        {"evil": EVIL, **subject.keys})


@pytest_asyncio.fixture
async def own(house: House, tmp_path: Path) -> AsyncIterator[House]:
    """A clinic with a folder of its own; afterwards the sample is live again."""
    shutil.copytree(ROOT / "content", tmp_path / "content")
    yield replace(house, settings=replace(house.settings, content=tmp_path / "content"), publishing=Publishing(
        house.store, house.library, tmp_path / "content", "f" * 16, house.clock))
    await house.publishing.publish()
    await house.publishing.take_up()


@pytest.mark.parametrize("name", ["evil.html", "evil.md", "evil.txt"])
async def test_an_article_that_was_imported_runs_nothing(own: House, tmp_path: Path, name: str) -> None:
    """From a page, a note or a plain text, through the draft that the importer makes, to the page that visitors see."""
    wrong = f"{EVIL} [a](javascript:alert(1)) <svg/onload=alert(1)> ![x](data:text/html,x)"
    said = (f"<html><head><title>{EVIL}</title></head><body><article><h1>Swimming {EVIL}</h1><h2>Swimming {wrong}</h2>"
            f"<p>&lt;script&gt;alert(1)&lt;/script&gt; It is good for the shoulders and rests the legs. {wrong}</p>"
            "</article></body></html>" if name.endswith("html") else
            f"# Swimming {EVIL}\n\nIt is good for the shoulders.\n\n## At night {wrong}\n\nIt is a rest. {wrong}\n")
    (tmp_path / name).write_text(said, encoding="utf-8")
    draft = import_article(str(tmp_path / name))
    (own.settings.content / "articles" / "evil.md").write_text(draft.markdown(), encoding="utf-8")
    await own.publishing.publish()
    await own.publishing.take_up()
    answer = await Desk(own).browser().client.get("/articles/evil")
    assert answer.status_code == 200
    assert "good for the shoulders" in answer.text
    assert Active(answer.text).found == []
    assert "'unsafe" not in answer.headers["content-security-policy"]


async def test_no_form_is_taken_without_its_mark(house: House, desk: Desk, talk: Talk, booked: str,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    """Forged, with the cookie of somebody who may do everything: each of them is refused, and nothing changes."""
    morgan = await desk.at_work("manager")
    forms = [filled(path, talk, booked) for method, path in inside(house, monkeypatch) if method == "POST"]
    assert len(forms) > 20
    fields = {"name": "paused", "on": "yes", "text": "forged", "role": "manager", "password": PASSWORD, "who": "jo",
              "checked": "yes", "closing": "dealt_with", "active": "no"}
    before = await everything(house)
    for path in forms:
        for given in (fields, {**fields, "csrf": "0" * 64}):
            assert (await morgan.client.post(path, data=given)).status_code == 403, path
        there = {**fields, "csrf": morgan.csrf}
        elsewhere = await morgan.client.post(path, data=there, headers={"origin": "https://evil.example"})
        assert elsewhere.status_code == 403, path
    assert await everything(house) == before


async def everything(house: House) -> dict[str, object]:
    """All that the forms could have changed, as a mark of each table."""
    tables = ("message", "appointment", "presence", "note", "outgoing", "case", "data_request", "conversation", "gap",
              "content_change", "proposal", "staff")
    async with house.store.begin() as unit:
        return {table: await unit.connection.scalar(text(
            f"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from \"{table}\" t"))
            for table in tables}


@pytest.mark.parametrize("role", ["therapist", "reception", "manager"])
async def test_each_role_reaches_what_is_its_own_and_nothing_else(
        house: House, desk: Desk, talk: Talk, booked: str, role: Role, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page and every form, with the right mark and the real reference."""
    colleague = await desk.at_work(role)
    csrf, refused = colleague.csrf, 0
    for method, path in inside(house, monkeypatch):
        if path.endswith("sign-out"):
            continue
        address = filled(path, talk, booked)
        answer = await (colleague.client.get(address) if method == "GET" else
                        colleague.client.post(address, data={"csrf": csrf}))
        needed = DUTY_OF.get(max((one for one in DUTY_OF if path.startswith(one)), key=len, default=""), "threads")
        may = needed in DUTIES[role]
        assert (answer.status_code != 403) is may, (method, path, needed, answer.status_code)
        refused += not may
    assert (refused == 0) is (role == "manager")
    assert set(DUTY_OF.values()) | {"threads"} == set(Duty.__args__)  # type: ignore[attr-defined]


async def test_what_was_written_elsewhere_is_not_taken_back_here(house: House, desk: Desk, talk: Talk) -> None:
    """A number from another conversation opens nothing in this one."""
    other = Talk(house, talk.post)
    await talk.says("hello")
    await other.says("hello")
    robin = await desk.at_work("reception")
    await robin.opens(f"/desk/threads/{other.conversation}")
    await robin.sends(f"/desk/threads/{other.conversation}/reply", text="only for them")
    key = await written(house, other.conversation)
    await robin.opens(f"/desk/threads/{talk.conversation}")
    await robin.sends(f"/desk/threads/{talk.conversation}/undo", written=str(key))
    assert "only for them" not in (await robin.opens(f"/desk/threads/{talk.conversation}?undone={key}")).text
    assert await written(house, other.conversation) == key


async def written(house: House, conversation: UUID | None) -> int | None:
    """The number of what waits to be said there."""
    async with house.store.begin() as unit:
        return await unit.connection.scalar(text("select id from outgoing where conversation = :key and "
                                                 "state = 'waiting'"), {"key": conversation})
