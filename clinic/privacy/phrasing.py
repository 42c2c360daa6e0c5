"""Whether what somebody asked may be kept as an example of how people ask: nothing in it may tell who they are."""
import re
from collections.abc import Collection

from clinic.naming import FOR_WHOM, INTRODUCED

LONGEST = 25
"""Words. What is longer is somebody's story, and no way to put a question."""
CONTACT = re.compile(r"@|\b(?:https?|www|gmail|hotmail|outlook|yahoo|icloud)\b|\w\.\w|\bdot (?:com?|org|net|uk)\b|"
                     r"[^\W\d]_\w", re.I)
SPELT = re.compile(r"(?:\b(?:zero|one|two|three|four|five|six|seven|eight|nine|oh|double|triple)\b[\s,-]*){4}", re.I)
"""A number in words, digit by digit."""
MARKUP = re.compile(r"[\[\]{}<>|\\`]|^\s*[/#*]")
"""What Rasa, or whoever reads the patch, would take for more than words."""
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
BEGINS = re.compile(r"(?:^|[.?!]\s)\W*$")
"""What stands before a word with which a sentence begins."""


def why_not(text: str, known: Collection[str], names: Collection[str]) -> str | None:
    """Why *text* may not be kept so, in a few words; None where it may. *known*: words in small letters that people ask
    in, and that name nobody; any other may be a name. *names*: those that whoever asked has given.

    In doubt it may not: a phrasing less costs little."""
    if not text.isprintable() or MARKUP.search(text):
        return "signs that are no words"
    if CONTACT.search(text):
        return "a contact"
    if any(character.isnumeric() for character in text) or SPELT.search(text):
        return "a number"
    words = list(WORD.finditer(text))
    if len(words) > LONGEST:
        return "it is long"
    given = {part[0].casefold() for name in names for part in WORD.finditer(name)}
    introduced = INTRODUCED.search(text)
    if (FOR_WHOM.search(text) or (introduced and introduced["plainly"])
            or any(_may_be_a_name(word, text, known) or word[0].casefold() in given for word in words)):
        return "it may name somebody"
    return None


def _may_be_a_name(word: "re.Match[str]", text: str, known: Collection[str]) -> bool:
    """Whether it is no word that people ask in, or has a capital where a sentence has none."""
    if word[0].lower().replace("\u2019", "'") not in known:
        return True
    return not word[0].islower() and word[0] != "I" and not BEGINS.search(text[:word.start()])
