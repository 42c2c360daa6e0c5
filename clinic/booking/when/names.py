"""Names of people that are months too: "April here", "May, 07700 900123", "thanks, June"."""
from clinic.booking.when.tokens import NOISE, Token
from clinic.booking.when.words import tables

END = Token("nothing")
OPENING = frozenset({"nothing", "stop", "comma", "filler"})
"""What stands before a name that opens a message or a stretch of it."""
CLOSING = frozenset({"nothing", "stop", "comma", NOISE, "filler", "correct", "because"})
"""What stands behind a name after "this is", and where it is not "this is April in Spain"."""
HERE, THANKS, HELLO, NAME = "here", "thanks", "hello", "name"
SHORTEST_NUMBER = 9
"""Characters of a phone number; prices and shares are shorter."""


def without_names(tokens: list[Token]) -> list[Token]:
    """*tokens* with each month that is a name here made a plain word."""
    people = _people()
    if not any(token.kind == "month" and token.text in people for token in tokens):
        return tokens
    return [Token("word", text=token.text) if token.kind == "month" and token.text in people and _named(tokens, place)
            else token for place, token in enumerate(tokens)]


def _people() -> frozenset[str]:
    return frozenset(str(tables()["spelling"]["people"]).split())


def _named(tokens: list[Token], place: int) -> bool:
    def near(ahead: int) -> Token:
        return tokens[place + ahead] if 0 <= place + ahead < len(tokens) else END

    before, behind = near(-1), near(1)
    if behind.name == HERE or (behind.kind == "word" and near(2).name == HERE):
        return before.kind not in ("in", "of", "next", "this", "on")
    if before.text in ("im", "am") or (before.text == "is" and near(-2).kind == "this"):
        return behind.kind in CLOSING
    if before.text == "is" and behind.kind == "in" and near(2).kind in ("on", "day", "weekday", "nothing", "stop"):
        return True  # "is April in on Tuesday"
    if before.name in (HELLO, "with") or (before.kind == "colon" and near(-2).name == NAME):
        return behind.kind in CLOSING or before.name == "with"
    return _signs(before, near(-2), behind, near(2)) or _gives_number(before, behind, near(2))


def _signs(before: Token, earlier: Token, behind: Token, later: Token) -> bool:
    """Thanks, June: the last word of a message."""
    last = later if behind.kind == "stop" and behind.text != "?" else behind
    ends = last.kind in ("nothing", NOISE)
    return ends and (before.name == THANKS or (before.kind in ("comma", "stop") and earlier.name == THANKS))


def _gives_number(before: Token, behind: Token, later: Token) -> bool:
    """May, 07700 900123; June may@example.org."""
    number = later if behind.kind in ("comma", "stop", "colon", "dash") else behind
    return before.kind in OPENING and number.kind == NOISE and len(number.text) >= SHORTEST_NUMBER
