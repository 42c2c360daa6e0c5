"""`frontdesk backup` and `frontdesk restore`: all that the clinic would miss, in one file."""
import io
import json
import shutil
import tarfile
import tempfile
from pathlib import Path

from clinic.clock import utc_now
from clinic.errors import ClinicError
from clinic.settings import ROOT, Settings
from clinic.store.dumping import InUse, dump, load
from clinic.store.embedded import database, dsn_if_running
from clinic.store.schema import migrate
from clinic.store.subjects import NobodyFound
from clinic.store.unit import Store
from desk.listing import console_for

DATABASE, ABOUT, CONTENT = "database.dump", "about.json", "content"


class NoBackup(ClinicError):
    """The file is there already, or is no backup of ours."""


async def backup(settings: Settings, file: Path) -> None:
    """Write database and content to *file*, beside a running server or without one. Raises NoBackup, BackupFailed."""
    if file.exists():
        raise NoBackup(f"{file} is there already. Name another file: no backup is overwritten.")
    with tempfile.TemporaryDirectory(dir=file.absolute().parent) as folder:
        dumped, packed = Path(folder) / DATABASE, Path(folder) / "whole"
        async with database(settings.database_url, settings.home) as dsn:
            revision = migrate(dsn)
            await dump(dsn, dumped)
        about = {"made_at": utc_now().isoformat(), "revision": revision, "content": str(settings.content)}
        with tarfile.open(packed, "w:gz") as whole:
            _add(whole, ABOUT, json.dumps(about).encode())
            whole.add(dumped, DATABASE)
            if settings.content != ROOT / "content":  # the sample comes with the program
                whole.add(settings.content, CONTENT)
        packed.chmod(0o600)
        packed.rename(file)
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB. It holds all that people wrote: keep it where only you can "
          "read it, and for no longer than privacy.yml says. Settings and tokens (.env) are not in it.")


async def restore(settings: Settings, file: Path, content_to: Path | None, sure: bool) -> None:
    """Put what *file* holds in the place of the database, and its content into the new folder *content_to*. Whoever was
    erased since the backup is erased again. Raises NoBackup, BackupFailed, InUse."""
    if not sure:
        raise NoBackup("This replaces all that is in the database. If you want that: the same again with --yes.")
    if content_to and content_to.exists():
        raise NoBackup(f"{content_to} is there already. Name a new folder: nothing is overwritten.")
    if settings.database_url is None and await dsn_if_running(settings.home / "database"):
        raise InUse("The server is running. Stop it first, then restore.")
    with tempfile.TemporaryDirectory() as folder:
        about = _unpacked(file, Path(folder), content_to)
        async with database(settings.database_url, settings.home) as dsn:
            migrate(dsn)
            marks = await _erased(dsn)
            await load(dsn, Path(folder) / DATABASE)
            again = await _erase_again(dsn, marks)
    print(f"Restored as it was at {about['made_at']}." + (f" {again} who had been erased since are erased again."
                                                          if again else ""))
    if content_to:
        print(f"Its content is in {content_to}: set FRONTDESK_CONTENT to it.")
    console_for().print("Next: `frontdesk doctor`, then start the server.")


def _unpacked(file: Path, folder: Path, content_to: Path | None) -> dict[str, str]:
    """What the backup says of itself. Raises NoBackup."""
    try:
        with tarfile.open(file) as whole:
            whole.extractall(folder, filter="data")
        about: dict[str, str] = json.loads((folder / ABOUT).read_text())
        if not (folder / DATABASE).is_file():
            raise NoBackup(f"{file} has no database in it.")
    except FileNotFoundError as error:
        raise NoBackup(f"There is no {file}, or it holds no backup of ours.") from error
    except (OSError, tarfile.TarError, ValueError) as error:
        raise NoBackup(f"{file} is no backup of ours, or not a whole one. `frontdesk backup` makes one.") from error
    if content_to:
        if not (folder / CONTENT).is_dir():
            raise NoBackup(f"{file} has no content in it: the clinic used the sample.")
        content_to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(folder / CONTENT, content_to)
    return about


async def _erased(dsn: str) -> set[str]:
    """The marks of whoever has been erased from the database that is to be replaced."""
    store = Store(dsn)
    try:
        async with store.begin() as unit:
            return await unit.data_requests.marks()
    finally:
        await store.close()


async def _erase_again(dsn: str, marks: set[str]) -> int:
    """How many conversations came back that had been erased."""
    store, again = Store(dsn), 0
    try:
        async with store.begin() as unit:
            back = await unit.data_requests.returned(marks)
        for key in back:
            async with store.begin() as unit:
                try:
                    subject = await unit.subjects.of_conversation(key)
                except NobodyFound:
                    continue
                receipt = await unit.erasing.erase(subject, "restore", utc_now())
                await unit.data_requests.keep_receipt(receipt, subject, utc_now())
                again += 1
    finally:
        await store.close()
    return again


def _add(whole: tarfile.TarFile, name: str, body: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(body)
    whole.addfile(entry, io.BytesIO(body))
