"""Notices to the clinic and mail to visitors, as jobs: queued with what caused them, sent after it committed."""
from uuid import UUID

from clinic.records import Records
from clinic.store.jobs import Jobs
from clinic.store.staff_chat import WROTE_AGAIN
from clinic.store.unit import Unit

QUEUE = "notices"


class QueuedNotices:
    def __init__(self, jobs: Jobs, *, in_chat: bool = False) -> None:
        """*in_chat*: staff have a chat of their own, and hear of it there as well. Each way has a job of its own: one
        that fails is tried again, and says nothing twice elsewhere."""
        self._jobs, self._in_chat = jobs, in_chat

    async def queue(self, records: Records, about: str, key: str) -> None:
        assert isinstance(records, Unit)
        await self._jobs.enqueue(records, "notify", queue=QUEUE, about=about, key=key)
        if self._in_chat:
            await self._jobs.enqueue(records, "tell_staff", queue=QUEUE, about=about, key=key)

    async def wrote_again(self, records: Records, conversation: UUID) -> None:
        assert isinstance(records, Unit)
        if self._in_chat and await records.staff_chat.answers(conversation):
            await self._jobs.enqueue(records, "tell_staff", queue=QUEUE, about=WROTE_AGAIN, key=str(conversation))

    async def mail(self, records: Records, about: str, reference: str, version: int) -> None:
        assert isinstance(records, Unit)
        await self._jobs.enqueue(records, "mail", queue=QUEUE, about=about, reference=reference, version=version)

    async def mail_offer(self, records: Records, place: int, opening: str) -> None:
        assert isinstance(records, Unit)
        await self._jobs.enqueue(records, "mail_offer", queue=QUEUE, place=place, opening=opening)
