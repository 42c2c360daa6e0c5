"""A real mail server on this machine, for tests: it takes every mail and keeps it."""
import asyncio
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from icalendar import Calendar, Event


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class MailServer:
    def __init__(self, smtputf8: bool = True) -> None:
        """*smtputf8*: whether it takes addresses with letters beyond ASCII (RFC 6531)."""
        self.received: list[EmailMessage] = []
        self.raw = b""
        """The last mail as it came."""
        self.busy = 0
        """How many mails it puts off before it takes one."""
        self.options: list[str] = []
        """With what the last mail was announced."""
        self.unknown: set[str] = set()
        """Addresses for which it takes nothing."""
        self._controller = Controller(self, hostname="127.0.0.1", port=_free_port(), enable_SMTPUTF8=smtputf8)

    def __enter__(self) -> "MailServer":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.server.sockets[0].getsockname()[1]}"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.unknown:
            return "550 nobody by that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.busy:
            self.busy -= 1
            return "451 later, please"
        self.options = list(envelope.mail_options)
        self.raw = bytes(envelope.content)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.received.append(mail)
        return "250 kept"

    async def one(self, number: int = 1) -> EmailMessage:
        """The *number*-th mail since the test began; waits for it."""
        async with asyncio.timeout(10):
            while len(self.received) < number:  # noqa: ASYNC110 - it comes in another thread
                await asyncio.sleep(0.02)
        return self.received[number - 1]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part
    return str(part.get_content())


def invitation_of(mail: EmailMessage) -> tuple[str, Event] | None:
    """The method and the event of the calendar's part; None where there is none."""
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_content()
            calendar = Calendar.from_ical(content if isinstance(content, str) else content.decode())
            (event,) = calendar.walk("VEVENT")
            assert calendar["METHOD"] == part.get_param("method")
            return str(calendar["METHOD"]), event
    return None
