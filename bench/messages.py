"""Messages that the assistant was not taught, put to all of it: the kind of reply they get, and the section it cites.

python -m bench.messages [-v]: `-v` lists what went wrong in the open sets, never in those held out."""
import asyncio
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from clinic.settings import ROOT, Settings
from desk.asking import Asker, asking

SETS = ROOT / "tests" / "data" / "messages"
console = Console(width=100)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message was to get, and got."""

    wanted: dict[str, Any]
    kinds: list[str]
    sections: list[str]

    @property
    def kind(self) -> str:
        return "two questions" if "all_kinds" in self.wanted else str(self.wanted["kinds"][0])

    @property
    def right(self) -> bool:
        if "all_kinds" in self.wanted:
            return all(set(self.kinds) & set(right) for right in self.wanted["all_kinds"])
        hit = set(self.kinds) & set(self.wanted["kinds"])
        sections = set(self.wanted.get("sections") or ())
        return bool(hit) and (hit != {"answer"} or not sections or bool(sections & set(self.sections)))


async def put(asker: Asker, file: Path) -> list[Outcome]:
    outcomes = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
        wanted = json.loads(line)
        talk = f"{file.stem} {wanted.get('conversation', number)}"
        replies = (await asker.ask(wanted["text"], None, talk))["replies"]
        cited = [citation for reply in replies for citation in reply["citations"]]
        sections = [c["section"] for c in cited] + ["faq" for c in cited if c["article"].startswith("faq/")]
        outcomes.append(Outcome(wanted, [reply["kind"] for reply in replies], sections))
    return outcomes


def show(file: Path, outcomes: list[Outcome], verbose: bool) -> None:
    every, right = Counter(o.kind for o in outcomes), Counter(o.kind for o in outcomes if o.right)
    table = Table("kind", "right", "of", title=f"{file.stem}: {sum(right.values())} of {len(outcomes)} "
                                                f"({sum(right.values()) / len(outcomes):.1%})")
    for kind in sorted(every, key=lambda kind: -every[kind]):
        table.add_row(kind, str(right[kind]), str(every[kind]))
    console.print(table)
    declined = [o for o in outcomes if o.kind in ("fallback", "not_covered")]
    kept = sum(not {"answer", "clinic_fact", "booking"} & set(o.kinds) or o.right for o in declined)
    console.print(f"not ours, or not written yet: {kept} of {len(declined)} were not answered as if they were")
    for outcome in outcomes if verbose else ():
        if not outcome.right:
            console.print(f"  {outcome.wanted['text']!r}: {outcome.kinds} {outcome.sections[:1]}", highlight=False)


async def main() -> None:
    verbose, settings = "-v" in sys.argv[1:], Settings.read()
    async with asking(settings) as asker:
        for file in sorted(SETS.glob("*.jsonl"), key=lambda file: ("held_out" in file.stem, file.stem)):
            show(file, await put(asker, file), verbose and "held_out" not in file.stem)


if __name__ == "__main__":
    asyncio.run(main())
