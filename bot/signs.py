"""Pictures that are sent for a word ("👍"). Which ones, and for what, is data: `bot/words/signs.yml`."""
import unicodedata
from pathlib import Path

import yaml

WORDS = Path(__file__).parent / "words" / "signs.yml"
DRAWN = ("Mn", "Sk", "Cf")
"""Categories of what only says how a picture is drawn: its colour, that it is one, that it is joined to the next."""


class Signs:
    """Knows the pictures that stand for a word."""

    def __init__(self, words: dict[str, list[str]]) -> None:
        self._words = {sign: word for word, signs in words.items() for sign in signs}

    @classmethod
    def load(cls, file: Path = WORDS) -> "Signs":
        return cls(yaml.safe_load(file.read_text(encoding="utf-8")))

    def said(self, text: str) -> str:
        """*text*; where it is nothing but such pictures, the word of the first."""
        signs = [sign for sign in text if not sign.isspace() and unicodedata.category(sign) not in DRAWN]
        return self._words[signs[0]] if signs and all(sign in self._words for sign in signs) else text
