"""What a clinic can set, read once from the environment and `.env`."""
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from clinic.channel_settings import TelegramSettings, TwilioSettings, WhatsappSettings
from clinic.errors import SettingsError

ADDRESS = re.compile(r"[^@\s<>,]+@[^@\s<>,]+")
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, checked. Secrets never show in a repr."""

    home: Path
    """All that the program writes: database, encoder, caches, logs."""
    content: Path
    """What the clinic says."""
    model: Path
    """The trained Rasa model, one file."""
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://localhost:8000"
    allowed_origins: tuple[str, ...] = ()
    """Pages that may embed the chat, beside our own."""
    database_url: str | None = field(default=None, repr=False)
    """None: the embedded PostgreSQL under `home`."""
    workers: int = 1
    """Processes that answer; the first one also serves the door."""
    smtp_url: str | None = field(default=None, repr=False)
    """smtp://user:password@host:587 for mail to the clinic; None: a line in the log."""
    notify_to: str | None = field(default=None, repr=False)
    mail_from: str | None = field(default=None, repr=False)
    """The address that visitors get mail from; None: the first of `notify_to`."""
    weekly_to: tuple[str, ...] = ()
    """Who gets the weekly mail; empty: nobody."""
    weekly_reply_to: str | None = None
    """Whose mail is given to `frontdesk weekly --reply`; None: nobody's."""
    safety_unsigned: str = ""
    """Who takes it on that the safety rules are unsigned, and why; empty: nobody does."""
    handback_minutes: int = 30
    """How long a person who has a conversation may say nothing before the assistant is back."""
    alert_minutes: int = 5
    """How long something may wait to be said before the clinic is told that replies have stopped."""
    caldav: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    """Login and password for a therapist's calendar, by `login_name`."""
    telegram: TelegramSettings | None = None
    whatsapp: WhatsappSettings | None = None
    twilio: TwilioSettings | None = None

    @property
    def encoder(self) -> Path:
        return self.home / "encoder"

    @property
    def has_staff_chat(self) -> bool:
        """Whether staff have a chat of their own, and are told and answer there."""
        return self.telegram is not None and self.telegram.staff_chat is not None

    def login_of(self, therapist: str) -> tuple[str, str] | None:
        """What opens the calendar of *therapist*; None where nothing is set."""
        return self.caldav.get(login_name(therapist))

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """From *environ* (default: the process's own, over `.env` in the working directory).

        Raises SettingsError that names everything wrong at once."""
        given = dict(environ) if environ is not None else {**_dotenv(Path(".env")), **os.environ}
        wrong: list[str] = []
        port = _port(given.get("PORT", ""), wrong)
        public_url = _origin(given.get("PUBLIC_URL") or f"http://localhost:{port}", "PUBLIC_URL", wrong)
        origins = tuple(_origin(o, "ALLOWED_ORIGINS", wrong)
                        for o in given.get("ALLOWED_ORIGINS", "").replace(",", " ").split())
        database = given.get("DATABASE_URL") or None
        if database and not database.startswith(("postgresql://", "postgres://")):
            wrong.append("DATABASE_URL must begin with postgresql:// (leave it out for the built-in database)")
        sender = given.get("MAIL_FROM") or None
        if sender and not ADDRESS.fullmatch(sender):
            wrong.append(f"MAIL_FROM must be one mail address alone, not {sender!r}")
        if given.get("SMTP_URL") and not given.get("NOTIFY_TO"):
            wrong.append("SMTP_URL is set but NOTIFY_TO is not: say which address the clinic reads")
        weekly, reply_to = _weekly(given, wrong)
        workers = given.get("WORKERS") or "1"
        if not (workers.isascii() and workers.isdigit()) or not 1 <= int(workers) <= 64:
            wrong.append(f"WORKERS must be a number from 1 to 64, not {workers!r}")
            workers = "1"
        handback = _minutes(given, "HANDBACK_MINUTES", 30, wrong)
        alert = _minutes(given, "ALERT_MINUTES", 5, wrong)
        unsigned = _accepted(given.get("SAFETY_UNSIGNED", ""), wrong)
        telegram, whatsapp = TelegramSettings.read(given, wrong), WhatsappSettings.read(given, wrong)
        twilio = TwilioSettings.read(given, wrong)
        caldav = dict(_logins(given, wrong))
        if wrong:
            raise SettingsError("Settings that can't be used: " + "; ".join(wrong))
        return cls(
            home=Path(given.get("FRONTDESK_HOME") or ROOT / "var").absolute(),
            content=Path(given.get("FRONTDESK_CONTENT") or ROOT / "content").absolute(),
            model=Path(given.get("FRONTDESK_MODEL") or ROOT / "models" / "frontdesk.tar.gz").absolute(),
            host=given.get("HOST") or "127.0.0.1", port=port, public_url=public_url,
            allowed_origins=origins, database_url=database, workers=int(workers),
            smtp_url=given.get("SMTP_URL") or None, notify_to=given.get("NOTIFY_TO") or None,
            mail_from=sender, weekly_to=weekly, weekly_reply_to=reply_to, caldav=caldav, safety_unsigned=unsigned,
            handback_minutes=handback, alert_minutes=alert,
            telegram=telegram, whatsapp=whatsapp, twilio=twilio,
        )


def _weekly(given: Mapping[str, str], wrong: list[str]) -> tuple[tuple[str, ...], str | None]:
    """Who gets the weekly mail, and where its replies go."""
    weekly = tuple(given.get("WEEKLY_TO", "").replace(",", " ").split())
    wrong += [f"WEEKLY_TO takes mail addresses, not {one!r}" for one in weekly if not ADDRESS.fullmatch(one)]
    reply_to = given.get("WEEKLY_REPLY_TO") or None
    if reply_to and not ADDRESS.fullmatch(reply_to):
        wrong.append(f"WEEKLY_REPLY_TO must be one mail address alone, not {reply_to!r}")
    if weekly and not given.get("SMTP_URL"):
        wrong.append("WEEKLY_TO is set but SMTP_URL is not: there is no way to send mail")
    return weekly, reply_to


def login_name(therapist: str) -> str:
    """The setting with what opens their calendar: CALDAV_THERAPIST_A for `therapist-a`."""
    return "CALDAV_" + re.sub(r"\W", "_", therapist).upper()


def _port(text: str, wrong: list[str]) -> int:
    if not text:
        return 8000
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    wrong.append(f"PORT must be a number from 1 to 65535, not {text!r}")
    return 8000


def _minutes(given: Mapping[str, str], name: str, default: int, wrong: list[str]) -> int:
    text = given.get(name) or str(default)
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 10_000:
        return int(text)
    wrong.append(f"{name} must be a number of minutes from 1 up, not {text!r}")
    return default


def _logins(given: Mapping[str, str], wrong: list[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    for name, value in given.items():
        if name.startswith("CALDAV_") and value:
            login, colon, password = value.partition(":")
            if not colon:
                wrong.append(f"{name} takes login:password")
            yield name, (login, password)


def _accepted(text: str, wrong: list[str]) -> str:
    accepts, _, reason = text.partition(":")
    if not text.strip():
        return ""
    if accepts.strip() == "accept":
        return reason.strip() or "nobody said who accepts it or why (SAFETY_UNSIGNED='accept: who, and why')"
    wrong.append(f"SAFETY_UNSIGNED takes 'accept: who takes it on, and why', not {text!r}")
    return ""


def _origin(text: str, name: str, wrong: list[str]) -> str:
    parts = urlsplit(text)
    if parts.scheme in ("http", "https") and parts.netloc and not parts.query:
        return text.rstrip("/")
    wrong.append(f"{name} takes addresses such as https://clinic.example, not {text!r}")
    return text


def _dotenv(file: Path) -> dict[str, str]:
    """`NAME=value` lines of *file*; quotes and `export` as a shell has them; {} where there is none."""
    if not file.is_file():
        return {}
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            found[name.strip()] = value.strip().strip("'\"")
    return found
