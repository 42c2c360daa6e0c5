"""Who comes, by what somebody writes: introduced, named beside a contact, or alone."""
import re
from itertools import takewhile

from clinic.booking.contact import WRITTEN
from clinic.naming import FOR_WHOM, INTRODUCED, NAMELIKE

_CAPITALS = r"(?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){1,2})"
_CAPITALS_LAST = re.compile(rf"(?:^|[,.;:?!\n(]\s*|\b[a-z][a-z'’]*\s+){_CAPITALS}[\s,.;:(]*$")
_CAPITALS_FIRST = re.compile(rf"^[\s,.;:)]*{_CAPITALS}[\s.!,]*$")
_DOING = re.compile(r"[a-z][\w'’]*ing\b")
_NOT_NAMES = {"for", "on", "at", "about", "a", "the", "my", "not", "ok", "okay", "fine", "good", "great", "yes", "no",
              "sore", "just", "looking", "free", "available", "after", "before", "in", "thinking", "wondering",
              "actually", "and", "or", "but", "phone", "number", "mobile", "tel", "email", "mail", "please", "thanks",
              "instead", "rather", "better", "works", "suits", "is", "are", "can"}


def introduced(said: str) -> str | None:
    """Who the appointment is for, where that is said; else who writes. "I'm running a half" is what they do."""
    if someone := FOR_WHOM.search(said):
        return someone["name"]
    ways = [found for found in INTRODUCED.finditer(said) if found["plainly"] or not _DOING.match(found["name"])]
    first = next((found for found in ways if found["plainly"]), ways[0] if ways else None)
    return first["name"] if first else None


def beside_contact(said: str) -> str | None:
    """The name in "Thursday evening, Sam Hill, 07700 900123": words with capitals right beside the contact."""
    contact = WRITTEN.search(said)
    if contact is None:
        return None
    before, after = _CAPITALS_LAST.search(said[:contact.start()]), _CAPITALS_FIRST.search(said[contact.end():])
    return next((found["name"] for found in (before, after) if found), None)


def alone(said: str) -> str | None:
    """*said* itself, where it looks like a name."""
    plain = said.strip(" ,.;:!-")
    return plain if NAMELIKE.fullmatch(plain) else None


def trimmed(name: str) -> str:
    """*name* up to the first word that is in no name."""
    return " ".join(takewhile(lambda word: word.lower().strip(",.") not in _NOT_NAMES, name.split()))


def without_names(said: str) -> str:
    """*said*, with a dot for each letter of a name that somebody gives: Leith Harper lives anywhere. "It's Leith" may
    be either, and is a place."""
    plainly = [found["name"] for found in INTRODUCED.finditer(said) if found["plainly"]]
    for name in filter(None, (*plainly, introduced(said), beside_contact(said))):
        own = trimmed(name)
        if " " in own or name in plainly:
            said = said.replace(own, "." * len(own))
    return said
