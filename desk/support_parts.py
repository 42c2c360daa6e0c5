"""The parts of the archive for whoever helps from afar, each as text: counts, and what is known to be harmless."""
import asyncio
import os
import platform
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from urllib.parse import urlsplit

import httpx

from channels import rooms
from clinic.clock import utc_now
from clinic.knowledge.content import load
from clinic.knowledge.problems import ContentError
from clinic.safety.rules import SafetyRules
from clinic.safety.signature import Signature, standing
from clinic.settings import Settings
from clinic.store.embedded import database
from clinic.store.schema import head, revision
from clinic.store.unit import Store, Unit
from desk import checks, flowing
from desk.doctor import examine
from desk.refusals import MEANING

SAID = {"Python", "Packages", "Disk", "Sentence encoder", "Model", "Database", "Replies", "Port", "Notices", "Channels",
        "Tokens"}
"""Findings of the doctor whose words name nobody; of others only whether they are well."""
REASON = re.compile(r"\d{3}( \d+)?|[A-Z][A-Za-z]+(Error|Timeout)")
"""A reason that a delivery may have beside ours: a provider's number, a kind of exception."""
OURS = {*MEANING, "no_answer", "untrue", "stopped"}


@asynccontextmanager
async def _reading(settings: Settings) -> AsyncIterator[Unit]:
    """The database as it is: whoever asks for help may have one of another release, and wants it left alone."""
    async with database(settings.database_url, settings.home) as dsn:
        store = Store(dsn)
        try:
            async with store.look() as unit:
                yield unit
        finally:
            await store.close()


async def about(settings: Settings) -> str:
    return _lines(("made at", _moment(utc_now())), ("Python", platform.python_version()),
                  ("system", f"{platform.system()} {platform.release()} {platform.machine()}"),
                  ("processors", os.cpu_count()), ("release of the database's tables", head()),
                  ("packages", checks.packages().said), *checks.installed())


async def settings_of(settings: Settings) -> str:
    """The harmless ones as they are; of the others, whether they are set."""
    shown = {"PORT": settings.port, "HOST": settings.host, "PUBLIC_URL": _bare(settings.public_url),
             "ALLOWED_ORIGINS": " ".join(map(_bare, settings.allowed_origins)) or "none", "WORKERS": settings.workers,
             "HANDBACK_MINUTES": settings.handback_minutes, "ALERT_MINUTES": settings.alert_minutes,
             "LOG_FORMAT": "json" if os.environ.get("LOG_FORMAT") == "json" else "text"}
    kept = {"DATABASE_URL": settings.database_url, "SMTP_URL": settings.smtp_url, "NOTIFY_TO": settings.notify_to,
            "MAIL_FROM": settings.mail_from, "SAFETY_UNSIGNED": settings.safety_unsigned,
            "TELEGRAM_*": settings.telegram, "WHATSAPP_*": settings.whatsapp, "TWILIO_*": settings.twilio}
    return _lines(*shown.items(), *((name, "set" if value else "not set") for name, value in kept.items()),
                  ("CALDAV_*", f"{len(settings.caldav)} set"))


async def doctor(settings: Settings) -> str:
    return _lines(*((finding.name, f"{'ok' if finding.ok else 'WRONG'}"
                     f"{': ' + finding.said if finding.name in SAID else ''}") for finding in await examine(settings)))


async def tables(settings: Settings) -> str:
    async with database(settings.database_url, settings.home) as dsn:
        there = await asyncio.to_thread(revision, dsn)
    if there is None:
        return "it has no tables of ours yet\n"
    async with _reading(settings) as unit:
        live = await unit.contents.newest()
        return _lines(("its tables are of release", there), ("this release has", head()),
                      ("what the clinic says, live", live[1] if live else "nothing"),
                      ("on the disk", f"{await unit.tallies.megabytes()} MB"),
                      *((f"rows of {table}", rows) for table, rows in await unit.tallies.rows()))


async def queues(settings: Settings) -> str:
    waits = await flowing.waiting(settings) or []
    async with _reading(settings) as unit:
        told = await unit.flow.told()
        jobs, said = await unit.tallies.jobs(), await unit.presences.said(utc_now())
        sends = [(channel, state, _known(error), *rest) for channel, state, error, *rest
                 in await unit.tallies.deliveries()]
    return "".join((
        _table("waits for, how many, since", [(wait.place, wait.many, _moment(wait.since)) for wait in waits]),
        _table("the clinic was told that it stands still, at", [(place, _moment(at)) for place, at in told.items()]),
        _table("work: queue, kind, state, how much, most tries", jobs),
        _table("deliveries: channel, state, reason, how many, most tries", sends),
        _table("the desk says", [(name,) for name in said])))


async def faults(settings: Settings) -> str:
    async with _reading(settings) as unit:
        found = await unit.messages.faults()
    return "\n".join("\n  ".join((_moment(at), *lines)) for at, lines in found) + "\n" if found else "none\n"


async def content(settings: Settings) -> str:
    try:
        read = load(settings.content)
    except ContentError as error:
        folders = sorted({problem.file.partition("/")[0] for problem in error.problems if "/" in problem.file})
        return _lines(("to mend", len(error.problems)), ("in", ", ".join(folders) or "files beside the folders"))
    today = utc_now().astimezone(read.clinic.zone).date()
    signed = standing(SafetyRules.load(settings.content), Signature.read(settings.content), read.clinic.scope, today)
    return _lines(("in the folder", read.version), ("a sample", "yes" if read.clinic.sample else "no"),
                  ("articles", len(read.articles)), ("questions", len(read.faqs)),
                  ("to write or to look at", len(read.to_confirm(today))),
                  ("past their day", sum(faq.overdue(today) for faq in read.faqs)),
                  ("safety rules signed", "yes" if signed.signed else "no"))


async def channels(settings: Settings) -> str:
    here = rooms.set_up(settings)
    async with _reading(settings) as unit:
        seen = [(*row, _moment(at)) for *row, at in await unit.tallies.messages()]
    return _lines(*((name, "set up" if name in here else "not set up") for name in rooms.LIMITS)) + _table(
        "messages: channel, state or whose, how many, the last at", seen)


async def metrics(settings: Settings) -> str:
    if not checks.is_ours(settings):
        return "the server does not run here\n"
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        return (await client.get(f"{checks.here(settings)}/metrics")).text


def _lines(*pairs: Sequence[object]) -> str:
    return "".join(f"{name}: {value}\n" for name, value in pairs)


def _table(title: str, rows: Sequence[Sequence[object]]) -> str:
    body = "".join("  " + ", ".join("-" if cell is None else str(cell) for cell in row) + "\n" for row in rows)
    return f"{title}:\n{body or '  none' + chr(10)}\n"


def _moment(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if isinstance(at, datetime) else "never"


def _known(error: object) -> str | None:
    """A reason that names nobody; of any other only that there was one."""
    text = str(error or "")
    return (text if text in OURS or REASON.fullmatch(text) else "other") if text else None


def _bare(address: str) -> str:
    """An address without what somebody may have put in front of it: a name, a password."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}"
