"""Which language a text is in, by its small words or its letters: enough to say that the clinic answers in English, and
no more."""
import unicodedata
from collections import Counter

from clinic.safety.rules import SafetyRules
from clinic.safety.text import tokens_of

ENGLISH = "en"
OTHER = "other"
"""Not English, and not known either."""
LATIN = "LATIN"
LEAST = 2
"""Small words of a language that a text must hold."""
SHARE = 0.3
"""Of all its words, at least."""


class Tongues:
    """Knows some languages by their small words, and others by a script that is theirs."""

    def __init__(self, rules: SafetyRules) -> None:
        self._known, self._scripts = rules.tongues, rules.scripts

    def other_than_english(self, text: str) -> str | None:
        """The language of *text* by its code, or OTHER; None for English, and where it isn't clear."""
        words = [token.word for token in tokens_of(text, lambda word: (word.replace("'", ""),))
                 if not token.is_mark and len(token.word) > 1]  # letters are in every language
        counts = {code: sum(word in small for word in words) for code, small in self._known.items()}
        best = max(counts, key=lambda code: counts[code])
        clear = counts[best] >= max(LEAST, SHARE * len(words)) and counts[best] > counts.get(ENGLISH, 0)
        if best != ENGLISH and clear:
            return best
        script = _script(text)
        return None if script in (None, LATIN) else self._scripts.get(script, OTHER)


def _script(text: str) -> str | None:
    """The script of most letters of *text* as Unicode calls it (`LATIN`, `CYRILLIC`); None where it has none."""
    names = Counter(unicodedata.name(letter, LATIN).split()[0] for letter in text if letter.isalpha())
    return names.most_common(1)[0][0] if names else None
