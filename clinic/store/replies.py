"""A reply to the weekly mail: a draft of the answer to the question that the mail named first. Never live by mail
alone: somebody who is signed in reads and confirms it."""
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr

from clinic.clock import Clock
from clinic.errors import ClinicError
from clinic.library import Library
from clinic.post import Mailbox
from clinic.store.unit import Store, Unit

KEPT_AS = "weekly_reply"
STAMP = re.compile(r"\bdesk-(\d{1,15})-([0-9a-f]{32})\b")
QUOTED = re.compile(r"\s*(?:>|-{2,}\s*\w[\w ]*-{2,}\s*$|_{10,}\s*$|(?:On|Am|Le|El)\b.*\d.*\b\w+:\s*$|From: |-- ?$)")
"""A line with which what others wrote, or a signature, begins."""
OPENING = re.compile(r"\s*On\b.*\d{4}.*$")
"""The first of two lines that say who wrote what follows."""
LONGEST = 4_000
"""Characters of an answer, as its form takes them."""


class NotAReply(ClinicError):
    """A mail that is no reply of theirs to the weekly mail; the text says why, without a word of it."""


@dataclass(frozen=True, slots=True)
class Replies:
    """`to`: who gets the weekly mail, and so may reply to it."""

    store: Store
    library: Library
    mailbox: Mailbox
    clock: Clock
    desk: str
    to: tuple[str, ...]

    async def take(self, mail: EmailMessage) -> None:
        """Keep the answer in *mail* as a draft, and tell its sender where to confirm it. Raises NotAReply, and what the
        mailbox raises."""
        sender = parseaddr(str(mail["From"] or ""))[1]
        if (mail["Auto-Submitted"] or "no").strip().lower() != "no" or mail["List-Id"]:
            raise NotAReply("It was sent by a machine.")
        if sender.casefold() not in {one.casefold() for one in self.to}:
            raise NotAReply("Its sender is not in WEEKLY_TO.")
        text = _text_of(mail)
        answer = own_words(text)[:LONGEST]
        async with self.store.begin() as unit:
            gap = await _gap_of(unit, mail, text)
            is_open = gap in [one.id for one in await unit.gaps.open()]
            if is_open and answer:
                await unit.proposals.draft(gap, answer, "a reply by mail", self.clock())
        await self.mailbox.post(self._told(mail, sender, gap, is_open, answer))

    def _told(self, mail: EmailMessage, sender: str, gap: int, is_open: bool, answer: str) -> EmailMessage:
        link = f"{self.desk}/gaps/answer/{gap}"
        if not is_open:
            said = f"That question has been answered or put away meanwhile: {self.desk}/gaps"
        elif answer:
            said = f"Your answer is kept as a draft. Nobody hears it before you have read and confirmed it here: {link}"
        else:
            said = f"There were no words of yours in your reply, as plain text. Write the answer here: {link}"
        back = EmailMessage()
        back["From"] = formataddr((self.library.current.content.clinic.name, self.mailbox.sender))
        back["To"], back["Date"] = sender, format_datetime(self.clock())
        back["Subject"] = "Your answer waits to be confirmed" if is_open and answer else "Your reply"
        if mail["Message-ID"]:
            back["In-Reply-To"] = back["References"] = str(mail["Message-ID"]).strip()
        back["Auto-Submitted"] = "auto-replied"
        back.set_content(f"{said}\n")
        return back


async def stamp_of(unit: Unit, gap: int) -> str:
    """What a reply about *gap* carries, and nobody else can make."""
    secret = await unit.secrets.of(KEPT_AS)
    return f"desk-{gap}-{hmac.new(secret.encode(), str(gap).encode(), 'sha256').hexdigest()[:32]}"


async def _gap_of(unit: Unit, mail: EmailMessage, text: str) -> int:
    """The gap whose stamp *mail* carries, in what it refers to or quotes. Raises NotAReply."""
    for said in (*(str(mail[name] or "") for name in ("In-Reply-To", "References", "Subject")), text):
        for found in STAMP.finditer(said):
            if hmac.compare_digest(found[0], await stamp_of(unit, int(found[1]))):
                return int(found[1])
    raise NotAReply("It does not say to which mail of ours it is a reply.")


def own_words(text: str) -> str:
    """What somebody wrote above what they quote and sign with."""
    return "\n".join(_above(text.replace("\r\n", "\n").split("\n"))).strip()


def _above(lines: list[str]) -> Iterator[str]:
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if QUOTED.match(line) or STAMP.search(line) or (OPENING.match(line) and after.rstrip().endswith(":")):
            return
        yield "".join(sign for sign in line if sign.isprintable() or sign == "\t").rstrip()


def _text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    try:
        return str(body.get_content()) if body else ""
    except (LookupError, ValueError):  # a charset that nobody knows
        return ""
