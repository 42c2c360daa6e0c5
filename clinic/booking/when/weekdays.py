"""The grammar of weekdays and feasts, and of today and tomorrow."""
from clinic.booking.when.calendar import IN_DOUBT
from clinic.booking.when.cursor import Cursor, Item, Result, attempt
from clinic.booking.when.days import ANY_DAY, WEEK, Ahead, Either, Feast, Recurring, Week, Weekday, Weekend
from clinic.booking.when.reasons import MONEY
from clinic.booking.when.related import Beside, Moved, WeekOf
from clinic.booking.when.together import ANY_SUCH
from clinic.booking.when.tokens import Token
from clinic.booking.when.turns import CLOSING
from clinic.booking.when.weeks import read_week
from clinic.booking.when.working import WORKING, next_working_day

WORKDAYS = Recurring(frozenset(range(5)))
EVERY, EACH = "every", ("every", "each", "evry")
SITTING = ("down", "still", "at", "around", "on", "here", "there")
"""What stands behind "sat" where it is a verb."""


def read_weekday(cursor: Cursor) -> Result:
    return attempt(cursor, _day, _that_day, _beside, _after_next, _listed, _named, read_week, _alternate, _recurring,
                   _feast)


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


def _that_day(cursor: Cursor) -> Result:
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
    how = {"next": "next", "this": "this", "coming": "this", "that": "this"}.get(mod.kind if mod else "", "coming")
    if _owns_event(cursor, token):
        return Item("event", day=Weekday(token.number, how))
    if mod and mod.kind == "following" and not cursor.known and not any(item.day for item in cursor.items):
        return Item("day", day=Weekday(token.number, "next"))
    if mod and mod.kind == "following":
        return Item("relative", build=lambda day: Beside(day, True, frozenset((token.number,))), text="following")
    return _told_by_name(cursor, token, mod, how, indefinite)


def _told_by_name(cursor: Cursor, token: Token, mod: Token | None, how: str, indefinite: bool) -> Item:
    """The weekday itself, with what stands behind it: Friday week, Tuesday next; "a Tuesday" if *indefinite*."""
    if token.owns and cursor.peek().name == "weak":
        return Item("day", day=Weekday(token.number, how), maybe=True)  # "Thursday's session": one they have, or want
    weeks = 0
    if cursor.peek().kind == "unit" and cursor.peek().name in ("week", "fortnight") and cursor.peek(1).kind not in (
            "after", "of", "before"):
        weeks = 1 if cursor.peek().name == "week" else 2
        cursor.at += 1
    if token.owns and cursor.peek().kind in ("event", "routine", "word", "existing"):
        return Item("mention")
    if cursor.peek().name == MONEY:
        return Item("mention")  # "the Tuesday offer"
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


def _recurring(cursor: Cursor) -> Result:
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


def _listed(cursor: Cursor) -> Result:
    """Every Tuesday and Friday: the second of them recurs like the first."""
    token, behind = cursor.take("weekday"), cursor.peek()
    if token is None or [(item.kind, item.text) for item in cursor.items[-2:-1]] != [("day", EVERY)] or (
            cursor.items[-1].kind not in ("and", "comma") or behind.kind not in CLOSING | {"part", "parts"}):
        return None
    return Item("day", day=Recurring(frozenset((token.number,))), recurs=True, text=EVERY)


def _alternate(cursor: Cursor) -> Result:
    """Every other Tuesday: the coming one, or a week later."""
    if not cursor.take("alternate"):
        return None
    token = cursor.take("weekday", "weekdays", "unit", "weekend")
    if token is None or token.kind == "unit":
        return Item("gone") if token else None
    if token.kind == "weekend":
        return Item("day", day=Either(Weekend(), Weekend(weeks=1), "alternate"), recurs=True)
    return Item("day", day=Either(Weekday(token.number), Weekday(token.number, weeks=1), "alternate"), recurs=True)


def _feast(cursor: Cursor) -> Result:
    cursor.skip("the", "next", "this", "coming")
    token = cursor.take("feast")
    if token and cursor.peek().kind == "unit" and cursor.peek().name == "week":
        cursor.at += 1
        return Item("day", day=WeekOf(Feast(token.name)))
    if token and token.name in IN_DOUBT:
        first, second = IN_DOUBT[token.name]
        return Item("day", day=Either(Feast(first), Feast(second), token.name))
    return None if token is None else Item("day", day=Feast(token.name))
