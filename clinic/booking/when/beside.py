"""The grammar of days told from another: the week before, the Monday after, Thursday after next, that day."""
from clinic.booking.when.cursor import Cursor, Item, Result
from clinic.booking.when.days import WEEK, Ahead, Either, Week, Weekday, Weekend
from clinic.booking.when.related import Beside, Moved, WeekOf
from clinic.booking.when.tokens import Token


def read_beside(cursor: Cursor) -> Result:
    """the week before, the Monday after, the weekend before: whatever day comes next, or was spoken of."""
    cursor.skip("the", "a")
    if cursor.peek(-1).kind == "any":
        return None
    if cursor.peek(2).kind == "before" and cursor.peek(1).kind in ("weekday", "weekend"):
        cursor.skip("last")  # the last Wednesday before Christmas
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
    told = cursor.peek(-3).kind in ("the", "last") or cursor.peek().kind in ("event", "pronoun", "the", "feast")
    if token.kind == "weekday" and not told:
        return None
    return Item("relative", build=lambda day: Beside(day, after, numbers))


def read_that_day(cursor: Cursor) -> Result:
    """My birthday's on the 12th, can I come that day."""
    if not cursor.take("that") or cursor.peek().kind != "unit" or cursor.peek().name not in ("day", "week"):
        return None
    cursor.at += 1
    spoken = cursor.known or any(item.kind in ("day", "event") for item in cursor.items)
    if spoken and cursor.peek(-1).name == "week":
        return Item("relative", build=WeekOf)
    return Item("relative", build=lambda day: day) if spoken else Item("filler")


def _after_this(cursor: Cursor, token: Token) -> Result:
    """"the Friday after this one", "after this Friday", "after next Friday"."""
    mod, same = cursor.peek(), cursor.peek(1)
    if mod.kind not in ("this", "next", "coming") or not (same.name == "1" or (
            same.kind == "weekday" and same.number == token.number)):
        return None
    cursor.at += 2
    return Item("day", day=Weekday(token.number, "next" if mod.kind == "next" else "coming", 1))


def read_after_next(cursor: Cursor) -> Result:
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
