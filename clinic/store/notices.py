"""Notices to the clinic and mail to visitors, as jobs: queued with what caused them, sent after it committed."""
from clinic.records import Records
from clinic.store.jobs import Jobs
from clinic.store.unit import Unit


class QueuedNotices:
    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    async def queue(self, records: Records, about: str, key: str) -> None:
        assert isinstance(records, Unit)
        await self._jobs.enqueue(records, "notify", queue="notices", about=about, key=key)

    async def mail(self, records: Records, about: str, reference: str, version: int) -> None:
        assert isinstance(records, Unit)
        await self._jobs.enqueue(records, "mail", queue="notices", about=about, reference=reference, version=version)

    async def mail_offer(self, records: Records, place: int, opening: str) -> None:
        assert isinstance(records, Unit)
        await self._jobs.enqueue(records, "mail_offer", queue="notices", place=place, opening=opening)
