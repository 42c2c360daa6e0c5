"""`frontdesk desk ...`: who may sign in at the console."""
from typing import Annotated

import typer

from desk.doing import do

desk = typer.Typer(no_args_is_help=True, help="Who may sign in at the console, /desk in the browser.")


@desk.command("add-user")
def add_user(name: str, role: Annotated[str, typer.Option(help="reception, therapist or manager.")],
             code: Annotated[bool, typer.Option("--totp", help="A code from an authenticator as well.")] = False
             ) -> None:
    """Let somebody sign in. The password is asked for, or read from standard input."""
    from desk.colleagues import add
    do(lambda settings: add(settings, name, role, code))


@desk.command("password")
def new_password(name: str) -> None:
    """Give somebody another password; they are signed out everywhere."""
    from desk.colleagues import password
    do(lambda settings: password(settings, name))


@desk.command("remove-user")
def remove_user(name: str) -> None:
    """Let somebody in no more. What they wrote stays."""
    from desk.colleagues import remove
    do(lambda settings: remove(settings, name))


@desk.command("link-telegram")
def link_telegram(name: str, end: Annotated[bool, typer.Option("--end", help="Their account counts no more.")] = False
                  ) -> None:
    """A code by which somebody becomes known in the staff's chat, where they may then answer visitors."""
    from desk.colleagues import end_link, link_telegram
    do(lambda settings: end_link(settings, name) if end else link_telegram(settings, name))


@desk.command("users")
def users() -> None:
    """Who may sign in."""
    from desk.colleagues import show
    do(show)
