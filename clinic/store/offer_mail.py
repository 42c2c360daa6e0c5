"""A time that came free for somebody who waits where nobody is told: a mail that leads back, within its hold."""
import logging
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from clinic.booking import spoken
from clinic.booking.contact import for_mail
from clinic.booking.opening import read_key
from clinic.booking.waiting import InLine
from clinic.clock import Clock
from clinic.library import Library
from clinic.post import Mailbox, Undeliverable
from clinic.store.unit import Store

log = logging.getLogger("frontdesk.mailing")


class OfferMail:
    def __init__(self, store: Store, library: Library, mailbox: Mailbox, clock: Clock, public_url: str) -> None:
        self._store, self._library, self._mailbox = store, library, mailbox
        self._clock, self._public_url = clock, public_url

    async def run(self, place: int, opening: str) -> None:
        """Write that the time of that key is kept for whoever is at *place* in line; nothing where it is not any more.
        Raises where the mail did not get there, and may yet."""
        async with self._store.begin() as unit:
            found = await unit.waiting_list.get(place)
        now = self._clock()
        if found is None or found.opening != opening or not found.offered_until or found.offered_until <= now:
            return
        if "@" not in (found.wanted.contact or ""):
            return
        try:
            await self._mailbox.post(self._letter(found, opening))
        except Undeliverable as error:
            log.warning("the mail to who waits in conversation %s can't be delivered: %s", found.conversation, error)

    def _letter(self, place: InLine, opening: str) -> EmailMessage:
        content, sender, named = self._library.current.content, self._mailbox.sender, read_key(opening)
        clinic, until = content.clinic, place.offered_until
        assert until
        who = next((person.role for person in clinic.people if person.id == named.therapist), "")
        when = spoken.when_and_where(clinic, named)
        said = {name: content.words.said[name].format(
            clinic=clinic.name, phone=clinic.phone, mail=clinic.mail, address=clinic.address_of(named.place), when=when,
            who=who, until=spoken.in_full(until, clinic.zone), link=f"{self._public_url}/")
            for name in ("offer_subject", "offer_waits", "reply_close")}
        mail = EmailMessage()
        mail["From"], mail["To"] = formataddr((clinic.name, sender)), for_mail(place.wanted.contact or "")
        mail["Subject"], mail["Date"] = said["offer_subject"], format_datetime(self._clock())
        # the same again is the same mail, and another time is another
        mail["Message-ID"] = f"<{place.id}.{until:%Y%m%d%H%M%S}.offer@{sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(f"{said['offer_waits']}\n\n{said['reply_close']}\n")
        return mail
