"""The grammar of weeks and weekends: early next week, week commencing the 5th, the weekend, either side of it."""
from clinic.booking.when.cursor import Cursor, Item, Result, attempt
from clinic.booking.when.days import ANY_DAY, WEEK, Ahead, Either, Recurring, Week, Weekday, Weekend
from clinic.booking.when.related import All, Both, From, Moved, WeekOf

PARTS_OF_WEEK = {"firsthalf": (0, 2), "secondhalf": (3, 6), "early": (0, 1), "start": (0, 1), "mid": (2, 2),
                 "late": (3, 4), "end": (3, 4)}
WEEKENDS = Recurring(frozenset((5, 6)))
SATURDAY = 5


def read_week(cursor: Cursor) -> Result:
    """A week, a part of one, or a weekend."""
    return attempt(cursor, _part_of_week, _week, _weekend)


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
    plain = cursor.peek(-1).kind != "the"
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
    often = plain and cursor.peek().kind == "parts"  # "weekend mornings"
    if recurs or (mod is None and (often or token.text.endswith("s"))):
        return Item("day", day=WEEKENDS, recurs=True)
    weekend = Weekend("next" if mod and mod.kind == "next" else "coming")
    if side:
        return Item("day", day=All((Moved(weekend, -1), Moved(weekend, 1))))
    return Item("day", day=weekend)
