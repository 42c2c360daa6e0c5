"""Handing over to a person: who is told, and when somebody next reads it. Nobody is promised what can't happen."""
from datetime import datetime
from uuid import UUID

from clinic.conversation import Level
from clinic.library import Library
from clinic.records import Notices, Records


class Handoff:
    def __init__(self, library: Library, notices: Notices) -> None:
        self._library, self._notices = library, notices

    def desk_back(self, now: datetime) -> str | None:
        """When somebody at reception next reads messages, in words; None while they do."""
        facts = self._library.current.content.clinic
        local = now.astimezone(facts.zone)
        if facts.reception_hours.open_at(local):
            return None
        opens = facts.reception_hours.next_open(local)
        return _in_words(opens, local) if opens else ""

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


