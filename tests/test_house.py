"""The fences: which room knows which library, and which floor stands on which."""
import ast
import re
from pathlib import Path

import pytest
import yaml

from clinic.settings import ROOT

ROOMS = ("bot", "actions", "clinic", "channels", "desk")
HOMES = {
    "rasa": ["bot"], "rasa_sdk": ["actions", "bot"], "sqlalchemy": ["clinic/store"], "alembic": ["clinic/store"],
    "psycopg": ["clinic/store"], "procrastinate": ["clinic/store"], "starlette": ["channels", "desk"],
    "spacy": ["bot", "clinic/safety"], "onnxruntime": ["bot"], "typer": ["desk"],
}
FLOORS = {
    "clinic/store": {"clinic"}, "clinic": {"clinic"}, "bot": {"clinic", "bot"}, "actions": {"clinic", "actions"},
    "channels": {"clinic", "channels"}, "desk": {"clinic", "desk", "channels", "bootstrap", "bot"},
}
TRADE = re.compile(r"\b(massages?|runners|physiotherap\w*)\b", re.I)


def sources() -> list[Path]:
    return [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py")) if "migrations" not in file.parts]


def imports_of(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return found | {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}


def tops(file: Path) -> set[str]:
    return {name.split(".")[0] for name in imports_of(file)}


def at(file: Path, home: str) -> bool:
    return file.is_relative_to(ROOT / home)


@pytest.mark.parametrize("library", HOMES)
def test_a_library_is_imported_only_at_home(library: str) -> None:
    assert [str(file) for file in sources()
            if library in tops(file) and not any(at(file, home) for home in HOMES[library])] == []


@pytest.mark.parametrize("room", FLOORS)
def test_a_floor_stands_only_on_those_below(room: str) -> None:
    ours = {*ROOMS, "bootstrap", "bench", "tests"}
    assert [f"{file}: {sorted(tops(file) & ours - FLOORS[room])}" for file in sources()
            if at(file, room) and tops(file) & ours - FLOORS[room]] == []


def test_the_clinic_does_not_know_its_store() -> None:
    assert [str(file) for file in sources() if at(file, "clinic") and not at(file, "clinic/store")
            and any(name.startswith("clinic.store") for name in imports_of(file))] == []


def test_no_trade_is_written_in_python() -> None:
    """A clinic of another kind runs on the same code: its words are in content and data."""
    assert [f"{file}: {found[0]}" for file in sources()
            if (found := TRADE.search(file.read_text(encoding="utf-8")))] == []


def test_only_the_clock_asks_what_time_it_is() -> None:
    assert [str(file) for file in sources() if file.name != "clock.py"
            and any(call in file.read_text(encoding="utf-8") for call in ("datetime.now(", "date.today(", "utcnow("))
            and "retry_job" not in file.read_text(encoding="utf-8")] == []


def test_every_fault_that_the_drill_plants_has_its_place() -> None:
    """What it replaces stands in its file once: else the drill would plant nothing, and call that missed."""
    faults = yaml.safe_load((ROOT / "bench" / "faults.yml").read_text(encoding="utf-8"))
    assert [fault["name"] for fault in faults
            if (ROOT / fault["file"]).read_text(encoding="utf-8").count(fault["old"]) != 1] == []
