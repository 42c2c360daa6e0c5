"""The grammar of dates: 5/4, the 26th of April, the 5th or 6th, 3rd to 8th June."""
from clinic.booking.when.clocks import LIKELY_YEARS
from clinic.booking.when.cursor import Cursor, Item, Result, attempt
from clinic.booking.when.days import Dated, Day, Month, Numbered
from clinic.booking.when.months import named_month, read_month, read_nth, year_at
from clinic.booking.when.related import All, DayIn, Through
from clinic.booking.when.tokens import Token

OUT_OF = 10
"""7/10 may be the seventh of October, or how much it hurts."""
BEFORE_DOTTED = frozenset({"weekday", "on", "the", "or", "to", "dash", "until", "from", "between", "nothing", "by"})
"""What stands before "7.4" where it is a date."""
ENDS = frozenset({"nothing", "stop", "comma", "or", "and", "at", "after", "before", "close"})
"""What may stand behind "the first", if it is a day."""
LAST_HOUR = 12
BEFORE_HOURS = ("after", "before", "around", "at")
DAYS = ("month", "weekday", "day", "date", "ordinal", "number")
MOST_NUMBERS = 8
"""Days in one list: the 5th, 6th or 7th of May."""
NOUNS = frozenset({"word", "event", "routine", "existing", "unit", "measure", "health", "weekend", "noise", "wholeday",
                   "fine"})
"""What an ordinal may count, and is then no day of a month: my 5th session, first marathon, 3rd toe."""



def read_date(cursor: Cursor) -> Result:
    return attempt(cursor, _written, read_nth, _with_month, _month_first, _numbers_of_month, _numbered, read_month)


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
    if _is_hour(cursor):
        return None
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


def _is_hour(cursor: Cursor) -> bool:
    """25 January after 3 or 26 January before 12: what stands behind a day and "after"."""
    token, behind = cursor.peek(), cursor.peek(1)
    return (token.kind == "number" and token.number <= LAST_HOUR and behind.kind in ("or", "and", "comma")
            and cursor.peek(-1).kind in BEFORE_HOURS and cursor.peek(-2).kind in DAYS)


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
