"""`frontdesk content ...`: what the clinic says."""
from pathlib import Path
from typing import Annotated

import typer

from desk.doing import do

content = typer.Typer(no_args_is_help=True, help="What the clinic says: check it, see what is open, import an article.")


@content.command("check")
def check_content() -> None:
    """Read the content as publishing would, and list everything that is wrong with file, line and remedy."""
    from desk.contents import check
    do(check)


@content.command("todo")
def todo() -> None:
    """Which questions still wait for the clinic's answer."""
    from desk.contents import todo as show
    do(show)


@content.command("quick-replies")
def quick_replies() -> None:
    """Confirmed answers as quick replies for the WhatsApp Business app, as CSV: shortcut, message, keywords."""
    from desk.contents import quick_replies as write
    do(write)


@content.command("import")
def import_content(source: Annotated[str, typer.Argument(help="A file (.md, .txt, .html, .docx) or a web address.")],
                   out: Annotated[Path | None, typer.Option(help="Where to write the draft; else it is printed.")]
                   = None) -> None:
    """Turn a page or a document into a draft of an article, for somebody to review."""
    from desk.contents import import_draft
    do(lambda settings: import_draft(settings, source, out))
