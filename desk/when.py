"""`frontdesk when`: how wishes for a time are read, a line of standard input each."""
import json
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import typer
import yaml

from clinic.booking.when import Interval, Reading, read
from clinic.errors import SettingsError

SHOWN = "%a %d %b %Y %H:%M"


def read_lines(now: datetime, zone: ZoneInfo, as_json: bool) -> None:
    """Read each line of standard input but blank ones, and print at once how it is read. *now* as `read` takes it."""
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "replace").strip()
        if text:
            reading = read(text, now, zone)
            print(json.dumps(as_data(text, reading), ensure_ascii=False) if as_json else _shown(text, reading),
                  flush=True)


def moment(written: str) -> datetime:
    """The moment *written* in ISO form; what is none ends the command with exit code 2."""
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        typer.echo(f"{written!r} is no moment. Write one such as 2026-03-27T10:00", err=True)
        raise typer.Exit(2) from None


def zone_of(content: Path) -> ZoneInfo:
    """The zone that the clinic in *content* keeps its hours in. Raises SettingsError."""
    file = content / "clinic.yml"
    try:
        return ZoneInfo(str(yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["timezone"]))
    except (OSError, yaml.YAMLError, TypeError, KeyError, ValueError) as error:
        raise SettingsError(f"{file}: no time zone in it ({error}). Write `timezone: Europe/London`") from error


def as_data(text: str, reading: Reading) -> dict[str, object]:
    """The line of JSON for one reading, as `docs/when.md` shows it."""
    return {"text": text, "reading": reading.reading, "intervals": _data(reading.intervals),
            "choices": [_data(choice) for choice in reading.choices]}


def _data(intervals: tuple[Interval, ...]) -> list[dict[str, str]]:
    return [{"from": _minute(start), "to": _minute(end)} for start, end in intervals]


def _minute(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _shown(text: str, reading: Reading) -> str:
    ways = [reading.intervals] if reading.intervals else reading.choices
    lines = ["; ".join(_span(start, end) for start, end in way) for way in ways]
    return "\n".join([f"{text}: {reading.reading}", *(f"  {line}" for line in lines)])


def _span(start: datetime, end: datetime) -> str:
    return start.strftime(SHOWN) + ("" if start == end else f" to {end.strftime(SHOWN)}")
