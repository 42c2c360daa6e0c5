"""The reply to a sign of danger, put together from the clinic's own sentences in `content/safety.yml`.

Order: what to do, what they said, what to watch, what a chat can't do, who reads the note, how else to reach help.
"""

from collections.abc import Iterator

from clinic.safety.reading import Reading
from clinic.safety.rules import SafetyRules

SIGNS_NAMED = 3       # more would push what matters out of sight


class Advice:
    """Says what to do about a reading."""

    def __init__(self, rules: SafetyRules):
        self._rules = rules
        self._lines = rules.advice["lines"]

    def text(self, reading: Reading, desk_back: str | None) -> str:
        """Plain text, one thought a line; empty when there is nothing to say. What to do comes in the first
        200 characters."""
        if reading.general:
            return str(self._lines["general"]).strip()
        if not reading.helped:
            return ""
        return "\n".join(line.strip() for line in self._parts(reading, desk_back) if line)

    def _parts(self, reading: Reading, desk_back: str | None) -> Iterator[str]:
        leading = reading.met[0]
        family = self._rules.advice["families"][leading.advice][leading.level]
        level = self._lines[leading.level]
        yield from (self._rules.languages[code]["reply"] for code in reading.languages)
        yield family.get("act_other", family["act"]) if reading.of_another else family["act"]
        if reading.signs:
            yield self._said(reading)
        yield family["watch"]
        yield level["limits"]
        if desk_back and "note" in level:
            yield level["note"] + " " + level["desk_back"].format(desk_back=desk_back)
        else:
            yield level.get("note", "")
        yield family.get("routes", level.get("routes", ""))

    def _said(self, reading: Reading) -> str:
        """The signs of the leading rule in plain words, those of lasting conditions last."""
        leading = reading.met[0].signs
        found = [self._rules.signs[sign.name] for sign in reading.signs if sign.name in leading]
        named = list(dict.fromkeys(sign.plain for sign in sorted(found, key=lambda sign: sign.lasting)))[:SIGNS_NAMED]
        return self._lines["said"].format(signs=self._lines["and"].join(named))
