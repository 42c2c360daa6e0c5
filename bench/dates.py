"""Wishes for a time that somebody labelled: how often ours is read as they did, and how often a day is silently wrong,
beside what two general libraries make of the same words.

The wishes in `read.jsonl` were read, and what went wrong there was mended, so they say only what still works. Those in
`held_out.jsonl` are only counted. A set that has been counted may be read: it then moves to the end of `read.jsonl`.

python -m bench.dates [-v]: `-v` lists what went wrong in the sets that were read, never in one held out."""
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dateparser
import parsedatetime
from dateparser.search import search_dates
from rich.console import Console
from rich.table import Table

from clinic.booking.when import read
from clinic.settings import ROOT
from desk.when import as_data

SETS = ROOT / "tests" / "data" / "when"
HELD_OUT = "held_out"
"""In the name of a set that nobody has read while mending the reader."""
ZONE = ZoneInfo("Europe/London")
DATEPARSER = {"DATE_ORDER": "DMY", "PREFER_DATES_FROM": "future"}
console = Console(width=110)
Label = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a wish was read as labelled; and whether it was taken for certain on days that are not the labelled."""

    agrees: bool
    silently_wrong: bool


def ours(label: Label) -> Outcome:
    found = as_data(label["text"], read(label["text"], datetime.fromisoformat(label["now"]), ZONE))
    agrees = all(found[key] == label[key] for key in ("reading", "intervals", "choices"))
    sure = found["reading"] == "exact"
    return Outcome(agrees, sure and (label["reading"] != "exact" or set(days(found)) != set(days(label))))


def library(parse: Callable[[str, datetime], datetime | None]) -> Callable[[Label], Outcome]:
    """A library that gives one moment: right where it lies in the labelled time, or there is none and it finds none."""
    def judge(label: Label) -> Outcome:
        moment = parse(label["text"], datetime.fromisoformat(label["now"]))
        if moment is None:
            return Outcome(label["reading"] == "none", False)
        inside = any(start.date() <= moment.date() if (end - start) >= timedelta(days=1) else start <= moment <= end
                     for start, end in spans(label) if moment <= end)
        return Outcome(label["reading"] == "exact" and inside and len(label["intervals"]) == 1,
                       label["reading"] != "exact" or moment.date() not in set(days(label)))
    return judge


def by_dateparser(text: str, now: datetime) -> datetime | None:
    settings: Any = {**DATEPARSER, "RELATIVE_BASE": now.replace(tzinfo=None)}
    found = dateparser.parse(text, languages=["en"], settings=settings)
    if found is None and (inside := search_dates(text, languages=["en"], settings=settings)):
        found = inside[0][1]
    return found.replace(tzinfo=None) if found else None


def by_parsedatetime(text: str, now: datetime) -> datetime | None:
    calendar = parsedatetime.Calendar(parsedatetime.Constants("en_GB", usePyICU=False))
    found, status = calendar.parseDT(text, sourceTime=now.replace(tzinfo=None))
    return found if status else None


def spans(label: Label) -> list[tuple[datetime, datetime]]:
    return [(datetime.fromisoformat(span["from"]), datetime.fromisoformat(span["to"])) for span in label["intervals"]]


def days(label: Label) -> Iterator[date]:
    """Each day on which some of the time lies."""
    for start, end in spans(label):
        last = (end - timedelta(minutes=1) if end > start else end).date()
        yield from (start.date() + timedelta(days=ahead) for ahead in range((last - start.date()).days + 1))


READERS = {"frontdesk": ours, "dateparser": library(by_dateparser), "parsedatetime": library(by_parsedatetime)}


def show(file: Path, verbose: bool) -> None:
    labels = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    how = "only counted" if HELD_OUT in file.name else "read and mended"
    table = Table("read by", "as labelled", "silently wrong day", title=f"{file.stem}: {len(labels)} wishes, {how}")
    for name, judge in READERS.items():
        outcomes = [judge(label) for label in labels]
        agree, wrong = sum(o.agrees for o in outcomes), sum(o.silently_wrong for o in outcomes)
        table.add_row(name, *(f"{count} ({count / max(len(labels), 1):.1%})" for count in (agree, wrong)))
    console.print(table)
    for label in labels if verbose and HELD_OUT not in file.name else ():
        if not (outcome := ours(label)).agrees:
            found = as_data(label["text"], read(label["text"], datetime.fromisoformat(label["now"]), ZONE))
            fault = "WRONG DAY" if outcome.silently_wrong else "other"
            console.print(f"  {fault} {label['now']} {label['text']!r}"
                          f"\n    labelled {label['reading']} {label['intervals'] or label['choices']}"
                          f"\n    read     {found['reading']} {found['intervals'] or found['choices']}",
                          highlight=False)


def main() -> None:
    files = sorted(SETS.glob("*.jsonl"))
    for file in files:
        show(file, "-v" in sys.argv[1:])
    if not files:
        console.print(f"There is no labelled set in {SETS}.")


if __name__ == "__main__":
    main()
