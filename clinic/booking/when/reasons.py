"""Days that are told as a reason for another: "in court tomorrow, so Monday"; and questions about opening hours."""
from clinic.booking.when.cursor import Item
from clinic.booking.when.days import Ahead
from clinic.booking.when.events import CONTENT, is_wish
from clinic.booking.when.related import From

SURE, MAYBE = 1, 2
FOREIGN = frozenset({"word", "part", "measure", "noise"})
"""What says what somebody does, where a day stands beside it."""
ACTING, POLITE, SO, THANKS, SAID, SOMEONE = "acting", "polite", "so", "thanks", "said", "someone"
NEED, MONEY = "need", "money"
OBJECT = frozenset({"pronoun", "that", "this"})
OWNED = ("my", "the", "this", "me")
"""What stands before the part of the body in "need my back sorted"."""
OPENS = frozenset({"filler", "and", "on", "the", "stop", "comma", "or"})


def reason(part: list[Item], behind: list[list[Item]]) -> int:
    """Whether a stretch is why another day is wished for: what is told with words, before "so"."""
    led = SO in (item.text for item in part[-1:]) or any([item.text for item in near] == [SO] for near in behind)
    told = any(item.kind in FOREIGN or item.kind == "away" for item in part) or _of_today(part)
    wishes = any(item.kind in ("wish", "anytime", "not", "except", "bad", "fine") for item in part)
    return SURE if led and told and not wishes else 0


def _of_today(part: list[Item]) -> bool:
    """It's the 27th today, so the 31st."""
    days = [item.day for item in part if item.day]
    return Ahead(0) in days and len(days) > 1 and any(item.kind == "pronoun" for item in part)


def asks_when(part: list[Item]) -> bool:
    """Is my appointment on Tuesday or Wednesday?"""
    kinds = [(item.kind, item.text) for item in part if item.kind != "filler"][:2]
    return len(kinds) == 2 and kinds[0] in (("pronoun", "is"), ("was", "was")) and kinds[1][0] == "existing"


def tells_of_its_day(part: list[Item]) -> int:
    """Monday I have my mother here: a day, and then what somebody does on it."""
    said = [item for item in part if item.kind not in OPENS]
    if any(map(is_wish, part)):
        return 0
    kinds = [item.kind for item in said]
    if len(said) < 3 or kinds[:2] != ["day", "pronoun"]:
        return 0
    having = said[1].text in ("ive", "weve") or kinds[2] == "having"
    if having:
        return SURE if any(kind in (*FOREIGN, "event", "routine", "day") for kind in kinds[2:]) else 0
    return MAYBE if any(kind in FOREIGN for kind in kinds[2:]) else 0


def comes_from(part: list[Item], at: int, wish: bool) -> bool:
    """It's me again from Thursday; still sore from Thursday: when it was, and not from when on."""
    before = part[at - 1] if at else Item("stop")
    if wish or not isinstance(part[at].day, From):
        return False
    kinds = {item.kind for item in part[:at]}
    named = before.kind == "word" and kinds - {"word", "filler"} == {"pronoun"} and part[0].kind != "word"
    return before.name == SOMEONE or named or before.text == "again" or "health" in kinds


def to_be_done(part: list[Item], at: int) -> bool:
    """Need it sorted by Friday, my back needs looked at: what is to be done, though it sounds like the past."""
    before = part[max(at - 3, 0):at]
    if before[-1:] and before[-1].text == "be" and any(map(is_wish, part[max(at - 5, 0):at])):
        return True  # "hoping to be seen"
    needs = next((back for back, item in enumerate(before) if item.name == NEED), None)
    between = before[needs + 1:] if needs is not None else part
    plain = all(item.kind in OBJECT for item in between)
    return plain or (len(between) == 2 and between[0].text in OWNED and between[1].kind in ("word", "health"))


def _wishes(item: Item) -> bool:
    return is_wish(item) and item.name not in (THANKS, POLITE)


def _asks(part: list[Item]) -> bool:
    """Whether it is a question about opening hours or prices with no wish behind it."""
    at = next((at for at, item in enumerate(part) if item.kind == "hours" or item.name == MONEY), None)
    first = at is not None and (part[at].kind == "hours" or part[0].text in ("is", "are") or not any(
        item.kind in CONTENT for item in part[:at]))
    return at is not None and first and not any(map(_wishes, part[at + 1:]))


def unasked(parts: list[list[Item]]) -> list[list[Item]]:
    """*parts* without the days of a question about opening hours or prices, unless what is wished for leaves its day to
    it."""
    asked = [_asks(part) for part in parts]
    if not any(asked):
        return parts
    others = [item for part, hours in zip(parts, asked, strict=True) if not hours for item in part]
    wished = any(_wishes(item) or item.kind in ("time", "anytime") for item in others)
    if wished and not any(item.day for item in others):
        return parts
    return [[Item("mention") if item.kind in CONTENT else item for item in part] if hours else part
            for part, hours in zip(parts, asked, strict=True)]
