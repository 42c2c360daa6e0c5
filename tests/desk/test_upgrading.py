"""A database of an earlier version is brought to this one: nothing is lost, and what was going on goes on."""
import asyncio
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.types.range import Range
from sqlalchemy import Column, Connection, MetaData, Table, create_engine, select, text
from sqlalchemy.exc import ProgrammingError

from bootstrap import House, door_of, open_house, working
from clinic.figures.week import Week
from clinic.store.dsn import sqlalchemy_url
from clinic.store.schema import MIGRATIONS, DatabaseTooNew, head, migrate, revision
from clinic.store.tables import Row
from clinic.store.unit import Store
from tests.conftest import MONDAY_NOON, Pigeonhole
from tests.desk.console.conftest import HASH, Colleague

TOKEN, ASKED = "a-token-of-the-earlier-version", "is my calf worth a visit"
KEY = UUID("7d9d5c6e-0f5a-4b7e-9f3e-1c1f6f0f5a77")
STARTS = MONDAY_NOON + timedelta(days=3, hours=3)
WORDS: dict[str, Any] = {
    "channel": "website", "sender": "visitor", "state": "answered", "text": ASKED, "level": "none", "events": "[]",
    "external_id": "1", "role": "manager", "name": "Morgan", "password": HASH, "need": "benefits", "wish": "book",
    "kind": "answer", "answers": None, "choice": None, "moved_to": None, "held_by": None, "totp": None, "faq": None}
"""What an earlier version would have written, by the column's name; anything else is made up."""
OF: dict[tuple[str, str], Any] = {
    ("conversation", "id"): KEY, ("conversation", "token_hash"): sha256(TOKEN.encode()).digest(),
    ("conversation", "last_n"): 1, ("message", "n"): 1, ("message", "choices"): None, ("message", "citations"): None,
    ("message", "rules"): None, ("message", "intent"): None, ("case", "state"): "open",
    ("resource", "key"): "therapist-a", ("appointment", "state"): "booked", ("appointment", "service"): "sports-60",
    ("appointment", "reference"): "QQQQQQ", ("appointment", "held_until"): None, ("appointment", "name"): "Jo",
    ("appointment", "starts"): STARTS, ("appointment", "ends"): STARTS + timedelta(hours=1),
    ("appointment", "takes"): Range(STARTS, STARTS + timedelta(hours=1)),
    ("busy", "ends"): MONDAY_NOON + timedelta(hours=1), ("waiting", "opening"): None, ("waiting", "state"): "over",
    ("waiting", "offered_until"): None, ("waiting", "times"): "2026-12-03T17:00/2026-12-03T20:00",
    ("week_figure", "figures"): asdict(Week())}
GONE = {"thread_reading": "audit"}
"""Tables that are no more, and where their rows are."""


def revisions() -> list[str]:
    """All, oldest first."""
    return [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def brought_to(dsn: str, target: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(sqlalchemy_url(dsn))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, target)
    engine.dispose()


def filled(dsn: str) -> dict[str, int]:
    """A row in each table of ours that there is, by its foreign keys in order; how many rows each has."""
    engine = create_engine(sqlalchemy_url(dsn))
    with engine.begin() as connection:
        there = MetaData()
        there.reflect(connection)
        tables = [table for table in there.sorted_tables if ours(table)]
        for table in tables:
            connection.execute(table.insert().values({column.name: value for column, value in made(connection, table)}))
        counted = counts(connection, tables)
    engine.dispose()
    return counted


def taken_but_not_answered(dsn: str) -> None:
    """A message was acknowledged and its turn queued, and then the earlier version was stopped."""
    engine = create_engine(sqlalchemy_url(dsn))
    with engine.begin() as connection:
        given = {"key": KEY, "lock": str(KEY)}
        connection.execute(text("insert into message (conversation, n, sender, external_id, text, level, rules, state, "
                                "at) values (:key, 2, 'visitor', '2', 'what are your prices', 'none', '[]', 'waiting', "
                                "now())"), given)
        connection.execute(text("update conversation set last_n = 2 where id = :key"), given)
        connection.execute(text(
            "insert into procrastinate_jobs (queue_name, task_name, lock, args) values ('turns', 'turn', :lock, "
            "jsonb_build_object('conversation', cast(:lock as text), 'n', 2))"), given)
    engine.dispose()


def ours(table: Table) -> bool:
    return not table.name.startswith("procrastinate") and table.name != "alembic_version"


def made(connection: Connection, table: Table) -> Iterator[tuple[Column[Any], Any]]:
    """A value for each column that has none of its own."""
    for column in table.columns:
        if column.identity is not None or (column.server_default is not None and (table.name, column.name) not in OF):
            continue
        if (table.name, column.name) in OF:
            yield column, OF[table.name, column.name]
        elif column.foreign_keys and not (column.name in WORDS and column.nullable):
            (key,) = column.foreign_keys
            yield column, connection.scalar(select(key.column))
        else:
            yield column, WORDS[column.name] if column.name in WORDS else anything(column)


def anything(column: Column[Any]) -> Any:
    kind = str(column.type).upper()
    known = {"UUID": uuid4(), "BYTEA": uuid4().bytes, "JSONB": {}, "BOOLEAN": False, "TSTZRANGE": None,
             "TIMESTAMP": MONDAY_NOON, "DATE": MONDAY_NOON.date(), "TEXT": f"a {column.name}"}
    return known.get(kind.partition("(")[0].split()[0], 1)


def counts(connection: Connection, tables: list[Table]) -> dict[str, int]:
    return {table.name: int(connection.scalar(text(f'select count(*) from "{table.name}"')) or 0) for table in tables}


@pytest.mark.parametrize("before", revisions()[:-1])
async def test_no_row_is_lost_on_the_way_from_any_version(empty: str, before: str) -> None:
    brought_to(empty, before)
    there = filled(empty)
    assert all(there.values())
    assert migrate(empty) == head() == revision(empty)
    engine = create_engine(sqlalchemy_url(empty))
    with engine.begin() as connection:
        now = {table: int(connection.scalar(text(f'select count(*) from "{GONE.get(table, table)}"')) or 0)
               for table in there}
        assert {table for table in there if now[table] < there[table]} == set()
        assert connection.scalar(text("select text from message")) == ASKED
    engine.dispose()


async def test_who_opened_what_is_in_the_new_log(empty: str) -> None:
    brought_to(empty, "0011")
    engine = create_engine(sqlalchemy_url(empty))
    with engine.begin() as connection:
        for statement in ("insert into conversation (id, channel, created_at) values (:key, 'website', now())",
                          "insert into thread_reading (conversation, by, at) values (:key, 'Robin', now())",
                          "insert into gap (conversation, n, need, created_at) values (:key, 1, 'x', now())"):
            connection.execute(text(statement), {"key": KEY})
    engine.dispose()
    migrate(empty)
    store = Store(empty)
    async with store.begin() as unit:
        assert [(one.by, one.did, one.conversation) for one in await unit.audit.entries()] == [("Robin", "read", KEY)]
        assert await unit.connection.scalar(text("select why from gap")) == "not_covered"
    await store.close()


async def test_what_fails_on_the_way_leaves_all_as_it_was(empty: str) -> None:
    """Several steps are to be taken, and a later one fails: none of them is."""
    brought_to(empty, "0017")
    there = filled(empty)
    engine = create_engine(sqlalchemy_url(empty))
    with engine.begin() as connection:
        connection.execute(text("create table screening (somebody_elses int)"))
    with pytest.raises(ProgrammingError):
        migrate(empty)
    assert revision(empty) == "0017"
    with engine.begin() as connection:
        before = MetaData()
        before.reflect(connection)
        assert "continuation" not in before.tables
        assert counts(connection, [before.tables[name] for name in there]) == there
    engine.dispose()


async def test_a_later_versions_database_is_left_alone(empty: str) -> None:
    """Whoever went back to the version before is told so, in words."""
    migrate(empty)
    engine = create_engine(sqlalchemy_url(empty))
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    engine.dispose()
    with pytest.raises(DatabaseTooNew, match="9999"):
        migrate(empty)
    assert revision(empty) == "9999"


async def test_the_tables_are_what_the_program_thinks_they_are(empty: str) -> None:
    """Nothing that the code names is missing or of another kind after all migrations."""
    migrate(empty)
    engine = create_engine(sqlalchemy_url(empty))
    with engine.begin() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Row.metadata)
    engine.dispose()
    flat = [one for entry in found for one in (entry if isinstance(entry, list) else [entry])]
    assert [one for one in flat if not str(one[0]).startswith("remove_")] == []


async def test_what_was_going_on_goes_on(house: House, post: Pigeonhole, empty: str) -> None:
    """The previous version's database under this program: the visitor's token, the appointment, the colleague who signs
    in, the case that was open; and a message that was taken and not answered is answered now."""
    previous = revisions()[-2]
    await asyncio.to_thread(brought_to, empty, previous)
    await asyncio.to_thread(filled, empty)
    await asyncio.to_thread(taken_but_not_answered, empty)
    settings = replace(house.settings, database_url=empty)
    async with open_house(settings, agent=house.agent, clock=house.clock, post=post) as upgraded, \
            working(upgraded, ("turns", "notices")):
        client = httpx.AsyncClient(transport=httpx.ASGITransport(door_of(upgraded)), base_url="http://localhost:8000",
                                   headers={"sec-fetch-site": "same-origin"}, timeout=30)
        async with client:
            talk, visitor = f"/v1/conversations/{KEY}/messages", {"authorization": f"Bearer {TOKEN}"}
            said = (await client.get(talk, headers=visitor)).json()["messages"]
            assert said[0]["text"] == ASKED
            answer = await client.post(talk, headers=visitor, params={"wait": 20}, json={"id": "2", "text": "again"})
            assert [reply["kind"] for reply in answer.json()["replies"]] == ["clinic_fact"]
            answer = await client.post(talk, headers=visitor, params={"wait": 20},
                                       json={"id": "3", "text": "when is my appointment"})
            assert "QQQQQQ" in answer.text
            morgan = Colleague(upgraded, client)
            assert (await morgan.signs_in("Morgan")).status_code == 303
            page = (await morgan.opens(f"/desk/threads/{KEY}")).text
            assert ASKED in page
            assert "QQQQQQ" in page
            assert "QQQQQQ" in (await morgan.opens("/desk/book")).text
            assert str(KEY) in (await morgan.opens("/desk")).text
