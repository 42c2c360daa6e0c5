"""Races and other engagements: the day that belongs to each, and the days that are told from them."""
from dataclasses import replace

from clinic.booking.when.cursor import Item
from clinic.booking.when.days import Day, Either, Month, Soon, Unknown, Week, Weekend
from clinic.booking.when.related import From, Moved, Through, UpTo, WeekOf
from clinic.booking.when.together import joined

LINKS = frozenset({"the", "this", "pronoun", "on", "at", "filler", "colon", "open", "that", "in", "a", "next", "around",
                   "word", "having", "because", "coming", "event", "from", "time", "for", "sometime", "during", "to"})
BREAKS = frozenset({"stop", "comma", "but", "because", "dash", "open", "close", "correct"})
CONTENT = frozenset({"day", "time", "instant", "bygone", "anytime", "shift"})
TELLING = frozenset({"word", "pronoun", "was", "noise", "event", "routine", "existing", "health", "having"})
"""What stands beside a day that is told of, and not beside one that is wished for: "we play on Saturday"."""
FAR = 6
"""Pieces between an event and its date."""
SIDE, ONCE = "side", "once"
"""How a day is marked that was told from an event ("after my race"), or from something nobody can date ("once I'm
back"): a plainer day beside it is what is wished for."""
VAGUE = (Month, Week, Weekend, WeekOf, Soon)
DAY_MINUTES = 24 * 60


def is_wish(item: Item) -> bool:
    """Whether it says that something is wished for, wherever it stands; a noun for it does not: "had a session"."""
    return item.kind == "wish" and item.name != "weak"


def dated(items: list[Item]) -> list[Item]:
    """*items* with the days that belong to events, which are then no longer wished for."""
    told = [(kind, place) for kind in ("event", "existing", "routine") for place, item in enumerate(items)
            if item.kind == kind and item.day is None]
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
    joins = ("or",) if items[place].kind == "existing" else ()  # "am I booked Friday or Saturday?"
    while end < len(items) and items[end].kind in ("day", "time", "on", "at", *joins):
        end += 1
    days = [item.day for item in items[found:end] if item.day]
    items[place] = replace(items[place], day=joined(days) if found > place else items[found].day)
    for at in range(min(place + 1, found), end if found > place else found + 1):
        if items[at].kind in CONTENT:
            items[at] = Item("mention")


def _forward(items: list[Item], place: int) -> int | None:
    for at in range(place + 1, min(place + FAR, len(items))):
        kind = items[at].kind
        if kind in ("day", "bygone") and items[at].text != ONCE:
            return None if isinstance(items[at].day, Through) and items[place].kind == "existing" else at
        if kind == "to" and items[place].kind == "existing":
            return None  # "move my appointment to Friday": where it goes, not where it is
        which = kind == "comma" and at + 1 < len(items) and items[at + 1].text in ("which", "its", "thats")
        past = kind == "was" and items[place].kind == "existing"  # "I thought my appointment was Monday"
        if (kind not in LINKS and not which and not past) or (kind == "because" and items[place].kind == "routine"):
            return None
    return None


def _backward(items: list[Item], place: int) -> int | None:
    for at in range(place - 1, max(place - FAR, -1), -1):
        kind = items[at].kind
        if kind == "day":
            return None if _wish_before(items, at) or items[at].text == ONCE else at
        if kind not in LINKS and kind not in ("was", "for", "having"):
            return None
    return None


def _wish_before(items: list[Item], place: int) -> bool:
    for at in range(place - 1, max(place - FAR, -1), -1):
        if items[at].kind in BREAKS:
            return False
        if items[at].kind == "wish":
            return True
    return False


def anchored(items: list[Item], known: Day | None) -> list[Item]:
    """*items* with each day that is told from another made a day, and the day it is told from a mention where that is
    only told of. *known*: the day that was spoken of before, if any."""
    dates = [_sure(item.day) for item in items if item.kind == "event" and item.day]
    routine = [item.day for item in items if item.kind == "routine" and item.day]
    advice = known is None and any(item.kind == "advice" for item in items)
    for place, item in enumerate(items):
        if advice and not dates and item.kind in ("relative", "before", "after"):
            items[place] = Item("mention")  # "is it ok to run the day after?"
            continue
        if item.kind == "shift" and known is None:
            item = _as_relative(item)
        if item.kind == "relative" and item.build:
            at = next((at for at in range(place - 1, max(place - FAR * 4, 0) - 1, -1) if items[at].kind == "day"), None)
            earlier = items[at].day if at is not None else None
            event = _event_day(items, place, dates)
            anchor = (earlier if item.text else None) or event or earlier or next(iter(routine), None) or known
            if at is not None and anchor is earlier and earlier is not event and _told(items, at, place) and (
                    not _of_an_event(items, place)):
                items[at] = Item("mention")
            day = item.build(anchor or Unknown())
            told = Item("day", day=day, name="relative", maybe=advice)
            items[place] = Item("mention") if _of_an_event(items, place) else told
        elif item.kind in ("before", "after") and (anchor := _side(items, place, dates)):
            side = From(anchor, 1) if item.kind == "after" else UpTo(anchor)
            items[place] = Item("day", day=side, text=SIDE, maybe=advice)
    return _plainer(items)


def _sure(day: Day) -> Day:
    """The day of an event; Unknown where only its month, week or weekend was told."""
    return Unknown() if isinstance(day, VAGUE) else day


def _of_an_event(items: list[Item], place: int) -> bool:
    """"I've a 10k on the Sunday after": that is when the event is, and no wish."""
    for at in range(place - 1, max(place - FAR, -1), -1):
        if items[at].kind == "event":
            told = any(near.kind in ("pronoun", "having") for near in items[max(at - 3, 0):place])
            return told and items[at].day is None
        if items[at].kind not in LINKS:
            return False
    return False


def _as_relative(item: Item) -> Item:
    """"two days later", said after a day of the same message."""
    days, rest = divmod(int(item.text), DAY_MINUTES)
    return item if rest or not days else Item("relative", build=lambda day: Moved(day, days))


def _told(items: list[Item], at: int, place: int) -> bool:
    """Whether the day at *at* is only told of, before another that is told from it stands at *place*."""
    first = next((back for back in range(at, -1, -1) if items[back].kind in BREAKS), -1) + 1
    last = next((ahead for ahead in range(at, place) if items[ahead].kind in BREAKS), place)
    stretch = items[first:last]
    return any(item.kind in TELLING for item in stretch) and not any(map(is_wish, stretch)) and not any(
        item.kind == "or" for item in items[at:place])


def _plainer(items: list[Item]) -> list[Item]:
    """What is told from an event gives way to a day that is told plainly: "before the race, so the day before it"."""
    for place, item in enumerate(items):
        if item.kind != "day" or item.text not in (SIDE, ONCE):
            continue
        near = next((at for at in range(place + 1, min(place + FAR, len(items)))
                     if items[at].kind in ("day", *BREAKS)), None)
        if item.text == ONCE and near is not None and (day := items[near].day) and items[near].kind == "day":
            items[place] = Item("mention")
            items[near] = replace(items[near], day=Either(From(day), From(day, 1), ONCE))
        elif any(other.kind == "day" and other.text not in (SIDE, ONCE) for other in items):
            items[place] = Item("mention")
    return items


def _side(items: list[Item], place: int, dates: list[Day]) -> Day | None:
    """Of what event "before" or "after" speaks here; Unknown where nobody said when it is."""
    if dates and all(item.kind == "stop" for item in items[place + 1:place + 2]):
        return dates[0]  # "I fly on Tuesday, can you see me before?"
    for at in range(place + 1, min(place + 4, len(items))):
        item = items[at]
        if item.kind in ("event", "routine"):
            if item.kind == "routine" and any(near.kind == "day" for near in items[max(place - FAR, 0):place + FAR]):
                return None
            return _sure(item.day) if item.day and item.kind == "event" else (dates[0] if dates else Unknown())
        if item.kind == "that" or item.text == "it":
            return dates[0] if dates else Unknown() if items[place].kind == "after" else None
        if item.kind not in LINKS:
            return None
    return None


def _event_day(items: list[Item], place: int, dates: list[Day]) -> Day | None:
    """When the event is that is named here, or the one of which the message speaks; None if it speaks of none."""
    for at in range(place + 1, min(place + FAR, len(items))):
        if items[at].kind in ("event", "routine"):
            own = items[at].day
            return _sure(own) if own else (dates[0] if dates else Unknown())
        if items[at].kind not in LINKS:
            break
    return dates[0] if dates else None
