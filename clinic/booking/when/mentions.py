"""Sets apart what is only mentioned: the day of a race, a day on which it began to hurt, an earlier appointment."""
from collections.abc import Iterator
from dataclasses import replace

from clinic.booking.when.cursor import Item
from clinic.booking.when.days import Ahead, Day, Unknown
from clinic.booking.when.related import From, Through, UpTo
from clinic.booking.when.together import joined

LINKS = frozenset({"the", "this", "pronoun", "on", "at", "filler", "colon", "open", "that", "in", "a", "next", "around",
                   "word", "because", "coming", "event", "from", "time"})
BREAKS = frozenset({"stop", "comma", "but", "because", "dash", "open", "close", "correct"})
CONTENT = frozenset({"day", "time", "instant", "bygone", "anytime", "shift"})
FAR = 6
"""Pieces between an event and its date."""
HARMLESS = frozenset({"day", "time", "bygone", "stop", "comma", "or", "and", "filler", "on", "at", "the", "dash",
                      "colon", "wish", "correct", "gone", "anytime", "wholeday", "this", "sometime", "close", "open"})


def wished(items: list[Item], known: Day | None = None) -> list[Item]:
    """*items* with what is no wish made a mention, and each day that is told from an event made a day.

    *known*: the day that was spoken of before, if any."""
    items = _dated(list(items))
    items = _anchored(items, known)
    return [item for part in _parts(items) for item in _judged(part)]


def _dated(items: list[Item]) -> list[Item]:
    """Events with the days that belong to them; these are no longer wished for."""
    told = [(kind, place) for kind in ("event", "existing", "routine") for place, item in enumerate(items)
            if item.kind == kind]
    for _, place in told:
        item = items[place]
        if item.kind == "routine" and any(near.kind in ("before", "after") for near in items[max(place - 3, 0):place]):
            continue
        found = _forward(items, place)
        if found is None and item.kind == "event":
            found = _backward(items, place)
        if found is not None and (item.kind != "routine" or not _wish_before(items, place)):
            _date(items, place, found)
    return items


def _date(items: list[Item], place: int, found: int) -> None:
    """Give the event at *place* the day at *found*, with all that is said beside it: Sunday, 12 April, at 10."""
    end = found + 1
    while end < len(items) and items[end].kind in ("day", "time", "on", "at"):
        end += 1
    days = [item.day for item in items[found:end] if item.day]
    items[place] = replace(items[place], day=joined(days) if found > place else items[found].day)
    for at in range(min(place + 1, found), end if found > place else found + 1):
        if items[at].kind in CONTENT:
            items[at] = Item("mention")


def _forward(items: list[Item], place: int) -> int | None:
    for at in range(place + 1, min(place + FAR, len(items))):
        kind = items[at].kind
        if kind in ("day", "bygone"):
            return None if isinstance(items[at].day, Through) and items[place].kind == "existing" else at
        which = kind == "comma" and at + 1 < len(items) and items[at + 1].text in ("which", "its", "thats")
        if kind not in LINKS and not which:
            return None
    return None


def _backward(items: list[Item], place: int) -> int | None:
    for at in range(place - 1, max(place - FAR, -1), -1):
        kind = items[at].kind
        if kind == "day":
            return None if _wish_before(items, at) else at
        if kind not in LINKS and kind not in ("was", "for"):
            return None
    return None


def _wish_before(items: list[Item], place: int) -> bool:
    for at in range(place - 1, max(place - FAR, -1), -1):
        if items[at].kind in BREAKS:
            return False
        if items[at].kind == "wish":
            return True
    return False


def _anchored(items: list[Item], known: Day | None) -> list[Item]:
    dates = [item.day for item in items if item.kind == "event" and item.day]
    for place, item in enumerate(items):
        if item.kind == "relative" and item.build:
            earlier = next((i.day for i in reversed(items[:place][-FAR * 4:]) if i.kind == "day" and i.day), None)
            anchor = (earlier if item.text else None) or _event_day(items, place, dates) or earlier or known
            items[place] = Item("day", day=item.build(anchor or Unknown()))
        elif item.kind in ("before", "after") and (anchor := _side(items, place, dates)):
            items[place] = Item("day", day=From(anchor, 1) if item.kind == "after" else UpTo(anchor))
    return items


def _side(items: list[Item], place: int, dates: list[Day]) -> Day | None:
    """Of what event "before" or "after" speaks here; Unknown where nobody said when it is."""
    for at in range(place + 1, min(place + 4, len(items))):
        item = items[at]
        if item.kind in ("event", "routine"):
            if item.kind == "routine" and any(near.kind == "day" for near in items[max(place - FAR, 0):place + FAR]):
                return None
            return item.day if item.day and item.kind == "event" else (dates[0] if dates else Unknown())
        if item.kind == "that" or item.text == "it":
            return dates[0] if dates else Unknown() if items[place].kind == "after" else None
        if item.kind not in LINKS:
            return None
    return None


def _event_day(items: list[Item], place: int, dates: list[Day]) -> Day | None:
    """When the event is that is named here, or the one of which the message speaks; None if it speaks of none."""
    for at in range(place + 1, min(place + FAR, len(items))):
        if items[at].kind in ("event", "routine"):
            return items[at].day or (dates[0] if dates else Unknown())
        if items[at].kind not in LINKS:
            break
    return dates[0] if dates else None


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
    kinds = {item.kind for item in part}
    moving = "move" in kinds or any(item.text in ("move", "change", "reschedule", "swap") for item in part)
    for item, mention in zip(part, _mentions(part), strict=True):
        if mention and item.kind in CONTENT:
            yield Item("mention")
        elif moving and item.day and isinstance(item.day, Through):
            yield replace(item, day=item.day.last)
        else:
            yield item


def _mentions(part: list[Item]) -> Iterator[bool]:
    """For each piece whether it stands in what is told of the past, or of how it feels."""
    kinds = {item.kind for item in part}
    wish, before = "wish" in kinds, Item("stop")
    told = not wish and ("was" in kinds or ("routine" in kinds and not kinds & {"before", "after"}))
    wish_at = next((at for at, item in enumerate(part) if item.kind == "wish"), len(part))
    was_at = next((at for at, item in enumerate(part) if item.kind == "was"), len(part))
    past_first = was_at < wish_at and _begins(part, was_at)
    for at, item in enumerate(part):
        if item.kind == "was" and before.kind == "pronoun" and before.text not in ("you", "u"):
            told = True
        elif item.kind == "wish":
            told = False
        yield (told or (past_first and at < wish_at) or (before.text == "my" and item.kind == "day")
               or _felt(item, kinds, wish) or _gone(item, kinds))
        before = item


def _begins(part: list[Item], place: int) -> bool:
    return place == 0 or part[place - 1].kind in ("pronoun", "day", "filler", "and", "word", "because")


def _felt(item: Item, kinds: set[str], wish: bool) -> bool:
    """How it feels today or in the mornings is no wish to come then."""
    here = isinstance(item.day, Ahead) and item.day.days <= 0
    if item.text == "of ten" and "health" in kinds:
        return True
    return "health" in kinds and not wish and (item.recurs or here or item.kind in ("time", "instant", "bygone"))


def _gone(item: Item, kinds: set[str]) -> bool:
    return item.kind == "bygone" and "wish" not in kinds and not kinds <= HARMLESS
