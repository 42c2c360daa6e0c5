"""The grammar of dates and months: 5/4, the 26th of April, end of May, the last Friday in April."""
from clinic.booking.when.clocks import LIKELY_YEARS
from clinic.booking.when.cursor import Cursor, Item, Result, attempt
from clinic.booking.when.days import WEEK, Ahead, Dated, Day, Either, LastDays, Month, Nth, Numbered, Unknown
from clinic.booking.when.related import All, DayIn, Moved, Through
from clinic.booking.when.tokens import Token

MAY = "may"
SATURDAY = 5
OUT_OF = 10
"""7/10 may be the seventh of October, or how much it hurts."""
BEFORE_DOTTED = frozenset({"weekday", "on", "the", "or", "to", "dash", "until", "from", "between", "nothing", "by"})
"""What stands before "7.4" where it is a date."""
ENDS = frozenset({"nothing", "stop", "comma", "or", "and", "at", "after", "before", "close"})
"""What may stand behind "the first", if it is a day."""
LAST_HOUR = 12
BEFORE_HOURS = ("after", "before", "around", "at")
MOST_NUMBERS = 8
"""Days in one list: the 5th, 6th or 7th of May."""
PARTS_OF_MONTH = {"firsthalf": (1, 15), "secondhalf": (16, 31), "early": (1, 10), "start": (1, 10), "mid": (11, 20), "late": (21, 31), "end": (21, 31)}
NOUNS = frozenset({"word", "event", "routine", "existing", "unit", "measure", "health", "weekend", "noise", "wholeday",
                   "fine"})
"""What an ordinal may count, and is then no day of a month: my 5th session, first marathon, 3rd toe."""
ALONE = frozenset({"nothing", "stop", "comma"})
BEFORE_MAY = frozenset({"in", "of", "early", "late", "mid", "start", "end", "this", "next", "on", "until", "by",
                        "before", "after", "during", "ordinal", "number", "month", "to", "last", "between", "from",
                        "within"})


def read_date(cursor: Cursor) -> Result:
    return attempt(cursor, _written, _nth, _nth_week, _with_month, _month_first, _numbers_of_month, _numbered,
                   _part_of_month, _month)


def _item(day: Day) -> Item:
    return Item("day", day=day)


def _written(cursor: Cursor) -> Result:
    """5/4/2027, 2027-04-05; a 4/13 can only have been meant the other way round."""
    cursor.skip("the")
    before, token = cursor.peek(-1), cursor.take("date")
    if token is None:
        return _with_dots(cursor)
    hours = before.kind in BEFORE_HOURS and cursor.day is not None and max(token.numbers[:2]) <= LAST_HOUR
    if token.name == "short" and (cursor.peek().kind == "month" or hours):
        return None
    sure = before.kind in BEFORE_DOTTED and cursor.peek().kind not in ("measure", "unit", "word")
    if (token.name in ("dotted", "words") and not sure) or (token.name == "words" and before.kind == "nothing"):
        return None
    day, month, year = token.numbers
    swapped = month > 12 >= day
    found = Dated(month, day, year, True) if swapped else Dated(day, month, year)
    return Item("day", day=found, text="" if year else "of ten" if month == OUT_OF else "")


def _with_dots(cursor: Cursor) -> Result:
    """On 5.11: a clock time by its look, a date by what stands before it."""
    before, token = cursor.peek(-1), cursor.take("clock")
    if token is None or before.kind not in ("on", "the") or token.text.count(".") != 1 or not token.text[-1].isdigit():
        return None
    day, month = token.numbers[:2]
    return _item(Dated(day, month)) if 0 < month < 13 and day and token.text[-2:-1].isdigit() else None


def named_month(cursor: Cursor) -> Token | None:
    """The month named here; "may I" names none."""
    before = cursor.peek(-1)
    token = cursor.take("month")
    counted = before.kind in BEFORE_MAY or before.text.endswith(" in") or cursor.peek().kind in ("ordinal", "number") or (
        before.kind in ALONE and cursor.peek().kind in ALONE)
    if token and token.text == MAY and not counted:
        return None
    marches = before.name == "acting" or cursor.peek().text in ("on", "off")
    return None if token and token.text in ("march", "mar") and marches else token


def year_at(cursor: Cursor) -> int:
    """The year said here, 0 if none."""
    token = cursor.peek()
    if token.kind == "number" and token.name == "digits" and len(token.text) == 4 and token.number in LIKELY_YEARS:
        cursor.at += 1
        return token.number
    if token.kind in ("next", "this") and cursor.peek(1).kind == "unit" and cursor.peek(1).name == "year":
        cursor.at += 2
        return cursor.now.year + (token.kind == "next")
    return 0


def _number(cursor: Cursor) -> int:
    token = cursor.take("ordinal") or cursor.take("number")
    return token.number if token else 0


def read_numbers_between(cursor: Cursor) -> Result:
    """The 13th and the 17th of April, after "between"."""
    found = _with_month(cursor)
    if found is None or not isinstance(found.day, All):
        return None
    return _item(Through(found.day.days[0], found.day.days[-1]))


def _with_month(cursor: Cursor) -> Result:
    """26 April, the 5th or 6th of May, 3rd to 8th June."""
    cursor.skip("the")
    numbers, ranged = _slashed(cursor) or [_number(cursor)], False
    while numbers[-1] and len(numbers) < MOST_NUMBERS:
        if cursor.take("to", "dash", "until"):
            ranged = True
        elif cursor.take("or", "and", "comma"):
            cursor.skip("or", "and")
        else:
            break
        cursor.skip("the")
        numbers.append(_number(cursor))
    counts = cursor.peek().kind == "in" and cursor.peek(-1).kind == "number"
    cursor.skip("of", "in", "comma", "dash")
    month = named_month(cursor) if all(numbers) and not counts else None
    if month is None:
        return None
    cursor.skip("comma") if cursor.peek(1).number in LIKELY_YEARS else None
    year = year_at(cursor)
    days = tuple(Dated(number, month.number, year) for number in numbers)
    if cursor.peek().kind == "never":
        cursor.at += 1
    if ranged:
        return _item(Through(days[0], days[-1]))
    return _item(days[0] if len(days) == 1 else All(days))


def _slashed(cursor: Cursor) -> list[int]:
    """3/4 April: the one or the other."""
    token = cursor.peek()
    if token.kind != "date" or token.name != "short" or cursor.peek(1).kind != "month":
        return []
    cursor.at += 1
    return list(token.numbers[:2])


def _month_first(cursor: Cursor) -> Result:
    """April 26th, April the 5th to the 8th."""
    month = named_month(cursor)
    if month is None:
        return None
    cursor.skip("the")
    if cursor.peek().kind == "date" and cursor.peek().name == "short":
        cursor.at += 1
        return _item(All(tuple(Dated(day, month.number) for day in cursor.peek(-1).numbers[:2])))
    number = _number(cursor)
    if not 0 < number < 32 or cursor.peek().kind in ("part", "oclock", "unit", "ish"):
        return None
    if cursor.peek().kind in ("dash", "to") and cursor.peek(1).kind in ("the", "ordinal", "number"):
        cursor.at += 1
        cursor.skip("the")
        return _item(Through(Dated(number, month.number), Dated(_number(cursor), month.number)))
    cursor.skip("comma") if cursor.peek(1).number in LIKELY_YEARS else None
    return _item(Dated(number, month.number, year_at(cursor)))


def _numbers_of_month(cursor: Cursor) -> Result:
    """The 5th of next month."""
    cursor.skip("the")
    token = cursor.take("ordinal")
    cursor.skip("of", "in", "the")
    mod = cursor.take("next", "this", "coming")
    unit = cursor.take("unit") if token else None
    if token is None or unit is None or unit.name != "month":
        return None
    if mod is None:
        return _item(Numbered(token.number))
    return _item(DayIn(token.number, Month(0, 1 if mod.kind == "next" else 0)))


def _numbered(cursor: Cursor) -> Result:
    """The 5th."""
    the = cursor.take("the", "on")
    cursor.skip("the")
    if the and the.kind == "the" and _is_day_number(cursor.peek(), cursor.peek(1)):
        return _item(Numbered((cursor.take("number") or the).number))
    token, behind = cursor.take("ordinal"), cursor.peek()
    counts = behind.kind in ("weekday", "weekdays") and not the and token and token.number < 5
    if token is None or behind.kind in NOUNS or counts:
        return None
    if not token.text[0].isdigit() and (the is None or behind.kind not in ENDS):
        return None
    if cursor.take("never"):
        return _item(Dated(31, 2))
    if cursor.peek().kind == "dash" and cursor.peek(1).kind == "ordinal":
        return None
    return _item(Numbered(token.number))


def _is_day_number(token: Token, behind: Token) -> bool:
    """The 21, where nothing says what else is counted; no clock shows it with a "the"."""
    return (token.kind == "number" and token.name == "digits" and LAST_HOUR < token.number < 32
            and behind.kind in ENDS | {"in", "part", "wish", "to", "dash", "until", "because", "but"})


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
