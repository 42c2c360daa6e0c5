"""The grammar of weekdays, weeks, weekends and feasts, and of today and tomorrow."""
from clinic.booking.when.cursor import Cursor, Item, Result, attempt
from clinic.booking.when.days import ANY_DAY, WEEK, Ahead, Either, Feast, Recurring, Week, Weekday, Weekend
from clinic.booking.when.related import All, Beside, Both, From, Moved, WeekOf
from clinic.booking.when.together import ANY_SUCH
from clinic.booking.when.tokens import Token
from clinic.booking.when.turns import CLOSING

PARTS_OF_WEEK = {"firsthalf": (0, 2), "secondhalf": (3, 6), "early": (0, 1), "start": (0, 1), "mid": (2, 2), "late": (3, 4), "end": (3, 4)}
WORKDAYS = Recurring(frozenset(range(5)))
WEEKENDS = Recurring(frozenset((5, 6)))
SATURDAY = 5
SITTING = ("down", "still", "at", "around", "on", "here", "there")
"""What stands behind "sat" where it is a verb."""


def read_weekday(cursor: Cursor) -> Result:
    return attempt(cursor, _day, _that_day, _beside, _after_next, _named, _part_of_week, _week, _weekend, _recurring, _feast)


def _day(cursor: Cursor) -> Result:
    """tomorrow; the day after tomorrow; yesterday; tonight."""
    earlier = cursor.take("earlier")
    cursor.skip("on") if earlier else None
    token = cursor.take("day", "lastnight")
    if earlier:
        now = token or (cursor.take("this") and cursor.take("unit", "part"))
        return Item("bygone", day=Ahead(-1)) if now else None
    if token is None:
        return None
    if token.kind == "lastnight" or token.number < 0:
        return Item("bygone", day=Ahead(-1))
    if cursor.peek().kind == "unit" and cursor.peek().name == "week":
        cursor.at += 1
        return Item("day", day=Ahead(token.number + WEEK))
    return Item("day", day=Ahead(token.number), text="today" if token.number == 0 else "")


def _beside(cursor: Cursor) -> Result:
    """the week before, the Monday after, the weekend before: whatever day comes next, or was spoken of."""
    cursor.skip("the", "a")
    if cursor.peek(-1).kind == "any":
        return None
    token = cursor.take("weekday", "unit", "weekend", "workday")
    way = cursor.take("before", "after") if token else None
    if way and way.kind == "before" and cursor.take("last"):
        return Item("bygone", day=Ahead(-WEEK))
    if token and token.kind == "weekday" and way and way.kind == "after" and (later := _after_this(cursor, token)):
        return later
    if token is None or way is None or cursor.peek().kind in ("number", "clock", "next", "part", "half", "quarter"):
        return None
    after = way.kind == "after"
    if token.kind == "unit":
        if token.name not in ("day", "week"):
            return None
        if token.name == "day":
            return Item("relative", build=lambda day: Moved(day, 1 if after else -1))
        return Item("relative", build=lambda day: Beside(day, after))
    numbers = frozenset((token.number,)) if token.kind == "weekday" else frozenset((5, 6))
    numbers = frozenset(range(5)) if token.kind == "workday" else numbers
    told = cursor.peek(-3).kind == "the" or cursor.peek().kind in ("event", "pronoun", "the")
    if token.kind == "weekday" and not told:
        return None
    return Item("relative", build=lambda day: Beside(day, after, numbers))


def _that_day(cursor: Cursor) -> Result:
    """My birthday's on the 12th, can I come that day."""
    if not cursor.take("that") or cursor.peek().kind != "unit" or cursor.peek().name != "day":
        return None
    cursor.at += 1
    spoken = cursor.known or any(item.kind in ("day", "event") for item in cursor.items)
    return Item("relative", build=lambda day: day) if spoken else Item("filler")


def _after_this(cursor: Cursor, token: Token) -> Result:
    """"the Friday after this one", "after this Friday", "after next Friday"."""
    mod, same = cursor.peek(), cursor.peek(1)
    if mod.kind not in ("this", "next", "coming") or not (same.name == "1" or (
            same.kind == "weekday" and same.number == token.number)):
        return None
    cursor.at += 2
    return Item("day", day=Weekday(token.number, "next" if mod.kind == "next" else "coming", 1))


def _after_next(cursor: Cursor) -> Result:
    """Thursday after next; the weekend after next; a week after next."""
    cursor.skip("the")
    token = cursor.take("weekday", "unit", "weekend")
    if token is None or not cursor.take("after") or not cursor.take("next"):
        return None
    if token.kind == "weekday":
        return Item("day", day=Weekday(token.number, weeks=1))
    if token.kind == "weekend":
        return Item("day", day=Either(Weekend(weeks=1), Weekend(weeks=2), "after next"))
    return Item("day", day=Week(2)) if token.name == "week" else None


def _named(cursor: Cursor) -> Result:
    """Friday, this Friday, next Friday, last Friday, Friday week, the following Friday."""
    indefinite = cursor.peek(-1).kind == "a"
    cursor.skip("the")
    mod = cursor.take("this", "next", "coming", "last", "previous", "following", "that", "past")
    if mod and mod.kind == "this" and cursor.take("past"):
        mod = cursor.peek(-1)
    cursor.skip("coming", "following")
    token = cursor.take("weekday")
    if token is None and mod is None and cursor.peek(1).kind == "event":
        token = cursor.take("weekdays")  # "after saturdays match"
        event = cursor.take("event")
        return Item("event", day=Weekday(token.number)) if token and event else None
    if token is None or (mod is None and _is_verb(cursor)):
        return Item("was") if token else None
    if (mod and mod.kind in ("last", "previous", "past")) or _bygone(cursor):
        return Item("event" if _owns_event(cursor, token) else "bygone", day=Weekday(token.number, "last"))
    if _owns_event(cursor, token):
        return Item("event", day=Weekday(token.number, {"next": "next", "this": "this"}.get(mod.kind if mod else "", "coming")))
    if mod and mod.kind == "following" and not cursor.known and not any(item.day for item in cursor.items):
        return Item("day", day=Weekday(token.number, "next"))
    if mod and mod.kind == "following":
        return Item("relative", build=lambda day: Beside(day, True, frozenset((token.number,))), text="following")
    weeks = 0
    if cursor.peek().kind == "unit" and cursor.peek().name in ("week", "fortnight") and cursor.peek(1).kind not in (
            "after", "of", "before"):
        weeks = 1 if cursor.peek().name == "week" else 2
        cursor.at += 1
    if token.owns and cursor.peek().kind in ("event", "routine", "word", "existing"):
        return Item("mention")
    how = {"next": "next", "this": "this", "coming": "this", "that": "this"}.get(mod.kind if mod else "", "coming")
    if mod is None and cursor.peek().kind == "next" and cursor.peek(1).kind in CLOSING | {"part"}:
        cursor.at += 1
        how = "next"  # "Tuesday next"
    if indefinite and mod is None and not weeks and cursor.peek().kind not in ("in", "of", "month", "ordinal"):
        return Item("day", day=Either(Weekday(token.number), Recurring(frozenset((token.number,))), ANY_SUCH))
    return Item("day", day=Weekday(token.number, how, weeks))


def _bygone(cursor: Cursor) -> bool:
    """"Monday gone", "Tuesday just past": behind the weekday stands that it is over."""
    ahead = 1 if cursor.peek().kind == "filler" else 0
    over = cursor.peek(ahead).kind == "past" and cursor.peek(ahead + 1).kind in CLOSING
    cursor.at += (ahead + 1) * over
    return over


def _owns_event(cursor: Cursor, token: Token) -> bool:
    """"Saturday's match": the event, with its day."""
    return token.owns and bool(cursor.take("event"))


def _is_verb(cursor: Cursor) -> bool:
    """"I sat down", "in the sun", "we wed": words that are days only where nothing makes them something else."""
    token, before, behind = cursor.peek(-1), cursor.peek(-2), cursor.peek()
    if token.text == "sun" and token.owns and behind.name == "out":
        return True
    if token.text == "sat":
        told = before.kind in ("pronoun", "was", "word") or behind.text in SITTING[:2] or (
            behind.kind in ("at", "on", "in") and cursor.peek(1).kind in ("word", "pronoun", "the", "a"))
        return behind.text in SITTING and told and before.kind not in ("on", "this", "next", "or", "comma")
    return token.text == "sun" and before.kind == "the" and cursor.peek(-3).kind in ("in", "word", "because", "was")


def _part_of_week(cursor: Cursor) -> Result:
    """early next week, the end of the week, midweek, later this week, the rest of the week."""
    cursor.skip("the")
    if cursor.take("workweek"):
        weeks = _which_week(cursor)
        return Item("day", day=Week(weeks or 0, 2, 2) if weeks is not None else _coming_midweek(cursor))
    part = cursor.take(*PARTS_OF_WEEK, "later", "restof")
    cursor.skip("on", "part", "of", "in", "the") if part else None
    weeks = _which_week(cursor)
    if part is None or weeks is None:
        return None
    if part.kind in PARTS_OF_WEEK:
        rolls = weeks == 0 and not any(cursor.peek(-back).kind == "this" for back in (1, 2, 3))
        return Item("day", day=Week(weeks, *PARTS_OF_WEEK[part.kind], rolls))
    if part.kind == "later" and weeks:
        return Item("day", day=Either(Week(weeks, *PARTS_OF_WEEK["late"]), Week(weeks, 2, 6), "later"))
    return Item("day", day=Both(From(Ahead(int(part.kind == "later"))), Week(weeks)))


def _coming_midweek(cursor: Cursor) -> Weekday:
    return Weekday(2)


def _which_week(cursor: Cursor) -> int | None:
    """0 for this week, 1 for next; None where no week is named."""
    at = cursor.at
    cursor.skip("of", "in", "on", "the")
    mod = cursor.take("this", "next", "following", "coming")
    unit = cursor.take("unit")
    named = unit is not None and unit.name == "week" and (mod or cursor.peek(-2).kind == "the")
    if not named:
        cursor.at = at
        return None
    if cursor.peek().kind == "after" and cursor.peek(1).kind == "next":
        cursor.at += 2
        return 2
    return 1 if mod and mod.kind in ("next", "following", "coming") else 0


def _week(cursor: Cursor) -> Result:
    """this week, next week; the week of the 5th, week commencing 6 April."""
    cursor.skip("any", "the", "wholeday")
    if cursor.take("commencing"):
        cursor.skip("the")
        return Item("relative", build=WeekOf)
    mod, unit = cursor.take("this", "next", "following", "coming"), cursor.take("unit")
    if mod is None or unit is None or unit.name not in ("week", "fortnight"):
        return None
    if unit.name == "fortnight":
        return Item("day", day=ANY_DAY)
    if mod.kind == "following" and cursor.known:
        return Item("relative", build=lambda day: WeekOf(Moved(day, WEEK)), text="following")
    return Item("day", day=Week(0 if mod.kind == "this" else 1))


def _weekend(cursor: Cursor) -> Result:
    """the weekend, next weekend, weekends, the weekend of the 5th; either side of it."""
    side = cursor.take("side")
    recurs = bool(cursor.take("any"))
    cursor.skip("over", "the")
    mod = cursor.take("this", "next", "coming", "last", "following")
    cursor.skip("coming")
    token = cursor.take("weekend")
    if token is None:
        return None
    if mod and mod.kind == "last":
        return Item("bygone", day=Weekday(SATURDAY, "last"))
    if cursor.peek().kind == "of" and cursor.peek(1).kind in ("the", "ordinal", "date", "number"):
        cursor.at += 1
        return Item("relative", build=lambda day: WeekOf(day, SATURDAY, 6))
    if recurs or (token.text.endswith("s") and mod is None):
        return Item("day", day=WEEKENDS, recurs=True)
    weekend = Weekend("next" if mod and mod.kind == "next" else "coming")
    if side:
        return Item("day", day=All((Moved(weekend, -1), Moved(weekend, 1))))
    return Item("day", day=weekend)


def _recurring(cursor: Cursor) -> Result:
    """Tuesdays, any Tuesday, weekdays, any other day."""
    recurs = cursor.take("any")
    cursor.skip("other", "the")
    token = cursor.take("weekdays", "workday", "weekday", "unit")
    if token is None or (recurs is None and token.kind in ("weekday", "unit")):
        return None
    if token.kind == "unit":
        return Item("day", day=ANY_DAY, recurs=True) if token.name == "day" else None
    if token.kind == "workday":
        return Item("day", day=WORKDAYS, recurs=True)
    return Item("day", day=Recurring(frozenset((token.number,))), recurs=True)


def _feast(cursor: Cursor) -> Result:
    cursor.skip("the", "next", "this", "coming")
    token = cursor.take("feast")
    return None if token is None else Item("day", day=Feast(token.name))
