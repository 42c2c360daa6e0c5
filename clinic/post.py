"""Telling the clinic, and visitors with an appointment: by mail where that is set up, else a line in the log."""
import logging
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from clinic.errors import ClinicError
from clinic.settings import Settings

log = logging.getLogger("frontdesk.notify")
FOR_GOOD = 500
"""SMTP's answers from here on: not now, and not later (RFC 5321, 4.2.1)."""
CONVERSATION = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
UNDELIVERABLE = "mail_undeliverable"
"""What staff are told of a mail that its visitor will not get; its key is the appointment's reference."""


@dataclass(frozen=True, slots=True)
class Notice:
    """`about` is one word (request, complaint, safety_emergency ...); `key` a reference or a conversation."""

    about: str
    key: str

    @property
    def shown_by(self) -> str:
        """The command that shows it."""
        if self.about.startswith("channel_"):
            return "frontdesk channels check"
        if self.about.startswith("replies_"):
            return "frontdesk doctor"
        known = "calendar" in self.about or self.about == UNDELIVERABLE
        return f"frontdesk book history {self.key}" if known else "frontdesk requests"

    def page(self, public_url: str) -> str | None:
        """The page of the desk that shows it, and where its visitor can be answered; None where no phone could open
        it, or it is about no visitor."""
        if not public_url.startswith("https:") or self.about.startswith("channel_"):
            return None
        return f"{public_url}/desk/threads/{self.key}" if CONVERSATION.fullmatch(self.key) else f"{public_url}/desk"


class Post(Protocol):
    """To the clinic. Never what somebody wrote."""

    async def send(self, notice: Notice) -> None:
        """Raises where it did not get there; the sender tries again."""


class Mailbox(Protocol):
    """To visitors."""

    sender: str
    """The address that they get mail from."""

    async def post(self, mail: EmailMessage) -> None:
        """Raises where it did not get there: Undeliverable where it never will, else the sender tries again."""


def post_of(settings: Settings) -> Post:
    """How the clinic is told, by its settings."""
    if not settings.smtp_url:
        return LogPost()
    return SmtpPost(Smtp(settings.smtp_url), settings.notify_to or "", settings.public_url)


def mailbox_of(settings: Settings) -> Mailbox:
    """How visitors get mail, by the clinic's settings."""
    if not settings.smtp_url:
        return NoMailbox()
    sender = settings.mail_from or parseaddr((settings.notify_to or "").split(",")[0])[1]
    return SmtpMailbox(Smtp(settings.smtp_url), sender)


class Undeliverable(ClinicError):
    """No later try gets it there; the text says why, for staff, without the address."""


class LogPost:
    """Where no mail is set up: the log says that there is something to look at."""

    async def send(self, notice: Notice) -> None:
        log.warning("for the clinic: %s %s (see `%s`)", notice.about.replace("_", " "), notice.key, notice.shown_by)


class NoMailbox:
    """Where no mail is set up, visitors have what the chat told them."""

    sender = "nobody@localhost"

    async def post(self, mail: EmailMessage) -> None:
        log.warning("a mail to a visitor was not sent: there is no SMTP_URL")


class Smtp:
    """The server of SMTP_URL (smtp, smtp+starttls or smtps)."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    async def deliver(self, mail: EmailMessage) -> None:
        """Raises Undeliverable where the server will never take it, or another error where it may yet."""
        try:
            await self._send(mail)
        except aiosmtplib.SMTPNotSupported:
            if str(mail["To"]).isascii():
                raise
            raise Undeliverable("the address has letters beyond ASCII, and the mail server does not take such "
                                "addresses (it offers no SMTPUTF8)") from None
        except aiosmtplib.SMTPRecipientsRefused as error:
            if any(refused.code < FOR_GOOD for refused in error.recipients):
                raise
            raise Undeliverable("the mail server does not take mail for that address") from None

    async def _send(self, mail: EmailMessage) -> None:
        await aiosmtplib.send(
            mail, hostname=self._url.hostname, port=self._url.port, username=unquote(self._url.username or "") or None,
            password=unquote(self._url.password or "") or None, use_tls=self._url.scheme == "smtps",
            start_tls=self._url.scheme == "smtp+starttls" or None, timeout=20)


class SmtpPost:
    """Mail to NOTIFY_TO. It leads to the desk: a reply by mail proves nothing of who wrote it, and would bring along
    what a mailbox answers by itself."""

    def __init__(self, smtp: Smtp, to: str, public_url: str) -> None:
        self._smtp, self._to, self._public_url = smtp, to, public_url

    async def send(self, notice: Notice) -> None:
        mail, page = EmailMessage(), notice.page(self._public_url)
        mail["From"] = mail["To"] = self._to
        mail["Subject"] = f"{notice.about.replace('_', ' ').capitalize()} {notice.key}"
        mail.set_content(f"There is something for you: {notice.about.replace('_', ' ')}, {notice.key}.\n"
                         + (f"Read and answer it at the desk, also on your phone: {page}\n" if page else "")
                         + f"`{notice.shown_by}` shows it.\n")
        await self._smtp.deliver(mail)


class SmtpMailbox:
    """Mail from MAIL_FROM."""

    def __init__(self, smtp: Smtp, sender: str) -> None:
        self._smtp, self.sender = smtp, sender

    async def post(self, mail: EmailMessage) -> None:
        await self._smtp.deliver(mail)
