"""The grammar of days that come again: Tuesdays, any weekday, every other Friday."""
from clinic.booking.when.cursor import Cursor, Item, Result
from clinic.booking.when.days import ANY_DAY, Either, Recurring, Weekday, Weekend
from clinic.booking.when.turns import CLOSING
from clinic.booking.when.working import WORKING, next_working_day

WORKDAYS = Recurring(frozenset(range(5)))
EVERY, EACH = "every", ("every", "each", "evry")


def read_recurring(cursor: Cursor) -> Result:
    """Tuesdays, any Tuesday, weekdays, any other day."""
    recurs = cursor.take("any")
    cursor.skip("other", "the")
    if cursor.peek(1).kind == "workday" and cursor.take("next"):
        return next_working_day((cursor.take("workday") or cursor.peek()).name == WORKING)
    token = cursor.take("weekdays", "workday", "weekday", "unit")
    if token is None or (recurs is None and token.kind in ("weekday", "unit")):
        return None
    if token.kind == "unit":
        return Item("day", day=ANY_DAY, recurs=True) if token.name == "day" else None
    if token.kind == "workday":
        return Item("day", day=WORKDAYS, recurs=True)
    every = EVERY if recurs and recurs.text in EACH else ""
    return Item("day", day=Recurring(frozenset((token.number,))), recurs=True, text=every)


def read_also_recurring(cursor: Cursor) -> Result:
    """Every Tuesday and Friday: the second of them recurs like the first."""
    token, behind = cursor.take("weekday"), cursor.peek()
    if token is None or [(item.kind, item.text) for item in cursor.items[-2:-1]] != [("day", EVERY)] or (
            cursor.items[-1].kind not in ("and", "comma") or behind.kind not in CLOSING | {"part", "parts"}):
        return None
    return Item("day", day=Recurring(frozenset((token.number,))), recurs=True, text=EVERY)


def read_alternate(cursor: Cursor) -> Result:
    """Every other Tuesday: the coming one, or a week later."""
    if not cursor.take("alternate"):
        return None
    token = cursor.take("weekday", "weekdays", "unit", "weekend")
    if token is None or token.kind == "unit":
        return Item("gone") if token else None
    if token.kind == "weekend":
        return Item("day", day=Either(Weekend(), Weekend(weeks=1), "alternate"), recurs=True)
    return Item("day", day=Either(Weekday(token.number), Weekday(token.number, weeks=1), "alternate"), recurs=True)
