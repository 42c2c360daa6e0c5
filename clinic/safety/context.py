"""What takes a sign back: it is denied, long over, or only asked about. In doubt it stands."""

from functools import cached_property

from clinic.safety.heard import ANY_SIGN, OTHERS, Heard
from clinic.safety.phrases import Hit
from clinic.safety.rules import Sign
from clinic.safety.text import SENTENCE_ENDS

DENIAL, NO_DENIAL, ANY_NOUN, FLOWS, OR = "denial", "no_denial", "denial_of_a_thing", "flows", "or"
ENDS = "ends_denial"
NEVER, LIKE_THIS, ALONE = "never", "like_this", "denial_alone"
PAST, TIED, NOW, PRESENT, OVER, CLEARED = "past", "tied_to", "now", "present", "over", "cleared"
THAT_WAS = "that_was"
ASKING, MINE, TOPICS = "asking", "mine", "topics"
NOT_NOW, FEARED, UNHURT, STORIES, ME_TOO = "not_now", "feared", "unhurt", "stories", "me_too"
IDLE, OPENERS, MY = "only_curious", "asks", "my_own"
NEEDED = (DENIAL, NO_DENIAL, ANY_NOUN, FLOWS, ENDS, OR, NEVER, LIKE_THIS, ALONE, PAST, TIED, NOW, PRESENT, OVER,
          CLEARED, THAT_WAS, ASKING, MINE, TOPICS, NOT_NOW, FEARED, UNHURT,
          STORIES, ME_TOO, IDLE, OPENERS, MY)
TIED_WITHIN = 4       # words between "since" and "two years ago" that still belong together
SAYS_ON = frozenset({"i", "im", "just", "its", "thanks"})     # after an answer "no"
OPENS_WITHIN = 3      # words from a sentence's start in which a question opens: "hi, does a ..."
LIST_WITHIN = 12      # words in which a list of denials must come to its "or"


class Context:
    """Judges the places in one conversation's words."""

    def __init__(self, heard: Heard):
        self._heard = heard

    def taken_back(self, match: tuple[Hit, ...], sign: Sign) -> str | None:
        """Why *sign*, found in *match*, is not live: denied, asked (only in general), over; None if it is."""
        if (self._denied and self._is_denied(match)) or self._answered_no(max(hit.end for hit in match)):
            return "denied"
        if self._asked(match):
            return "asked"
        if sign.lasting and not (sign.own and self._heard.sentence[min(match).start] in self._of_others):
            return None
        return "over" if self._is_over(match, self._past if sign.though_gone else self._past_or_settled) else None

    def beside(self, match: tuple[Hit, ...], groups: tuple[str, ...]) -> bool:
        """Whether in the match's sentence one of *groups* is found as well."""
        sentence = self._heard.sentence[min(match).start]
        return any(sentence in self._heard.sentences_with(group) for group in groups)

    def general(self, begins: int) -> bool:
        """Whether from the word at *begins* on it is asked, in general, about signs of danger."""
        now = set(self._heard.sentence[begins:])
        return bool(now & self._heard.sentences_with(ASKING) & self._heard.sentences_with(TOPICS))

    # -- denied ------------------------------------------------------------------------------------------

    def _is_denied(self, match: tuple[Hit, ...]) -> bool:
        inside = {place for hit in match for place in range(*hit)}
        return any(self._denied.get(hit.start, -1) not in inside | {-1} for hit in match)

    @cached_property
    def _denied(self) -> dict[int, int]:
        """For each denied token the place of the word that denies it."""
        denied: dict[int, int] = {}
        cues = self._heard.hits.get(DENIAL, ())
        shielded = self._shielded if cues else ()
        for hit in cues:
            if hit.start in shielded or self._never_like_this(hit):
                continue
            for place in self._reach(hit):
                denied.setdefault(place, hit.start)
        return denied

    @cached_property
    def _shielded(self) -> set[int]:
        """Places inside a longer phrase that carries its own "no": "no feeling", "can't pee", "no idea"."""
        held = (*self._heard.hits.get(ANY_SIGN, ()), *self._heard.hits.get(NO_DENIAL, ()))
        return {place for start, end in held if end - start > 1 for place in range(start, end)}

    def _never_like_this(self, hit: Hit) -> bool:
        never = hit in self._heard.hits.get(NEVER, ())
        sentence = self._heard.sentence[hit.start]
        return never and any(self._heard.sentence[after.start] == sentence and after.start > hit.start
                             for after in self._heard.hits.get(LIKE_THIS, ()))

    def _reach(self, cue: Hit) -> range:
        """How far a denial goes: through its own words and lists, and no further."""
        heard, place = self._heard, cue.end
        of_a_thing = cue in heard.hits.get(ANY_NOUN, ())
        while place < len(heard.words) and heard.words[place] not in SENTENCE_ENDS:
            word_flows = place in self._flowing or place in self._or
            if heard.words[place] == ",":
                if not self._list_goes_on(place + 1):
                    break
                of_a_thing = True
            elif heard.clause[place] != heard.clause[cue.start] or (
                    not word_flows and not (of_a_thing and self._next_lists(place + 1))):
                break
            elif place in self._or:
                of_a_thing = True
            place += 1
        return range(cue.end, place)

    @cached_property
    def _flowing(self) -> set[int]:
        return (self._heard.covered(FLOWS) | self._heard.covered(ANY_SIGN)) - self._heard.covered(ENDS)

    @cached_property
    def _or(self) -> set[int]:
        return self._heard.covered(OR) | {i for i, word in enumerate(self._heard.words) if word == "/"}

    def _next_lists(self, place: int) -> bool:
        words = self._heard.words
        return place < len(words) and (place in self._or or words[place] == "," or words[place] in SENTENCE_ENDS)

    def _list_goes_on(self, place: int) -> bool:
        """Whether after this comma the list comes to an "or" before anybody does anything."""
        present, words = self._present, self._heard.words
        for ahead in range(place, min(place + LIST_WITHIN, len(words))):
            if words[ahead] in SENTENCE_ENDS or ahead in present:
                return False
            if ahead in self._or:
                return True
        return False

    def _answered_no(self, place: int) -> bool:
        """ "Swelling? None." """
        words = self._heard.words
        if place >= len(words) or words[place] not in "?:-(":
            return False
        while place + 1 < len(words) and words[place + 1] == words[place]:
            place += 1
        after = place + 2
        goes_on = after < len(words) and not self._heard.tokens[after].is_mark and words[after] not in SAYS_ON
        return place + 1 in self._alone and not goes_on

    @cached_property
    def _alone(self) -> set[int]:
        return {hit.start for hit in self._heard.hits.get(ALONE, ())}

    # -- over --------------------------------------------------------------------------------------------

    def _is_over(self, match: tuple[Hit, ...], past_sentences: set[int]) -> bool:
        heard = self._heard
        first, last = min(match).start, max(hit.end for hit in match)
        sentence = heard.sentence[first]
        if sentence not in past_sentences or sentence in self._sentences_now:
            return False
        return not any(place in self._present for place in self._segment(first, last))

    def _segment(self, first: int, last: int) -> range:
        """The words around, from comma to comma."""
        words = self._heard.words
        while first > 0 and words[first - 1] != "," and words[first - 1] not in SENTENCE_ENDS:
            first -= 1
        while last < len(words) and words[last] != "," and words[last] not in SENTENCE_ENDS:
            last += 1
        return range(first, last)

    @cached_property
    def _of_others(self) -> set[int]:
        return self._heard.sentences_with(OTHERS)

    @cached_property
    def _past(self) -> set[int]:
        """Sentences of what was long ago, or was looked into and found harmless, or only feared."""
        return self._told_by(self._heard.sentences_with(CLEARED) | self._only_feared)

    @cached_property
    def _past_or_settled(self) -> set[int]:
        """The same, and those of what they say is fine now."""
        return self._told_by(self._heard.sentences_with(CLEARED) | self._heard.sentences_with(OVER) | self._only_feared)

    @cached_property
    def _only_feared(self) -> set[int]:
        """ "Was sure I'd snapped it. It was cramp, nothing hurts": no more than a fright."""
        unhurt = self._heard.sentences_with(UNHURT)
        return {sentence for sentence in self._heard.sentences_with(FEARED)
                if unhurt & {sentence, sentence + 1, sentence + 2}}

    def _told_by(self, ended: set[int]) -> set[int]:
        heard = self._heard
        told = ended | {heard.sentence[hit.start] for hit in heard.hits.get(PAST, ()) if not self._tied(hit)}
        with_body = {heard.sentence[hit.start] for hit in heard.bodies}
        told_after = {sentence - 1 for sentence in told - with_body
                      if sentence in heard.sentences_with(THAT_WAS) | ended}
        return told | told_after

    def _tied(self, hit: Hit) -> bool:
        """ "Swollen since my operation two years ago": the operation is past, the swelling is not."""
        near = range(max(0, hit.start - TIED_WITHIN), hit.start)
        return any(place in self._ties for place in near)

    @cached_property
    def _ties(self) -> set[int]:
        return self._heard.covered(TIED)

    @cached_property
    def _sentences_now(self) -> set[int]:
        over = self._ended
        return {self._heard.sentence[hit.start] for hit in self._heard.hits.get(NOW, ()) if hit.start not in over}

    @cached_property
    def _present(self) -> set[int]:
        return self._heard.covered(PRESENT) - self._ended

    @cached_property
    def _ended(self) -> set[int]:
        return self._heard.covered(OVER) | self._heard.covered(CLEARED) | self._heard.covered(NOT_NOW)

    # -- only asked about --------------------------------------------------------------------------------

    def _asked(self, match: tuple[Hit, ...]) -> bool:
        """Asked in general, or told as a story, before the sign in the same sentence, with nobody's own body in
        between and nobody who says that it is so with them."""
        first = min(match).start
        last = max(hit.end for hit in match)
        sentence = self._heard.sentence[first]
        if sentence in self._idle:
            return True
        before = [hit for hit in self._general
                  if hit.end <= first and self._heard.sentence[hit.start] == sentence]
        if not before or self._heard.sentences_with(ME_TOO) & {sentence, sentence + 1}:
            return False
        return any(not self._mine & set(range(hit.end, last)) for hit in before)

    @cached_property
    def _general(self) -> list[Hit]:
        return [*self._heard.hits.get(ASKING, ()), *self._heard.hits.get(STORIES, ())]

    @cached_property
    def _idle(self) -> set[int]:
        """Sentences that ask about nobody ("do breaks show on an x-ray?"), where they or the next ones say what for
        ("we're having a pub argument"), and neither tells of anybody's own or of today."""
        heard = self._heard
        if not heard.hits.get(IDLE):
            return set()
        why = heard.covered(IDLE)
        own = {heard.sentence[place] for place in heard.covered(MY) - why}
        of_somebody = {heard.sentence[place] for place in self._mine - why} | own | self._of_others
        curious = heard.sentences_with(IDLE) - own - heard.sentences_with(ME_TOO)
        asked = {heard.sentence[hit.start] for hit in heard.hits.get(OPENERS, ())
                 if heard.before[hit.start] - heard.before[heard.first(hit.start)] < OPENS_WITHIN}
        return {sentence for sentence in asked - of_somebody - self._sentences_now
                if curious & {sentence - 1, sentence, sentence + 1}}

    @cached_property
    def _mine(self) -> set[int]:
        return self._heard.covered(MINE)
