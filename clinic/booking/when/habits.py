"""What somebody does again and again, and what others do: "she dances every Monday and Thursday"."""
from dataclasses import replace
from itertools import pairwise

from clinic.booking.when.cursor import OWNS, Item
from clinic.booking.when.events import CONTENT, is_wish
from clinic.booking.when.reasons import ACTING, FOREIGN, MAYBE, SURE

PERSON, ARRIVING = "person", ("coming in", "come in")
ASKING = ("is", "are", "does", "do", "who", "whos", "will")
BEING = ("is", "are", "hes", "shes", "theyre")
BUSY = frozenset({"not", "except", "bad", "away", "finish", "begin"})
"""What gives a day beside it its place in the wish, whatever else is told with it."""
LISTED = frozenset({"and", "or", "filler", "day", "time", "on", "the", "stop", "dash", "comma"})
"""What the rest of a list of days holds: "every Monday, Wednesday and Friday"."""


def without_habits(parts: list[list[Item]]) -> list[list[Item]]:
    """*parts* with the days of habits, and of other people, made mentions; or doubtful where they may be wished for."""
    told = [_habit(part) or (MAYBE if _of_another(part) or _asks_after(part) else 0) for part in parts]
    return [aside(part, how) if how else part for part, how in zip(parts, carried(parts, told), strict=True)]


def carried(parts: list[list[Item]], told: list[int]) -> list[int]:
    """*told*, how each of *parts* tells of a day, with the rest of its list of days told alike: "she dances Tuesdays,
    Thursdays and Saturdays"."""
    whole = list(told)
    for at, how in enumerate(told):
        end = at
        while how and end + 1 < len(parts) and parts[end][-1:] and parts[end][-1].kind == "comma" and (
                _only_days(parts[end + 1])):
            end += 1
        if end > at and any(item.kind == "and" for item in parts[end]):
            whole[at + 1:end + 1] = [how] * (end - at)
    return whole


def aside(part: list[Item], how: int) -> list[Item]:
    """What somebody does on a day is no wish for that day; where it may be one, it is asked."""
    if how == SURE:
        return [Item("mention") if item.kind in CONTENT else item for item in part]
    return [replace(item, maybe=True) if item.kind in CONTENT else item for item in part]


def _habit(part: list[Item]) -> int:
    """Whether the days of a stretch in which nothing is wished for are somebody's habit: SURE, MAYBE or 0."""
    often = any(item.recurs and item.time for item in part)
    first = next((at for at, item in enumerate(part) if item.day and (item.recurs or often)), None)
    kinds = {item.kind for item in part}
    if first is None or kinds & ((BUSY - {"away"}) | {"habit", "before", "after", "fine"}) or any(map(is_wish, part)):
        return 0
    told = part[:first]
    words = [item for item in told if item.kind in (*FOREIGN, "routine")]
    if not words:
        return 0
    acts = any(item.name == ACTING and behind.kind in ("word", "routine") for item, behind in pairwise(told))
    last = words[-1]
    third = last.kind == "word" and last.text.endswith("s") and last.name != OWNS and told[0] != last
    return SURE if acts or third else 0 if "away" in kinds else MAYBE


def _asks_after(part: list[Item]) -> bool:
    """Is Sam working on Saturday? Does she work Mondays? Is it Friday?"""
    said = [item for item in part if item.kind not in ("filler", "and", "the", "hello")][:3]
    if any(map(is_wish, part)) or len(said) < 2:
        return False
    if said[0].text in ("its", "it") or (said[0].text in ASKING and said[1].text == "it"):
        return said[-1].kind == "day" or said[1].kind == "day"  # "is it Friday that I'm in"
    return len(said) == 3 and said[0].text in ASKING and said[1].kind in ("word", "pronoun") and (
        said[2].kind in ("away", "bad", "word"))


def _only_days(part: list[Item]) -> bool:
    kinds = {item.kind for item in part}
    return "day" in kinds and kinds <= LISTED


def _of_another(part: list[Item]) -> bool:
    """My wife is coming in on Tuesday, Dave's got one at 4: somebody else's day."""
    who = next((at for at, item in enumerate(part) if item.name in (OWNS, PERSON)), None)
    wishes = any(is_wish(item) and item.text not in ARRIVING for item in part)
    if who is None or wishes or BUSY & {item.kind for item in part}:
        return False
    return part[who].name == OWNS or any(item.text in BEING or item.kind in ("having", "coming") for item in part[who:])
