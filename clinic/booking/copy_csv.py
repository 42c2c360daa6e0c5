"""The book as a table (CSV): one line an appointment, times as they are at the clinic."""
import csv
import io
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from clinic.booking.copies import Entry, EntryUnusable, instant
from clinic.spreadsheet import is_formula

COLUMNS = ("reference", "state", "service", "therapist", "starts", "ends", "name", "contact", "why", "place")
NEEDED = {"therapist", "starts"}


def write(entries: Iterable[Entry], zone: ZoneInfo) -> str:
    """The table; what `read` makes of it is *entries* again. Without the places where no entry has one."""
    out, entries = io.StringIO(newline=""), list(entries)
    columns = [name for name in COLUMNS if name != "place" or any(entry.place for entry in entries)]
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(columns)
    for entry in entries:
        moments = {name: moment.astimezone(zone).isoformat(timespec="minutes") if (moment := getattr(entry, name))
                   else "" for name in ("starts", "ends")}
        table.writerow([_harmless(moments.get(name) or getattr(entry, name) or "") for name in columns])
    return out.getvalue()


def read(text: str, zone: ZoneInfo) -> Iterator[Entry]:
    """Its lines; one that can't be read says so itself. Commas or semicolons, as the first line has it.

    Raises EntryUnusable where the first line does not name the columns."""
    first = text.partition("\n")[0]
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",", restkey="beyond")
    named = {(name or "").strip().casefold() for name in table.fieldnames or ()}
    if missing := NEEDED - named:
        raise EntryUnusable(f"the first line names no {' and no '.join(sorted(missing))}. Columns that are read: "
                            f"{', '.join(COLUMNS)}")
    for row in table:
        yield _entry(row, table.line_num, zone)


def _entry(row: dict[str, str | None], line: int, zone: ZoneInfo) -> Entry:
    if "beyond" in row:
        return Entry(line, wrong="it has more cells than the first line; a comma in a name needs quotes around it")
    cells = {(name or "").strip().casefold(): _plain((value or "").strip()) for name, value in row.items()}
    given = {name: cells.get(name, "") for name in COLUMNS}
    try:
        starts, ends = instant(given.pop("starts"), zone), instant(given.pop("ends"), zone)
    except EntryUnusable as error:
        return Entry(line, wrong=str(error))
    return Entry(line, starts=starts, ends=ends, **given)


def _harmless(cell: str) -> str:
    return f"'{cell}" if _marked(cell) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _marked(cell[1:]) else cell


def _marked(cell: str) -> bool:
    """Whether it gets an apostrophe: so that it is no formula, or that one of its own is not taken for ours."""
    return is_formula(cell) or cell.startswith("'")
