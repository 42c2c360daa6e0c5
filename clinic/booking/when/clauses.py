"""From what is said, in order, to clauses: days with their times, what joins them, what is taken away, corrections."""
from collections.abc import Sequence

from clinic.booking.when.clause import Clause
from clinic.booking.when.cursor import Item
from clinic.booking.when.days import Day
from clinic.booking.when.parts import COMING
from clinic.booking.when.related import From
from clinic.booking.when.times import Part
from clinic.booking.when.together import family

STRONG = ("stop", "but", "correct", "or", "and", "comma")
"""What may stand between two wishes; the first of them that does is what counts."""
ENDS_TAKING = ("stop", "but", "because", "correct", "close")
LEADING = ("filler", "the", "on", "at", "to", "pronoun", "having", "wish")
"""What may stand before a time that is wished for."""
DOUBTFUL, INSTEAD, TRAILING, MEETINGS, ONLY, BAD = (
    "list", "instead", "trailing", "meetings", "only", "is bad")
MOST = 12
"""Days or times in one clause, and clauses in one wish: who names more is not read further."""


class Clauses:
    """Builds clauses from items, one by one. `groups`: what was said, then each correction of it."""

    def __init__(self, known: bool) -> None:
        self.groups: list[list[Clause]] = [[]]
        self._known = known
        self._join = "" if known else "stop"
        self._taking: str = ""
        self._fresh = True
        self._part = 0
        self._only = False
        self._closed = False
        """Whether the list of what can't be has had its "or"."""

    def read(self, items: list[Item]) -> list[list[Clause]]:
        for place, item in enumerate(items):
            if sum(map(len, self.groups)) < 2 * MOST:
                self._take(item, place, items)
        return [group for group in self.groups if group] or [[]]

    def _take(self, item: Item, place: int, items: list[Item]) -> None:
        if item.kind in ("day", "bygone", "time", "anytime", "instant"):
            self._add(item)
        elif item.kind in ("not", "except", "bad", "away"):
            self._take_away(item, place, items)
        elif item.kind == "correct":
            self._correct(item, items[place + 1:place + 2])
        else:
            self._mark(item, place, items)

    def _mark(self, item: Item, place: int, items: list[Item]) -> None:
        kind = {"dash": "comma", "close": "comma", "open": "comma", "because": "stop", "colon": "comma"}.get(
            item.kind, item.kind)
        if kind == "but" and self._besides(items[place + 1:place + 6]):
            self._taking, self._fresh = "except", True
            return
        if kind == "both" and self.groups[-1]:
            self.groups[-1][-1].recurs = False  # "Wednesday or Saturday, mornings on both"
        self._only = item.text == ONLY or (self._only and kind not in STRONG)
        self._closed = self._closed or (kind == "or" and bool(self._taking))
        if kind in STRONG:
            self._join = kind if not self._join or STRONG.index(kind) < STRONG.index(self._join) else self._join
            self._part += kind in ("stop", "comma", "but")
        if item.kind in ENDS_TAKING or (item.kind == "wish" and not self._fresh):
            self._taking = ""
        elif kind == "comma" and self._taking in ("not", "bad", "away", "cannot"):
            doubt = "cannot" if self._taking == "cannot" and not self._closed else DOUBTFUL
            self._taking = doubt if self._listed(items[place + 1:place + 9]) and not self._fresh else ""
        elif kind == "comma" and self._taking == "except" and self._turns_to_a_time(items[place + 1:place + 9]):
            self._taking = ""

    def _besides(self, behind: list[Item]) -> bool:
        """Any evening but Friday: it takes away."""
        last = self.groups[-1][-1] if self.groups[-1] else None
        near = next((item for item in behind if item.kind not in ("filler", "the", "on")), Item("stop"))
        if any(item.text == ONLY for item in behind):
            return False  # "any evening, but Friday only after 8"
        return last is not None and (last.recurs or last.anytime) and not self._join and (
            near.kind == "day")

    def _listed(self, behind: list[Item]) -> bool:
        """Whether a list goes on after the comma: "can't do Monday, Tuesday or Friday"."""
        kinds = [item.kind for item in behind]
        end = next((at for at, kind in enumerate(kinds) if kind in (*ENDS_TAKING, "wish")), len(kinds))
        if "fine" in kinds[:end + 1]:
            return False
        return kinds[:1] == ["day"] and ("or" in kinds[:end] or "and" in kinds[:end])

    def _turns_to_a_time(self, behind: list[Item]) -> bool:
        """Any day except Monday, it has to be after 5: days are taken away, and then a time is wished for."""
        last = self.groups[-1][-1] if self.groups[-1] else None
        if last is None or not last.taken or not last.only_days:
            return False
        near = next((item for item in behind if item.kind not in LEADING), Item("stop"))
        return near.kind == "time"

    def _take_away(self, item: Item, place: int, items: list[Item]) -> None:
        if item.kind in ("not", "bad") and items[place + 1:place + 2] and items[place + 1].kind == "that":
            self._reject(everywhere=True)  # "my parents are up on Tuesday, so not then"
            return
        if item.text == BAD and place and items[place - 1].kind in ("word", "health"):
            return  # "my back is bad. Tuesday?"
        content = self._content(items[place + 1:place + 12])
        if item.kind == "away" and not self._about_me(place, items):
            return
        if self._replaces(item, content):
            self._correct(item)
        elif item.text in ("no", "nope") and (content is None or items[place + 1].kind == "comma"):
            if self.groups[-1] or self._known:
                self._correct(item)
        elif content:
            self._taking, self._fresh, self._closed = "cannot" if item.name == "cannot" else item.kind, True, False
        elif item.kind != "except":
            self._reject()

    def _about_me(self, place: int, items: list[Item]) -> bool:
        before = items[place - 1] if place else Item("stop")
        opens = before.kind in ("stop", "comma", "but", "because", "and", "filler")
        return opens or items[place].name == MEETINGS or before.text in (
            "i", "im", "we", "ill", "were", "am", "be", "ive", "at", "got", "have", "to")

    def _replaces(self, item: Item, content: Item | None) -> bool:
        """Tuesday, no, Wednesday; at three no four: a "no" before what is like what was said."""
        group = self.groups[-1]
        if content is None or content.recurs or not group or item.text not in ("no", "not that"):
            return False
        last = group[-1].times[-1:] if item.text == "no" and content.time else []
        return bool(content.day) or any(type(time) is type(content.time) for time in last)

    def _content(self, behind: list[Item]) -> Item | None:
        """What is said straight after it, within the same stretch."""
        for item in behind:
            if item.kind in ("day", "time", "anytime", "instant"):
                return item
            if item.kind in ("stop", "but", "because", "close", "correct", "open", "comma"):
                return None
        return None

    def _reject(self, everywhere: bool = False) -> None:
        """Monday is no good: what was said last in this stretch is what can't be."""
        for clause in reversed(self.groups[-1]):
            if clause.part != self._part and not everywhere:
                return
            clause.taken = True
            if clause.join not in ("or", "and", "comma"):
                return

    def _trails(self, item: Item, behind: Sequence[Item]) -> bool:
        """Friday - today I mean - after 4: a mark stands behind it, and what is right before it."""
        own = [clause for clause in self.groups[-1] if clause.part == self._part]
        return item.name == TRAILING and bool(own) and not self._join and (
            not behind or behind[0].kind in ("dash", "close", "comma", "stop"))

    def _correct(self, item: Item, behind: Sequence[Item] = ()) -> None:
        """A correction; *behind* is what stands straight after it. "Can we say 11 instead" stands behind, too."""
        group = self.groups[-1]
        if item.name == INSTEAD or self._trails(item, behind):  # behind what it puts in place of the rest
            start = next((at for at, clause in enumerate(group) if clause.part == self._part), len(group))
            if 0 < start < len(group):
                self.groups[-1:] = [group[:start], group[start:]]
                return
        if self.groups[-1]:
            self.groups.append([])
        self._taking, self._join = "", "correct"

    def _add(self, item: Item) -> None:
        group, taken = self.groups[-1], bool(self._taking) if self._taking != DOUBTFUL else None
        if item.day and group and not self._join and not self._fresh and group[-1].days and not group[-1].times:
            taken = self._beside_another(item.day, group[-1], taken)
        if not group or self._join or group[-1].taken != taken or (
                group[-1].maybe != item.maybe) or not self._goes_with(group[-1], item):
            group.append(Clause(self._join or ("and" if group else "stop"), taken, part=self._part))
        clause = group[-1]
        if item.day and len(clause.days) < MOST:
            clause.days.append(item.day)
        if item.time and len(clause.times) < MOST:
            clause.time_first = clause.time_first or not clause.days
            clause.times.append(item.time)
        if item.kind == "instant":
            clause.instants.append(int(item.text))
        clause.anytime = clause.anytime or item.kind == "anytime"
        clause.recurs, clause.loose = clause.recurs or item.recurs, clause.loose or item.loose
        clause.only = clause.only or self._only
        clause.maybe, clause.coming = clause.maybe or item.maybe, clause.coming or item.text == COMING
        self._join, self._fresh = "", False

    def _beside_another(self, day: Day, clause: Clause, taken: bool | None) -> bool | None:
        """A list without commas: "Monday Tuesday or Wednesday next week". After "not" nobody can tell where it ends."""
        listed = {family(day), *(family(other) for other in clause.days)} == {"weekday"}
        if listed:
            self._join = "comma"
        return None if taken and self._taking == "not" and (listed or isinstance(day, From)) else taken

    def _goes_with(self, clause: Clause, item: Item) -> bool:
        """Whether it belongs to what was said just before it, with nothing between."""
        if not (clause.days and clause.times):
            return True
        if item.day:
            family_before = {family(day) for day in clause.days}
            return family(item.day) != "weekday" if family_before == {"weekday"} else (
                "outer" in family_before and family(item.day) == "weekday")
        parts = [isinstance(time, Part) for time in (*clause.times, item.time)]
        return not clause.time_first or any(parts)
