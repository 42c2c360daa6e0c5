"""`frontdesk book export` and `import`: the book in a file, and from one."""
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from clinic.booking import copy_csv, copy_ical
from clinic.booking.copies import CopyUnusable, Entry, EntryUnusable, entry_of
from clinic.booking.importing import Defaults, Importer
from clinic.clock import Clock, utc_now
from clinic.settings import Settings
from desk.booking import Desk, at_desk
from desk.moments import day

KINDS = (".csv", ".ics")


async def export(settings: Settings, file: Path, since: str | None, clock: Clock = utc_now) -> None:
    """Write the book, from the day *since* on, as the file's name says. Raises CopyUnusable, WhenUnclear."""
    kind = _kind(file)
    if file.exists():
        raise CopyUnusable(f"{file} is there already. Choose another name, or move it away.")
    async with at_desk(settings, clock) as desk:
        earliest = day(since, desk.now, desk.clinic.zone) if since else None
        kept = await desk.unit.ledger.kept(earliest)
    entries = [entry_of(one, number) for number, one in enumerate(kept, 2)]
    text = copy_csv.write(entries, desk.clinic.zone) if kind == ".csv" else copy_ical.write(entries, desk.now)
    try:
        file.touch(mode=0o600)  # names and numbers are in it
        file.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise CopyUnusable(f"{file} can't be written: {error.strerror}.") from None
    print(f"{file}: {len(entries)} appointments and blocked times.")


async def take_in(settings: Settings, file: Path, defaults: Defaults, clock: Clock = utc_now) -> None:
    """Put what *file* holds into the book, all or nothing. Raises CopyUnusable with every line that can't be."""
    kind = _kind(file)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CopyUnusable(f"{file} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CopyUnusable(f"{file} is not UTF-8 text. Save it again as UTF-8.") from None
    if "\x00" in text:
        raise CopyUnusable(f"{file} is no text.")
    async with at_desk(settings, clock) as desk:
        importer = Importer(desk.book, desk.unit, desk.now, defaults)
        done = await importer.take(_read(desk, kind, text, file), file.name)
    known = f", {done.known} were there already" if done.known else ""
    print(f"{file}: {done.added} added{known}. Nobody was told.")


def _read(desk: Desk, kind: str, text: str, file: Path) -> Iterable[Entry]:
    reader: Callable[..., Iterator[Entry]] = copy_csv.read if kind == ".csv" else copy_ical.read
    try:
        return list(reader(text, desk.clinic.zone))
    except EntryUnusable as error:
        raise CopyUnusable(f"{file}: {error}.") from None


def _kind(file: Path) -> str:
    kind = file.suffix.casefold()
    if kind not in KINDS:
        raise CopyUnusable(f"{file} should end in .csv (a table) or .ics (a calendar).")
    return kind
