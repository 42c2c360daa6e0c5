"""Sets apart what is only mentioned: the day of a race, a day on which it began to hurt, an earlier appointment."""
from collections.abc import Iterator
from dataclasses import replace

from clinic.booking.when.cursor import OWNS, Item
from clinic.booking.when.days import Ahead, Day
from clinic.booking.when.events import BREAKS, CONTENT, ONCE, SIDE, anchored, dated, is_wish
from clinic.booking.when.habits import BUSY, aside, carried, without_habits
from clinic.booking.when.reasons import (
    FOREIGN,
    MAYBE,
    SAID,
    SURE,
    asks_when,
    comes_from,
    reason,
    tells_of_its_day,
    to_be_done,
    unasked,
)
from clinic.booking.when.related import Through
from clinic.booking.when.tokens import PAST

HARMLESS = BREAKS | frozenset({"day", "time", "bygone", "or", "and", "filler", "on", "at", "the", "wish", "gone",
                               "anytime", "wholeday", "this", "sometime"})
PLACES = frozenset({"at", "in", "on", "the", "a", "pronoun", "filler", "having", "for"})
FELT = ("time", "instant", "bygone", "anytime")
OPENING = frozenset({"pronoun", "having"})
"""How a stretch begins that tells what somebody does that day: I'm at the dentist; got the kids."""
NEAR = frozenset({"at", "in", "on", "having"})
WHEN = frozenset({"day", "time", "on", "at", "filler", "around", "sometime", "noise"})
"""What may stand between "call me" and when."""
DOING = ("do", "does")
ACTING = "acting"
"""Name of a pronoun with which a verb stands, not a state: "we move on Thursday", and not "I'm frree Thursday"."""


def wished(items: list[Item], known: Day | None = None) -> list[Item]:
    """*items* with what is no wish made a mention, and each day that is told from an event made a day.

    *known*: the day that was spoken of before, if any."""
    parts = without_habits(list(_parts(anchored(dated(list(items)), known))))
    parts = unasked([list(_judged(part)) for part in parts])
    told = [_engaged(part) or reason(part, parts[at + 1:at + 2]) for at, part in enumerate(parts)]
    told = carried(parts, told)
    if any(not how and _wishes_for_a_day(part) for how, part in zip(told, parts, strict=True)):
        told = [told[at] or (MAYBE if _worded(part, parts[at + 1:at + 2]) else 0) for at, part in enumerate(parts)]
    others = {item.kind for how, part in zip(told, parts, strict=True) if not how for item in part}
    if "day" in others or not others & (CONTENT | BUSY):
        parts = [aside(part, how if "day" in others else MAYBE) if how else part
                 for how, part in zip(told, parts, strict=True)]
    return [item for part in parts for item in part]


def _wishes_for_a_day(part: list[Item]) -> bool:
    """Wednesday please; could I come on Wednesday; Wednesday?"""
    asks = any(is_wish(item) for item in part) or any(item.text == "?" for item in part[-1:])
    return asks and any(item.kind == "day" for item in part)


def _worded(part: list[Item], behind: list[list[Item]]) -> bool:
    """Whether words stand before a day that nobody wishes for: "heavy squats Monday", beside a day that is. *behind*
    may go on with a list of days: "deep tissue Tuesday, Wednesday or Thursday"."""
    first = next((at for at, item in enumerate(part) if item.kind == "day" and item.text not in (SIDE, ONCE)), 0)
    listed = any(item.kind == "or" for item in part[:1]) or any(
        near[:1] and near[0].kind == "day" and any(item.kind == "or" for item in near) for near in behind)
    wishes = any(map(is_wish, part)) or _wishes_for_a_day(part) or BUSY & {item.kind for item in part}
    return not listed and not wishes and any(
        item.kind in ("word", "routine", "health", "measure") for item in part[:first])


def _engaged(part: list[Item]) -> int:
    """Whether a stretch tells what somebody does on a day ("I'm at the dentist tomorrow"): SURE, MAYBE or 0."""
    kinds = [item.kind for item in part if item.kind not in BREAKS]
    first = next((at for at, item in enumerate(part) if item.kind in ("day", "time") and item.text not in (SIDE, ONCE)),
                 None)
    if first is not None and "habit" in kinds:
        return MAYBE
    if first is None or BUSY & set(kinds):
        return 0
    if how := tells_of_its_day(part):
        return how
    if any(item.kind == "wish" and item.text not in DOING for item in part):
        return 0
    start = next((at for at, item in enumerate(part) if item.kind not in ("filler", "and", "or", "stop", "comma")), 0)
    words = [at for at, item in enumerate(part[:first]) if item.kind in FOREIGN]
    if words and not any(item.kind == "day" for item in part):
        return SURE if "pronoun" in kinds else 0  # "the school run is at 3, so Monday before 2"
    if not words or start > first:
        return 0
    opens = part[start].kind in OPENING or part[start].name == OWNS
    placed = all(item.kind in PLACES or at in words for at, item in enumerate(part[start:first], start))
    acts = part[start].name == ACTING and start + 1 in words
    near = acts or any(item.kind in NEAR or item.name == OWNS for item in part[start:words[-1] + 1])
    owned = any(item.text == "my" or item.text.startswith("£") for item in part[:words[-1] + 1])
    return SURE if opens and placed and near else MAYBE if opens or owned else 0


def _parts(items: list[Item]) -> Iterator[list[Item]]:
    part: list[Item] = []
    for item in items:
        part.append(item)
        if item.kind in BREAKS:
            yield part
            part = []
    yield part


def _judged(part: list[Item]) -> Iterator[Item]:
    """One stretch between marks. What stands there beside a verb of the past is no wish."""
    part = [Item("filler", text=item.text) if item.kind == "was" and to_be_done(part, at) else item
            for at, item in enumerate(part)]
    kinds = {item.kind for item in part}
    moving = "move" in kinds or any(item.text in ("move", "change", "reschedule", "swap") for item in part)
    given_up = _given_up(part) if moving else None
    for at, (item, mention) in enumerate(zip(part, _mentions(part), strict=True)):
        if (mention or at == given_up) and item.kind in CONTENT:
            yield Item("mention")
        elif moving and item.day and isinstance(item.day, Through):
            yield replace(item, day=item.day.last)
        else:
            yield item


def _given_up(part: list[Item]) -> int | None:
    """Which day is given up in "swap Tuesday for Wednesday"."""
    days = [at for at, item in enumerate(part) if item.kind == "day"]
    traded = len(days) == 2 and any(item.kind == "for" for item in part[days[0]:days[1]])
    return days[0] if traded else None


def _mentions(part: list[Item]) -> Iterator[bool]:
    """For each piece whether it stands in what is told of the past, or of how it feels."""
    kinds, names = {item.kind for item in part}, {item.name for item in part}
    wish, before, called = any(map(is_wish, part)), Item("stop"), False
    past = any(item.kind == "was" and (item.name != SAID or "relative" not in names) for item in part)
    routine = "routine" in kinds and "relative" not in names and not kinds & {"before", "after"}
    told = asks_when(part) or (not wish and (past or routine))
    wish_at = next((at for at, item in enumerate(part) if is_wish(item)), len(part))
    was_at = next((at for at, item in enumerate(part) if item.kind == "was" and (
        item.name != SAID or "relative" not in names)), len(part))
    past_first = was_at < wish_at and _begins(part, was_at)
    for at, item in enumerate(part):
        if item.kind == "was" and before.kind == "pronoun" and before.text not in ("you", "u"):
            told = True
        elif item.kind == "was" and item.name != SAID and not item.text.endswith(PAST) and before.kind == "word":
            told = True  # "need help did my back Tuesday"
        elif is_wish(item):
            told = False
        called = item.kind == "contact" or (called and item.kind in WHEN)
        yield (told or called or (past_first and at < wish_at) or (before.text == "my" and item.kind == "day")
               or _felt(item, kinds, wish) or _gone(item, kinds) or comes_from(part, at, wish)
               or ("health" in kinds and not wish and before.kind == "wholeday"))
        before = item


def _begins(part: list[Item], place: int) -> bool:
    return place == 0 or part[place - 1].kind in ("pronoun", "day", "filler", "and", "word", "because")


def _felt(item: Item, kinds: set[str], wish: bool) -> bool:
    """How it feels today or in the mornings is no wish to come then."""
    here = isinstance(item.day, Ahead) and item.day.days <= 0
    if item.text == "of ten" and "health" in kinds:
        return True
    return "health" in kinds and not wish and (
        item.recurs or here or item.text in (SIDE, ONCE) or item.kind in FELT)


def _gone(item: Item, kinds: set[str]) -> bool:
    return item.kind == "bygone" and "wish" not in kinds and not kinds <= HARMLESS
