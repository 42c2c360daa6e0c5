"""A message of ours cut to what a channel carries: at sentences, with its choices as buttons, a list or numbers."""
import re
from collections.abc import Iterator, Sequence
from typing import Any

from channels.contract import Limits, Part, Style
from clinic.conversation import Message

_ENDS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])\s+"), re.compile(r"\s+"))
"""Where a text may be cut, the best place first: paragraphs, lines, sentences, words."""


def compose(message: Message, limits: Limits, *, choose: str, links_to: str | None = None) -> list[dict[str, Any]]:
    """*message* in parts, as the outbox keeps them. *choose*: the label that opens a list. *links_to*: where our pages
    are, if a visitor can reach them."""
    choices = tuple((choice["label"], choice["token"]) for choice in message.choices)
    style = _style(choices, limits)
    text = "\n\n".join(filter(None, [message.text, *_links(message, links_to)]))
    if choices and style == "text":
        text += "\n\n" + "\n".join(f"{place}. {label}" for place, (label, _) in enumerate(choices, 1))
    pieces = split(text, limits.text)
    if style == "text":
        return [Part(piece).as_row() for piece in pieces]
    *before, last = [*pieces[:-1], *split(pieces[-1], limits.with_choices)]
    return [*(Part(piece).as_row() for piece in before), Part(last, style, choices, choose).as_row()]


def _style(choices: Sequence[tuple[str, str]], limits: Limits) -> Style:
    """Buttons where they fit, else a list where that does."""
    longest = max((length(label) for label, _ in choices), default=0)
    if not choices:
        return "text"
    if len(choices) <= limits.buttons and longest <= limits.button:
        return "buttons"
    return "list" if len(choices) <= limits.rows and longest <= limits.row else "text"


def _links(message: Message, links_to: str | None) -> Iterator[str]:
    """Where each quoted article can be read, once."""
    if links_to:
        yield from dict.fromkeys(f"{links_to}{citation['url']}" for citation in message.citations)


def length(text: str) -> int:
    """In UTF-16 units: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int) -> list[str]:
    """*text* in pieces of at most *limit*, cut where a reader would pause; nothing is lost but the space between."""
    pieces, rest = [], text.strip()
    while length(rest) > limit:
        cut = _place(rest, limit)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest]


def _place(text: str, limit: int) -> int:
    """Where to cut, in characters: the last good place in the further half, else as late as may be."""
    last = _fitting(text, limit)
    for end in _ENDS:
        places = [match.end() for match in end.finditer(text[:last + 1]) if last // 2 < match.start() <= last]
        if places:
            return places[-1]
    return last


def _fitting(text: str, limit: int) -> int:
    """How many characters of *text* are at most *limit* UTF-16 units."""
    units = 0
    for place, letter in enumerate(text):
        units += 2 if ord(letter) > 0xFFFF else 1
        if units > limit:
            return place
    return len(text)
