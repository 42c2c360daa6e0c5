"""Which language a text is in, by its small words: enough to say that the clinic answers in English, and no more."""
from clinic.safety.rules import SafetyRules
from clinic.safety.text import tokens_of

ENGLISH = "en"
LEAST = 2
"""Small words of a language that a text must hold."""
SHARE = 0.3
"""Of all its words, at least."""


class Tongues:
    """Knows a few languages by their small words."""

    def __init__(self, rules: SafetyRules) -> None:
        self._known = rules.tongues

    def other_than_english(self, text: str) -> str | None:
        """The language of *text* by its code; None for English, and where it isn't clear."""
        words = [token.word for token in tokens_of(text, lambda word: (word.replace("'", ""),))
                 if not token.is_mark and len(token.word) > 1]  # letters are in every language
        counts = {code: sum(word in small for word in words) for code, small in self._known.items()}
        best = max(counts, key=lambda code: counts[code])
        clear = counts[best] >= max(LEAST, SHARE * len(words)) and counts[best] > counts.get(ENGLISH, 0)
        return best if best != ENGLISH and clear else None
