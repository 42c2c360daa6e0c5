"""Confirmed answers as quick replies, for somebody who answers by hand in the WhatsApp Business app."""
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from clinic.knowledge.content import Content

MOST = 50
"""That the app keeps."""
SHORTCUT = 25
"""Characters of what is typed after the slash."""
KEYWORDS = 3


@dataclass(frozen=True, slots=True)
class QuickReply:
    """Typing `/shortcut` in the app puts *message* into the field."""

    shortcut: str
    message: str
    keywords: str


def quick_replies(content: Content, today: date) -> Iterator[QuickReply]:
    """What may be said on *today*, each under a shortcut of its own. Of more than the app keeps, the first."""
    taken: set[str] = set()
    spoken = [faq for faq in content.faqs if faq.spoken(today)]
    for faq in spoken[:MOST]:
        shortcut = faq.id.replace("-", "")[:SHORTCUT]
        while shortcut in taken:
            number = re.search(r"\d*$", shortcut)
            last = int(number[0]) if number and number[0] else 1
            shortcut = f"{shortcut[:SHORTCUT - 3].rstrip('0123456789')}{last + 1}"
        taken.add(shortcut)
        yield QuickReply(shortcut, faq.text, ", ".join(faq.needs[:KEYWORDS]))
