"""The examples that Rasa is taught with, as the files have them: read, and added to by a patch for a person to read."""
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

INTENT = re.compile(r"- intent: (?P<name>\w+)\s*$")
EXAMPLE = re.compile(r"    - (?P<text>.*)$")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
QUESTIONS = ("ask_", "fact_", "other_")
"""How intents that ask something begin: there nobody says who they are."""


@dataclass(frozen=True, slots=True)
class Block:
    """The examples of an intent in one file; `last` is the number of the line with the last of them."""

    intent: str
    place: str
    last: int
    texts: tuple[str, ...]


class Examples:
    """*root* has `data/nlu.yml` and the files of `data/nlu`. Read once."""

    def __init__(self, root: Path) -> None:
        files = [root / "data" / "nlu.yml", *sorted((root / "data" / "nlu").glob("*.yml"))]
        self._files = {file.relative_to(root).as_posix(): file.read_text(encoding="utf-8") for file in files}
        self._blocks = [block for place, text in self._files.items() for block in _blocks(place, text)]
        self._known = {folded(text): block.intent for block in self._blocks for text in block.texts}

    def intent_of(self, text: str) -> str | None:
        """The intent that *text* is an example of already, whatever its capitals and stops."""
        return self._known.get(folded(text))

    def teaches(self, intent: str) -> bool:
        """Whether there is an example of *intent*."""
        return any(block.intent == intent for block in self._blocks)

    def words(self) -> frozenset[str]:
        """The words in which people ask: those that stand in two examples at least in small letters, as names seldom
        do."""
        found = Counter(word for block in self._blocks if block.intent.startswith(QUESTIONS)
                        for text in block.texts for word in set(WORD.findall(text)) if word.islower())
        return frozenset(word for word, times in found.items() if times > 1)

    def patch(self, new: Mapping[str, Sequence[str]]) -> str:
        """*new* examples by intent, each a line of printable characters, as a diff that `git apply` takes at the root:
        each intent's after the last of its examples, in the file that has most of them."""
        added: dict[str, dict[int, list[str]]] = {}
        for intent, texts in new.items():
            home = max((block for block in self._blocks if block.intent == intent),
                       key=lambda block: len(block.texts))
            added.setdefault(home.place, {})[home.last] = [f"    - {text}\n" for text in texts]
        return "".join(_diff(place, self._files[place], added[place]) for place in self._files if place in added)


def folded(text: str) -> str:
    """*text* as it is compared: its words alone, in small letters."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold().replace("’", "'").replace("'", "")))


def _blocks(place: str, text: str) -> Iterator[Block]:
    intent, last = "", 0
    texts: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if found := INTENT.match(line):
            if texts:
                yield Block(intent, place, last, tuple(texts))
            intent, texts = found["name"], []
        elif found := EXAMPLE.match(line):
            texts.append(found["text"])
            last = number
    if texts:
        yield Block(intent, place, last, tuple(texts))


def _diff(place: str, text: str, added: Mapping[int, Sequence[str]]) -> str:
    before = [f"{line}\n" for line in text.removesuffix("\n").split("\n")]
    after = [piece for number, line in enumerate(before) for piece in (line, *added.get(number, ()))]
    return "".join(unified_diff(before, after, f"a/{place}", f"b/{place}"))
