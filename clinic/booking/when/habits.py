"""What somebody does again and again, and what others do: "she dances every Monday and Thursday"."""
from dataclasses import replace

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
    found, going_on = [], False
    for part in parts:
        how = SURE if going_on and _goes_on(part) else _habit(part) or (
            MAYBE if _of_another(part) or _asks_after(part) else 0)
        going_on = how == SURE
        found.append(aside(part, how) if how else part)
    return found


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
    acts = any(item.name == ACTING and behind.kind in ("word", "routine")
               for item, behind in zip(told, told[1:], strict=False))
    third = words[-1].kind == "word" and words[-1].text.endswith("s") and words[-1].name != OWNS and told[0] != words[-1]
    return SURE if acts or third else 0 if "away" in kinds else MAYBE


def _asks_after(part: list[Item]) -> bool:
    """Is Sam working on Saturday? Does she work Mondays?"""
    said = [item for item in part if item.kind not in ("filler", "and", "the", "hello")][:3]
    return len(said) == 3 and said[0].text in ASKING and said[1].kind in ("word", "pronoun") and (
        said[2].kind in ("away", "bad", "word")) and not any(map(is_wish, part))


def _goes_on(part: list[Item]) -> bool:
    """Whether a stretch is the rest of a list of days: "... Wednesday and Friday"."""
    kinds = {item.kind for item in part}
    return "and" in kinds and "day" in kinds and kinds <= LISTED


def _of_another(part: list[Item]) -> bool:
    """My wife is coming in on Tuesday, Dave's got one at 4: somebody else's day."""
    who = next((at for at, item in enumerate(part) if OWNS == item.name or PERSON == item.name), None)
    if who is None or BUSY & {item.kind for item in part} or any(is_wish(item) and item.text not in ARRIVING for item in part):
        return False
    return part[who].name == OWNS or any(item.text in BEING or item.kind in ("having", "coming") for item in part[who:])
