"""`frontdesk privacy ...`: what is kept of somebody."""
from pathlib import Path
from typing import Annotated

import typer

from desk.doing import do

privacy = typer.Typer(no_args_is_help=True, help="What is kept of somebody: a copy for them, or its end. WHO is a "
                                                 "phone number, a mail address, a reference, or a conversation.")


@privacy.command("export")
def export(who: str, out: Annotated[Path | None, typer.Option(help="A file, for you alone; else it is printed.")] = None
           ) -> None:
    """All that is kept of WHO, as they are given it: what is others' is left out."""
    from desk.privacy import export as write
    do(lambda settings: write(settings, who, out))


@privacy.command("erase")
def erase(who: str, yes: Annotated[bool, typer.Option("--yes", help="It is they who ask: erase it.")] = False) -> None:
    """Erase all that is kept of WHO, search every table for what is left, and print the receipt."""
    from desk.privacy import erase as end
    do(lambda settings: end(settings, who, yes))


@privacy.command("sweep")
def sweep() -> None:
    """Delete what is over its time now, by `privacy.yml`; a running server does it every hour."""
    from desk.privacy import sweep as let_go
    do(let_go)


@privacy.command("log")
def log(limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many entries.")] = 100) -> None:
    """Who of the clinic read or changed what."""
    from desk.privacy import log as show
    do(lambda settings: show(settings, limit))
