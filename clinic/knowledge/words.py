"""`words.yml`: what is said without Rasa, and labels of choices. Its `ask_` keys are the needs there are."""

from dataclasses import dataclass

from clinic.knowledge.sheet import Sheet

# Said by doors, jobs and mail, so that a folder without one of them can't be published.
REQUIRED = (
    "notice",
    "notice_sample",
    "notice_unsigned",
    "notice_storage",
    "failed_turn",
    "next_read_now",
    "next_read_later",
    "unreachable",
    "empty",
    "too_long",
    "too_many",
    "media",
    "voice",
    "location",
    "edited",
    "choice_gone",
    "person_joined",
    "person_left",
    "closed",
)


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences by their key, and a short label for each intent that a visitor may be offered."""

    said: dict[str, str]
    choices: dict[str, str]

    @property
    def needs(self) -> frozenset[str]:
        """What people may ask an article or an FAQ for."""
        return frozenset(key.removeprefix("ask_") for key in self.choices if key.startswith("ask_"))


def read_words(sheet: Sheet) -> Words:
    """The words on *sheet*. Every required key must be there; a clinic may add its own."""
    said = {key: sheet.text(key) for key in REQUIRED}
    labels = sheet.sheet("choices")
    choices = {key: labels.text(key) for key in labels}
    said |= {key: sheet.text(key) for key in sheet if key not in said and key != "choices"}
    return Words(said, choices)
