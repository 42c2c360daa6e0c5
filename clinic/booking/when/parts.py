"""The grammar of the parts of a day: early evening, first thing, mornings, this time tomorrow."""
from clinic.booking.when.cursor import Cursor, Item, Result, attempt
from clinic.booking.when.days import WEEK, Ahead
from clinic.booking.when.doubt import View
from clinic.booking.when.times import DAY, Exactly, Part, Time, Windows, known_part
from clinic.booking.when.tokens import Token

COMING = "in the"
"""How a part of the day is marked that is the next one to come: "in the morning", said in the evening."""
BEFORE_AM = frozenset({"weekday", "weekdays", "day", "ordinal", "date", "month", "number", "clock", "the", "or",
                       "dash"})
"""What stands before "am" where it is no verb."""


class Now:
    """The very minute of now, on some day: "this time tomorrow"."""

    def windows(self, view: View, half: int) -> Windows:
        minute = view.now.hour * 60 + view.now.minute
        return ((minute, minute),)


def read_part(cursor: Cursor) -> Result:
    """A part of the day, or what recurs: mornings, any evening; tonight; this time."""
    return attempt(cursor, part_at, _early, _this_time)


def part_at(cursor: Cursor) -> Result:
    recurs = bool(cursor.take("any"))
    cursor.skip("other") if recurs else None
    loose, coming = cursor.peek().kind == "a", _in_the(cursor)
    cursor.skip("in", "during", "at", "the", "a")
    prefix = cursor.take("early", "late", "mid")
    cursor.skip("in", "the", "dash")
    before, token = cursor.peek(-1), cursor.take("part", "parts")
    if token is None or (token.text == "am" and _verb(before, cursor.peek())):
        return None
    name = f"{prefix.kind} {token.name}" if prefix else token.name
    recurs = recurs or token.kind == "parts" or cursor.peek().name == "things"
    time: Time = Part(name if known_part(name) else token.name)
    if cursor.take("onwards"):
        time = Exactly(time.windows(View(cursor.now), 0)[0][0], DAY)
    return Item("time", time=time, recurs=recurs, loose=loose, text=COMING if coming else "")


def _in_the(cursor: Cursor) -> bool:
    """In the morning; early in the morning."""
    ahead = 1 if cursor.peek().kind in ("early", "late") else 0
    return cursor.peek(ahead).kind == "in" and cursor.peek(ahead + 1).kind == "the"


def _verb(before: Token, behind: Token) -> bool:
    if before.kind == "nothing":
        return behind.kind not in ("nothing", "stop", "comma", "or", "on", "weekday", "day")
    return (before.kind not in BEFORE_AM and behind.kind not in ("or", "weekday", "day")) or behind.kind == "pronoun"


def _early(cursor: Cursor) -> Result:
    """early on Friday; Friday, late."""
    before, token = cursor.peek(-1), cursor.take("early", "late")
    if token is None:
        return None
    cursor.skip("on")
    if cursor.peek().kind in ("weekday", "day") or before.kind in ("weekday", "day"):
        return Item("time", time=Part("morning" if token.kind == "early" else "evening"))
    return None


def _this_time(cursor: Cursor) -> Result:
    token = cursor.take("thistime")
    if token is None or "same" in token.text:
        return None
    if cursor.peek().kind == "next" and cursor.peek(1).name == "week":
        cursor.at += 2
        cursor.items.append(Item("day", day=Ahead(WEEK)))
        return Item("time", time=Now())
    if cursor.peek().kind not in ("day", "weekday", "next", "in", "on", "a", "number"):
        return None
    return Item("time", time=Now())
