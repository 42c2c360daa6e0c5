"""Text made safe to understand. What was typed is kept elsewhere, and read for danger before this."""
import unicodedata

LONGEST = 1_000
"""Characters that understanding reads; nobody's question is longer, and cost stays flat."""


def clean(text: str) -> str:
    """*text* as NFKC without invisible or control characters, and nothing in front that Rasa would obey.

    Rasa reads `/intent{"entity": "value"}` as an order. NFKC comes first, since it turns ／ into /; cleaning
    twice is cleaning once."""
    text = unicodedata.normalize("NFKC", text[:8 * LONGEST])
    shown = "".join(" " if unicodedata.category(c) in ("Zs", "Zl", "Zp") or c in "\t\n\r" else c
                    for c in text if c in "\t\n\r" or unicodedata.category(c)[0] != "C")
    shown = unicodedata.normalize("NFKC", shown)  # taking a character out may bring others together
    return " ".join(shown.split()).lstrip("/ ")[:LONGEST].rstrip()
