"""What staff say that a question means becomes a patch of the examples: read, applied with git, and learnt from."""
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text

from bootstrap import House
from bot import slim
from bot.examples import Examples
from clinic.settings import ROOT, Settings
from desk.phrasings import propose
from tests.desk.console.conftest import Colleague, Desk
from tests.desk.console.test_gap_loop import ASKED, writes

slim.install()
from rasa.shared.importers.importer import TrainingDataImporter  # noqa: E402 - Rasa loads only after slim

PRICE = "whats the cost of that then for the pair of us"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of what the model is made of, under git."""
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "data", folder / "data")
    git(folder, "init", "--quiet")
    return folder


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)  # noqa: S607 - wherever it is


def taught(folder: Path) -> dict[str, str]:
    """What Rasa finds there when it trains: intent by example."""
    found = TrainingDataImporter.load_nlu_importer_from_config(str(ROOT / "config.yml"),
                                                               training_data_paths=[str(folder / "data")])
    return {example.get("text"): example.get("intent") for example in found.get_nlu_data().intent_examples}


@pytest_asyncio.fixture
async def at(own: House) -> AsyncIterator[Settings]:
    async with own.store.begin() as unit:
        await unit.connection.execute(text("delete from gap"))
    yield replace(own.settings, database_url=own.store.dsn)


async def gap(house: House, asked: str, why: str = "misunderstood", need: str = "unclear") -> UUID:
    """Somebody asks what nobody understands."""
    key, _ = await house.inbox.open("website")
    async with house.store.begin() as unit:
        await unit.messages.receive(key, 1, "m1", asked, None, house.screen.read(asked), house.clock(), 1,
                                    state="answered")
        await unit.cases.note_gap(key, 1, need, None, house.clock(), why)
    return key


async def settles(colleague: Colleague, asked: str, path: str, **fields: str) -> int:
    """Settle the group that *asked* is in."""
    await colleague.opens("/desk/gaps")
    row = next(row for row in colleague.page.split("<li>") if f"<q>{asked}</q>" in row)
    found = re.search(r'name="gaps" value="([\d ]+)"', row)
    assert found
    return (await colleague.sends(path, gaps=found[1], **fields)).status_code


async def test_what_was_meant_becomes_a_patch_that_is_applied_and_learnt_from(
        own: House, own_desk: Desk, at: Settings, data: Path) -> None:
    """Under what it means, whoever confirmed it named; applied with git; then it is not proposed again."""
    other = "can you look at why the dog has a bad leg"
    await gap(own, PRICE)
    await gap(own, other)
    robin = await own_desk.at_work("reception")
    assert await settles(robin, PRICE, "/desk/gaps/meant", intent="fact_prices") == 200
    assert await settles(robin, other, "/desk/gaps/not-ours", kind="other_services") == 200
    assert "Nothing is open" in robin.page
    before, patch = taught(data), data / "new.patch"
    await propose(at, patch, data)
    said = patch.read_text()
    assert re.findall(r"^\+ {4}- (.*)$", said, re.M) == [PRICE, other]
    assert f"# fact_prices\n#   {PRICE}   (Robin, 2026-11-23)" in said
    assert taught(data) == before
    git(data, "apply", "--check", "new.patch")
    git(data, "apply", "new.patch")
    assert taught(data) == before | {PRICE: "fact_prices", other: "other_services"}
    again = data / "again.patch"
    await propose(at, again, data)
    assert not again.exists()


async def test_the_answer_to_a_gap_says_what_it_meant(own: House, own_desk: Desk, at: Settings, data: Path,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    """But for words that whoever wrote the answer took out of it."""
    taken_out = "how soon before a race can i be seen at yours"
    await gap(own, ASKED, "not_covered", "timing")
    await gap(own, taken_out, "not_covered", "timing")
    morgan = await own_desk.at_work("manager")
    async with own.store.begin() as unit:
        gaps = " ".join(str(one.id) for one in await unit.gaps.open())
    assert await writes(morgan, f"/desk/gaps/write?faq=before-a-race&gaps={gaps}", also=ASKED) == 200
    capsys.readouterr()
    await propose(at, None, data)
    assert re.findall(r"^\+ {4}- (.*)$", capsys.readouterr().out, re.M) == [ASKED]


@pytest.mark.parametrize("asked", [
    "my name is dave and what does it cost", "what does it cost, thanks, Priya", "can zebedee come in with me",
    "ring me on oh seven seven double oh nine one two", "whats the cost for 2", "cost? 07700 900123",
    "what is the cost, eve.jones@example.com", "can i come with crushing pain in my chest",
    "i take warfarin, can i come", "what does it cost [now](time)", "/inform{what does it cost}",
    "what does it cost\u202e", "what do you do " * 13])
async def test_nothing_that_tells_who_it_was_or_how_they_are_is_proposed(
        own: House, at: Settings, data: Path, capsys: pytest.CaptureFixture[str], asked: str) -> None:
    """A contact, a name, a number, a sign of danger, a story; nor what Rasa would take for more than words."""
    await gap(own, asked)
    async with own.store.begin() as unit:
        await unit.gaps.settle([one.id for one in await unit.gaps.open()], "meant", "Robin", own.clock(),
                               intent="fact_prices")
    await propose(at, None, data)
    said = capsys.readouterr()
    assert said.out == ""
    assert "No new phrasing" in said.err
    assert asked not in said.err


async def test_a_name_that_was_given_for_a_booking_is_one(own: House, at: Settings, data: Path,
                                                          capsys: pytest.CaptureFixture[str]) -> None:
    """Also where everybody uses it as a word."""
    key = await gap(own, "will hill want to know what the cost is")
    async with own.store.begin() as unit:
        await unit.gaps.settle([one.id for one in await unit.gaps.open()], "meant", "Robin", own.clock(),
                               intent="fact_prices")
    await propose(at, None, data)
    assert "+    - will hill" in capsys.readouterr().out
    async with own.store.begin() as unit:
        await unit.connection.execute(text(
            "insert into request (reference, conversation, wish, wanted, name, contact, created_at) "
            "values ('WW77WW', :key, 'book', 'monday', 'Will Hill', 'a@b.example', now())"), {"key": key})
    await propose(at, None, data)
    assert "will hill" not in "".join(capsys.readouterr())


async def test_what_two_people_understand_in_two_ways_teaches_neither(
        own: House, at: Settings, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for intent in ("fact_prices", "fact_hours"):
        await gap(own, PRICE)
        async with own.store.begin() as unit:
            await unit.gaps.settle([one.id for one in await unit.gaps.open()], "meant", "Robin", own.clock(),
                                   intent=intent)
    await propose(at, None, data)
    said = capsys.readouterr()
    assert said.out == ""
    assert "left out: 2 (it was understood in two ways)" in said.err


async def test_only_what_the_assistant_knows_can_be_meant(own: House, own_desk: Desk, at: Settings) -> None:
    await gap(own, PRICE)
    robin = await own_desk.at_work("reception")
    for intent in ("", "nlu_fallback", "fact_secrets", "stop"):
        assert await settles(robin, PRICE, "/desk/gaps/meant", intent=intent) == 400
    theo = await own_desk.at_work("therapist")
    assert (await theo.sends("/desk/gaps/meant", gaps="1", intent="fact_prices")).status_code == 403
    async with own.store.begin() as unit:
        assert [one.text for one in await unit.gaps.open()] == [PRICE]


def test_every_example_is_found_as_rasa_finds_it() -> None:
    """The files are read as text so that a patch changes nothing else in them."""
    ours, theirs = Examples(ROOT), taught(ROOT)
    assert [said for said, intent in theirs.items() if not ours.teaches(intent) or ours.intent_of(said) is None] == []
