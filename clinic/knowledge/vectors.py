"""Vectors of texts, computed once and kept by a hash of the text."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256

import numpy as np

from clinic.knowledge.content import Content
from clinic.knowledge.lexical import Floats

Encode = Callable[[Sequence[str]], Floats]
_AT_ONCE = 64


def key_of(text: str) -> str:
    """What a text's vector is kept under."""
    return sha256(text.encode()).hexdigest()[:32]


def wanted(content: Content) -> dict[str, str]:
    """Every text of *content* that an answer needs a vector of, by its key."""
    texts: list[str] = []
    for section in content.sections():
        texts.extend((section.heading, section.whole))
        texts.extend(sentence for paragraph in section.paragraphs for sentence in paragraph)
    for faq in content.faqs:
        texts.extend((faq.question, *faq.also))
    return {key_of(text): text for text in texts}


def missing(
    texts: Mapping[str, str], known: Mapping[str, Floats], encode: Encode
) -> Iterable[dict[str, Floats]]:
    """The vectors of those *texts* that are not *known*, a few at a time so that each lot can be kept."""
    keys = [key for key in texts if key not in known]
    for start in range(0, len(keys), _AT_ONCE):
        lot = keys[start : start + _AT_ONCE]
        yield dict(zip(lot, encode([texts[key] for key in lot]), strict=True))


def rows(texts: Sequence[str], known: Mapping[str, Floats], width: int = 0) -> Floats:
    """One row for each of *texts*; raises KeyError where one is not *known*."""
    if not texts:
        return np.zeros((0, width), dtype=np.float32)
    return np.stack([np.asarray(known[key_of(text)], dtype=np.float32) for text in texts])
