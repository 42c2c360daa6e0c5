"""What safety adds to other replies: the question about a contraindication first, a warning after a red flag last."""
from collections.abc import Collection, Sequence
from dataclasses import replace

from clinic.conversation import Reply, Waiting
from clinic.safety.reading import ALARMS
from clinic.safety.rules import SafetyRules
from clinic.safety.tongues import ENGLISH, OTHER, Tongues

ASKED_AT_ONCE = 2
"""Contraindications that one reply asks about; the check before a booking asks about the rest."""
PERSON = "ask_person"
NOT_UNDERSTOOD = ("fallback", "clarify")


class Guard:
    """Knows the clinic's contraindications and warnings. Keeps nothing."""

    def __init__(self, rules: SafetyRules) -> None:
        self._rules, self._tongues = rules, Tongues(rules)

    def after(self, replies: Sequence[Reply], waiting: Waiting, told: Collection[str]) -> tuple[Reply, ...]:
        """*replies* to *waiting* as they may be said. *told*: contraindications that were asked about before."""
        guarded = [self._in_english(reply, waiting) for reply in replies]
        if guarded and waiting.level == "contraindication":
            guarded[0] = self._with_question(guarded[0], [rule for rule in waiting.rules if rule not in told])
        if guarded and waiting.highest in ALARMS and guarded[-1].kind != "safety":
            guarded[-1] = replace(guarded[-1], text=f"{guarded[-1].text}\n{self.warning(waiting)}")
        return tuple(guarded)

    def asking(self, rules: Sequence[str]) -> str:
        """What is asked about the contraindications among *rules*; empty where there are none."""
        if self._rules.asks[0].id in rules:
            return self._rules.check.lines["mention_unnamed"]
        shown = [self._rules.contraindications[rule] for rule in rules if rule in self._rules.contraindications]
        if not (shown := shown[:ASKED_AT_ONCE]):
            return ""
        return self._rules.check.lines["mention"].format(
            names=self._rules.advice["lines"]["and"].join(one.name for one in shown),
            ask=" ".join(one.ask for one in shown), then=" ".join(one.then for one in shown))

    def _in_english(self, reply: Reply, waiting: Waiting) -> Reply:
        """What nobody understood, because it is in another language, is told so in that language instead, with a person
        to turn to; who is handed over reads it there too."""
        if reply.kind not in (*NOT_UNDERSTOOD, "handoff") or waiting.choice is not None:
            return reply
        code = self._tongues.other_than_english(waiting.text)
        if code is None:
            return reply
        told = self._rules.languages[ENGLISH if code == OTHER else code]["in_english"]
        if reply.kind == "handoff":
            return replace(reply, text=f"{told}\n{reply.text}")
        return replace(reply, kind="fallback", text=told,
                       offers=tuple(offer for offer in reply.offers if offer.means["intent"] == PERSON))

    def _with_question(self, reply: Reply, new: Sequence[str]) -> Reply:
        """*reply* after what is asked about the *new* contraindications. What was only told needs no other answer."""
        asked = self.asking(new)
        if reply.kind in NOT_UNDERSTOOD:
            return replace(reply, kind="clarify", text=asked or self._rules.check.lines["noted"])
        return replace(reply, text=f"{asked}\n{reply.text}") if asked else reply

    def warning(self, waiting: Waiting) -> str:
        """One line, for whatever is said after a red flag (SAFETY 4.2)."""
        advice = self._rules.advice
        rule = next((rule for rule in self._rules.rules
                     if (rule.id, rule.level) == (waiting.raised_by, waiting.highest)), None)
        family = advice["families"][rule.advice][rule.level] if rule else {}
        return str(family.get("later") or advice["lines"][waiting.highest]["later"]).strip()
