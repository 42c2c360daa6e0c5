"""`frontdesk weekly`: the mail about last week, shown or sent now; and what was replied to it."""
import sys
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import typer
from aiosmtplib import SMTPException

from bootstrap import open_house
from clinic.clock import utc_now
from clinic.errors import ClinicError
from clinic.post import mailbox_of
from clinic.settings import Settings
from clinic.store.replies import NotAReply, Replies

LARGEST = 2**20
"""Bytes of a mail that is read."""
LATER = 75
"""What tells a mail server that it may try again (sysexits: EX_TEMPFAIL)."""


class NobodyToTell(ClinicError):
    """There is no address to send the weekly mail to."""


async def show(settings: Settings, week: date | None, send: bool) -> None:
    """Print the mail about the week of the day *week*, else about last week; or send it now, also if it went before.
    Raises NobodyToTell."""
    if send and not settings.weekly_to:
        raise NobodyToTell("Nobody gets the weekly mail: set WEEKLY_TO to their addresses, and SMTP_URL.")
    async with open_house(settings) as house:
        today = utc_now().astimezone(house.library.current.content.clinic.zone).date()
        day = week or today - timedelta(days=7)
        monday = day - timedelta(days=day.weekday())
        if send:
            await house.rounds.weekly.run(monday.isoformat())
            typer.echo(f"Sent to {', '.join(settings.weekly_to)}.", err=True)
        else:
            mail = await house.rounds.weekly.mail(monday)
            print(f"{mail['Subject']}\n\n{mail.get_content()}", end="")


async def take_reply(settings: Settings, given: bytes | None = None) -> int:
    """Keep the mail on standard input as a draft, and tell its sender where to confirm it. The exit code: 0 also where
    it is no reply (whoever's name was put on it would get it back), 75 where the mail server is to try again."""
    raw = sys.stdin.buffer.read(LARGEST + 1) if given is None else given
    try:
        if len(raw) > LARGEST:
            raise NotAReply("It is too large to be an answer.")
        mail = message_from_bytes(raw, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        async with open_house(settings) as house:
            await Replies(house.store, house.library, mailbox_of(settings), house.clock, f"{settings.public_url}/desk",
                          settings.weekly_to).take(mail)
    except NotAReply as error:
        typer.echo(f"No draft was made. {error}", err=True)
    except (ClinicError, OSError, SMTPException) as error:
        typer.echo(f"Not now: {type(error).__name__}", err=True)
        return LATER
    return 0
