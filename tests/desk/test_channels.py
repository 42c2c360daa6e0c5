"""`frontdesk channels`: set up as a clinic would, with a wrong token and a right one."""
import stat
from pathlib import Path

import pytest

from clinic.settings import Settings
from desk import channels
from desk.channels import NoSuchChannel, NotAccepted, add, check, link
from desk.env_file import private, write_env
from tests.channels.kit.provider import Provider

SECRET = "123456:a-secret-of-telegrams"


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch, providers: Provider) -> list[str]:
    """What is typed at the prompts, in order."""
    given: list[str] = []
    monkeypatch.setattr(channels.typer, "prompt", lambda *_, **__: given.pop(0))
    monkeypatch.setattr(channels.typer, "confirm", lambda *_, **__: True)
    for name, path in (("TELEGRAM_API", "tg"), ("WHATSAPP_API", "wa"), ("TWILIO_API", "tw")):
        monkeypatch.setenv(name, f"{providers.url}/{path}")
    return given


async def test_a_channel_is_set_up(answers: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The token is tried, kept where only its owner reads it, and never shown."""
    file = tmp_path / ".env"
    file.write_text("PORT=8001\nTELEGRAM_TOKEN=old\n")
    answers.append(SECRET)
    await add(Settings.read({}), "telegram", file)
    said = capsys.readouterr().out
    assert "@clinic_bot" in said
    assert SECRET not in said
    assert file.read_text() == f"PORT=8001\nTELEGRAM_TOKEN={SECRET}\nTELEGRAM_NAME=clinic_bot\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_what_to_enter_at_meta_is_said(answers: list[str], tmp_path: Path,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    answers.extend(["wa-token", "1122334455667", "app-secret"])
    await add(Settings.read({"PUBLIC_URL": "https://clinic.example"}), "whatsapp", tmp_path / ".env")
    said = capsys.readouterr().out
    assert "https://clinic.example/webhooks/whatsapp" in said
    assert "app-secret" not in said
    assert "WHATSAPP_NUMBER=441632960000\n" in (tmp_path / ".env").read_text()


async def test_a_link_says_where_it_stands(settings: Settings, capsys: pytest.CaptureFixture[str],
                                           tmp_path: Path) -> None:
    await link(settings, "telegram", "poster", tmp_path / "poster.svg")
    assert (tmp_path / "poster.svg").read_text().startswith("<svg")
    capsys.readouterr()
    await link(settings, "telegram", "poster")
    await link(settings, "whatsapp", "race-day")
    await link(settings, "website", "leaflet")
    assert capsys.readouterr().out.split() == ["https://t.me/clinic_bot?start=poster",
                                               "https://wa.me/441632960001?text=Hello%20%23race-day",
                                               "http://localhost:8000/?chat-from=leaflet"]


@pytest.mark.parametrize(("name", "source"), [("fax", "poster"), ("telegram", "A Poster!"), ("twilio", "poster")])
async def test_a_link_that_would_lead_nowhere_is_not_made(settings: Settings, name: str, source: str) -> None:
    with pytest.raises(NoSuchChannel):
        await link(settings, name, source)


async def test_a_wrong_token_is_not_kept(answers: list[str], tmp_path: Path) -> None:
    answers.append(f"{SECRET}withdrawn")
    with pytest.raises(NotAccepted) as told:
        await add(Settings.read({}), "telegram", tmp_path / ".env")
    assert SECRET not in str(told.value)
    assert not (tmp_path / ".env").exists()


async def test_another_channel_is_not_known(tmp_path: Path) -> None:
    with pytest.raises(NoSuchChannel, match="telegram"):
        await add(Settings.read({}), "fax", tmp_path / ".env")


async def test_what_works_is_said(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """Telegram fetches; the others are not brought messages without https."""
    assert await check(settings) == 1
    said = capsys.readouterr().out
    assert "telegram: accepted as @clinic_bot; messages are fetched" in said
    assert "whatsapp: PUBLIC_URL is" in said


async def test_with_no_channel_the_quickest_is_named(
        capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert await check(Settings.read({})) == 0
    assert "channels add telegram" in capsys.readouterr().out


def test_a_file_of_secrets_is_private(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    assert private(file)
    write_env(file, {"PORT": "1"})
    assert private(file)
    file.chmod(0o644)
    assert private(file)
    write_env(file, {"TELEGRAM_TOKEN": SECRET})
    assert private(file)
    file.chmod(0o644)
    assert not private(file)
