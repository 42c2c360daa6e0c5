"""A reply of a person's that its visitor has not seen: a mail that leads back, where they left an address for it."""
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from uuid import UUID

from clinic.clock import Clock
from clinic.library import Library
from clinic.post import Mailbox
from clinic.store.unit import Store

PATIENCE = timedelta(minutes=5)
"""How long a reply may wait in the chat before it is mailed that there is one."""


class Unread:
    def __init__(self, store: Store, library: Library, mailbox: Mailbox, clock: Clock, public_url: str) -> None:
        self._store, self._library, self._mailbox = store, library, mailbox
        self._clock, self._public_url = clock, public_url

    async def run(self, conversation: str) -> None:
        """Write that there is a reply, once until they have looked: no word of it. Raises where the mail did not get
        there, and then it is tried again."""
        key = UUID(conversation)
        async with self._store.begin() as unit:
            address, n = await unit.conversations.unseen_reply(key)
        if address is None or "@" not in address:
            return
        await self._mailbox.post(self._letter(address, key, n))  # in no transaction: a mail server may take its time
        async with self._store.begin() as unit:
            await unit.conversations.mailed(key, n)

    def _letter(self, address: str, key: UUID, n: int) -> EmailMessage:
        content, mail, sender = self._library.current.content, EmailMessage(), self._mailbox.sender
        said = {name: content.words.said[name].format(clinic=content.clinic.name, phone=content.clinic.phone,
                                                      mail=content.clinic.mail, address=content.clinic.address,
                                                      link=f"{self._public_url}/")
                for name in ("reply_subject", "reply_waits", "reply_close")}
        mail["From"], mail["To"] = formataddr((content.clinic.name, sender)), address
        mail["Subject"], mail["Date"] = said["reply_subject"], format_datetime(self._clock())
        mail["Message-ID"] = f"<{key}.{n}.reply@{sender.rpartition('@')[2]}>"  # the same again is the same mail
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(f"{said['reply_waits']}\n\n{said['reply_close']}\n")
        return mail
