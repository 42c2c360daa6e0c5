"""Telling the clinic: by mail where that is set up, else a line in the log. Never what somebody wrote."""
import logging
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import urlsplit

import aiosmtplib

log = logging.getLogger("frontdesk.notify")


@dataclass(frozen=True, slots=True)
class Notice:
    """`about` is one word (request, complaint, safety_emergency ...); `key` a reference or a conversation."""

    about: str
    key: str


class Post(Protocol):
    async def send(self, notice: Notice) -> None:
        """Raises where it did not get there; the sender tries again."""


class LogPost:
    """Where no mail is set up: the log says that there is something to look at."""

    async def send(self, notice: Notice) -> None:
        log.warning("for the clinic: %s %s (see `frontdesk requests`)", notice.about.replace("_", " "), notice.key)


class SmtpPost:
    """Mail through the server of SMTP_URL (smtp, smtp+starttls or smtps) to NOTIFY_TO."""

    def __init__(self, url: str, to: str) -> None:
        self._url, self._to = urlsplit(url), to

    async def send(self, notice: Notice) -> None:
        mail = EmailMessage()
        mail["From"] = mail["To"] = self._to
        mail["Subject"] = f"{notice.about.replace('_', ' ').capitalize()} {notice.key}"
        mail.set_content(f"There is something for you: {notice.about.replace('_', ' ')}, {notice.key}.\n"
                         "`frontdesk requests` shows it.\n")
        await aiosmtplib.send(
            mail, hostname=self._url.hostname, port=self._url.port, username=self._url.username,
            password=self._url.password, use_tls=self._url.scheme == "smtps",
            start_tls=self._url.scheme == "smtp+starttls" or None, timeout=20)
