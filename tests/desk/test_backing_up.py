"""The restore drill: all that was there is there again, in another database, and who was erased since is not."""
import io
import tarfile
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from bootstrap import House
from clinic.clock import utc_now
from clinic.settings import Settings
from clinic.store.audit import Entry
from clinic.store.dumping import BackupFailed, InUse
from clinic.store.schema import migrate
from clinic.store.unit import Store
from desk import backing_up, handing_on
from tests.talk import Talk

PROMISED = ("message", "conversation", "tracker", "appointment", "audit", "content_version", "procrastinate_jobs")


async def rows(dsn: str) -> dict[str, int]:
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        return {table: (await (await connection.execute(f'select count(*) from "{table}"')).fetchone())[0]  # type: ignore[index]
                for table in PROMISED}


async def test_all_is_there_again(house: House, beside: Settings, empty: str, talk: Talk, tmp_path: Path) -> None:
    """Another machine, one command; its books can be written in, and the log still only grows."""
    await talk.says("what are your prices")
    file = tmp_path / "backup.tgz"
    await backing_up.backup(beside, file)
    before = await rows(house.store.dsn)
    await backing_up.restore(replace(beside, database_url=empty), file, None, True)
    assert await rows(empty) == before
    assert file.stat().st_mode & 0o077 == 0
    store = Store(empty)
    async with store.begin() as unit:
        assert (await unit.messages.after(talk.conversation, 0))[0].text == "what are your prices"
        await unit.audit.note(Entry(utc_now(), "Robin", "read", "/"))
        await unit.threads.note(talk.conversation, "Robin", "a new row", utc_now())
    with pytest.raises(Exception, match="only added to"):
        async with store.begin() as unit:
            await unit.connection.execute(text("update audit set by = 'Eve'"))
    await store.close()


async def test_who_was_erased_since_is_erased_again(beside: Settings, empty: str, talk: Talk, tmp_path: Path) -> None:
    """The backup still has them; a number of 122 random bits, hashed, is all that is kept to know them by."""
    await talk.says("what are your prices")
    other = Talk(talk.house, talk.post)
    await other.says("hello")
    file, there = tmp_path / "backup.tgz", replace(beside, database_url=empty)
    await backing_up.backup(beside, file)
    await backing_up.restore(there, file, None, True)
    store = Store(empty)
    async with store.begin() as unit:
        subject = await unit.subjects.of_conversation(talk.conversation)
        receipt = await unit.erasing.erase(subject, "Morgan", utc_now())
        await unit.data_requests.keep_receipt(receipt, subject, utc_now())
    await store.close()
    await backing_up.restore(there, file, None, True)
    async with store.begin() as unit:
        assert await unit.messages.after(talk.conversation, 0) == []
        assert await unit.messages.after(other.conversation, 0)
        assert await unit.data_requests.marks()  # and the next restore knows it too
    await store.close()


async def test_a_restore_that_fails_leaves_what_was_there(beside: Settings, empty: str, tmp_path: Path) -> None:
    migrate(empty)
    async with await psycopg.AsyncConnection.connect(empty) as connection:
        await connection.execute("insert into resource (key) values ('kept')")
    broken = tmp_path / "broken.tgz"
    with tarfile.open(broken, "w:gz") as whole:
        for name, body in (("about.json", b'{"made_at": "now"}'), ("database.dump", b"PGDMP no dump at all")):
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            whole.addfile(entry, io.BytesIO(body))
    with pytest.raises(BackupFailed):
        await backing_up.restore(replace(beside, database_url=empty), broken, None, True)
    async with await psycopg.AsyncConnection.connect(empty) as connection:
        assert await (await connection.execute("select key from resource")).fetchone() == ("kept",)


async def test_nothing_is_replaced_by_accident(house: House, beside: Settings, tmp_path: Path) -> None:
    """Not without a yes, not under a running server, not by a file that is none; and no backup over another file."""
    file = tmp_path / "backup.tgz"
    await backing_up.backup(beside, file)
    with pytest.raises(backing_up.NoBackup):
        await backing_up.restore(beside, file, None, False)
    with pytest.raises(InUse):
        await backing_up.restore(beside, file, None, True)
    with pytest.raises(backing_up.NoBackup):
        await backing_up.backup(beside, file)
    file.write_bytes(b"nothing of the kind")
    with pytest.raises(backing_up.NoBackup):
        await backing_up.restore(beside, file, None, True)
    async with house.store.begin() as unit:
        assert await unit.contents.newest()


async def test_a_file_in_a_backup_leads_nowhere_else(beside: Settings, empty: str, tmp_path: Path) -> None:
    """One that was tampered with writes nothing outside of where it is unpacked."""
    file = tmp_path / "evil.tgz"
    with tarfile.open(file, "w:gz") as whole:
        entry = tarfile.TarInfo("../../evil")
        entry.size = 4
        whole.addfile(entry, io.BytesIO(b"evil"))
    with pytest.raises(backing_up.NoBackup):
        await backing_up.restore(replace(beside, database_url=empty), file, None, True)
    assert not list(tmp_path.parent.rglob("evil"))


async def test_the_page_for_the_next_person_has_no_secret(beside: Settings, talk: Talk,
                                                          capsys: pytest.CaptureFixture[str]) -> None:
    await talk.says("delete my data, my name is Quillon")
    await handing_on.hand_on(replace(beside, smtp_url="smtp://me:geheim@mail.example", notify_to="desk@x.example"))
    page = capsys.readouterr().out
    assert "Harbour Lane" in page
    assert "frontdesk backup" in page
    assert not any(secret in page for secret in ("geheim", "Quillon", str(talk.conversation), "telegram-token"))
    assert len(page.splitlines()) <= 45
