"""`frontdesk doctor`: finds what is wrong, says what to do, and has nothing to say of a house in order."""
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clinic.settings import ROOT, Settings
from desk import checks


@pytest.fixture
def real(ours: Settings, tmp_path: Path) -> Settings:
    """A clinic's own content, no longer the sample's."""
    shutil.copytree(ROOT / "content", tmp_path / "content")
    facts = tmp_path / "content" / "clinic.yml"
    facts.write_text(facts.read_text(encoding="utf-8").replace("sample: true\n", ""), encoding="utf-8")
    return replace(ours, content=tmp_path / "content", public_url="https://clinic.example")


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_this_environment_is_as_the_lock_pins_it() -> None:
    assert checks.packages().ok, checks.packages().said


def test_a_missing_encoder_is_found(ours: Settings) -> None:
    found = checks.encoder(ours)
    assert not found.ok
    assert "make setup" in found.remedy


def test_the_encoder_that_set_up_exported_is_fine() -> None:
    assert checks.encoder(Settings.read({})).ok


def test_a_damaged_encoder_is_found(ours: Settings) -> None:
    shutil.copytree(Settings.read({}).encoder, ours.encoder)
    with (ours.encoder / "encoder.onnx").open("r+b") as file:
        file.truncate(1000)
    assert not checks.encoder(ours).ok


def test_a_model_made_of_older_data_is_found(ours: Settings, tmp_path: Path) -> None:
    model = tmp_path / "model.tar.gz"
    model.touch()
    model.with_suffix(".stamp").write_text("made of something else")
    found = checks.model(replace(ours, model=model))
    assert not found.ok
    assert "frontdesk train" in found.remedy


def test_the_first_thing_to_mend_in_the_content_is_named(real: Settings) -> None:
    (real.content / "faq" / "broken.md").write_text("---\nquestion: [\n---\n")
    found = checks.content(real)
    assert not found.ok
    assert "faq/broken.md:" in found.said


def test_unsigned_safety_rules_are_found_where_the_clinic_is_real(real: Settings) -> None:
    assert not checks.safety(real).ok


def test_a_clinic_may_say_that_it_goes_on_unsigned(real: Settings) -> None:
    assert checks.safety(replace(real, safety_unsigned="a name, until Friday")).ok


async def test_the_built_in_database_is_tried(ours: Settings) -> None:
    assert (await checks.store(ours)).ok


async def test_a_database_that_can_not_be_reached_is_found(ours: Settings) -> None:
    found = await checks.store(replace(ours, database_url="postgresql://nobody@127.0.0.1:1/none"))
    assert not found.ok
    assert "DATABASE_URL" in found.remedy


def test_a_port_that_somebody_else_has_is_found(ours: Settings, taken: int) -> None:
    found = checks.port(replace(ours, port=taken))
    assert not found.ok
    assert f"PORT={taken + 1}" in found.remedy


def test_a_port_that_our_own_server_has_is_fine(ours: Settings, server_url: str) -> None:
    assert checks.port(replace(ours, port=int(server_url.rpartition(":")[2]))).ok


@pytest.mark.parametrize("host", ["192.0.2.1", "nowhere", "é" * 70])
def test_a_host_of_another_machine_or_of_none_is_found(ours: Settings, host: str) -> None:
    found = checks.port(replace(ours, host=host))
    assert not found.ok
    assert "HOST" in found.remedy


@pytest.mark.parametrize("wrong", [
    {"public_url": "http://clinic.example"},
    {"host": "0.0.0.0"},
    {"port": 8001},
    {"allowed_origins": ("http://clinic.example",)},
    {"allowed_origins": ("https://clinic.example/contact",)},
])
def test_addresses_that_do_not_go_together_are_found(ours: Settings, wrong: dict[str, object]) -> None:
    assert not checks.addresses(replace(ours, **wrong)).ok  # type: ignore[arg-type]


@pytest.mark.parametrize("right", [
    {},
    {"public_url": "https://chat.clinic.example", "allowed_origins": ("https://clinic.example",)},
    {"public_url": "https://chat.clinic.example", "host": "0.0.0.0"},
    {"public_url": "http://127.0.0.1:8001", "port": 8001},
])
def test_addresses_that_go_together_are_fine(ours: Settings, right: dict[str, object]) -> None:
    assert checks.addresses(replace(ours, **right)).ok  # type: ignore[arg-type]


def test_a_real_clinic_that_would_hear_of_nothing_is_told(real: Settings) -> None:
    assert not checks.told(real).ok


def test_whatever_is_wrong_has_a_remedy(real: Settings, taken: int) -> None:
    wrong = [checks.encoder(real), checks.model(replace(real, model=Path("/nowhere"))), checks.safety(real),
             checks.port(replace(real, port=taken)), checks.told(real)]
    assert all(not one.ok and one.remedy for one in wrong)
