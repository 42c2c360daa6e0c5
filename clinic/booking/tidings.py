"""What a visitor hears of their appointment when it is not they who are talking: in their conversation, and by mail."""
from collections.abc import Callable
from datetime import datetime

from clinic.booking import links
from clinic.booking.appointment import Appointment
from clinic.booking.letter import sentence
from clinic.conversation import Offer, Reply
from clinic.knowledge.content import Content
from clinic.records import Notices, Outbox, Records
from clinic.safety.page import CheckPage

SILENT = "cli"
"""The channel of the command line's own questions: nothing is sent for these."""


class Tidings:
    def __init__(self, content: Callable[[], Content], notices: Notices, outbox: Outbox, public_url: str) -> None:
        self._content, self._notices, self._outbox, self._public_url = content, notices, outbox, public_url
        self.page = CheckPage(public_url, outbox.writes_to)

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
        reply = Reply("booking", text, offers=self._ways_on(appointment))
        n = await records.messages.say(locked.id, reply, now)
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
        label = labels.get("book_appointment")
        return (Offer(label, {"intent": "book_appointment", "entities": {}}),) if label else ()
