"""Where a text mentions a complaint only to say that it is not there: "no sciatica", "my breathing is fine".

Not for signs of danger, which `clinic/safety` reads: here a mention too many means a question that is not answered."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[a-z0-9]+")
_PART_ENDS = re.compile(r"[,.;:!?()\n]|\s-+\s|[\u2013\u2014]")
_TURNS = {"but", "just", "only", "though", "although", "however", "because", "so"}
"""Words at which what was denied before ends."""
_DENIED = re.compile(
    r"(?:^| )(?:no|not|nor|neither|never|without|isnt|arent|wasnt|werent|aint|havent|hasnt|hadnt|didnt|"
    r"(?:dont|doesnt|do not|does not|havent|have not) (?:have|got|get|suffer from)|rather than|instead of|free of)"
    r"(?: (?:a|an|any|the|my|of|from|due to|to do with|because of|signs?|history|real|actual|had|got|have|longer))*$"
)
_FINE = re.compile(
    r"(?:(?:is|are|was|were|feels?|seems?)(?: (?:all|just|really|pretty|absolutely|both|now|totally))*"
    r" (?:fine|ok|okay|good|great|normal|healthy|alright|clear|gone|better)|well|fine|ok|okay)(?: |$)"
)
_WISHED = {
    "help", "helps", "make", "makes", "fix", "improve", "can", "could", "would", "will", "does", "do", "should", "if",
    "until", "till", "once", "when", "how", "want",
}  # fmt: skip
"""Before "sleep well" these ask for it; without them it is told."""
_JOINS = {"in", "on", "of", "my", "the", "is", "are", "feels", "gets", "really", "very", "so"}
_LISTED = {"or", "nor", "a", "an", "any", "the", "my"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's words in lower case, apostrophes closed up, and for each the part of a sentence that it stands in."""

    words: tuple[str, ...]
    parts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Reading":
        text = text.lower().replace("'", "").replace("\u2019", "")
        words, parts, part, last = [], [], 0, 0
        for match in _WORD.finditer(text):
            part += bool(_PART_ENDS.search(text, last, match.start())) or match[0] in _TURNS
            words.append(match[0])
            parts.append(part)
            last = match.end()
        return cls(tuple(words), tuple(parts))

    def before(self, start: int) -> Sequence[str]:
        """The words of the same part before the one at *start*."""
        return self.words[self.parts.index(self.parts[start]) : start]

    def after(self, stop: int) -> Sequence[str]:
        """The words of the same part from *stop* on."""
        part = self.parts[stop - 1]
        return [word for word, other in zip(self.words[stop:], self.parts[stop:], strict=True) if other == part]

    def takes_back(self, start: int, stop: int) -> bool:
        """Whether what stands from *start* to *stop* is said not to be there, or to be in order."""
        before = self.before(start)
        if _DENIED.search(" ".join(before)):
            return True
        return _FINE.match(" ".join(self.after(stop))) is not None and not _WISHED & set(before)

    def lists(self, stop: int, start: int) -> bool:
        """Whether what begins at *start* is listed with what ended at *stop*: "headaches, migraines or vertigo"."""
        between = set(self.words[stop:start])
        return bool(between & {"or", "nor"}) and between <= _LISTED

    def joined(self, stop: int, start: int) -> bool:
        """Whether what ended at *stop* is said of what begins at *start*: "pain in my jaw", "my stomach hurts"."""
        return stop <= start and set(self.words[stop:start]) <= _JOINS and start - stop < len(_JOINS)
