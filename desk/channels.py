"""`frontdesk channels`: set one up, and see whether its provider accepts us and reaches us."""
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import typer

from bootstrap import open_house
from channels import rooms
from channels.continuing import SOURCE
from channels.contract import Channel, NotDelivered, Refused
from channels.courier import Courier
from channels.expiring import AHEAD, token_end
from channels.telegram import Telegram
from clinic.channel_settings import apis
from clinic.clock import utc_now
from clinic.errors import ClinicError
from clinic.settings import Settings
from desk.checks import Finding
from desk.env_file import private, write_env
from desk.qr import as_svg
from desk.staff_chat import standing


class NoSuchChannel(ClinicError):
    """There is no channel by that name."""


class NotAccepted(ClinicError):
    """The provider does not know us."""


class NotReached(ClinicError):
    """The provider can't bring us messages."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A setting, and how to ask for it. *makes_its_own*: a secret that nobody needs to think up."""

    name: str
    question: str
    secret: bool = False
    makes_its_own: bool = False


QUESTIONS: Mapping[str, tuple[Ask, ...]] = {
    "telegram": (Ask("TELEGRAM_TOKEN", "The token that @BotFather gave you (/newbot)", True),),
    "whatsapp": (Ask("WHATSAPP_TOKEN", "A system user's token that does not expire", True),
                 Ask("WHATSAPP_PHONE_ID", "The number's id (API setup; digits, not the phone number)"),
                 Ask("WHATSAPP_APP_SECRET", "The app secret (App settings, Basic)", True),
                 Ask("WHATSAPP_VERIFY_TOKEN", "", True, True)),
    "twilio": (Ask("TWILIO_ACCOUNT_SID", "The account's id (AC...)"), Ask("TWILIO_AUTH_TOKEN", "Its auth token", True),
               Ask("TWILIO_FROM", "The number (+44...) or messaging service (MG...) to write from")),
}
FIRST = {"whatsapp": "If this number lives in the WhatsApp app on a phone now, moving it to the API ends the app for "
                     "it, with its chats (unless Meta offers you coexistence). A second number is safest. Go on"}
NEXT = {
    "telegram": "Nothing to enter anywhere: `frontdesk run` tells Telegram where to bring messages, or fetches them.",
    "whatsapp": "At Meta (App, WhatsApp, Configuration) enter as callback URL {address} and as verify token "
                "{WHATSAPP_VERIFY_TOKEN}, then subscribe to `messages`, and `smb_message_echoes` if the app stays.",
    "twilio": "At Twilio enter {address} (POST) where it asks what to do when a message comes in.",
}


async def add(settings: Settings, name: str, file: Path = Path(".env")) -> None:
    """Ask for what *name* needs, try it at the provider, and keep it in *file*. Raises NoSuchChannel."""
    if name not in QUESTIONS:
        raise NoSuchChannel(f"There is no channel {name}: {', '.join(QUESTIONS)}.")
    if name in FIRST and not typer.confirm(FIRST[name]):
        return
    given = {ask.name: secrets.token_urlsafe(24) if ask.makes_its_own
             else typer.prompt(ask.question, hide_input=ask.secret).strip() for ask in QUESTIONS[name]}
    tried = Settings.read({"PUBLIC_URL": settings.public_url, **given, **apis(os.environ)})
    known, follows = await _introduce(rooms.set_up(tried)[name])
    write_env(file, {**given, **follows})
    print(f"{name}: {known}. Kept in {file}, readable by you only.\nNext: "
          + NEXT[name].format(address=f"{settings.public_url}/webhooks/{name}", **given))
    if _needs_address(name, settings):
        print(f"First, PUBLIC_URL must be an address that {name} can reach with https; it is {settings.public_url}.")


async def check(settings: Settings) -> int:
    """Print whether each channel's provider accepts us and reaches us; 1 if one doesn't."""
    found, wrong = rooms.set_up(settings), 0
    if not found:
        print("No channel is set up beside the website. `frontdesk channels add telegram` is the quickest.")
    for name, channel in found.items():
        try:
            known, _ = await _introduce(channel)
            said = [f"accepted as {known}", ending := await _ending(channel), await _reached(name, settings),
                    await standing(channel) if isinstance(channel, Telegram) else ""]
            wrong = 1 if ending else wrong
        except ClinicError as error:
            wrong, said = 1, [str(error)]
        print(f"{name}: {'; '.join(filter(None, said))}")
    if not private(Path(".env")):
        wrong = 1
        print(".env can be read by others on this machine: chmod 600 .env")
    return wrong


async def _introduce(channel: Channel) -> tuple[str, Mapping[str, str]]:
    """Who we are at the provider, and the settings that follow from it. Raises NotAccepted."""
    courier = Courier()
    try:
        answer = await courier.carry(channel, channel.introduce())
        return channel.known_as(answer), channel.settings_from(answer)
    except Refused:
        raise NotAccepted(f"{channel.name} does not accept what is set. See docs/channels.md for where to find "
                          "it, and copy it again.") from None
    except NotDelivered as error:
        raise NotAccepted(f"{channel.name} can't be asked: {error}. Is this machine connected?") from None
    finally:
        await courier.close()


async def _ending(channel: Channel) -> str:
    """That its token ends within two weeks, or has; empty where it doesn't, or nobody says."""
    courier = Courier()
    try:
        ends = await token_end(channel, courier)
    except NotDelivered:
        return ""
    finally:
        await courier.close()
    if ends is None or ends - utc_now() > AHEAD:
        return ""
    return (f"its token ends on {ends:%-d %B %Y}: make one that does not expire, and set it with "
            f"`frontdesk channels add {channel.name}`")


async def _reached(name: str, settings: Settings) -> str:
    """Whether our webhook answers at its public address, as the provider would find it. Raises NotReached."""
    if name == "telegram" and urlsplit(settings.public_url).scheme != "https":
        return "messages are fetched, since PUBLIC_URL is not https"
    address = f"{settings.public_url}/webhooks/{name}"
    if _needs_address(name, settings):
        raise NotReached(f"PUBLIC_URL is {settings.public_url}, and {name} brings messages only to https")
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            answer = await client.post(address, content=b"{}")
    except httpx.HTTPError as error:
        raise NotReached(f"{address} can't be reached ({type(error).__name__}): is the server running, its "
                         "certificate good, and the proxy passing /webhooks on?") from None
    if answer.status_code != 401:
        raise NotReached(f"{address} answers {answer.status_code} where an unsigned post should get 401: does the "
                         "proxy pass /webhooks on, and was the server restarted?")
    return f"reached at {address}"


def _needs_address(name: str, settings: Settings) -> bool:
    return name != "telegram" and urlsplit(settings.public_url).scheme != "https"


async def tokens(settings: Settings) -> Finding | None:
    """For `frontdesk doctor`: whether a token ends soon, by those who say; None where there is none to ask."""
    asked = [channel for channel in rooms.set_up(settings).values() if channel.token_state()]
    if not asked:
        return None
    ending = [f"{channel.name}: {said}" for channel in asked if (said := await _ending(channel))]
    return Finding("Tokens", not ending, "; ".join(ending) or "none ends within two weeks", "See docs/channels.md.")


def finding(settings: Settings) -> Finding:
    """For `frontdesk doctor`, without asking anybody: do the settings of channels go together, and are they private?"""
    found = rooms.set_up(settings)
    wrong = [f"{name} brings messages only to https, and PUBLIC_URL is {settings.public_url}" for name in found
             if _needs_address(name, settings)]
    if not private(Path(".env")):
        wrong.append(".env can be read by others on this machine")
    said = "; ".join(wrong) or ", ".join(["website", *found])
    return Finding("Channels", not wrong, said, "See docs/channels.md; for the file: chmod 600 .env.")


async def link(settings: Settings, name: str, source: str, qr: Path | None = None) -> None:
    """Print a link by which visitors write to us on *name*, with the tag *source*; *qr*: a file to draw it in. Raises
    NoSuchChannel."""
    channel = rooms.set_up(settings).get(name)
    if channel is None and name != "website":
        raise NoSuchChannel(f"{name} is not set up. `frontdesk channels check` lists what is.")
    if source and not SOURCE.fullmatch(f"#{source}"):
        raise NoSuchChannel("A tag has 2 to 32 small letters, digits and hyphens, such as poster or race-day.")
    if channel is None:
        found: str | None = f"{settings.public_url}/{f'?chat-from={source}' if source else ''}"
    else:
        found = channel.link(source or "hello", f"Hello #{source}" if source else "Hello")
    if found is None:
        raise NoSuchChannel(f"There is no link to {name} before TELEGRAM_NAME or WHATSAPP_NUMBER is set: "
                            f"`frontdesk channels add {name}` does that.")
    print(found)
    if qr:
        qr.write_text(as_svg(found), encoding="utf-8")
        print(f"Drawn in {qr}.")


async def sources(settings: Settings) -> None:
    """Print by which links conversations began, and how many."""
    async with open_house(settings) as house, house.store.begin() as unit:
        found = await unit.correspondents.sources()
    for channel, source, times in found:
        print(f"{times:6}  {channel}  {source}")
    if not found:
        print("Nobody has come by a link with a tag yet. `frontdesk channels link telegram --source poster` makes one.")
