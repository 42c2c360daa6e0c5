"""Which complaints a text names, in any of the words that the clinic lists for them."""

import re
from collections.abc import Iterator, Sequence

from clinic.knowledge.practice import Complaint

_WORD = re.compile(r"[a-z0-9]+")
Form = tuple[str, ...]


def words_of(text: str) -> Form:
    """The words of *text* in lower case, apostrophes closed up: it's is its."""
    return tuple(_WORD.findall(text.lower().replace("'", "").replace("\u2019", "")))


class Complaints:
    """The clinic's complaints, found by the longest of their forms: a stress fracture is not a fracture."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        self._ids = {complaint.id: complaint for complaint in complaints}
        self._forms: dict[Form, Complaint] = {}
        for complaint in complaints:
            for form in (complaint.name, *complaint.also):
                self._forms.setdefault(words_of(form), complaint)
        self._longest = max((len(form) for form in self._forms), default=0)

    def named(self, text: str) -> tuple[Complaint, ...]:
        """The complaints that *text* names, each once, in the order of the text."""
        return tuple(dict.fromkeys(self._found(words_of(text))))

    def asked(self, text: str, subjects: Sequence[str]) -> tuple[Complaint, ...]:
        """Those that *text* names; where it names no place or illness, those of *subjects* (ids or forms).

        Subjects are read with fewer words than the clinic has, or come from an earlier question."""
        own = self.named(text)
        if any(not complaint.general for complaint in own):
            return own
        return tuple(
            dict.fromkeys([*own, *(meant for subject in subjects for meant in self._meant(subject))])
        )

    def _meant(self, subject: str) -> Iterator[Complaint]:
        if subject in self._ids:
            yield self._ids[subject]
        else:
            yield from self._found(words_of(subject))

    def _found(self, words: Form) -> Iterator[Complaint]:
        start = 0
        while start < len(words):
            for stop in range(min(start + self._longest, len(words)), start, -1):
                if words[start:stop] in self._forms:
                    yield self._forms[words[start:stop]]
                    start = stop
                    break
            else:
                start += 1
