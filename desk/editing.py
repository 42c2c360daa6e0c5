"""What the assistant says is changed at the desk: tried, replayed, written into the clinic's folder, live at once."""
import asyncio
from dataclasses import dataclass
from pathlib import Path

from clinic.clock import Clock
from clinic.errors import ClinicError
from clinic.knowledge.answer import Knowledge
from clinic.knowledge.content import Content, texts_in
from clinic.knowledge.replay import FILE, Check, as_text, checks_in, failing, with_new
from clinic.knowledge.writing import Entry, place_of, put, tried, written
from clinic.library import Library
from clinic.settings import ROOT
from clinic.store.gaps import Change
from clinic.store.publishing import Publishing
from clinic.store.unit import Store


class NotTheClinics(ClinicError):
    """The content is the sample that comes with the program: nothing is written there."""


class WouldBreak(ClinicError):
    """A question that was answered before would get another answer, or none."""


@dataclass(frozen=True, slots=True)
class Editing:
    """Writes into one clinic's folder."""

    store: Store
    publishing: Publishing
    folder: Path
    library: Library
    clock: Clock

    def check_ours(self) -> None:
        """Raises NotTheClinics."""
        if self.folder.resolve().is_relative_to((ROOT / "content").resolve()):
            raise NotTheClinics("This is the sample that came with the program, and nothing is written into it. "
                                "`frontdesk init FOLDER` makes a folder of your own; set FRONTDESK_CONTENT to it.")

    async def save(self, entry: Entry, checks: list[Check]) -> str:
        """*entry* is live, and *checks* hold from now on: the new version. Raises NotTheClinics, ContentError,
        WouldBreak; then nothing has changed."""
        self.check_ours()
        return await self._change(entry.place, written(entry), entry.by, checks)

    async def take_back(self, change: Change, by: str) -> str:
        """As it was before *change*: the new version. What that broke would be seen here as well. Raises as `save`."""
        self.check_ours()
        return await self._change(change.place, change.before, by, [])

    async def _change(self, place: str, text: str | None, by: str, checks: list[Check]) -> str:
        texts = await asyncio.to_thread(texts_in, self.folder)
        content = tried(texts, place, text)
        kept = with_new(await asyncio.to_thread(checks_in, self.folder), checks)
        kept = [check for check in kept if place != place_of(check.answer) or _speaks(content, check.answer)]
        await asyncio.to_thread(self._replay, content, kept)
        await asyncio.to_thread(put, self.folder, FILE, as_text(kept))
        await asyncio.to_thread(put, self.folder, place, text)
        version = await self.publishing.publish()
        await self.publishing.take_up()
        async with self.store.begin() as unit:
            await unit.gaps.changed(Change(0, place, texts.get(place), text, version, by, self.clock()))
        return version

    def _replay(self, content: Content, checks: list[Check]) -> None:
        today = self.clock().astimezone(content.clinic.zone).date()
        encode, known = self.library.encode, self.library.current.known
        broken = failing(Knowledge(content, known, encode), encode, checks, today) if checks else []
        if broken:
            raise WouldBreak("\n".join(f"“{check.asked}” would be answered by {told or 'nothing'}, not by "
                                       f"faq/{check.answer}" for check, told in broken))


def _speaks(content: Content, name: str) -> bool:
    """Whether the entry is there and confirmed: of one that was taken back, nothing is asked any more."""
    faq = content.faq(name)
    return faq is not None and faq.status == "confirmed"
