"""`frontdesk doctor`: what is wrong with this installation, and how to mend it."""
import asyncio

from rich.console import Console
from rich.table import Table

from clinic.settings import Settings
from desk import book_checks, channels, checks, flowing
from desk.checks import Finding


async def examine(settings: Settings) -> list[Finding]:
    """Every look, in the order in which one would mend."""
    calendars, tokens = await book_checks.calendars(settings), await channels.tokens(settings)
    return [checks.python(), await asyncio.to_thread(checks.packages), checks.disk(settings),
            await asyncio.to_thread(checks.encoder, settings), await asyncio.to_thread(checks.model, settings),
            await checks.store(settings), await flowing.replies(settings),
            await asyncio.to_thread(checks.content, settings), await asyncio.to_thread(checks.safety, settings),
            checks.addresses(settings), await asyncio.to_thread(checks.port, settings), checks.told(settings),
            channels.finding(settings), *(found for found in (calendars, tokens) if found)]


async def report(settings: Settings) -> int:
    """Print what was found; 1 if anything is wrong."""
    findings = await examine(settings)
    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        table.add_row("[green]ok[/]" if finding.ok else "[bold red]wrong[/]", finding.name, _text(finding))
    console = Console(highlight=False)
    console.print(table)
    wrong = sum(not finding.ok for finding in findings)
    console.print(f"{wrong} to mend." if wrong else "All is well.")
    return int(wrong > 0)


def _text(finding: Finding) -> str:
    said = finding.said[:1].upper() + finding.said[1:] if not finding.ok else finding.said
    return said.replace("[", r"\[") + ("" if finding.ok else f"\n{finding.remedy}".replace("[", r"\["))
