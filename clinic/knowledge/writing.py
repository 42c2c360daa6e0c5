"""An answered question as the file that the clinic's own folder keeps: written at the desk, tried before it is kept."""
import os
import re
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from clinic.knowledge.content import Content, read
from clinic.knowledge.faq import Faq

WORDS_IN_NAME = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """A question with the clinic's answer, as somebody wrote and confirmed it."""

    id: str
    question: str
    also: tuple[str, ...]
    needs: tuple[str, ...]
    about: tuple[str, ...]
    kind: str
    by: str
    when: date
    review_by: date
    answer: str

    @property
    def place(self) -> str:
        """The file, below the content folder."""
        return place_of(self.id)


def place_of(name: str) -> str:
    return f"faq/{name}.md"


def written(entry: Entry) -> str:
    """*entry* as its file."""
    front: dict[str, Any] = {"question": entry.question}
    front |= {"also": list(entry.also)} if entry.also else {}
    front |= {"needs": list(entry.needs)}
    front |= {"about": list(entry.about)} if entry.about else {}
    front |= {"kind": entry.kind, "status": "confirmed", "by": entry.by, "when": entry.when,
              "review_by": entry.review_by}
    yaml, out = YAML(), StringIO()
    yaml.width, yaml.allow_unicode = 110, True
    yaml.dump(front, out)
    answer = "\n".join(line.rstrip() for line in entry.answer.strip().splitlines())
    return f"---\n{out.getvalue()}---\n\n{answer}\n"


def tried(texts: Mapping[str, str], place: str, text: str | None) -> Content:
    """The content as it would be with *text* at *place* (None: without that file). Raises ContentError."""
    return read({**{key: value for key, value in texts.items() if key != place},
                 **({place: text} if text is not None else {})})


def name_for(question: str, content: Content) -> str:
    """A name for a new question that no other has: its first words, as an address can have them."""
    plain = unicodedata.normalize("NFKD", question).encode("ascii", "ignore").decode().lower()
    name = "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", ""))[:WORDS_IN_NAME]) or "question"
    taken = {faq.id for faq in content.faqs}
    return next(one for one in (name, *(f"{name}-{n}" for n in range(2, len(taken) + 3))) if one not in taken)


def entry_of(faq: Faq) -> dict[str, Any]:
    """*faq* as a form begins with it."""
    return {"id": faq.id, "question": faq.question, "also": list(faq.also), "needs": list(faq.needs),
            "about": list(faq.about), "kind": faq.kind, "answer": faq.markdown, "review_by": faq.review_by}


def put(folder: Path, place: str, text: str | None) -> None:
    """Write *text* to *place* whole or not at all; None takes the file away."""
    target = folder / place
    if text is None:
        target.unlink(missing_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".new")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).chmod(0o644)
    Path(name).replace(target)
