"""`frontdesk requests`: what waits for a person, newest first."""
from rich.console import Console
from rich.table import Table

from clinic.settings import Settings
from clinic.store.embedded import database
from clinic.store.schema import migrate
from clinic.store.unit import Store

WIDE = 160
"""Columns where nobody looks at a terminal: a pipe, a file."""


async def list_requests(settings: Settings, everything: bool) -> None:
    """Print requests for appointments, cases for a person, and turns that failed."""
    async with database(settings.database_url, settings.home) as dsn:
        migrate(dsn)
        store = Store(dsn)
        async with store.begin() as unit:
            wishes = await unit.requests.newest(with_cli=everything)
            cases = await unit.cases.open_cases()
            failed = await unit.messages.failed()
        await store.close()
    console = Console(markup=False)  # what visitors wrote is shown as they wrote it
    if not console.is_terminal:
        console.width = max(console.width, WIDE)
    asked = _table("Requests for an appointment", "Reference", "Received", "Service", "When", "Name", "Contact",
                   "State")
    for wish in wishes:
        asked.add_row(wish.reference, _time(wish.created_at), wish.service or "", wish.wanted, wish.name,
                      wish.contact, wish.state)
    console.print(asked)
    handed = _table("For a person", "Conversation", "Message", "Why", "Received")
    for conversation, n, reason, at in cases:
        handed.add_row(str(conversation), str(n), reason.replace("_", " "), _time(at))
    console.print(handed)
    if failed:
        broken = _table("Not answered, something went wrong", "Conversation", "Message", "Received")
        for conversation, n, at in failed:
            broken.add_row(str(conversation), str(n), _time(at))
        console.print(broken)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _time(moment: object) -> str:
    return f"{moment:%d %b %H:%M} UTC" if moment else ""
