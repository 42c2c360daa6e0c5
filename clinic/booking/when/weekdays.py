"""The grammar of weekdays and feasts, and of today and tomorrow."""
from clinic.booking.when.beside import read_after_next, read_beside, read_that_day
from clinic.booking.when.calendar import IN_DOUBT
from clinic.booking.when.cursor import Cursor, Item, Result, attempt
from clinic.booking.when.days import WEEK, Ahead, Either, Feast, Recurring, Weekday
from clinic.booking.when.reasons import MONEY
from clinic.booking.when.recurring import read_also_recurring, read_alternate, read_recurring
from clinic.booking.when.related import Beside, WeekOf
from clinic.booking.when.together import ANY_SUCH
from clinic.booking.when.tokens import Token
from clinic.booking.when.turns import CLOSING
from clinic.booking.when.weeks import read_week

SITTING = ("down", "still", "at", "around", "on", "here", "there")
"""What stands behind "sat" where it is a verb."""


def read_weekday(cursor: Cursor) -> Result:
    return attempt(cursor, _day, read_that_day, read_beside, read_after_next, read_also_recurring, _named, read_week,
                   read_alternate, read_recurring, _feast)


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
