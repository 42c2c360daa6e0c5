"""What is kept of somebody: shown whole, erased whole, and gone by itself once its time is over."""
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from bootstrap import House
from clinic.privacy.keeping import KINDS
from clinic.store.audit import Entry
from clinic.store.erasing import NotErased
from clinic.store.finding import Finding
from clinic.store.holdings import HOLDINGS, NOBODYS
from clinic.store.subjects import NobodyFound
from desk import privacy
from tests.conftest import MONDAY_NOON, StoppedClock
from tests.desk.console.conftest import Desk
from tests.talk import Talk

NAME, PHONE = "Quillon Featherstonehaugh", "+447700900517"


@pytest_asyncio.fixture(autouse=True)
async def nobody_before(talk: Talk, house: House) -> None:
    """Only what a test says itself is found."""
    async with house.store.begin() as unit:
        await unit.connection.execute(text("delete from conversation"))


async def has_booked(talk: Talk, name: str = NAME, contact: str = PHONE) -> str:
    """A whole talk with an appointment in it; its reference."""
    await talk.says(f"can i book an hour on thursday afternoon, my name is {name}, {contact}")
    await talk.passes_check()
    await talk.taps("Yes, go ahead")
    (appointment,) = await talk.appointments()
    return str(appointment.reference)


async def test_every_table_is_known_to_the_register_and_to_the_erasing(house: House) -> None:
    """Whoever adds a table says what is kept in it, and how one person's rows are found."""
    async with house.store.begin() as unit:
        tables = {row[0] for row in await unit.connection.execute(text(
            "select table_name from information_schema.tables "
            "where table_schema = current_schema() and table_type = 'BASE TABLE'"))}
        tied = {row[0] for row in await unit.connection.execute(text(
            "select table_name from information_schema.columns where table_schema = current_schema() "
            "and column_name in ('conversation', 'appointment', 'contact', 'address', 'reference')"))}
    assert tables == HOLDINGS.keys() | NOBODYS.keys()
    assert {holding.kind for holding in HOLDINGS.values()} == set(KINDS)
    assert {table for table in tied if table in HOLDINGS and not HOLDINGS[table].rows} == set()
    assert tied & NOBODYS.keys() == {"feed"}  # of an address only a hash


async def test_all_that_is_kept_is_exported_and_nothing_of_others(house: House, talk: Talk) -> None:
    reference = await has_booked(talk)
    other = Talk(house, talk.post)
    await other.says("my name is Zebedee Crumplehorn and my hip aches")
    async with house.store.begin() as unit:
        await unit.threads.note(talk.conversation, "Robin", "Rang 07700 900 888 for Ottoline Vane-Tempest; theirs is "
                                f"{PHONE}, ottoline@else.example", house.clock())
        await unit.audit.note(Entry(house.clock(), "Robin", "read", "/threads/{conversation}", talk.conversation))
        kept = await unit.exporting.of(await unit.subjects.found(PHONE))
    whole = json.dumps(kept)
    assert set(kept) == {table for table, holding in HOLDINGS.items() if holding.rows}
    for table in ("conversation", "message", "tracker", "appointment", "note", "audit"):
        assert kept[table], table
    assert all(known in whole for known in (NAME, PHONE, reference))
    assert not any(others in whole for others in ("Robin", "Crumplehorn", "900 888", "ottoline@", "token_hash"))


async def test_a_name_in_a_note_that_is_anothers_is_left_out(house: House, talk: Talk) -> None:
    await has_booked(talk, "Ottoline Tempest", "+447700900518")
    other = Talk(house, talk.post)
    await other.says("hello")
    async with house.store.begin() as unit:
        await unit.threads.note(other.conversation, "Robin", "a friend of Ottoline Tempest", house.clock())
        kept = await unit.exporting.of(await unit.subjects.found(str(other.conversation)))
    assert kept["note"][0]["text"].startswith("a friend of [left out")


async def test_all_is_erased_and_the_receipt_proves_it(house: House, talk: Talk, clock: StoppedClock) -> None:
    """The appointment is over: its time stays taken, and nobody can tell whose it was."""
    reference = await has_booked(talk)
    clock.now += timedelta(days=60)
    async with house.store.begin() as unit:
        subject = await unit.subjects.found(PHONE)
        receipt = await unit.erasing.erase(subject, "Morgan", clock.now)
    async with house.store.begin() as unit:
        found = await Finding(unit.connection).rows_with([NAME, PHONE, reference, str(talk.conversation)])
        with pytest.raises(NobodyFound):
            await unit.subjects.found(PHONE)
    assert {line.table for line in receipt.lines} == HOLDINGS.keys() | NOBODYS.keys()
    assert receipt.left == 0
    assert sum(found.values()) == 0
    rows = {line.table: line.rows for line in receipt.lines}
    assert rows["message"] > 5
    assert rows["appointment"] == 1
    assert NAME not in json.dumps(receipt.as_row())


async def test_an_appointment_to_come_is_kept_until_it_is_over(house: House, talk: Talk, clock: StoppedClock) -> None:
    await has_booked(talk)
    async with house.store.begin() as unit:
        receipt = await unit.erasing.erase(await unit.subjects.found(PHONE), "Morgan", clock.now)
    assert receipt.kept == ("appointment_to_come",)
    async with house.store.begin() as unit:
        assert (await unit.subjects.found(PHONE)).conversations == ()
        await unit.sweeping.sweep(house.library.current.content.privacy, clock.now + timedelta(days=60))
        with pytest.raises(NobodyFound):
            await unit.subjects.found(PHONE)


async def test_what_the_search_finds_undoes_the_erasing(house: House, talk: Talk, clock: StoppedClock) -> None:
    """A fault of ours that leaves a trace: nothing is half erased."""
    await talk.says("hello")
    other = Talk(house, talk.post)
    await other.says(f"somebody told me about {talk.conversation}")
    with pytest.raises(NotErased):
        async with house.store.begin() as unit:
            await unit.erasing.erase(await unit.subjects.of_conversation(talk.conversation), "Morgan", clock.now)
    async with house.store.begin() as unit:
        assert await unit.messages.after(talk.conversation, 0)


async def test_where_a_contact_was_only_said_a_person_looks(house: House, talk: Talk, clock: StoppedClock) -> None:
    """It may be theirs, or somebody else's who spoke of them: it is shown, and nothing is erased by chance."""
    await has_booked(talk)
    other = Talk(house, talk.post)
    await other.says(f"my coach has {PHONE}")
    clock.now += timedelta(days=60)
    async with house.store.begin() as unit:
        subject = await unit.subjects.found(PHONE)
        assert await unit.erasing.said_elsewhere(subject) == [other.conversation]
        receipt = await unit.erasing.erase(subject, "Morgan", clock.now)
    assert receipt.left == 0
    assert receipt.alike > 0


async def test_a_contact_typed_in_a_chat_proves_nothing_elsewhere(house: House, talk: Talk) -> None:
    """A contact that somebody typed in the chat proves nothing: another's conversation stays."""
    await has_booked(talk)
    other = Talk(house, talk.post)
    await other.says("hello")
    async with house.store.begin() as unit:
        subject = await unit.subjects.of_conversation(talk.conversation)
    assert subject.conversations == (talk.conversation,)
    assert PHONE in subject.alike


async def test_the_commands_write_a_copy_and_erase_only_with_a_yes(
        house: House, talk: Talk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await talk.says("what are your prices")
    settings, who = replace(house.settings, database_url=house.store.dsn), str(talk.conversation)
    out = tmp_path / "copy.json"
    await privacy.export(settings, who, out)
    assert "what are your prices" in out.read_text()
    assert out.stat().st_mode & 0o077 == 0
    with pytest.raises(privacy.NotSure):
        await privacy.export(settings, who, out)
    assert await privacy.erase(settings, who, False) == 1
    async with house.store.begin() as unit:
        assert await unit.messages.after(talk.conversation, 0)
    capsys.readouterr()
    assert await privacy.erase(settings, who, True) == 0
    assert "0 rows left" in capsys.readouterr().out
    await privacy.log(settings, 5)
    assert "erased" in capsys.readouterr().out
    with pytest.raises(NobodyFound):
        await privacy.erase(settings, who, True)


async def test_what_is_over_its_time_goes_by_itself(house: House, talk: Talk, clock: StoppedClock) -> None:
    """A conversation a year after its last message; not one that somebody wrote in since."""
    await talk.says("hello")
    lively = Talk(house, talk.post)
    await lively.says("hello")
    register = house.library.current.content.privacy
    clock.now += register.of("conversations").time - timedelta(days=1)
    await lively.says("hello again")
    clock.now += timedelta(days=2)
    await house.rounds.forgetting.sweep()
    async with house.store.begin() as unit:
        assert await unit.messages.after(talk.conversation, 0) == []
        assert await unit.messages.after(lively.conversation, 0)
    clock.now = MONDAY_NOON


async def test_the_log_is_only_added_to(house: House, talk: Talk, clock: StoppedClock) -> None:
    """Until its time is over."""
    async with house.store.begin() as unit:
        await unit.audit.note(Entry(clock.now, "Robin", "read", "/"))
    for spoiling in ("update audit set by = 'Eve'", "delete from audit", "truncate audit",
                     "update audit set about = 'another' where about is null"):
        with pytest.raises(DatabaseError, match="only added to"):
            async with house.store.begin() as unit:
                await unit.connection.execute(text(spoiling))
    async with house.store.begin() as unit:
        await unit.audit.sweep(clock.now + timedelta(seconds=1))
        assert [one for one in await unit.audit.entries() if one.at <= clock.now] == []


async def test_whatever_is_opened_or_changed_is_logged(desk: Desk, talk: Talk, house: House) -> None:
    """The lists too; a part that a page asks for again and again once; a page that is not theirs, as refused."""
    await talk.says("hello")
    theo = await desk.at_work("therapist")
    path = f"/desk/threads/{talk.conversation}"
    for page in ("/desk/waiting", "/desk/waiting", "/desk/threads", f"{path}/side", path, "/desk/people"):
        await theo.opens(page)
    await theo.opens(path)
    await theo.sends(f"{path}/note", text="something that is private")
    async with house.store.begin() as unit:
        entries = [one for one in await unit.audit.entries() if one.by == "Theo" and one.at == house.clock()]
    done = [(one.did, one.page) for one in reversed(entries)][-10:]
    assert done[:2] == [("signed_in", "/sign-in"), ("read", "/")]
    assert done.count(("read", "/")) == 1
    assert ("read", "/threads") in done
    assert ("read", "/threads/{conversation}") in done
    assert ("refused", "/people") in done
    assert ("changed", "/threads/{conversation}/note") in done
    assert {one.conversation for one in entries if "conversation" in one.page} >= {talk.conversation}


async def test_a_manager_looks_copies_and_erases(desk: Desk, talk: Talk, house: House) -> None:
    await talk.says("delete my data please, i mean all of you")
    morgan = await desk.at_work("manager")
    await morgan.opens("/desk/privacy")
    await morgan.sends("/desk/privacy/look", who=str(talk.conversation))
    assert "1 conversation." in morgan.page
    page = morgan.page
    answer = await morgan.sends("/desk/privacy/export", who=str(talk.conversation))
    assert answer.json()["data"]["message"]
    morgan.page = page
    assert (await morgan.sends("/desk/privacy/erase", who=str(talk.conversation))).status_code == 400
    assert (await morgan.sends("/desk/privacy/erase", who=str(talk.conversation), checked="yes")).status_code == 200
    assert "0 rows left" in morgan.page
    await morgan.opens("/desk/privacy")
    assert (await morgan.sends("/desk/privacy/look", who=str(uuid4()))).status_code == 404


@pytest.mark.parametrize("role", ["therapist", "reception"])
async def test_nobody_else_sees_what_is_kept(desk: Desk, talk: Talk, role: str) -> None:
    await talk.says("hello")
    colleague = await desk.at_work(role)  # type: ignore[arg-type]
    for path in ("look", "export", "erase"):
        await colleague.opens("/desk")
        answer = await colleague.sends(f"/desk/privacy/{path}", who=str(talk.conversation), checked="yes")
        assert answer.status_code == 403
    assert (await colleague.opens("/desk/privacy")).status_code == 403
