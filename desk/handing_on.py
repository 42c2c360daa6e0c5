"""`frontdesk handover`: one page for the next person who looks after it. No secret and nobody's data is on it."""
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit

from clinic.clock import utc_now
from clinic.knowledge.content import load
from clinic.privacy.keeping import Register
from clinic.safety.rules import SafetyRules
from clinic.safety.signature import Signature, standing
from clinic.settings import ROOT, Settings
from desk.doctor import examine
from desk.listing import book

PAGE = """\
# {name}: the assistant, for whoever looks after it next

Printed {now:%d %B %Y} by `frontdesk handover`. No password is on this page: they are in the environment or in `.env`.

## What runs, and where
- The program: {root} (version {version}), started by `make run`, stopped by Ctrl-C or SIGTERM.
- Visitors reach it at {public_url}; it listens on {host}:{port}. Staff sign in at {public_url}/desk: {managers}.
- Database: {database}. All else that it writes is under {home}.
- What it says: {content}. An edit is live in seconds; `frontdesk content check` says what is wrong.
- Channels besides the website: {channels}. Mail to the clinic: {mail}. Staff chat: {staff_chat}.
- Processes that answer: {workers}.

## Every day, every month
- The desk's first page shows what waits for a person. {waiting}
- `/readyz` is 200 only when a message would be answered: let something look at it every minute, and at `/metrics`.
  When replies stop for {alert} minutes, NOTIFY_TO is told.
- `frontdesk backup FILE` every night, kept elsewhere for 30 days; try `frontdesk restore` now and then.
- What is over its time is deleted by itself, by `privacy.yml`: conversations after {days} days.
- Answers to write or to look at again: {todo}. Safety rules: {signed}
- Last week in words goes on Mondays to {weekly} (`frontdesk weekly`).
- Who is let in: `frontdesk desk users`. Take out who has left.

## When something is wrong
- `frontdesk doctor` says what, and how to mend it. Now: {wrong}.
- Messages that were not delivered: `frontdesk outbox list`. Turns that failed: `frontdesk requests`.
- Nobody is answered: is the process there, is the disk full, does the database answer? What came in is kept.
- Somebody asks about their data: `frontdesk privacy export | erase WHO`, within 30 days. {data}
- Wrong answers: take the change back at the desk under *Gaps*.

Read next: README.md, docs/desk.md, docs/privacy.md, docs/numbers.md, docs/how-a-message-travels.md.
"""


async def hand_on(settings: Settings) -> None:
    """Print the page."""
    content, now = load(settings.content), utc_now()
    today = now.astimezone(content.clinic.zone).date()
    async with book(settings) as unit:
        cases, staff = await unit.cases.waiting(), await unit.staff.everybody()
    managers = [one.name for one in staff if one.role == "manager" and one.active]
    asked = sum(case.reason == "data_request" for case in cases)
    wrong = [finding.name for finding in await examine(settings) if not finding.ok]
    signed = standing(SafetyRules.load(settings.content), Signature.read(settings.content), content.clinic.scope, today)
    print(PAGE.format(
        name=content.clinic.name, now=now, root=ROOT, version=_version(), public_url=settings.public_url,
        host=settings.host, port=settings.port, database=_database(settings), home=settings.home,
        content=settings.content, channels=_channels(settings), workers=settings.workers, alert=settings.alert_minutes,
        mail=f"to {settings.notify_to}" if settings.smtp_url else "none, it stands in the log",
        staff_chat="in Telegram, see docs/channels.md" if settings.has_staff_chat else "none",
        weekly=", ".join(settings.weekly_to) or "nobody",
        managers=f"managers are {', '.join(managers)}" if managers else "nobody may manage it yet",
        waiting=f"Now: {len(cases)}.", days=_days(content.privacy), todo=len(content.to_confirm(today)),
        signed=signed.why.split(". ")[0].rstrip(".") + ".", wrong=", ".join(wrong) or "nothing",
        data=f"Now: {asked}."))


def _days(register: Register) -> int:
    return register.of("conversations").days


def _database(settings: Settings) -> str:
    """Where it is, without its password."""
    if settings.database_url is None:
        return "the built-in PostgreSQL"
    parts = urlsplit(settings.database_url)
    return f"{parts.hostname or 'this machine'}{f':{parts.port}' if parts.port else ''}{parts.path}"


def _channels(settings: Settings) -> str:
    on = [name for name in ("telegram", "whatsapp", "twilio") if getattr(settings, name) is not None]
    return ", ".join(on) or "none"


def _version() -> str:
    try:
        return version("frontdesk")
    except PackageNotFoundError:
        return "of this folder"
