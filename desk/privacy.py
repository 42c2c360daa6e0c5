"""`frontdesk privacy ...`: all that is kept of somebody, shown or erased; and what is over its time."""
from datetime import datetime
from pathlib import Path

from clinic.clock import utc_now
from clinic.errors import ClinicError
from clinic.knowledge.content import load
from clinic.privacy.document import document, public_words
from clinic.privacy.receipt import Receipt
from clinic.settings import Settings
from clinic.store.audit import Entry
from clinic.store.unit import Unit
from desk.listing import book, by_the_command_line, console_for, table


class NotSure(ClinicError):
    """Nothing is erased without a plain yes."""


async def export(settings: Settings, who: str, out: Path | None) -> None:
    """Write all that is kept of *who*, as the person is given it. Raises NobodyFound, NotSure."""
    content, now = load(settings.content), utc_now()
    async with book(settings) as unit:
        subject = await unit.subjects.found(who)
        text = document(content, await unit.exporting.of(subject, public_words(content)), now)
        await unit.audit.note(Entry(now, by_the_command_line(), "exported", "/privacy"))
    if out is None:
        print(text, end="")
        return
    if out.exists():
        raise NotSure(f"{out} is there already. Name another file.")
    out.touch(mode=0o600)
    out.write_text(text, encoding="utf-8")
    print(f"{out}: all that is kept. It may say something about their health: send it only to them.")


async def erase(settings: Settings, who: str, sure: bool) -> int:
    """Erase all that is kept of *who* and print the receipt; without *sure*, print what that would be. Raises
    NobodyFound, StillAtWork, NotErased."""
    async with book(settings) as unit:
        subject = await unit.subjects.found(who)
        if not sure:
            rows, said = await unit.erasing.rows(subject), await unit.erasing.said_elsewhere(subject)
            print(f"{len(subject.conversations)} conversations, {len(subject.references)} appointments and wishes, "
                  f"{sum(rows.values())} rows" + (f"; under {', '.join(subject.alike)}" if subject.alike else "")
                  + (f".\nTheir contact is also said in {', '.join(map(str, said))}" if said else "")
                  + ".\nNothing was erased. If it is they who ask: the same again with --yes.")
            return 1
        receipt = await erased(unit, who, by_the_command_line(), utc_now())
    show_receipt(receipt)
    content = load(settings.content)
    for line in (*(record.on_request for record in content.privacy.records), *content.privacy.elsewhere):
        print(f"- {line}")
    return 0


async def erased(unit: Unit, who: str, by: str, now: datetime) -> Receipt:
    """Erase *who*, and keep the receipt. To be done first in *unit*. Raises as `erase`."""
    subject = await unit.subjects.found(who)
    receipt = await unit.erasing.erase(subject, by, now)
    number = await unit.data_requests.keep_receipt(receipt, subject, now)
    await unit.audit.note(Entry(now, by, "erased", "/privacy", about=str(number)))
    return receipt


def show_receipt(receipt: Receipt) -> None:
    listed = table(f"Erased {receipt.at:%d %b %Y %H:%M} UTC by {receipt.by}: searched for {receipt.searched} things "
                   f"that only they are known by, {receipt.left} rows left", "Table", "Kind", "Theirs", "Became",
                   "Left")
    for line in receipt.lines:
        listed.add_row(line.table, line.kind, str(line.rows), line.fate if line.rows else "", str(line.left))
    console_for().print(listed)
    if receipt.kept:
        print(f"{len(receipt.kept)} to come: kept until it is over, then forgotten by itself.")
    if receipt.alike:
        print(f"{receipt.alike} other rows hold the same name or contact: look whether they are theirs.")


async def sweep(settings: Settings) -> None:
    """Delete what is over its time now; a running server does it by the hour."""
    register, now = load(settings.content).privacy, utc_now()
    async with book(settings) as unit:
        gone = await unit.sweeping.sweep(register, now)
    listed = table("Over its time, and deleted", "Kind", "Kept for days", "Rows")
    for kind, rows in gone.items():
        listed.add_row(kind, str(register.of(kind).days), str(rows))
    console_for().print(listed)


async def log(settings: Settings, limit: int) -> None:
    """Print who read or changed what, the latest first."""
    async with book(settings) as unit:
        entries = await unit.audit.entries(limit=limit)
    listed = table("Who read or changed what", "When", "Who", "Did", "Where", "Conversation", "About")
    for one in entries:
        listed.add_row(f"{one.at:%Y-%m-%d %H:%M} UTC", one.by, one.did, one.page, str(one.conversation or ""),
                       one.about or "")
    console_for().print(listed)
