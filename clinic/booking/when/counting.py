"""Numbers that count something else than hours and days of a month: 5k, 400 people, five mornings a week."""
from itertools import takewhile

from clinic.booking.when.cursor import FEW, Cursor, Item, Result, attempt
from clinic.booking.when.dates import read_date
from clinic.booking.when.events import BREAKS
from clinic.booking.when.spans import read_span
from clinic.booking.when.weekdays import read_weekday

MOST_HOURS = 24
AGED = ("im", "am", "shes", "hes", "ill")


def read_measure(cursor: Cursor) -> Result:
    """400 people, 5k, aged 40: a number that counts something else; how long after an operation."""
    if cursor.take("howlong"):
        cursor.skip("unit", "word", "was", "pronoun", "wish")
        cursor.take("before", "after")
        return Item("gone")
    if cursor.take("ageword"):
        return Item("gone") if cursor.take("number", "clock") else None
    if cursor.take("named"):
        return Item("word") if cursor.take("month", "weekday", "feast") else None
    before, number = cursor.peek(-1), cursor.take("number", "noise", "date")
    aged = before.text in AGED or (number and number.number > MOST_HOURS and before.kind == "pronoun")
    if number and aged and cursor.take("in", "this", "next", "on"):
        return Item("gone") if attempt(cursor, read_date, read_weekday) else None  # "I'll be 40 in May"
    weeks = cursor.peek().kind == "unit" and cursor.peek(1).kind == "on" and cursor.peek(2).kind == "weekday"
    if number and before.text in AGED and weeks:
        cursor.at += 3
        return Item("gone")  # "I'm 32 weeks on Tuesday"
    if number is None or cursor.peek().kind not in ("measure", "event", "routine", "existing"):
        return None
    if cursor.peek().text in ("st", "p", "c", "l", "t", "m") and not cursor.peek().glued:
        return None
    cursor.at += 1
    return _rate(cursor) or Item("gone")


def read_counted(cursor: Cursor) -> Result:
    """Three times a week, five mornings a week; my second visit this month."""
    often = cursor.peek(1).kind in ("parts", "part", "unit") and cursor.peek(2).kind in ("a", "any")
    if not cursor.take("number", "ordinal") or not (cursor.peek().kind in ("wholeday", "existing") or often or (
            cursor.peek().name in ("weak", "things"))):
        return None
    cursor.at += 1
    return _rate(cursor)


def _rate(cursor: Cursor) -> Result:
    """... in three months, a week, this April: how often, where nothing is wished for."""
    stretch = takewhile(lambda item: item.kind not in BREAKS, reversed(cursor.items[-FEW:]))
    wish = any(item.kind == "wish" for item in stretch)
    if wish or cursor.peek().kind not in ("in", "within", "a", "any", "this", "for", "during"):
        return None
    each = cursor.peek().kind in ("a", "any") and cursor.peek(1).kind == "unit"
    cursor.at += 2 * each
    return Item("gone") if each or attempt(cursor, read_span, read_date, read_weekday) else None
