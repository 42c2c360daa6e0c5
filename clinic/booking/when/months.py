"""The grammar of months, their parts and what is counted in them: end of May, the last Friday in April."""
from clinic.booking.when.clocks import LIKELY_YEARS
from clinic.booking.when.cursor import Cursor, Item, Result, attempt
from clinic.booking.when.days import WEEK, Ahead, Day, Either, LastDays, Month, Nth, Unknown
from clinic.booking.when.related import All, Moved
from clinic.booking.when.tokens import Token
from clinic.booking.when.working import MOST, WORKING, working_day

MAY = "may"
BIRTH_YEARS = range(1960, 2000)
"""Years that no clock shows either."""
SATURDAY = 5
PARTS_OF_MONTH = {"firsthalf": (1, 15), "secondhalf": (16, 31), "early": (1, 10), "start": (1, 10), "mid": (11, 20),
                  "late": (21, 31), "end": (21, 31)}
ALONE = frozenset({"nothing", "stop", "comma"})
BEFORE_MAY = frozenset({"in", "of", "early", "late", "mid", "start", "end", "this", "next", "on", "until", "by",
                        "before", "after", "during", "ordinal", "number", "month", "to", "last", "between", "from",
                        "within"})


def read_nth(cursor: Cursor) -> Result:
    """The last Friday in April; the first week of May."""
    return attempt(cursor, _nth, _nth_week, _nth_working)


def read_month(cursor: Cursor) -> Result:
    """April; the end of May; next month."""
    return attempt(cursor, _part_of_month, _month)


def _item(day: Day) -> Item:
    return Item("day", day=day)


def named_month(cursor: Cursor) -> Token | None:
    """The month named here; "may I" names none."""
    before = cursor.peek(-1)
    token = cursor.take("month")
    alone = before.kind in ALONE | {"because", "or", "not", "wish"} and cursor.peek().kind in ALONE
    counted = before.kind in BEFORE_MAY or before.text.endswith(" in") or cursor.peek().kind in ("ordinal", "number")
    if token and token.text == MAY and not (counted or alone):
        return None
    marches = before.name == "acting" or cursor.peek().text in ("on", "off")
    return None if token and token.text in ("march", "mar") and marches else token


def year_at(cursor: Cursor) -> int:
    """The year said here, 0 if none."""
    token = cursor.peek()
    year = token.number in LIKELY_YEARS or token.number in BIRTH_YEARS
    if token.kind == "number" and token.name == "digits" and len(token.text) == 4 and year:
        cursor.at += 1
        return token.number
    if token.kind in ("next", "this") and cursor.peek(1).kind == "unit" and cursor.peek(1).name == "year":
        cursor.at += 2
        return cursor.now.year + (token.kind == "next")
    return 0


def _nth(cursor: Cursor) -> Result:
    """The last Friday in April; the first Monday of the month."""
    cursor.skip("the")
    which = cursor.take("ordinal", "last")
    weekday = cursor.take("weekday", "weekend") if which else None
    if which is None or weekday is None or (which.kind == "ordinal" and which.number > 5):
        return None
    cursor.skip("of", "in", "the")
    month = _month_named(cursor)
    if month is None:
        return None
    if weekday.kind == "weekend":
        saturday = Nth(SATURDAY, -1 if which.kind == "last" else which.number, month)
        return _item(All((saturday, Moved(saturday, 1))))
    return _item(Nth(weekday.number, -1 if which.kind == "last" else which.number, month))


def _nth_week(cursor: Cursor) -> Result:
    """The first week of April: its first seven days."""
    cursor.skip("the")
    which, week = cursor.take("ordinal", "last"), cursor.take("unit", "commencing")
    if which is None or week is None or week.name not in ("week", "commencing", "day") or which.number > 4:
        return None
    cursor.skip("of", "in", "the")
    month = _month_named(cursor)
    if month is None:
        return None
    length = 1 if week.name == "day" else 7
    if which.kind == "last":
        return _item(LastDays(month, length))
    last = length * which.number
    return _item(Month(month.number, month.months, last - length + 1, last, month.year))


def _nth_working(cursor: Cursor) -> Result:
    """The first working day of December; the last one before Christmas."""
    cursor.skip("the", "very")
    which = cursor.take("ordinal", "last", "number")
    day = cursor.take("workday") if which else None
    if which is None or day is None or which.number > MOST or (which.kind == "number" and which.name != "1"):
        return None
    cursor.skip("of", "in", "the")
    nth = -1 if which.kind == "last" else which.number
    return working_day(cursor, _month_named(cursor), nth, day.name == WORKING)


def _month_named(cursor: Cursor) -> Month | None:
    named = cursor.take("month")
    if named:
        return Month(named.number, year=year_at(cursor))
    mod, unit = cursor.take("next", "this"), cursor.take("unit")
    if unit is None or unit.name != "month":
        return None
    return Month(0, 1 if mod and mod.kind == "next" else 0)


def _part_of_month(cursor: Cursor) -> Result:
    """End of May, early next month, mid-April, the second half of June."""
    cursor.skip("the")
    part = cursor.take(*PARTS_OF_MONTH)
    if part is None:
        return None
    other = None
    if cursor.peek(1).kind in PARTS_OF_MONTH and cursor.take("to", "dash", "or"):
        other = cursor.take(*PARTS_OF_MONTH)
    cursor.skip("of", "in", "the", "dash", "part")
    month = _month_named(cursor)
    if month is None:
        return None
    first, last = PARTS_OF_MONTH[part.kind][0], PARTS_OF_MONTH[other.kind if other else part.kind][1]
    return _item(Month(month.number, month.months, first, last, month.year))


def _month(cursor: Cursor) -> Result:
    """April; next month; next year, of which nobody knows when."""
    mod = cursor.take("this", "next", "coming", "last")
    if mod and mod.kind == "last":
        return Item("bygone", day=Ahead(-WEEK)) if cursor.take("month") else None
    unit = cursor.take("unit") if mod else None
    if mod and unit and unit.name in ("month", "year"):
        if unit.name == "year":
            return _item(Unknown() if mod.kind == "next" else Ahead(0)) if mod.kind == "next" else None
        return _item(Month(0, 1 if mod.kind == "next" else 0))
    if unit:
        return None
    month = named_month(cursor)
    if month is None:
        return None
    if mod and mod.kind == "next":
        coming = cursor.now.year + (month.number < cursor.now.month)
        return _item(Either(Month(month.number), Month(month.number, year=coming + 1), "next"))
    return _item(Month(month.number, year=year_at(cursor)))
