"""What a visitor hears of their appointment when it is not they who are talking: in their conversation, and by mail."""
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from clinic.booking import links, spoken
from clinic.booking.appointment import Appointment
from clinic.booking.letter import sentence
from clinic.booking.opening import Opening
from clinic.booking.waiting import InLine
from clinic.conversation import Offer, Reply
from clinic.knowledge.content import Content
from clinic.records import Locked, Notices, Outbox, Records
from clinic.safety.page import CheckPage
from clinic.safety.reading import ALARMS

SILENT = "cli"
"""The channel of the command line's own questions: nothing is sent for these."""


class Tidings:
    def __init__(self, content: Callable[[], Content], notices: Notices, outbox: Outbox, public_url: str,
                 mails: bool = True) -> None:
        self._content, self._notices, self._outbox, self._public_url = content, notices, outbox, public_url
        self.mails = mails
        """Whether mail to visitors is set up."""
        self.page = CheckPage(public_url, outbox.writes_to)

    def address(self, path: str) -> str:
        """The address of a page of ours."""
        return f"{self._public_url.rstrip('/')}{path}"

    async def link(self, records: Records, reference: str) -> str:
        """Where the visitor finds the appointment for their calendar."""
        return links.of_appointment(self._public_url, reference, await records.secrets.of(links.OF_APPOINTMENTS))

    async def tell(self, records: Records, appointment: Appointment, about: str, now: datetime) -> None:
        """Say it in the conversation in which it was made, if that is still there, and by mail. *about*: a key of
        words.yml, without its `appointment_`. To be done last in a transaction."""
        if appointment.conversation is None:
            await self.write(records, appointment, about, "")
            return
        locked = await records.conversations.lock(appointment.conversation)
        await self.write(records, appointment, about, locked.channel)
        text = sentence(self._content(), about, appointment)
        if appointment.state == "booked" and about != "reminder":
            link = await self.link(records, appointment.reference)
            text += "\n" + self._content().words.said["calendar_link"].format(link=link)
        await self._say(records, locked, text, self._ways_on(appointment), now)

    def can_mail(self, channel: str, contact: str | None) -> bool:
        """Whether whoever waits on *channel*, where nobody hears of what is said later, can be told by mail."""
        there = channel == SILENT or self._outbox.writes_to(channel)
        return self.mails and not there and "@" in (contact or "")

    async def offer(self, records: Records, place: InLine, opening: Opening, until: datetime, now: datetime) -> None:
        """A time that was waited for has come free, and is kept until an instant: said in the conversation, and by mail
        where its visitor would have to look. To be done last in a transaction."""
        content = self._content()
        who = next((person.role for person in content.clinic.people if person.id == opening.therapist), "")
        text = content.words.said["waiting_offer"].format(
            when=spoken.when_and_where(content.clinic, opening), who=who, clinic=content.clinic.name,
            until=spoken.in_full(until, content.clinic.zone))
        ways = [Offer(content.words.choices[label], {"intent": intent, "entities": {"offered": opening.key}})
                for label, intent in (("take_it", "take_waiting"), ("not_that", "pass_waiting"))]
        locked = await records.conversations.lock(place.conversation)
        if self.can_mail(locked.channel, place.wanted.contact):
            await self._notices.mail_offer(records, place.id, opening.key)
        await self._say(records, locked, text, ways, now)

    async def say(self, records: Records, conversation: UUID, about: str, now: datetime) -> None:
        """What words.yml has under *about*, with the way to look for another time. Nothing where a person talks there,
        or after a red flag: nobody is led to a booking then (SAFETY 4.2). To be done last as well."""
        content, locked = self._content(), await records.conversations.lock(conversation)
        if not locked.held_by_staff and locked.level not in ALARMS:
            text = content.words.said[about].format(clinic=content.clinic.name)
            await self._say(records, locked, text, self._another(), now)

    async def _say(self, records: Records, locked: Locked, text: str, ways: Sequence[Offer], now: datetime) -> None:
        n = await records.messages.say(locked.id, Reply("booking", text, offers=tuple(ways)), now)
        await self._outbox.pass_on(records, locked.id, locked.channel, n - 1)

    async def write(self, records: Records, appointment: Appointment, about: str, channel: str) -> None:
        """Queue the mail about it, where the contact is an address."""
        if channel != SILENT and "@" in (appointment.contact or ""):
            await self._notices.mail(records, about, appointment.reference, appointment.version)

    def _ways_on(self, appointment: Appointment) -> tuple[Offer, ...]:
        """What can be done about it from there: to move or cancel what stands, to look for another time else."""
        labels = self._content().words.choices
        if appointment.stands:
            means = [("move_it", "change_appointment"), ("cancel_it", "cancel_appointment")]
            return tuple(Offer(labels[label], {"intent": intent, "entities": {"appointment": appointment.reference}})
                         for label, intent in means)
        return self._another()

    def _another(self) -> tuple[Offer, ...]:
        label = self._content().words.choices.get("book_appointment")
        return (Offer(label, {"intent": "book_appointment", "entities": {}}),) if label else ()
