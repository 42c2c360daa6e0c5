"""`frontdesk train phrasings`: what people said that questions mean, as a patch that somebody reads and applies."""
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.examples import Examples, folded
from clinic.knowledge.content import texts_in
from clinic.privacy.phrasing import why_not
from clinic.safety.reader import Screen
from clinic.settings import ROOT, Settings
from clinic.store.gaps import Meant
from desk.listing import book

HEAD = """\
# New phrasings, as people at the desk understood them. Read each: may anybody say it so, and does it name nobody?
# Take out what should not stay, line by line with its "+" (then `git apply --recount`). Apply it with: git apply FILE
# Then: make train, make bench-understanding
"""


@dataclass(frozen=True, slots=True)
class Proposed:
    """`chosen`: by intent, in the order in which they were confirmed. `left_out`: how many for which reason."""

    chosen: dict[str, list[Meant]]
    left_out: Counter[str]


async def propose(settings: Settings, out: Path | None, root: Path = ROOT) -> None:
    """Print the patch, or write it to *out*; to standard error what was left out and why, never its words. Nothing is
    changed. *root*: where `data` is."""
    async with book(settings) as unit:
        meant = await unit.gaps.meant()
    examples = Examples(root)
    proposed = sort(meant, examples, _words(settings, examples), Screen.load(settings.content))
    for reason, times in proposed.left_out.most_common():
        print(f"left out: {times} ({reason})", file=sys.stderr)
    if not proposed.chosen:
        print("No new phrasing was confirmed at the desk.", file=sys.stderr)
        return
    patch = written(proposed, examples)
    if out is None:
        sys.stdout.write(patch)
    else:
        out.write_text(patch, encoding="utf-8")
        print(f"{sum(map(len, proposed.chosen.values()))} phrasings: read {out}, then: git apply {out}",
              file=sys.stderr)


def sort(meant: Iterable[Meant], examples: Examples, known: frozenset[str], screen: Screen) -> Proposed:
    """What of *meant* is new and may be kept. *known*: words that name nobody."""
    chosen: dict[str, dict[str, Meant]] = {}
    left_out: Counter[str] = Counter()
    meanings: dict[str, set[str]] = {}
    meant = list(meant)
    for one in meant:
        meanings.setdefault(folded(one.text), set()).add(one.intent)
    for one in meant:
        key, said = folded(one.text), " ".join(one.text.split())
        taught = examples.intent_of(said)
        if taught == one.intent or not key or key in chosen.get(one.intent, {}):
            continue
        reason = ("it is an example of something else already" if taught
                  else "it was understood in two ways" if len(meanings[key]) > 1
                  else "there is no example of what it means" if not examples.teaches(one.intent)
                  else why_not(said, known, one.names)
                  or ("it was read as a sign of danger" if _alarming(screen, said) else None))
        if reason:
            left_out[reason] += 1
        else:
            chosen.setdefault(one.intent, {})[key] = Meant(said, one.intent, one.by, one.at, one.names)
    return Proposed({intent: list(found.values()) for intent, found in sorted(chosen.items())}, left_out)


def written(proposed: Proposed, examples: Examples) -> str:
    """The patch, with who confirmed what above it: `git apply` passes over that."""
    lines = [f"#\n# {intent}\n" + "".join(f"#   {one.text}   ({one.by}, {one.at:%Y-%m-%d})\n" for one in found)
             for intent, found in proposed.chosen.items()]
    texts: dict[str, Sequence[str]] = {intent: [one.text for one in found]
                                       for intent, found in proposed.chosen.items()}
    return f"{HEAD}{''.join(lines)}\n{examples.patch(texts)}"


def _alarming(screen: Screen, said: str) -> bool:
    reading = screen.read(said)
    return reading.level != "none" or screen.distressed(said)


def _words(settings: Settings, examples: Examples) -> frozenset[str]:
    """The words in which people ask, and those that the clinic writes in small letters."""
    texts = " ".join(texts_in(settings.content).values())
    return examples.words() | {word for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", texts) if word.islower()}
