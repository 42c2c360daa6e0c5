"""The gap loop: what nobody has answered, grouped by meaning; written, confirmed, live, and held to ever after."""
import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clinic.errors import ClinicError
from clinic.knowledge.faq import KINDS
from clinic.knowledge.replay import Check
from clinic.knowledge.writing import Entry, entry_of, name_for
from clinic.store.gaps import Gap
from clinic.store.grouping import GapVectors, grouped
from clinic.store.unit import Unit
from desk.console.door import Door
from desk.console.room import Guest, Room, go
from desk.editing import Editing

YEAR = timedelta(days=365)
GAPS = "/desk/gaps"
NOT_OURS = ("other_services", "other_matters")
"""What a question that is not the clinic's may be: about what others do for the body, or anything else."""
MOST = 20
"""Questions of one group that become checks."""


class GapLoop:
    def __init__(self, room: Room, door: Door, editing: Editing) -> None:
        self._room, self._door, self._editing = room, door, editing
        self._vectors = GapVectors(room.library.encode)

    def routes(self) -> list[Route]:
        page, form = self._door.page, self._door.form
        return [Route("/gaps", page(self.show, "answers")), Route("/gaps/write", page(self.write, "answers")),
                Route("/gaps/answer/{gap:int}", page(self.answer, "answers")),
                Route("/gaps/write", form(self.save, "answers"), methods=["POST"]),
                Route("/gaps/second", form(self.second, "answers"), methods=["POST"]),
                Route("/gaps/not-ours", form(self.not_ours, "answers"), methods=["POST"]),
                Route("/gaps/meant", form(self.meant, "answers"), methods=["POST"]),
                Route("/gaps/take-back", form(self.take_back, "manage"), methods=["POST"])]

    async def show(self, request: Request, guest: Guest) -> Response:
        return await self._shown(guest)

    async def _shown(self, guest: Guest, wrong: str = "", status: int = 200) -> Response:
        content = self._room.library.current.content
        async with self._room.store.begin() as unit:
            gaps, changes, proposals = (await unit.gaps.open(), await unit.gaps.changes(),
                                        await unit.proposals.waiting())
        groups = await asyncio.to_thread(grouped, gaps, content, self._vectors)
        waiting = content.to_confirm(self._today)
        return self._room.page("gaps.html", guest, status, groups=groups, changes=changes, wrong=wrong, waiting=waiting,
                               proposals=proposals, meanings=self._meanings(),
                               total=len(content.faqs), version=content.version)

    async def write(self, request: Request, guest: Guest) -> Response:
        """The form for one answer: for an entry that waits, for a group of questions, or for both."""
        asked = request.query_params
        async with self._room.store.begin() as unit:
            gaps = [gap for gap in await unit.gaps.open() if str(gap.id) in asked.get("gaps", "").split()]
        return await self._write(guest, asked.get("faq", ""), gaps)

    async def answer(self, request: Request, guest: Guest) -> Response:
        """The form for the group that a question is in now: where the weekly mail leads."""
        async with self._room.store.begin() as unit:
            gaps = await unit.gaps.open()
        groups = await asyncio.to_thread(grouped, gaps, self._room.library.current.content, self._vectors)
        for group in groups:
            if request.path_params["gap"] in [gap.id for gap in group.gaps]:
                return await self._write(guest, group.faq or "", group.gaps)
        return await self._shown(guest, "That question has been answered or put away meanwhile.", 410)

    async def _write(self, guest: Guest, entry: str, gaps: Sequence[Gap]) -> Response:
        async with self._room.store.begin() as unit:
            draft = await unit.proposals.drafted([gap.id for gap in gaps])
        content = self._room.library.current.content
        if faq := content.faq(entry):
            values = entry_of(faq)
            asked = dict.fromkeys(gap.text for gap in gaps)
            values["also"] += [text for text in asked if text not in values["also"]][:MOST]
        else:
            asked = dict.fromkeys(gap.text for gap in gaps)
            values = {"id": "", "question": next(iter(asked), ""), "also": list(asked)[1:MOST],
                      "needs": sorted({gap.need for gap in gaps}), "about": [], "kind": "practice", "answer": "",
                      "review_by": None}
        values["answer"] = draft or values["answer"]
        values["review_by"] = max(values["review_by"] or self._today, self._today + YEAR)
        return self._form(guest, values, " ".join(str(gap.id) for gap in gaps), drafted=draft is not None)

    def _form(self, guest: Guest, values: dict[str, Any], gaps: str, wrong: str = "", status: int = 200,
              drafted: bool = False) -> Response:
        words = self._room.library.current.content.words
        needs = {need: words.choices.get(f"ask_{need}", need) for need in words.needs}
        return self._room.page("write.html", guest, status, values=values, gaps=gaps, wrong=wrong, kinds=KINDS,
                               drafted=drafted, needs=needs)

    async def save(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        content = self._room.library.current.content
        values: dict[str, Any] = {"id": given.get("id", ""), "question": " ".join(given.get("question", "").split()),
                  "also": [line.strip() for line in given.get("also", "").splitlines() if line.strip()],
                  "needs": [need for need in content.words.needs if f"need-{need}" in given],
                  "kind": given.get("kind", ""), "answer": given.get("answer", "").strip(),
                  "review_by": _day(given.get("review_by", ""))}
        known = content.faq(values["id"])
        if not values["question"] or not values["answer"] or not values["needs"] or values["review_by"] is None:
            return self._form(guest, values, given.get("gaps", ""), "A question, what it needs, an answer and a day "
                              "to look at it again are needed.", 400)
        async with self._room.store.begin() as unit:
            gaps = [gap for gap in await unit.gaps.open() if str(gap.id) in given.get("gaps", "").split()]
        entry = Entry(known.id if known else name_for(values["question"], content), values["question"],
                      tuple(values["also"]), tuple(values["needs"]), known.about if known else (), values["kind"],
                      guest.colleague.name, self._today, values["review_by"], values["answer"])
        try:
            if self._needs_two(entry):
                await self._editing.try_out(entry, self._checks(entry, gaps))
                async with self._room.store.begin() as unit:
                    await unit.proposals.propose(entry, [gap.id for gap in gaps], self._room.clock())
                return go(GAPS)
            await self._editing.save(entry, self._checks(entry, gaps))
        except ClinicError as error:
            return self._form(guest, values, given.get("gaps", ""), str(error), 409)
        async with self._room.store.begin() as unit:
            await self._settle(unit, gaps, entry, guest.colleague.name)
        return go(GAPS)

    async def _settle(self, unit: Unit, gaps: Sequence[Gap], entry: Entry, by: str) -> None:
        """*entry* answers *gaps*. What those mean whose words *by* has left with it is what it answers."""
        meanings: dict[str | None, list[int]] = defaultdict(list)
        for gap in gaps:
            meanings[_meaning(gap, entry)].append(gap.id)
        await unit.proposals.used([gap.id for gap in gaps], by, self._room.clock())
        for intent, ids in meanings.items():
            await unit.gaps.settle(ids, "answered", by, self._room.clock(), entry.id, intent)

    def _needs_two(self, entry: Entry) -> bool:
        """Whether a second person reads *entry* first: where the clinic wants it, and it is about health by its kind,
        by what it was before, or by what it answers."""
        content = self._room.library.current.content
        before = content.faq(entry.id)
        return content.clinic.two_for_health and ("health" in (entry.kind, before.kind if before else "")
                                                  or bool(set(entry.needs) & set(content.words.of_a_complaint)))

    async def second(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        """A second person approves what somebody else wrote, or sends it back: never the one who wrote it."""
        key, name, now = given.get("proposal", ""), guest.colleague.name, self._room.clock()
        async with self._room.store.begin() as unit:
            proposal = await unit.proposals.get(int(key)) if key.isdigit() and len(key) < 16 else None
            if proposal is None:
                return await self._shown(guest, "That has been decided already.", 409)
            if given.get("approve") != "yes":
                await unit.proposals.decide(proposal.id, "sent_back", name, now)
                return go(GAPS)
            if proposal.by == name:
                return await self._shown(guest, "Somebody else has to read what you wrote.", 403)
            gaps = [gap for gap in await unit.gaps.open() if gap.id in proposal.gaps]
            entry = replace(proposal.entry, by=f"{proposal.by} and {name}", when=self._today)
            try:
                await self._editing.save(entry, self._checks(entry, gaps))
            except ClinicError as error:
                return await self._shown(guest, str(error), 409)
            await unit.proposals.decide(proposal.id, "approved", name, now)
            await self._settle(unit, gaps, entry, name)
        return go(GAPS)

    def _checks(self, entry: Entry, gaps: Sequence[Gap]) -> list[Check]:
        """The question itself, and each that was asked in vain, as it was asked."""
        when = self._today.isoformat()
        asked = {entry.question: entry.needs[0]} | {gap.text: gap.need for gap in gaps[:MOST]
                                                    if gap.text in entry.also and gap.need in entry.needs}
        return [Check(text, need, entry.id, entry.by, when) for text, need in asked.items()]

    async def not_ours(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        kind = given.get("kind")
        async with self._room.store.begin() as unit:
            await unit.gaps.settle(_numbers(given), "not_ours", guest.colleague.name, self._room.clock(),
                                   intent=kind if kind in NOT_OURS else None)
        return go(GAPS)

    async def meant(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        """They asked what the assistant knows, in words that it did not know."""
        intent = given.get("intent", "")
        if intent not in self._meanings():
            return await self._shown(guest, "Say what they meant.", 400)
        async with self._room.store.begin() as unit:
            await unit.gaps.settle(_numbers(given), "meant", guest.colleague.name, self._room.clock(), intent=intent)
        return go(GAPS)

    def _meanings(self) -> dict[str, str]:
        """What a question may mean, by intent, in the clinic's words."""
        return {intent: label for intent, label in self._room.library.current.content.words.choices.items()
                if intent.startswith(("ask_", "fact_")) or intent.endswith("_appointment")}

    async def take_back(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        """As it was before: for a manager."""
        key = given.get("change", "")
        async with self._room.store.begin() as unit:
            change = await unit.gaps.change(int(key)) if key.isdigit() and len(key) < 16 else None
        if change is None:
            return self._room.refuse(guest, 404, "There is no such change.")
        try:
            await self._editing.take_back(change, guest.colleague.name)
        except ClinicError as error:
            return await self._shown(guest, str(error), 409)
        return go(GAPS)

    @property
    def _today(self) -> date:
        return self._room.clock().astimezone(self._room.library.current.content.clinic.zone).date()


def _meaning(gap: Gap, entry: Entry) -> str | None:
    """The intent of *gap*, which *entry* answers; None where its words were taken out, or it may be one of several."""
    if gap.text not in (entry.question, *entry.also):
        return None
    need = gap.need if gap.need in entry.needs else entry.needs[0] if len(entry.needs) == 1 else None
    return f"ask_{need}" if need else None


def _numbers(given: dict[str, str]) -> list[int]:
    """The gaps that a form is about."""
    return [int(gap) for gap in given.get("gaps", "").split() if gap.isdigit() and len(gap) < 16]


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
