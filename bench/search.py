"""How well, and how fast, the product's own search finds things: `make bench-search DATA=DIR`.

DATA/retrieval holds four judged collections. One setting for all of them; nothing is trained."""

import argparse
import gzip
import hashlib
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.encoder import Encoder
from clinic.knowledge.lexical import Floats
from clinic.knowledge.search import Index, with_headings

# nDCG@10 of plain BM25 (k1 0.9, b 0.4, no stemming), as the collections' own README files state it.
PLAIN_BM25 = {"stackfaq": 0.581, "covid-faq": 0.711, "medquad-liveqa": 0.400, "scifact": 0.649}
SIZES = (10, 1_000, 10_000)
DEPTH = 10


@dataclass(frozen=True)
class Judged:
    """Documents (id, heading, text), questions (id, text), and grades by question and document."""

    documents: list[tuple[str, str, str]]
    questions: list[tuple[str, str]]
    grades: dict[str, dict[str, int]]

    @property
    def texts(self) -> list[str]:
        return [f"{heading}\n{text}".strip() for _, heading, text in self.documents]

    @property
    def headings(self) -> list[str]:
        """A document that is only a heading, or has none, stands for its own heading."""
        return [heading or text for _, heading, text in self.documents]


def read(folder: Path) -> Judged:
    corpus = next(folder.glob("corpus.tsv*"))
    grades: dict[str, dict[str, int]] = {}
    for question, document, grade in _rows(folder / "qrels.tsv"):
        grades.setdefault(question, {})[document] = int(grade)
    documents = [(row[0], row[1], row[2] if len(row) > 2 else "") for row in _rows(corpus)]
    questions = [(row[0], row[1]) for row in _rows(folder / "queries.tsv") if row[0] in grades]
    return Judged(documents, questions, grades)


def _rows(file: Path) -> list[list[str]]:
    raw = file.read_bytes()
    text = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode()
    return [line.split("\t") for line in text.rstrip("\n").split("\n")]


def vectors(encoder: Encoder, texts: Sequence[str], cache: Path) -> Floats:
    """Vectors of *texts*, made once for these texts and this encoder and then kept in *cache*."""
    name = hashlib.sha256("\x00".join([encoder.fingerprint, *texts]).encode()).hexdigest()[:16]
    file = cache / f"bench-search-{name}.npy"
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        whole = [encoder(texts[start : start + 64]) for start in range(0, len(texts), 64)]
        unfinished = file.with_suffix(".part.npy")
        np.save(unfinished, np.concatenate(whole))
        unfinished.rename(file)
    return np.load(file)


def gain(found: Sequence[str], grades: dict[str, int]) -> float:
    """nDCG at 10 with linear gains, as BEIR and trec_eval count it."""
    discounts = 1 / np.log2(np.arange(2, DEPTH + 2))
    ideal = sorted(grades.values(), reverse=True)[:DEPTH]
    reached = [grades.get(document, 0) for document in found[:DEPTH]]
    return float(reached @ discounts[: len(reached)] / (ideal @ discounts[: len(ideal)]))


def measure(name: str, judged: Judged, index: Index, asked: Floats) -> list[float]:
    """Mean nDCG@10 of the lexical half, the vectors' half, and the search that the product uses."""
    ids = [document for document, _, _ in judged.documents]
    totals = np.zeros(3)
    for (question, text), vector in zip(judged.questions, asked, strict=True):
        halves = [index.lexical.scores(text), index.vectors @ vector]
        ranked = [[ids[i] for i in np.argsort(-half, kind="stable")[:DEPTH]] for half in halves]
        ranked.append([ids[hit.place] for hit in index.search(text, vector, top=DEPTH)])
        totals += [gain(found, judged.grades[question]) for found in ranked]
    figures = [PLAIN_BM25[name], *(totals / len(judged.questions))]
    print(f"{name:16}" + "".join(f"{figure:12.3f}" for figure in figures), flush=True)
    return figures


def timing(sets: Sequence[tuple[Judged, Index, Floats]]) -> None:
    """Milliseconds a question by the number of sections, vectors given: the encoder is not counted."""
    texts = [text for judged, _, _ in sets for text in judged.texts]
    rows = np.concatenate([index.vectors for _, index, _ in sets])
    questions = [
        (text, row)
        for judged, _, asked in sets
        for (_, text), row in list(zip(judged.questions, asked, strict=True))[:100]
    ]
    order = np.random.default_rng(7).permutation(len(texts))
    print(f"\n{'sections':>16}{'median ms':>12}{'p95 ms':>12}{'index s':>12}")
    for size in SIZES:
        chosen = np.resize(order, size)
        start = time.perf_counter()
        index = Index.build([texts[i] for i in chosen], rows[chosen])
        built = time.perf_counter() - start
        took = []
        for text, row in questions:
            start = time.perf_counter()
            index.search(text, row)
            took.append(1000 * (time.perf_counter() - start))
        print(f"{size:16,}{np.median(took):12.2f}{np.percentile(took, 95):12.2f}{built:12.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds retrieval/")
    data = parser.parse_args().data / "retrieval"
    home = Path(os.environ.get("FRONTDESK_HOME", "var"))
    encoder, cache = Encoder(home / "encoder"), home / "cache"
    print(f"{'nDCG@10':16}" + "".join(f"{name:>12}" for name in ("plain BM25", "words", "meaning", "search")))
    sets, figures = [], []
    for name in PLAIN_BM25:
        judged = read(data / name)
        wholes, headings = (vectors(encoder, texts, cache) for texts in (judged.texts, judged.headings))
        index = Index.build(judged.texts, with_headings(wholes, headings))
        asked = vectors(encoder, [text for _, text in judged.questions], cache)
        figures.append(measure(name, judged, index, asked))
        sets.append((judged, index, asked))
    means = np.mean(figures, axis=0)
    print(f"{'mean':16}" + "".join(f"{mean:12.3f}" for mean in means))
    print(f"{'search against':16}" + "".join(f"{means[3] / mean - 1:12.1%}" for mean in means[:3]))
    timing(sets)


if __name__ == "__main__":
    main()
