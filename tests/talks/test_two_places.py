"""One clinic at two places: people come to the right one."""
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import text

from bootstrap import House
from channels.website.pages import Pages
from clinic.booking import copy_csv, copy_ical, ical
from clinic.booking.appointment import Appointment, Details
from clinic.booking.copies import entry_of
from clinic.booking.importing import Defaults, Importer
from clinic.booking.letter import letter, sentence
from clinic.booking.opening import NotPossible
from clinic.booking.stranded import stranded
from clinic.knowledge.content import load
from clinic.settings import ROOT, Settings
from desk import booking
from tests.clinic.booking.test_staff import heard, staff
from tests.conftest import MONDAY_NOON, Pigeonhole, StoppedClock
from tests.mail_server import invitation_of, text_of
from tests.talk import Talk
from tests.talks.booking import TWO_PLACES, Player, Story, stories
from tests.talks.clinics import CLINICS, opened

ALL = list(stories(TWO_PLACES))
THURSDAY_3PM = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 29, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def firth(tmp_path_factory, settings: Settings) -> AsyncIterator[House]:
    """Firth Physiotherapy: the folder of the other physiotherapists, with two places."""
    async with opened(settings, tmp_path_factory.mktemp("firth"), CLINICS / "two-places" / "clinic.yml") as house:
        yield house


@pytest_asyncio.fixture(loop_scope="session")
async def at_firth(firth: House) -> Talk:
    """A conversation at noon on a Monday; nothing is booked yet."""
    assert isinstance(firth.clock, StoppedClock)
    firth.clock.now = MONDAY_NOON
    async with firth.store.begin() as unit:
        for table in ("appointment", "waiting"):
            await unit.connection.execute(text(f"delete from {table}"))
    return Talk(firth, Pigeonhole())


@pytest.mark.parametrize("story", ALL, ids=str)
async def test_it_ends_in_the_right_place(story: Story, firth: House, at_firth: Talk) -> None:
    assert isinstance(firth.clock, StoppedClock)
    await Player(firth, firth.clock, Pigeonhole()).play(story)


async def booked(talk: Talk, where: str = "leith", when: datetime = THURSDAY_3PM) -> Appointment:
    """What staff wrote into the book."""
    async with staff(talk.house) as (book, _):
        return await book.add(book.service("assessment"), book.therapist("physio-a"), when,
                              Details("Jo Hill", "jo@example.org"), where)


async def test_each_place_tells_its_own_facts(at_firth: Talk) -> None:
    await at_firth.says("where are you")
    assert [reply.text for reply in at_firth.replies] == [
        "Leith: You find us at 3 Shore Road, Sampleburgh EH0 0XX. The blue door beside the boat shed.",
        "Morningside: You find us at 20 Hill Street, Sampleburgh EH0 1XX."]
    await at_firth.says("when is the morningside clinic open?")
    assert "Wednesday to Thursday: 8am to 8pm" in at_firth.last.text
    assert "Leith" not in at_firth.last.text
    await at_firth.says("are you open on friday?")
    assert [reply.text for reply in at_firth.replies] == [
        "Leith: We are closed Friday 27 November.", "Morningside: We are open Friday 27 November: 8am to 4pm."]
    await at_firth.says("is there parking at leith")
    assert [reply.text for reply in at_firth.replies] == ["Leith: There is a bicycle rack."]


async def test_what_is_free_first_is_free_at_the_place_that_was_named(at_firth: Talk) -> None:
    """And what is not given there is not listed."""
    await at_firth.says("what is free on thursday at the leith clinic?")
    listed = next(reply.text for reply in at_firth.replies if "Follow-up: " in reply.text)
    assert "Follow-up: Thu 26 Nov, 09:00, Leith" in listed
    assert "Morningside" not in listed
    assert "Pool" not in listed


async def test_mail_and_calendar_say_where(at_firth: Talk) -> None:
    made, content = await booked(at_firth), at_firth.house.library.current.content
    mail = letter(content, "booked", made, sender="desk@firth.example.org", link="", now=MONDAY_NOON, was_booked=True)
    found = invitation_of(mail)
    assert found is not None
    assert str(found[1]["LOCATION"]) == "Leith, 3 Shore Road, Sampleburgh EH0 0XX"
    assert mail["Subject"].endswith("Thursday 26 November at 15:00, Leith")
    assert "Hill Street" not in text_of(mail)
    for about in ("reminder", "moved", "cancelled", "confirmed"):
        assert "15:00, Leith" in sentence(content, about, made) or about == "reminder"
    assert b"LOCATION:Leith\\, 3 Shore Road" in ical.for_visitor(made, content, MONDAY_NOON)
    assert b"LOCATION:Leith" in ical.for_staff([made], content.clinic, MONDAY_NOON).replace(b"\r\n ", b"")


async def test_a_reminder_names_the_place(at_firth: Talk) -> None:
    """The sample's own sentences, with the address of the place."""
    made, content = await booked(at_firth), at_firth.house.library.current.content
    sample = replace(content, words=load(ROOT / "content").words)
    assert sentence(sample, "reminder", made).startswith(
        "A reminder: you are booked for Thursday 26 November at 15:00, Leith, with a woman physiotherapist, "
        "at 3 Shore Road, Sampleburgh EH0 0XX.")


async def test_staff_need_not_say_where_somebody_works(at_firth: Talk) -> None:
    async with staff(at_firth.house) as (book, _):
        who, service = book.therapist("physio-a"), book.service("assessment")
        wednesday = await book.add(service, who, THURSDAY_3PM - 29 * HOUR, Details("Jo Hill", ""))
        assert wednesday.place == "morningside"
        with pytest.raises(NotPossible, match="leith, morningside"):  # nobody works on Sundays
            await book.add(service, who, SUNDAY, Details("Jo Hill", ""))
        sunday = await book.add(service, who, SUNDAY, Details("Jo Hill", ""), "leith")
        assert (await book.move(sunday.reference, SUNDAY + HOUR)).place == "leith"
        assert (await book.move(sunday.reference, THURSDAY_3PM - 29 * HOUR + HOUR)).place == "morningside"
        with pytest.raises(NotPossible, match="There are: leith, morningside"):
            await book.move(sunday.reference, SUNDAY, place="glasgow")


async def test_a_place_that_is_taken_away_strands_what_is_there(at_firth: Talk) -> None:
    made, clinic = await booked(at_firth), at_firth.house.library.current.content.clinic
    assert stranded([made], clinic) == []
    without = replace(clinic, places=clinic.places[1:], people=tuple(
        replace(person, at=tuple(there for there in person.at if there.place != "leith")) for person in clinic.people))
    assert stranded([made], without) == [(made, "physio-a does not work then")]
    all_there = replace(without, people=tuple(replace(person, at=(replace(person.at[0], hours=None),))
                                              for person in without.people))
    assert stranded([made], all_there) == [(made, "leith is not in `places` any more")]
    one = replace(clinic, places=(), people=tuple(replace(person, at=()) for person in clinic.people),
                  opening_hours=clinic.places[0].opening_hours)
    assert stranded([made], one) == [(made, "leith is not in `places` any more")]
    elsewhere = replace(made, place="morningside")
    assert stranded([elsewhere], clinic) == [
        (elsewhere, "it is at morningside, and physio-a works at leith then")]
    before = replace(made, place="")  # from before there were two: it is at the first
    assert stranded([before], clinic) == []


async def test_a_copy_keeps_where(at_firth: Talk) -> None:
    made, zone = await booked(at_firth), at_firth.house.library.current.content.clinic.zone
    entry = entry_of(made, 2)
    table = copy_csv.write([entry], zone)
    assert table.splitlines()[0].endswith(",place")
    assert [one.place for one in copy_csv.read(table, zone)] == ["leith"]
    assert [one.place for one in copy_ical.read(copy_ical.write([entry], MONDAY_NOON), zone)] == ["leith"]
    async with at_firth.house.store.begin() as unit:
        await unit.connection.execute(text("delete from appointment"))
    async with staff(at_firth.house) as (book, unit):
        importer = Importer(book, unit, MONDAY_NOON, Defaults())
        await importer.take([entry, replace(entry, line=3, reference="", starts=THURSDAY_3PM - 29 * HOUR,
                                            ends=THURSDAY_3PM - 28 * HOUR, place="")], "book.csv")
        assert [one.place for one in await unit.ledger.kept()] == ["morningside", "leith"]


async def test_whoever_waits_for_one_place_hears_of_that_one(at_firth: Talk) -> None:
    """At Leith nothing is free at three; what comes free at Morningside is not for them."""
    house = at_firth.house
    there = await booked(at_firth)
    async with staff(house) as (book, _):
        other = await book.block(book.therapist("physio-b"), THURSDAY_3PM - 3 * HOUR, THURSDAY_3PM + 5 * HOUR, "")
    await at_firth.says("can i book an assessment at leith on thursday at 3pm, my name is Sam Lee, 07700 900123")
    await at_firth.taps("Wait")
    await at_firth.taps("Wait for it")
    async with house.store.begin() as unit:
        assert [place.wanted.at for place in await unit.waiting_list.of(at_firth.conversation)] == [("leith",)]
    async with staff(house) as (book, _):
        await book.unblock(other.reference)
    assert await house.rounds.offering.walk() == 0
    async with staff(house) as (book, _):
        await book.cancel(there.reference)
    assert await house.rounds.offering.walk() == 1
    said = await heard(at_firth)
    assert "Thursday 26 November at 15:00, Leith" in said.text
    at_firth.replies = [said]
    await at_firth.taps("Take it")
    assert "more than one" not in "".join(reply.text for reply in at_firth.replies)
    await at_firth.passes_check()
    await at_firth.says("yes")
    assert [one.place for one in await at_firth.appointments()] == ["leith"]


async def test_the_first_page_and_the_days_list_have_both(at_firth: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    house = at_firth.house
    made = await booked(at_firth)
    beside = replace(house.settings, database_url=house.store.dsn)
    await booking.show(beside, "thursday", 1, clock=house.clock)
    assert f"Thu 26 Nov, 15:00–15:45 │ Leith │ booked │ {made.reference}" in capsys.readouterr().out
    await booking.add(beside, "assessment", "physio-a", "2026-11-29T15:00", Details("Jo Hill", ""), house.clock,
                      place="leith")
    assert "at 15:00, Leith, with physio-a" in capsys.readouterr().out
    page = await Pages(house.library, unsigned=False).home(None)  # type: ignore[arg-type]
    shown = bytes(page.body).decode()
    for words in ("3 Shore Road", "20 Hill Street", "Two spaces behind the house", "Wednesday to Thursday"):
        assert words in shown, words
