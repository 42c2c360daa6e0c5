"""The commands `frontdesk channels` and `frontdesk outbox`."""
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from desk.doing import do

channels = typer.Typer(no_args_is_help=True, help="WhatsApp, Telegram and text messages: set one up, see whether it "
                                                  "works.")


@channels.command("add")
def add_channel(name: Annotated[str, typer.Argument(help="telegram, whatsapp or twilio")]) -> None:
    """Ask for what a channel needs, try it, and keep it in .env; then say what to enter at the provider."""
    from desk.channels import add
    do(lambda settings: add(settings, name))


@channels.command("check")
def check_channels() -> None:
    """Whether each provider accepts us and reaches us. Exit code 1 if one doesn't."""
    from desk.channels import check as look
    do(look)


@channels.command("groups")
def list_groups() -> None:
    """The Telegram groups that the bot is in, with their ids: one of them can be the staff's."""
    from desk.staff_chat import groups
    do(groups)


@channels.command("link")
def link_to_channel(name: Annotated[str, typer.Argument(help="website, telegram or whatsapp")],
                    source: Annotated[str, typer.Option(help="A tag for where it stands: poster, race-day.")] = "",
                    qr: Annotated[Path | None, typer.Option(help="An .svg file to draw it in as a QR code.")] = None
                    ) -> None:
    """A link by which visitors write to you; with a tag you see later how many came by it."""
    from desk.channels import link
    do(lambda settings: link(settings, name, source, qr))


@channels.command("sources")
def count_sources() -> None:
    """How many conversations began by each link that has a tag."""
    from desk.channels import sources
    do(sources)


@channels.command("hand-back")
def hand_back(conversation: UUID) -> None:
    """A person has finished in a conversation: the assistant answers there again."""
    from desk.outbox import give_back
    do(lambda settings: give_back(settings, conversation))


outbox = typer.Typer(no_args_is_help=True, help="What could not be sent to visitors on WhatsApp, Telegram or by text.")
Delivery = Annotated[int | None, typer.Argument(help="Its number in the list.")]
AllOfThem = Annotated[bool, typer.Option("--all", help="All that are listed.")]


@outbox.command("list")
def list_outbox() -> None:
    """What was not delivered and will not be by itself, with the reason and what to do."""
    from desk.outbox import show
    do(show)


@outbox.command("retry")
def retry(delivery: Delivery = None, everything: AllOfThem = False) -> None:
    """Send it again, now or as soon as the server runs."""
    from desk.outbox import send_again
    do(lambda settings: send_again(settings, delivery, everything))


@outbox.command("drop")
def drop(delivery: Delivery = None, everything: AllOfThem = False) -> None:
    """Give it up: somebody has told the visitor by other means."""
    from desk.outbox import give_up
    do(lambda settings: give_up(settings, delivery, everything))
