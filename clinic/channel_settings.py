"""What each channel needs to be set up: all of it, or none. Secrets never show in a repr."""
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

TELEGRAM_API = "https://api.telegram.org"
WHATSAPP_API = "https://graph.facebook.com/v23.0"
TWILIO_API = "https://api.twilio.com"


def apis(given: Mapping[str, str]) -> dict[str, str]:
    """Where providers are, by settings that hardly anybody needs."""
    return {name: given[name] for name in ("TELEGRAM_API", "WHATSAPP_API", "TWILIO_API") if given.get(name)}


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    token: str = field(repr=False)
    """From BotFather."""
    api: str
    name: str = ""
    """The bot's, for links to it."""
    staff_chat: int | None = None
    """The id of the group in which staff are told and answer; no other chat is theirs."""

    @classmethod
    def read(cls, given: Mapping[str, str], wrong: list[str]) -> "TelegramSettings | None":
        """None where Telegram is not set up; what is *wrong* is noted."""
        token, staff = given.get("TELEGRAM_TOKEN"), given.get("TELEGRAM_STAFF_CHAT", "")
        if staff and not re.fullmatch(r"-[1-9][0-9]{0,17}", staff):
            wrong.append("TELEGRAM_STAFF_CHAT is a group's id, a minus and digits: `frontdesk channels groups` lists "
                         "those that the bot is in")
            staff = ""
        if staff and not token:
            wrong.append("TELEGRAM_STAFF_CHAT is set, but TELEGRAM_TOKEN is not: staff are told by the same bot")
        if not token:
            return None
        name, _, secret = token.partition(":")
        if not (name.isascii() and name.isdigit() and secret) or not _plain(token):
            wrong.append("TELEGRAM_TOKEN is what BotFather gave you: digits, a colon, and letters")
        bot = given.get("TELEGRAM_NAME", "").removeprefix("@")
        if bot and not (_plain(bot) and bot.replace("_", "").isalnum()):
            wrong.append("TELEGRAM_NAME is the bot's name, such as our_clinic_bot")
        return cls(token, _api(given, "TELEGRAM_API", TELEGRAM_API, wrong), bot, int(staff) if staff else None)


@dataclass(frozen=True, slots=True)
class WhatsappSettings:
    token: str = field(repr=False)
    """Of a system user, so that it does not expire."""
    phone_id: str
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    """Chosen by the clinic, given to Meta with our address."""
    template: str
    """`name:language` of an approved template that asks a visitor to write again."""
    api: str
    number: str = ""
    """The phone number, digits with the country's code first, for links to it."""

    @classmethod
    def read(cls, given: Mapping[str, str], wrong: list[str]) -> "WhatsappSettings | None":
        """None where WhatsApp is not set up; what is *wrong* is noted."""
        names = ("WHATSAPP_TOKEN", "WHATSAPP_PHONE_ID", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN")
        if not _complete(given, names, wrong):
            return None
        if not given["WHATSAPP_PHONE_ID"].isdigit():
            wrong.append("WHATSAPP_PHONE_ID is the number's id at Meta, digits only; it is not the phone number")
        template = given.get("WHATSAPP_TEMPLATE", "")
        if template and not all(template.partition(":")):
            wrong.append("WHATSAPP_TEMPLATE is `name:language`, such as please_reply:en_GB")
        number = re.sub(r"[\s()+-]", "", given.get("WHATSAPP_NUMBER", ""))
        if number and not re.fullmatch(r"[1-9]\d{6,14}", number):
            wrong.append("WHATSAPP_NUMBER is the phone number with its country's code, such as 441632960001")
        first, second, third, fourth = (given[name] for name in names)
        return cls(first, second, third, fourth, template, _api(given, "WHATSAPP_API", WHATSAPP_API, wrong), number)


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    account: str
    token: str = field(repr=False)
    sender: str
    """A number (+44…, whatsapp:+44…) or a messaging service (MG…)."""
    api: str

    @classmethod
    def read(cls, given: Mapping[str, str], wrong: list[str]) -> "TwilioSettings | None":
        """None where Twilio is not set up; what is *wrong* is noted."""
        names = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM")
        if not _complete(given, names, wrong):
            return None
        if not given["TWILIO_FROM"].startswith(("+", "whatsapp:+", "MG")):
            wrong.append("TWILIO_FROM is a number such as +441234567890 or whatsapp:+441234567890, or a messaging "
                         "service's id (MG…)")
        account, token, sender = (given[name] for name in names)
        return cls(account, token, sender, _api(given, "TWILIO_API", TWILIO_API, wrong))


def _complete(given: Mapping[str, str], names: tuple[str, ...], wrong: list[str]) -> bool:
    """Whether all *names* are given; some, but not all, is wrong."""
    missing = [name for name in names if not given.get(name)]
    if missing and len(missing) < len(names):
        here = next(name for name in names if given.get(name))
        wrong.append(f"{here} is set, but {', '.join(missing)} is not: docs/channels.md says where to find it")
    for name in names:
        if given.get(name) and not _plain(given[name]):
            wrong.append(f"{name} has a space or a sign in it that does not belong there")
    return not missing


def _plain(secret: str) -> bool:
    """Whether it can stand in a header or an address: a line break that was copied along can't."""
    return secret.isascii() and secret.isprintable() and " " not in secret


def _api(given: Mapping[str, str], name: str, default: str, wrong: list[str]) -> str:
    found = given.get(name) or default
    if urlsplit(found).scheme not in ("http", "https") or not urlsplit(found).netloc:
        wrong.append(f"{name} takes an address such as {default}")
    return found.rstrip("/")
