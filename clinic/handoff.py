"""Handing over to a person: who is told, and when somebody next reads it. Nobody is promised what can't happen."""
from datetime import datetime, timedelta
from uuid import UUID

from clinic.conversation import Level
from clinic.library import Library
from clinic.presence import Presence
from clinic.records import Notices, Records

GRACE = timedelta(minutes=10)
"""After the end of the day's hours a person may still finish what they are about to write."""


class Handoff:
    def __init__(self, library: Library, notices: Notices, presence: Presence | None = None) -> None:
        self._library, self._notices, self.presence = library, notices, presence or Presence()

    def desk_back(self, now: datetime) -> str | None:
        """When somebody at reception next reads messages, in words; None while they do. Who says that nobody is at the
        desk is believed before the hours are."""
        facts = self._library.current.content.clinic
        local, away = now.astimezone(facts.zone), self.presence.away_until
        if not self.presence.away(now) and facts.reception_hours.open_at(local):
            return None
        opens = facts.reception_hours.next_open(max(now, away or now).astimezone(facts.zone))
        return _in_words(opens, local) if opens else ""

    def shift_over(self, since: datetime, now: datetime) -> bool:
        """Whether the last reception hours of the day in which *since* lies have ended after it, and a while ago."""
        facts = self._library.current.content.clinic
        began, local = since.astimezone(facts.zone), now.astimezone(facts.zone)
        spans = facts.reception_hours.on(began.date())
        if not spans:
            return False
        end = datetime.combine(began.date(), spans[-1].closes, facts.zone)
        return began < end and local >= end + GRACE

    def contact_card(self) -> str:
        """What is said while the chat is paused: how to reach the clinic."""
        clinic = self._library.current.content.clinic
        return self._library.current.content.words.said["paused"].format(phone=clinic.phone, mail=clinic.mail)

    def next_read(self, now: datetime) -> str:
        """A sentence that says when a message is next read, from the clinic's own words."""
        words, back = self._library.current.content.words.said, self.desk_back(now)
        return words["next_read_now"] if back is None else words["next_read_later"].format(when=back)

    def words(self, reason: str, now: datetime, **filled: str) -> str:
        """What a visitor hears when *reason* (a key of words.yml) hands them over without Rasa, with *filled* in."""
        return self._library.current.content.words.said[reason].format(next_read=self.next_read(now), **filled)

    async def raise_alarm(self, records: Records, conversation: UUID, channel: str, n: int, level: Level,
                          now: datetime) -> None:
        """Message *n* may be about somebody in danger: put it before staff, and tell them."""
        await self.take_over(records, conversation, channel, n, f"safety_{level}", now)

    async def take_over(self, records: Records, conversation: UUID, channel: str, n: int, reason: str,
                        now: datetime) -> None:
        """Put message *n* before staff for *reason*, one word that holds nothing of what was said.

        They are told once: who repeats it within minutes is in front of them already."""
        if await records.cases.hand_over(conversation, n, reason, now):
            await self.tell(records, channel, reason, str(conversation))

    async def wrote_again(self, records: Records, conversation: UUID) -> None:
        """A visitor writes on in a *conversation* that a person has: the desk shows it; who answers from elsewhere is
        told."""
        await self._notices.wrote_again(records, conversation)

    async def tell(self, records: Records, channel: str, about: str, key: str) -> None:
        """Tell the clinic about *key*; what the command line asks of itself stays untold."""
        if channel != "cli":
            await self._notices.queue(records, about, key)


def _in_words(moment: datetime, now: datetime) -> str:
    """`today at 14:00`, `tomorrow at 09:00`, `on Monday at 09:00`, `on 4 January at 09:00`."""
    days = (moment.date() - now.date()).days
    clock = f"{moment:%H:%M}"
    if days == 0:
        return f"today at {clock}"
    if days == 1:
        return f"tomorrow at {clock}"
    return f"on {moment:%A} at {clock}" if days < 7 else f"on {moment.day} {moment:%B} at {clock}"


