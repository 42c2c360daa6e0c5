"""The numbers page: true, with its parts, and each figure leads to its conversations."""
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

from bootstrap import House, door_of
from clinic.figures.enquiry import FATES
from clinic.figures.week import Week
from desk import numbers
from desk.console.origins import origins
from desk.console.plots import HEIGHT, stacked
from tests.conftest import MONDAY_NOON, StoppedClock
from tests.desk.console.conftest import Desk
from tests.talk import Talk

WEEK = "2026-11-23"
DANGER = "crushing pain in my chest and my left arm has gone numb"


@pytest_asyncio.fixture
async def week(house: House, talk: Talk, clock: StoppedClock) -> AsyncIterator[dict[str, Talk]]:
    """A week with one enquiry of each kind, looked at a fortnight later."""
    async with house.store.begin() as unit:
        for table in ("conversation", "week_figure"):
            await unit.connection.execute(text(f"delete from {table}"))
    said = {"deflected": ["does massage help runners recover"], "person": ["can i talk to a person please"],
            "unanswered": ["how many days before a race should i come"], "safety": [DANGER], "small_talk": ["hello"],
            "dead_end": ["what is the airspeed of a swallow"]}
    talks = {}
    for fate, texts in said.items():
        talks[fate] = Talk(house, talk.post)
        for one in texts:
            await talks[fate].says(one)
    clock.now = MONDAY_NOON + timedelta(days=14)
    await house.rounds.counting.count()
    yield talks
    clock.now = MONDAY_NOON


async def test_each_figure_leads_to_its_conversations(desk: Desk, week: dict[str, Talk]) -> None:
    morgan = await desk.at_work("manager")
    await morgan.opens("/desk/numbers")
    links = re.findall(rf'/desk/numbers/{WEEK}/(\w+)\?channel=all&amp;source=all">(\d+)', morgan.page)
    assert {part: n for part, n in links if part in FATES} == dict.fromkeys(week, "1")
    for part, n in links:
        await morgan.opens(f"/desk/numbers/{WEEK}/{part}")
        assert len(re.findall(r"/desk/threads/([\w-]{36})", morgan.page)) == int(n)
    for fate, talk in week.items():
        await morgan.opens(f"/desk/numbers/{WEEK}/{fate}")
        assert re.findall(r"/desk/threads/([\w-]{36})", morgan.page) == [str(talk.conversation)]


async def test_what_is_true_stands_beside_what_is_mostly_reported(house: House, week: dict[str, Talk]) -> None:
    async with house.store.begin() as unit:
        kept = (await unit.figures.kept(date(2026, 11, 23)))[date(2026, 11, 23), "all", "all"]
    assert kept.deflection == pytest.approx(1 / 6)
    assert kept.naive == pytest.approx(4 / 6)
    assert kept.funnel["asked"] >= kept.funnel["answered"] >= 1
    assert kept.firings["emergency"] >= 1
    assert kept.answering.count >= 6


async def test_what_is_fresh_is_counted_again(house: House, week: dict[str, Talk], clock: StoppedClock) -> None:
    """A person who is needed on the third day takes it out of the good ones."""
    clock.now = MONDAY_NOON + timedelta(days=3)
    await week["deflected"].says("can i talk to a person please")
    clock.now = MONDAY_NOON + timedelta(days=14)
    await house.rounds.counting.count()
    async with house.store.begin() as unit:
        kept = (await unit.figures.kept(date(2026, 11, 23)))[date(2026, 11, 23), "all", "all"]
    assert kept.fates["deflected"] == 0
    assert kept.fates["person"] == 3


async def test_a_figure_outlives_the_conversations_that_are_erased(house: House, desk: Desk,
                                                                   week: dict[str, Talk]) -> None:
    async with house.store.begin() as unit:
        subject = await unit.subjects.of_conversation(week["deflected"].conversation)
        await unit.erasing.erase(subject, "Morgan", house.clock())
    morgan = await desk.at_work("manager")
    await morgan.opens(f"/desk/numbers/{WEEK}/deflected")
    assert "None are left" in morgan.page
    await morgan.opens("/desk/numbers")
    assert f'/desk/numbers/{WEEK}/deflected?channel=all&amp;source=all">1' in morgan.page


async def test_the_table_for_other_programs(desk: Desk, week: dict[str, Talk]) -> None:
    morgan = await desk.at_work("manager")
    lines = (await morgan.opens("/desk/numbers.csv")).text.splitlines()
    assert lines[0].startswith("week,channel,source,enquiries,deflected")
    assert [line for line in lines if line.startswith(f"{WEEK},all,all,6,1")]


async def came_by(house: House, tag: str, talk: Talk, *texts: str) -> Talk:
    """Somebody opens the chat from a link with *tag*, and says *texts*."""
    came = Talk(house, talk.post)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(door_of(house)), base_url="http://clinic") as browser:
        opened = await browser.post("/v1/conversations", params={"source": tag})
    came.conversation = UUID(opened.json()["conversation"])
    for one in texts:
        await came.says(one)
    return came


async def test_each_source_leads_to_its_conversations(house: House, desk: Desk, week: dict[str, Talk],
                                                      clock: StoppedClock) -> None:
    """By week, channel and tag; what is no tag of ours is nobody's; the parts add up to the whole."""
    clock.now = MONDAY_NOON
    asked = "does massage help runners recover"
    poster = await came_by(house, "Poster", week["deflected"], asked)
    lost = await came_by(house, "race-day", week["deflected"], "what is the airspeed of a swallow")
    await came_by(house, "=HYPERLINK(1)", week["deflected"], asked)
    clock.now = MONDAY_NOON + timedelta(days=14)
    await house.rounds.counting.count()
    morgan = await desk.at_work("manager")
    await morgan.opens("/desk/numbers")
    links = re.findall(rf'/desk/numbers/{WEEK}/enquiries\?channel=all&amp;source=([^"]+)">(\d+)', morgan.page)
    assert dict(links) == {"all": "9", "none": "7", "%23poster": "1", "%23race-day": "1"}
    assert len(re.findall('<rect [^>]*class="part-', morgan.page)) == 3 + 1
    for tag, fate, talk in (("%23poster", "deflected", poster), ("%23race-day", "dead_end", lost)):
        for part in (fate, "enquiries"):
            await morgan.opens(f"/desk/numbers/{WEEK}/{part}?channel=website&source={tag}")
            assert re.findall(r"/desk/threads/([\w-]{36})", morgan.page) == [str(talk.conversation)]
    await morgan.opens("/desk/numbers?channel=website&source=%23poster")
    assert "<strong>100 %</strong> of 1 enquiries" in morgan.page
    lines = (await morgan.opens("/desk/numbers.csv")).text.splitlines()
    assert [line.split(",")[:5] for line in lines if line.startswith(f"{WEEK},website,#poster")] == [
        [WEEK, "website", "#poster", "1", "1"]]


async def test_a_source_that_was_erased_is_gone_from_the_weeks_that_are_counted_again(
        house: House, week: dict[str, Talk], clock: StoppedClock) -> None:
    clock.now = MONDAY_NOON
    poster = await came_by(house, "poster", week["deflected"], "hello")
    clock.now = MONDAY_NOON + timedelta(days=14)
    await house.rounds.counting.count()
    async with house.store.begin() as unit:
        assert (date(2026, 11, 23), "website", "#poster") in await unit.figures.kept(date(2026, 11, 23))
        assert poster.conversation
        await unit.erasing.erase(await unit.subjects.of_conversation(poster.conversation), "Morgan", house.clock())
    await house.rounds.counting.count()
    async with house.store.begin() as unit:
        kept = await unit.figures.kept(date(2026, 11, 23))
    assert {key[2] for key in kept} == {"all"}
    assert kept[date(2026, 11, 23), "all", "all"].enquiries == 6


@pytest.mark.parametrize("path", ["/desk/numbers", "/desk/numbers.csv", f"/desk/numbers/{WEEK}/deflected"])
async def test_only_a_manager_sees_them(desk: Desk, path: str) -> None:
    robin = await desk.at_work("reception")
    assert (await robin.opens(path)).status_code == 403


@pytest.mark.parametrize("path", ["2026-13-01/deflected", "today/deflected", f"{WEEK}/everything", f"{WEEK}/<b>"])
async def test_no_such_figure(desk: Desk, path: str) -> None:
    morgan = await desk.at_work("manager")
    assert (await morgan.opens(f"/desk/numbers/{path}")).status_code == 404


async def test_the_command_counts_now(house: House, week: dict[str, Talk], capsys: pytest.CaptureFixture[str],
                                      monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "utc_now", house.clock)
    settings = replace(house.settings, database_url=house.store.dsn)
    await numbers.show(settings, 4, True)
    assert f"{WEEK},all,all,6,1" in capsys.readouterr().out
    await numbers.trace(settings, WEEK, "dead_end")
    assert str(week["dead_end"].conversation) in capsys.readouterr().out
    await numbers.trace(settings, WEEK, "dead_end", source="#poster")
    assert capsys.readouterr().out == ""
    with pytest.raises(numbers.NoSuchFigure):
        await numbers.trace(settings, WEEK, "everything")


def test_bars_stand_on_each_other_and_reach_as_high_as_they_count() -> None:
    plot = stacked([("one", [("a", 3), ("b", 7)]), ("two", [("a", 0), ("b", 5)]), ("none", [])])
    a, b, other = plot.bars
    assert b.y + b.height == pytest.approx(a.y, abs=0.2)
    assert other.height / b.height == pytest.approx(5 / 7, abs=0.02)
    assert all(0 <= bar.y <= HEIGHT for bar in plot.bars)
    assert [n for _, n in plot.lines] == [0, 2, 4, 6, 8, 10]


def test_what_few_came_by_is_drawn_as_one() -> None:
    """And still stands by itself in the table."""
    monday = date(2026, 11, 23)
    weeks = {(monday, f"#tag-{n}"): Week(n, dict.fromkeys(FATES, 0), n) for n in range(1, 10)}
    found = origins(weeks, [monday])
    assert [one.name for one in found.parts] == [f"#tag-{n}" for n in range(9, 0, -1)]
    assert [(bar.kind, bar.said) for bar in found.plot.bars] == [
        *((f"part-{place}", f"23 Nov: {n} #tag-{n}") for place, n in enumerate(range(9, 4, -1))),
        ("others", "23 Nov: 10 others")]
    assert found.colours[-1] == ("others", "others")
