"""Answers about health that somebody wrote, and that wait for a second person before they are said."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.knowledge.frozen_json import from_plain, to_plain
from clinic.knowledge.writing import Entry
from clinic.store.desk_tables import ProposalRow
from clinic.store.tables import table_of

ROW = table_of(ProposalRow)


@dataclass(frozen=True, slots=True)
class Proposal:
    """*entry* as *by* wrote it, and the numbers of the questions that it answers."""

    id: int
    entry: Entry
    gaps: tuple[int, ...]
    by: str
    at: datetime


class Proposals:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def propose(self, entry: Entry, gaps: Sequence[int], now: datetime) -> None:
        """Keep *entry* for a second person; an earlier one for the same file is replaced."""
        await self._connection.execute(update(ROW).where(ROW.c.state == "waiting", ROW.c.entry["id"].astext == entry.id)
                                       .values(state="replaced", decided_by=entry.by, decided_at=now))
        await self._connection.execute(insert(ROW).values(entry=to_plain(entry), gaps=list(gaps), by=entry.by, at=now))

    async def draft(self, gap: int, answer: str, by: str, now: datetime) -> None:
        """Keep *answer* for whoever writes the answer to *gap*; an earlier one is replaced."""
        await self.used([gap], by, now)
        await self._connection.execute(insert(ROW).values(entry={"answer": answer}, gaps=[gap], by=by, at=now,
                                                          state="draft"))

    async def drafted(self, gaps: Sequence[int]) -> str | None:
        """The newest answer that somebody has drafted for one of *gaps*."""
        return await self._connection.scalar(
            select(ROW.c.entry["answer"].astext).where(*_drafts_of(gaps)).order_by(ROW.c.id.desc()).limit(1))

    async def used(self, gaps: Sequence[int], by: str, now: datetime) -> None:
        """What was drafted for *gaps* is not needed any more."""
        await self._connection.execute(update(ROW).where(*_drafts_of(gaps)).values(state="used", decided_by=by,
                                                                                   decided_at=now))

    async def waiting(self) -> list[Proposal]:
        """What waits, the longest waiting first."""
        return await self._find(select(ROW).where(ROW.c.state == "waiting").order_by(ROW.c.id))

    async def get(self, key: int) -> Proposal | None:
        """One that waits, and is ours until commit."""
        found = await self._find(select(ROW).where(ROW.c.id == key, ROW.c.state == "waiting").with_for_update())
        return found[0] if found else None

    async def decide(self, key: int, state: str, by: str, now: datetime) -> None:
        """*by* approved it, or sent it back."""
        await self._connection.execute(update(ROW).where(ROW.c.id == key).values(state=state, decided_by=by,
                                                                                 decided_at=now))

    async def _find(self, query: Select[Any]) -> list[Proposal]:
        return [Proposal(row.id, from_plain(Entry, row.entry), tuple(row.gaps), row.by, row.at)
                for row in await self._connection.execute(query)]


def _drafts_of(gaps: Sequence[int]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ROW.c.state == "draft", or_(*(ROW.c.gaps.contains([gap]) for gap in gaps), false())
