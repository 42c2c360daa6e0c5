"""Screens what people type for signs of danger. Rules: `content/safety.yml`; here is how to read."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from clinic.conversation import LEVELS
from clinic.safety.advice import Advice
from clinic.safety.context import Context
from clinic.safety.heard import ANY_SIGN, OTHERS, Heard
from clinic.safety.phrases import Phrases
from clinic.safety.reading import ALARMS, HELPED, Explanation, Reading, SignFound
from clinic.safety.rules import Rule, SafetyRules, Sign
from clinic.safety.signs import Pattern
from clinic.safety.spelling import Spelling
from clinic.safety.text import SENTENCE_ENDS, Token, tokens_of

ENDED = re.compile(r"[.?!…]\s*$")
"""A message after which nothing of its last sentence is to come."""
COMMAND = re.compile(r"\s*[/／]\w*\s*\{(.*)\}\s*", re.S)
"""A forced intent as Rasa would obey it: what is in its braces is what somebody said."""
KEY = re.compile(r"[\"']\w+[\"']\s*:")
BROKEN = re.compile(r"[^.?!…\s][^\S\n]*\n")
"""A line that ends where no sentence does."""

DISTRESS = "distress"
LIKELY = 0.3
"""Once the second reader is sure of an alarm, it takes the higher one that is as likely: in doubt, the higher."""
MARGIN = 0.2
"""How much surer of what is for a GP it has to be where a contraindication is asked about anyway."""
ME = re.compile(r"\bme\b", re.I)
"""In a sign ("my boyfriend hits me"): it is about whoever writes, though somebody else is in it."""


class Screen:
    """Reads messages for danger. Built once; keeps nothing of what it reads."""

    def __init__(self, rules: SafetyRules):
        self._rules = rules
        ranked = sorted(rules.rules, key=lambda rule: -LEVELS.index(rule.level))
        self._ranked = [(rule, rule.signs) for rule in ranked]
        self._phrases = Phrases({**rules.groups, ANY_SIGN: _words_of_signs(rules)})
        self._spell = _spelling(rules)
        self._advice = Advice(rules)
        self._by_first = _by_first_group(rules)

    @classmethod
    def load(cls, folder: Path) -> "Screen":
        """The screen for the rules in *folder*. Raises SafetyRulesError if they can't be relied on."""
        return cls(SafetyRules.load(folder))

    @property
    def rules(self) -> SafetyRules:
        return self._rules

    def read(self, text: str, earlier: Sequence[str] = ()) -> Reading:
        """The level of *text* as typed, all of it, with the signs that it completes from *earlier* messages.

        *earlier*: the same visitor's last messages, oldest first. They raise nothing by themselves."""
        if inside := COMMAND.fullmatch(text):
            text = KEY.sub(" ", inside[1])
        apart = self._read(text, earlier)
        if not (earlier and not ENDED.search(earlier[-1])) and not BROKEN.search(text.strip()):
            return apart
        together = self._read(text, earlier[-1:], joined=True)  # one sentence in two messages, or on two lines
        return max(apart, together, key=lambda reading: LEVELS.index(reading.level))

    def _read(self, text: str, earlier: Sequence[str], joined: bool = False) -> Reading:
        heard, context, begins = self._listen(text, earlier, joined)
        found = self._find(heard, context, begins)
        met = [(rule, signs) for rule, asked in self._ranked
               if not asked.isdisjoint(found) and (signs := _signs_that_meet(rule, found))]
        signs = frozenset().union(*(signs for _, signs in met))
        level = met[0][0].level if met else "none"
        return Reading(level=level,
                       met=tuple(rule for rule, _ in met),
                       signs=tuple(found[name] for name in found if name in signs),
                       general=level not in HELPED and context.general(begins),
                       languages=self._languages(signs),
                       of_another=bool(met and heard.hits.get(OTHERS)) and not any(
                           ME.search(text[found[name].start:found[name].end]) for name in met[0][1]))

    def second(self, reading: Reading, danger: Mapping[str, float]) -> Reading | None:
        """What the second reader makes of a message that reads as *reading*, if it raises it. *danger*: by level, how
        far it is like those of that or a higher one, 0 to 1. Never lower; never a question in general."""
        higher = [(rule, sure) for rule, sure in self._rules.second
                  if LEVELS.index(rule.level) > LEVELS.index(reading.level)]
        asked_about = MARGIN if reading.level == "contraindication" else 0.0
        sure_of = [rule for rule, sure in higher
                   if danger.get(rule.level, 0.0) >= sure + (asked_about if rule.level == "gp" else 0.0)]
        if reading.general or not sure_of:
            return None
        likely = [rule for rule, _ in higher if rule.level in ALARMS and danger.get(rule.level, 0.0) >= LIKELY]
        rule = likely[0] if sure_of[0].level in ALARMS else sure_of[0]
        return Reading(rule.level, (rule,), of_another=reading.of_another)

    def asks(self, reading: Reading, danger: Mapping[str, float]) -> Rule | None:
        """The rule by which a message that reads as *reading* is asked about, where the second reader hears a
        contraindication and the first none. It can't say which, so it only asks."""
        rule, sure = self._rules.asks
        heard = reading.level == "none" and not reading.general and danger.get(rule.level, 0.0) >= sure
        return rule if heard else None

    def distressed(self, text: str) -> bool:
        """Whether *text* sounds like distress, whatever it is about: not understood, it is for a person to read."""
        heard, _, _ = self._listen(text, ())
        return bool(heard.hits.get(DISTRESS))

    def explain(self, text: str, earlier: Sequence[str] = ()) -> Explanation:
        """Why *text* reads as it does."""
        heard, context, begins = self._listen(text, earlier)
        found = self._find(heard, context, begins)
        met = tuple((rule, tuple(sorted(signs))) for rule, _ in self._ranked
                    if (signs := _signs_that_meet(rule, found)))
        back = {(sign.name, why): _place(sign, match, heard.tokens, begins)
                for sign, pattern in self._candidates(heard) if sign.name not in found
                for match in pattern.find(heard, self._rules.bodies)
                if (why := context.taken_back(match, sign) or "unlikely")}
        return Explanation(met, found, tuple((place, why) for (_, why), place in back.items()))

    def advice(self, reading: Reading, desk_back: str | None) -> str:
        """What to answer; empty when there is nothing to say. *desk_back*: when somebody at the clinic next reads
        the note, in words ("tomorrow at 9 am"); None drops that sentence."""
        return self._advice.text(reading, desk_back)

    def _listen(self, text: str, earlier: Sequence[str], joined: bool = False) -> tuple[Heard, Context, int]:
        tokens, begins = self._tokens(text, earlier, joined)
        heard = Heard(tokens, self._phrases, self._rules.bodies)
        return heard, Context(heard), begins

    def _tokens(self, text: str, earlier: Sequence[str], joined: bool) -> tuple[list[Token], int]:
        """The words of all messages in order, and the place where those of *text* begin. *joined*: no break where a
        line or the last message ends and its sentence may go on."""
        tokens: list[Token] = []
        for place, message in enumerate(earlier, 1):
            tokens += [Token(token.word, -1, -1) for token in tokens_of(message, self._spell)]
            if not joined or place < len(earlier):
                tokens.append(Token("\n", -1, -1))
        now = list(tokens_of(text, self._spell))
        if joined:
            before = [Token("\n", 0, 0), *now]
            now = [token for last, token in zip(before, now, strict=False)
                   if token.word != "\n" or last.word in SENTENCE_ENDS]
        return [*tokens, *now], len(tokens)

    def _find(self, heard: Heard, context: Context, begins: int) -> dict[str, SignFound]:
        """By name, every live sign; where one is in several messages, as said in the last one."""
        found: dict[str, SignFound] = {}
        unlikely: dict[str, SignFound] = {}
        for sign, pattern in self._candidates(heard):
            if sign.name in found and found[sign.name].start >= 0:
                continue
            for match in pattern.find(heard, self._rules.bodies):
                if context.taken_back(match, sign):
                    continue
                place = _place(sign, match, heard.tokens, begins)
                kept = unlikely if context.beside(match, sign.unlikely_with) else found
                if place.start >= 0 or sign.name not in kept:
                    kept[sign.name] = place
                if kept is found and place.start >= 0:
                    break
        company = [place for name, place in found.items() if self._rules.signs[name].is_company]
        believed = {name: place for name, place in unlikely.items() if any(_apart(place, other) for other in company)}
        return {**believed, **found}

    def _candidates(self, heard: Heard) -> Iterator[tuple[Sign, Pattern]]:
        present = {group for group, hits in heard.hits.items() if hits}
        for group in heard.hits:
            for sign, pattern, groups in self._by_first.get(group, ()):
                if groups <= present:
                    yield sign, pattern

    def _languages(self, signs: frozenset[str]) -> tuple[str, ...]:
        spoken = dict.fromkeys(self._rules.signs[name].language for name in sorted(signs))
        return tuple(language for language in spoken if language)


def _signs_that_meet(rule: Rule, found: Mapping[str, SignFound]) -> frozenset[str]:
    """The signs by which *rule* is met, at least one of them said just now; empty if it is not."""
    meeting: set[str] = set()
    names = found.keys()
    for row in rule.when:
        if any(choice.isdisjoint(names) for choice in row.all) or not row.unless.isdisjoint(names):
            continue
        choices = [choice & names for choice in row.all]
        if any(found[name].start >= 0 for choice in choices for name in choice):
            meeting.update(*choices)
    return frozenset(meeting)


def _place(sign: Sign, match: tuple, tokens: Sequence[Token], begins: int) -> SignFound:
    last = max(hit.end for hit in match)
    if last <= begins:
        return SignFound(sign.name, -1, -1)
    now = [tokens[place] for hit in match for place in range(*hit) if place >= begins]
    return SignFound(sign.name, min(token.start for token in now), max(token.end for token in now))


def _apart(one: SignFound, other: SignFound) -> bool:
    """Whether two signs are not just the same words read twice."""
    return one.start < 0 or other.start < 0 or one.end <= other.start or other.end <= one.start


def _by_first_group(rules: SafetyRules) -> dict[str, list[tuple[Sign, Pattern, frozenset[str]]]]:
    """By the group that a pattern begins with: its sign, itself, and all its groups."""
    index: dict[str, list[tuple[Sign, Pattern, frozenset[str]]]] = defaultdict(list)
    for sign in rules.signs.values():
        for pattern in sign.patterns:
            index[pattern.groups[0]].append((sign, pattern, frozenset(pattern.groups)))
    return index


def _words_of_signs(rules: SafetyRules) -> set[str]:
    """All that signs are made of: a "no" inside one of these phrases denies nothing."""
    groups = {group for sign in rules.signs.values() for pattern in sign.patterns for group in pattern.groups}
    return {phrase for group in groups for phrase in rules.groups[group]}


def _spelling(rules: SafetyRules) -> Spelling:
    written = rules.spelling
    vocabulary = {word for phrases in rules.groups.values() for phrase in phrases for word in phrase.split()}
    return Spelling(vocabulary, written["short"], written["real_words"].split(), written["joined"].split())
