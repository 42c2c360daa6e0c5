"""Whether replies get through, for `frontdesk doctor`: whether or not a server runs that would tell."""
import asyncio
from datetime import timedelta

from clinic.clock import Clock, utc_now
from clinic.errors import ClinicError
from clinic.settings import Settings
from clinic.store.embedded import database
from clinic.store.flow import Wait
from clinic.store.schema import head, revision
from clinic.store.unit import Store
from desk.checks import Finding
from desk.refusals import held_up

NAME = "Replies"
REMEDY = ("Is the server running (`frontdesk run`), and does its log say why? For a channel, `frontdesk channels "
          "check` asks its provider. Nothing is lost: it all goes out once that is mended.")


async def replies(settings: Settings, clock: Clock = utc_now) -> Finding:
    """Whether anything waits to be said for longer than it should, with or without a running server."""
    try:
        waits = await waiting(settings, clock)
    except ClinicError as error:
        return Finding(NAME, False, f"can't be looked at: {str(error).splitlines()[0]}", "Mend what is named above "
                       "first.")
    if waits is None:
        return Finding(NAME, True, "not looked at: the database has the tables of another version, or none yet")
    limit = timedelta(minutes=settings.alert_minutes)
    late = [f"{held_up(wait.place)} ({wait.many}, the first since {wait.since:%d %b %H:%M} UTC)" for wait in waits
            if clock() - wait.since >= limit]
    return Finding(NAME, not late, "; ".join(late) or f"nothing waits for {settings.alert_minutes} minutes", REMEDY)


async def waiting(settings: Settings, clock: Clock = utc_now) -> list[Wait] | None:
    """What waits to be said; None where the database has not the tables of this release. Raises ClinicError."""
    async with database(settings.database_url, settings.home) as dsn:
        if await asyncio.to_thread(revision, dsn) != head():
            return None
        store = Store(dsn)
        try:
            async with store.look() as unit:
                return await unit.flow.waits(clock())
        finally:
            await store.close()
