"""The archive for whoever helps: useful, and no canary in it, whatever was typed, named or set."""
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from bootstrap import House
from clinic.knowledge.answer import Knowledge
from clinic.settings import Settings
from clinic.store.dumping import dump, load
from clinic.store.holdings import HOLDINGS, NOBODYS
from desk import supporting
from tests.channels.kit.visitor import EVERYWHERE
from tests.desk.console.conftest import Desk
from tests.talk import Talk

BIRD = "zq7canaryxk"
SECRETS = {"SMTP_URL": f"smtp+starttls://{BIRD}user:{BIRD}%40word@{BIRD}.example:587", "NOTIFY_TO": f"{BIRD}@x.example",
           "MAIL_FROM": f"from{BIRD}@x.example", "CALDAV_THERAPIST_A": f"{BIRD}login:{BIRD}password",
           "CALDAV_ROBIN_QUILLON": "rq:sesame", "SAFETY_UNSIGNED": f"accept: Dr {BIRD}, until spring",
           "TELEGRAM_TOKEN": f"123456:{BIRD}", "TELEGRAM_NAME": f"{BIRD}_bot", "WHATSAPP_TOKEN": f"wa{BIRD}",
           "WHATSAPP_PHONE_ID": "90817263540", "WHATSAPP_APP_SECRET": f"app{BIRD}", "WHATSAPP_VERIFY_TOKEN": f"v{BIRD}",
           "WHATSAPP_NUMBER": "+44 1632 960417", "TWILIO_ACCOUNT_SID": f"AC{BIRD}", "TWILIO_AUTH_TOKEN": f"tw{BIRD}",
           "TWILIO_FROM": "+441632960418", "PUBLIC_URL": f"https://{BIRD}:{BIRD}@chat.clinic.example",
           "ALLOWED_ORIGINS": f"https://{BIRD}@clinic.example"}
NEVER = ("zq7", "quillon", "sesame", "90817263540", "1632960417", "1632960418", "07700", "447700")
OURS = {("conversation", "channel"), ("message", "state"), ("message", "sender"), ("delivery", "channel"),
        ("delivery", "state"), ("procrastinate_jobs", "queue_name"), ("procrastinate_jobs", "task_name"),
        ("presence", "name"), ("warning", "about"), ("content_version", "version"), ("alembic_version", "version_num")}
"""Columns that hold words of the program's own: what the archive may say as it is."""


def words_in(file: Path) -> dict[str, str]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def birds_in(said: dict[str, str]) -> dict[str, str]:
    return {f"{name}: {bird}": text[max(0, text.lower().index(bird) - 80):][:200]
            for name, text in said.items() for bird in NEVER if bird in text.lower()}


def planted(dsn: str) -> Iterator[str]:
    """Put a canary into every column that can hold a word, but for those that hold ours; which they were."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")  # the log that only grows, and what rows refer to
        columns = connection.execute(
            "select table_name, column_name, data_type from information_schema.columns where table_schema = 'public' "
            "and data_type in ('text', 'character varying', 'jsonb')").fetchall()
        for table, column, kind in columns:
            if table not in HOLDINGS.keys() | NOBODYS.keys() or (table, column) in OURS:
                continue
            bird: sql.Composable = sql.SQL("{} || ctid").format(sql.Literal(BIRD))
            if kind == "jsonb":
                bird = sql.SQL("jsonb_build_object({0}::text, {0}::text)").format(sql.Literal(BIRD))
            connection.execute(sql.SQL("update {} set {} = {}").format(sql.Identifier(table), sql.Identifier(column),
                                                                      bird))
            yield f"{table}.{column}"


async def a_full_house(house: House, desk: Desk, talk: Talk, providers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows in most tables, a turn that failed over what was said, and a delivery that the provider refused."""
    await talk.says(f"can i book an hour on thursday afternoon, my name is {BIRD}, 07700 900517")
    await talk.passes_check()
    await talk.taps("Yes, go ahead")
    robin = await desk.at_work("reception")
    path = f"/desk/threads/{talk.conversation}"
    await robin.opens(path)
    await robin.sends(f"{path}/note", text=f"note {BIRD}")
    await robin.sends("/desk/presence", name="away", on="yes")
    await robin.sends("/desk/presence", name="away", on="no")
    visitor = EVERYWHERE["telegram"](house, providers, robin.client)
    await visitor.says(f"what is the airspeed of {BIRD}")
    await visitor.heard()

    def fault(self: Knowledge, question: object, today: object) -> None:
        raise ValueError(f"no good: {question}")

    with monkeypatch.context() as broken:
        broken.setattr(Knowledge, "answer", fault)
        await visitor.says(f"do you treat sore calves {BIRD}")
        await visitor.heard()


async def test_no_canary_is_in_it(house: House, desk: Desk, talk: Talk, providers: Any, empty: str, tmp_path: Path,
                                  monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Once with what people wrote, once with a canary in every column there is; with canaries for every secret."""
    await a_full_house(house, desk, talk, providers, monkeypatch)
    await dump(house.store.dsn, tmp_path / "whole.dump")
    await load(empty, tmp_path / "whole.dump")
    set_to = Settings.read({**SECRETS, "FRONTDESK_HOME": str(house.settings.home), "DATABASE_URL": empty,
                            "TELEGRAM_API": house.settings.telegram.api, "WHATSAPP_API": house.settings.whatsapp.api})  # type: ignore[union-attr]
    await supporting.support(set_to, tmp_path / "first.zip")
    first = words_in(tmp_path / "first.zip")
    assert birds_in(first) == {}
    assert "ValueError" in first["faults.txt"]
    assert "actions/" in first["faults.txt"]
    put = list(planted(empty))
    assert len(put) > 60
    await supporting.support(set_to, tmp_path / "second.zip")
    second = words_in(tmp_path / "second.zip")
    assert birds_in(second) == {}
    assert birds_in({"printed": capsys.readouterr().out}) == {}
    assert {name for name, text in second.items() if "can't be had" in text} == set()


async def test_it_says_what_helps(house: House, beside: Settings, talk: Talk, tmp_path: Path, server_url: str,
                                  capsys: pytest.CaptureFixture[str]) -> None:
    await talk.says("what are your prices")
    file = tmp_path / "support.zip"
    await supporting.support(replace(beside, port=int(server_url.rpartition(":")[2])), file)
    said = words_in(file)
    printed = capsys.readouterr().out
    assert said.keys() == supporting.PARTS.keys()
    assert all(name in printed for name in said)
    assert "look before you send it" in printed
    assert file.stat().st_mode & 0o077 == 0
    assert "rasa: 3.6.21" in said["about.txt"]
    assert "its tables are of release: 00" in said["database.txt"]
    assert "rows of message: " in said["database.txt"]
    assert "questions: " in said["content.txt"]
    assert "telegram: set up" in said["channels.txt"]
    assert "website, answered, " in said["channels.txt"]
    assert "Database: ok" in said["doctor.txt"]
    assert "process_cpu_seconds_total" in said["metrics.txt"]
    with pytest.raises(supporting.AlreadyThere):
        await supporting.support(beside, file)


async def test_without_a_database_the_rest_is_there(ours: Settings, tmp_path: Path) -> None:
    """Whoever asks for help may have one that can't be reached."""
    file = tmp_path / f"{uuid4().hex}.zip"
    await supporting.support(replace(ours, database_url="postgresql://robin:sesame@127.0.0.1:1/none"), file)
    said = words_in(file)
    assert "can't be had" in said["database.txt"]
    assert "Database: WRONG" in said["doctor.txt"]
    assert "questions: " in said["content.txt"]
    assert birds_in(said) == {}
