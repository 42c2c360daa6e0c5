"""One conversation's words laid out for reading: sentences, clauses, and the phrases found in them."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from clinic.safety.phrases import Hit, Phrases
from clinic.safety.text import SENTENCE_ENDS, Token

# Groups of words that the reader itself asks for; every rules file must have them.
IDIOMS, TURNS, CARRY, JOINS, LINKS, OTHERS = "idioms", "turns", "carry", "joins", "links", "others"
WHOLE = "whole"      # phrases of which no part counts by itself: "blood thinners" are no blood
THINGS, BREAKS, BETWEEN, BESIDE = "things", "breaks_down", "between_them", "beside_it"
ANY_SIGN = "any sign"   # not in the file: the words of all signs, each once
NEEDED = (IDIOMS, WHOLE, TURNS, CARRY, JOINS, LINKS, OTHERS, THINGS, BREAKS, BETWEEN, BESIDE)
CARRY_WITHIN = 4      # words from a clause's start in which "it" still means what came before
DETERMINED = 2        # places before a thing, "on the", "with my old", in which a word may tie it to somebody else
CARRY_BACK = 3        # clauses back in which what "it" means may stand


class Heard:
    """Tokens with what was found in them. `hits` are by group; places are token numbers."""

    def __init__(self, tokens: Sequence[Token], phrases: Phrases, bodies: Iterable[str]):
        self.tokens = tokens
        self.words = [token.word for token in tokens]
        self.hits: dict[str, list[Hit]] = _without_idioms(phrases.find(self.words))
        self._bodies = tuple(bodies)
        self.sentence, self.clause, self.before = self._layout()
        self._carry_over()

    def _layout(self) -> tuple[list[int], list[int], list[int]]:
        """Per token its sentence, its clause, and how many words (marks don't count) stand before it."""
        turns = {hit.start for hit in self.hits.get(TURNS, ())}
        sentence, clause, before = [], [], []
        sentences = clauses = words = 0
        for place, token in enumerate(self.tokens):
            clauses += place in turns
            sentence.append(sentences)
            clause.append(clauses)
            before.append(words)
            words += not token.is_mark
            if token.word in SENTENCE_ENDS:
                sentences, clauses = sentences + 1, clauses + 1
        return sentence, clause, [*before, words]

    def _carry_over(self) -> None:
        """ "My calf hurts. It's swollen": a clause without a body part takes the one before it."""
        last = {self.clause[hit.start]: hit for hit, _ in self.body_hits}
        begins = {clause: place for place, clause in reversed(list(enumerate(self.clause)))}
        carriers = {self.clause[hit.start] for hit in self.hits.get(CARRY, ())
                    if self.before[hit.start] - self.before[begins[self.clause[hit.start]]] < CARRY_WITHIN}
        for clause in sorted(carriers - last.keys()):
            named = next((last[back] for back in range(clause - 1, clause - 1 - CARRY_BACK, -1) if back in last), None)
            if named is None:
                continue
            start = begins[clause]
            for group in self._bodies:
                if named in self.hits.get(group, ()):
                    self.hits[group] = sorted([*self.hits[group], Hit(start, start)])

    @cached_property
    def body_hits(self) -> list[tuple[Hit, str]]:
        """Every mention of a part of the body, in order."""
        return sorted((hit, body) for body in self._bodies for hit in self.hits.get(body, ()))

    @cached_property
    def bodies(self) -> list[Hit]:
        return [hit for hit, _ in self.body_hits]

    def first(self, place: int) -> int:
        """The first token of the sentence that *place* is in."""
        return bisect_left(self.sentence, self.sentence[place])

    def sentences_with(self, group: str) -> set[int]:
        return {self.sentence[hit.start] for hit in self.hits.get(group, ())}

    def covered(self, group: str) -> set[int]:
        """Every token inside a hit of *group*."""
        return {place for hit in self.hits.get(group, ()) for place in range(hit.start, hit.end)}

    def another_body_between(self, body: Hit, other: Hit) -> bool:
        """Whether a part of the body stands nearer to *other* than *body* does, not joined to it by "and"."""
        low, high = (body.end, other.start) if body.start < other.start else (other.end, body.start)
        between = self.bodies[bisect_left(self.bodies, (low, 0)):bisect_left(self.bodies, (high, 0))]
        rivals = [hit for hit in between if hit.end <= high]
        return any(not self._joined(body, rival) for rival in rivals)

    def _joined(self, one: Hit, other: Hit) -> bool:
        low, high = (one.end, other.start) if one.start < other.start else (other.end, one.start)
        gap = set(range(low, high))
        return bool(gap & self._join_places) and gap <= self._link_places

    @cached_property
    def _join_places(self) -> set[int]:
        return self.covered(JOINS)

    @cached_property
    def _link_places(self) -> set[int]:
        commas = {place for place, word in enumerate(self.words) if word == ","}
        return commas | self.covered(LINKS) | self.covered(JOINS) | {i for hit in self.bodies for i in range(*hit)}


def _without_idioms(hits: dict[str, list[Hit]]) -> dict[str, list[Hit]]:
    """A phrase inside or across a figure of speech does not count; one that holds all of it does. Of what is said as
    one ("blood thinners") the whole counts, and no part."""
    idioms, whole = [*hits.get(IDIOMS, []), *_of_things(hits)], hits.get(WHOLE, [])
    if not idioms and not whole:
        return hits
    inside: dict[int, list[Hit]] = defaultdict(list)
    for figure in {*idioms, *whole}:
        for place in range(*figure):
            inside[place].append(figure)
    taken = set(idioms)

    def stands(hit: Hit) -> bool:
        figures = {figure for place in range(*hit) for figure in inside.get(place, ())}
        return all(hit.start <= f.start and f.end <= hit.end and (hit != f or f not in taken) for f in figures)
    fallen = {hit for hit in {hit for found in hits.values() for hit in found} if not stands(hit)}
    return {group: found if group == IDIOMS else [hit for hit in found if hit not in fallen]
            for group, found in hits.items()}


def _of_things(hits: dict[str, list[Hit]]) -> list[Hit]:
    """Where a thing, not a person, breaks down: "my watch had a seizure", but not "by the car collapsed"."""
    beside = {hit.end for hit in hits.get(BESIDE, ())}
    fillers = {hit.start: hit.end for hit in sorted(hits.get(BETWEEN, ()))}
    broken = {hit.start: hit for hit in sorted(hits.get(BREAKS, ()))}
    figures = []
    for thing in hits.get(THINGS, ()):
        if beside & set(range(thing.start - DETERMINED, thing.start + 1)):
            continue
        place = thing.end if thing.end in broken else fillers.get(thing.end, thing.end)
        if place in broken:
            figures.append(Hit(thing.start, broken[place].end))
    return figures
