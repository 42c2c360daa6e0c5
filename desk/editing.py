"""What the assistant says is changed at the desk: tried, replayed, written into the clinic's folder, live at once."""
import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
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

    async def try_out(self, entry: Entry, checks: list[Check]) -> None:
        """Whether *entry* could be saved. Raises as `save`, and changes nothing."""
        self.check_ours()
        await self._tried(entry.place, written(entry), checks)

    async def take_back(self, change: Change, by: str) -> str:
        """As it was before *change*: the new version. What that broke would be seen here as well. Raises as `save`."""
        self.check_ours()
        return await self._change(change.place, change.before, by, [])

    async def _change(self, place: str, text: str | None, by: str, checks: list[Check]) -> str:
        texts, kept = await self._tried(place, text, checks)
        async with self._writing({FILE: as_text(kept), place: text}):
            version = await self.publishing.publish()
            await self.publishing.take_up()
            async with self.store.begin() as unit:
                await unit.gaps.changed(Change(0, place, texts.get(place), text, version, by, self.clock()))
        return version

    @asynccontextmanager
    async def _writing(self, files: Mapping[str, str | None]) -> AsyncIterator[None]:
        """Write *files* (None: take away) for what is done meanwhile; where that fails, they are as they were."""
        before = {place: await asyncio.to_thread(_text_of, self.folder / place) for place in files}
        try:
            for place, text in files.items():
                await asyncio.to_thread(put, self.folder, place, text)
            yield
        except BaseException:
            for place, text in before.items():
                await asyncio.to_thread(put, self.folder, place, text)
            raise

    async def _tried(self, place: str, text: str | None, checks: list[Check]) -> tuple[dict[str, str], list[Check]]:
        """The files as they are, and the checks as they will be. Raises ContentError, WouldBreak."""
        texts = await asyncio.to_thread(texts_in, self.folder)
        content = tried(texts, place, text)
        kept = with_new(await asyncio.to_thread(checks_in, self.folder), checks)
        kept = [check for check in kept if place != place_of(check.answer) or _speaks(content, check.answer)]
        await asyncio.to_thread(self._replay, content, kept)
        return texts, kept

    def _replay(self, content: Content, checks: list[Check]) -> None:
        today = self.clock().astimezone(content.clinic.zone).date()
        encode, known = self.library.encode, self.library.current.known
        broken = failing(Knowledge(content, known, encode), encode, checks, today) if checks else []
        if broken:
            raise WouldBreak("\n".join(f"“{check.asked}” would be answered by {told or 'nothing'}, not by "
                                       f"faq/{check.answer}" for check, told in broken))


def _text_of(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _speaks(content: Content, name: str) -> bool:
    """Whether the entry is there and confirmed: of one that was taken back, nothing is asked any more."""
    faq = content.faq(name)
    return faq is not None and faq.status == "confirmed"
