"""`frontdesk weekly`: the mail about last week, shown or sent now."""
from datetime import date, timedelta

import typer

from bootstrap import open_house
from clinic.clock import utc_now
from clinic.errors import ClinicError
from clinic.settings import Settings


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
