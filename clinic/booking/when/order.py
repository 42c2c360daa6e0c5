"""Pieces that are said in another order than they are read in."""
from clinic.booking.when.names import without_names
from clinic.booking.when.tokens import Token
from clinic.booking.when.words import tables

GREETED = frozenset({"weekday", "day", "part", "on", "or", "and", "the"})
"""What stands behind "Morning," where it is no greeting."""
TOLD = frozenset({"event", "feast"})
"""What stands behind "the evening before", where that evening is a day earlier."""


FIRM = frozenset({"at", "around", "after", "before", "by", "from", "between", "until", "to", "or", "and"})
"""What stands before a 4 that is an hour, even where "u" stands behind it."""
BEGUN = frozenset({"weekday", "ordinal", "day", "date", "feast"})
FOR, BEGINNING, OPEN, MOVE = "4", "beginning", "open", "move"
HOURS = frozenset({"number", "clock", "half", "quarter", "clockword"})
HEDGED = FIRM | {"weekday", "day", "part"}
"""What an hour is said of, with what softens it between: "at like two", "Tuesday, say, four"."""


def in_order(tokens: list[Token]) -> list[Token]:
    """"early tomorrow morning", "late on Thursday afternoon": the part of the day with what says how late in it."""
    ordered = _written_out(_unhedged(without_names(tokens)))
    if ordered and ordered[0].text == OPEN:
        ordered[0] = Token("hours", text=OPEN)  # "open Easter Monday?"
    if len(ordered) > 2 and ordered[0].kind == "part" and ordered[1].kind in ("stop", "comma", "dash") and (
            ordered[2].kind not in GREETED):
        ordered[0] = Token("filler", text=ordered[0].text)  # "Morning! Any chance of ..."
    for place in range(len(ordered) - 2):
        behind = place + (2 if ordered[place + 1].kind in ("on", "this") else 1)
        if ordered[place].kind in ("early", "late") and ordered[behind].kind in ("day", "weekday") and (
                behind + 1 < len(ordered) and ordered[behind + 1].kind == "part"):
            ordered[place:behind + 1] = [*ordered[place + 1:behind + 1], ordered[place]]
    return _eves(ordered)


def _unhedged(tokens: list[Token]) -> list[Token]:
    """"at like two", "around, say, half four": the hour straight behind what it is said of."""
    hedges, ordered, at = str(tables()["spelling"]["hedges"]).split(), list[Token](), 0
    while at < len(tokens):
        ordered.append(tokens[at])
        at += 1
        end = at
        while end < len(tokens) and (tokens[end].text in hedges or tokens[end].kind == "comma"):
            end += 1
        hedged = any(token.kind != "comma" for token in tokens[at:end])
        if hedged and tokens[at - 1].kind in HEDGED and end < len(tokens) and tokens[end].kind in HOURS:
            at = end
    return ordered


def _written_out(tokens: list[Token]) -> list[Token]:
    """"ok 4 u", with 4 for "for"; "beginning Tuesday", which is from Tuesday on."""
    ordered = list(tokens)
    for place, token in enumerate(tokens):
        behind = tokens[place + 1:place + 4]
        kinds = [piece.kind for piece in behind if piece.kind not in ("on", "the")][:1]
        if token.text == BEGINNING and kinds and kinds[0] in BEGUN and (not place or tokens[place - 1].kind != "unit"):
            ordered[place] = Token("from", token.text, (), token.text)
        if token.text == MOVE and place and tokens[place - 1].name == "acting" and (
                place < 2 or tokens[place - 2].kind != "wish"):
            ordered[place] = Token("word", text=MOVE)  # "we move on Saturday"
        asked = len(behind) > 1 and behind[1].kind == "wish" and behind[0].text in ("u", "you")  # "at 4 u free?"
        someone = behind and behind[0].name == "someone" and not asked
        if token.text == FOR and someone and (not place or tokens[place - 1].kind not in FIRM):
            ordered[place] = Token("for", FOR, (), token.text)
    return ordered


def _eves(tokens: list[Token]) -> list[Token]:
    """"the evening before my race": that part of the day before it."""
    ordered: list[Token] = []
    for place, token in enumerate(tokens):
        ordered.append(token)
        if token.kind == "part" and _told_from(tokens, place):
            ordered += [Token("the", text="the"), Token("unit", "day", (), "day")]
    return ordered


def _told_from(tokens: list[Token], place: int) -> bool:
    kinds = [tokens[at].kind if 0 <= at < len(tokens) else "nothing" for at in range(place - 1, place + 5)]
    if kinds[0] in ("weekday", "day") or kinds[2] not in ("before", "after"):
        return False
    return kinds[3] in TOLD or (kinds[3] in ("the", "pronoun", "a") and bool(TOLD & set(kinds[4:])))
