"""Content of any size: the clinic's own, with made-up articles beside it, published as a clinic's would be."""
import asyncio
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bootstrap import House
from clinic.knowledge import vectors
from clinic.knowledge.answer import Knowledge
from clinic.knowledge.content import Content, load
from clinic.knowledge.lexical import words
from clinic.store.publishing import Publishing

SIZES = (10, 1_000, 10_000)
"""Sections of articles."""
IN_ARTICLE = 20
SENTENCES = 4
WORDS = 14
AT_ONCE = 5_000
PATIENCE = 120.0
"""Seconds until content that was published has to be live."""
LOOK = 0.02
HEAD = "---\ntitle: Made up {number}\nsource: Nobody\nauthor: Nobody\ndate: null\nowner: us\n---\n"


@dataclass(frozen=True, slots=True)
class Made:
    """Content that was made up: ready to answer, and how long it took to get there."""

    knowledge: Knowledge
    texts: int
    """How many texts have vectors."""
    check: float
    """Seconds to read and check the files."""
    published: float
    """Seconds until it was live, all vectors known."""


async def grown(house: House, folder: Path, size: int) -> Made:
    """The house's content with articles of *size* sections in all; written to *folder*, published, and live.

    Raises TimeoutError where it does not become live."""
    shutil.copytree(house.settings.content, folder)
    _write(folder / "articles", size, house.library.current.content)
    began = time.perf_counter()
    content = await asyncio.to_thread(load, folder)
    check = time.perf_counter() - began
    texts = vectors.wanted(content)
    known = _by_chance(texts)
    await _keep(house, known)
    publishing = Publishing(house.store, house.library, folder, _fingerprint(house), house.clock)
    began = time.perf_counter()
    await publishing.publish()
    for _ in range(int(PATIENCE / LOOK)):
        if house.library.version == content.version:  # this process hears of it as any other would
            break
        await asyncio.sleep(LOOK)
    else:
        raise TimeoutError(f"content of {size} sections is not live after {PATIENCE:.0f} s")
    return Made(house.library.current, len(texts), check, time.perf_counter() - began)


def _write(folder: Path, size: int, content: Content) -> None:
    """Articles so that there are *size* sections, each giving one of the needs in turn, of words that ours have too."""
    chance = np.random.default_rng(size)
    stock = sorted({word for section in content.sections() for word in words(section.text)})
    needs = sorted(content.words.needs)
    missing = size - sum(1 for _ in content.sections())
    for number, start in enumerate(range(0, missing, IN_ARTICLE)):
        parts = [HEAD.format(number=number)]
        for place in range(start, min(start + IN_ARTICLE, missing)):
            said = [" ".join(chance.choice(stock, WORDS)).capitalize() + "." for _ in range(SENTENCES)]
            heading = " ".join(chance.choice(stock, 5)).capitalize()
            parts.append(f'## {heading} {{#s{place} gives="{needs[place % len(needs)]}"}}\n\n{" ".join(said)}\n')
        (folder / f"made-up-{number}.md").write_text("\n".join(parts), encoding="utf-8")


def _by_chance(texts: dict[str, str]) -> dict[str, np.ndarray]:
    """A vector of length 1 for each of *texts*."""
    rows = np.random.default_rng(7).normal(size=(len(texts), 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return dict(zip(texts, rows, strict=True))


async def _keep(house: House, known: dict[str, np.ndarray]) -> None:
    """Put vectors where publishing looks for them; those that are there already, of the real texts, stay."""
    fingerprint = _fingerprint(house)[:16]
    rows = [(f"{fingerprint}:{key}", vector.tobytes()) for key, vector in known.items()]
    for start in range(0, len(rows), AT_ONCE):
        async with house.store.begin() as unit:
            await unit.contents.keep_vectors(dict(rows[start:start + AT_ONCE]))


def _fingerprint(house: House) -> str:
    return house.library.encode.fingerprint  # type: ignore[attr-defined,no-any-return]
