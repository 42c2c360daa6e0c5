"""Which complaints a text names, in any of the words that the clinic lists for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clinic.knowledge.mentions import Reading
from clinic.knowledge.practice import Complaint

Form = tuple[str, ...]


def words_of(text: str) -> Form:
    """The words of *text* in lower case, apostrophes closed up: it's is its."""
    return Reading.of(text).words


@dataclass(frozen=True, slots=True)
class _Mention:
    """A complaint's form in a text, from the word at `start` up to that at `stop`."""

    complaint: Complaint
    start: int
    stop: int


class Complaints:
    """The clinic's complaints, found by the longest of their forms: a stress fracture is not a fracture."""

    def __init__(self, complaints: Sequence[Complaint], figures: Sequence[str] = ()) -> None:
        """*figures* of speech name no complaint, whatever stands in them."""
        self._ids = {complaint.id: complaint for complaint in complaints}
        self._forms: dict[Form, Complaint | None] = {words_of(figure): None for figure in figures}
        self._in_passing: set[Form] = set()
        for complaint in complaints:
            for form in (complaint.name, *complaint.also, *complaint.in_passing):
                self._forms.setdefault(words_of(form), complaint)
            self._in_passing |= {words_of(form) for form in complaint.in_passing}
        self._longest = max((len(form) for form in self._forms), default=0)

    def named(self, text: str) -> tuple[Complaint, ...]:
        """The complaints that *text* names, each once, in the order of the text."""
        return tuple(dict.fromkeys(self._found(words_of(text))))

    def asked(self, text: str, subjects: Sequence[str]) -> tuple[Complaint, ...]:
        """Those that *text* asks about; where it names no place or illness, those of *subjects* (ids or forms).

        Subjects are read with fewer words than the clinic has, or come from an earlier question."""
        own, _ = self._read(text)
        if any(not complaint.general for complaint in own):
            return own
        standing = self.standing(text, subjects)
        return tuple(
            dict.fromkeys([*own, *(meant for subject in standing for meant in self._meant(subject))])
        )

    def standing(self, text: str, subjects: Sequence[str]) -> list[str]:
        """Those of *subjects* that *text* does not say are not there."""
        own, denied = self._read(text)
        gone = set(denied) - set(own)
        return [subject for subject in subjects if not gone & set(self._meant(subject))]

    def _read(self, text: str) -> tuple[tuple[Complaint, ...], tuple[Complaint, ...]]:
        """The complaints that *text* asks about, and those that it says are not there."""
        reading = Reading.of(text)
        asked: list[_Mention] = []
        denied: list[_Mention] = []
        for mention in self._mentions(reading.words):
            listed = bool(denied) and reading.lists(denied[-1].stop, mention.start)
            gone = listed or reading.takes_back(mention.start, mention.stop)
            (denied if gone else asked).append(mention)
        told = [m for m in asked if not self._is_by_the_way(m, reading, asked)]
        if any(not mention.complaint.general for mention in told):
            asked = told
        return (
            tuple(dict.fromkeys(mention.complaint for mention in asked)),
            tuple(dict.fromkeys(mention.complaint for mention in denied)),
        )

    def _is_by_the_way(self, mention: _Mention, reading: Reading, others: Sequence[_Mention]) -> bool:
        """Whether *mention* is one such as "when I sleep", and not "my stomach hurts"."""
        aches = any(
            other.complaint.general
            and (reading.joined(other.stop, mention.start) or reading.joined(mention.stop, other.start))
            for other in others
        )
        return reading.words[mention.start : mention.stop] in self._in_passing and not aches

    def _meant(self, subject: str) -> Iterator[Complaint]:
        if subject in self._ids:
            yield self._ids[subject]
        else:
            yield from self._found(words_of(subject))

    def _found(self, words: Form) -> Iterator[Complaint]:
        return (mention.complaint for mention in self._mentions(words))

    def _mentions(self, words: Form) -> Iterator[_Mention]:
        start = 0
        while start < len(words):
            for stop in range(min(start + self._longest, len(words)), start, -1):
                if words[start:stop] in self._forms:
                    complaint = self._forms[words[start:stop]]
                    if complaint is not None:
                        yield _Mention(complaint, start, stop)
                    start = stop
                    break
            else:
                start += 1
