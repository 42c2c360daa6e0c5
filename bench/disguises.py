"""One message in the ways that people, keyboards and mischief change it. None of them may lower its level."""
import random
import re
from collections.abc import Callable

PADDING = ("I have been running with the club on and off and mostly enjoy the long Sunday one by the river with "
           "the others, then coffee and cake and a natter about shoes and the weather before the drive back with the "
           "radio on. ")
FAR = 800
"""Characters of padding on either side."""
WIDE = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}
Disguise = Callable[[str, random.Random], tuple[list[str], str]]
"""A text to what is said before it, and what is said."""


def slip(text: str, chance: random.Random) -> str:
    """Two letters inside one of its longer words change places, as fingers do."""
    words = list(re.finditer(r"[^\W\d_]{6,}", text))
    if not words:
        return text
    word = chance.choice(words)
    place = chance.randrange(word.start() + 1, word.end() - 2)
    return text[:place] + text[place + 1] + text[place] + text[place + 2:]


def halves(text: str) -> tuple[list[str], str]:
    words = text.split()
    middle = len(words) // 2
    return ([" ".join(words[:middle])], " ".join(words[middle:])) if middle else ([], text)


def padding() -> str:
    return (PADDING * (FAR // len(PADDING) + 1))[:FAR].rsplit(" ", 1)[0]


DISGUISES: dict[str, Disguise] = {
    "as written": lambda text, _: ([], text),
    "shouted": lambda text, _: ([], text.upper()),
    "in small letters": lambda text, _: ([], text.lower()),
    "with wide spaces and lines": lambda text, _: ([], text.replace(" ", "  \n ", 3).replace(" ", "   ")),
    "with zero-width characters": lambda text, _: ([], "\u200b".join(text)),
    "with a slip of the fingers": lambda text, chance: ([], slip(text, chance)),
    "with emoji": lambda text, _: ([], f"😭😭 {text.replace(' ', ' 🏃 ', 2)} 🙏🏽"),
    "as a command": lambda text, _: ([], "/" + text),
    "as a forced intent": lambda text, _: ([], '/book_appointment{"name": "' + text.replace('"', "'") + '"}'),
    "in wide letters": lambda text, _: ([], text.translate(WIDE)),
    "after 800 characters": lambda text, _: ([], f"{padding()}. {text}"),
    "before 800 characters": lambda text, _: ([], f"{text}. {padding()}"),
    "inside a booking request": lambda text, _: (
        [], f"Hi, could I book an hour on Thursday after six please? {text}. My name is Sam Hill, 07700 900123. Ta"),
    "in two messages": lambda text, _: halves(text),
    "long after, in one talk": lambda text, _: (["hi, what are your prices?", "ok thanks, and where can i park"], text),
}
