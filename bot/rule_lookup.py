"""Which of Rasa's rules fit the newest state of a talk: remembered, for talks come to the same few states again and
again, and Rasa holds each against every rule anew."""
import json
from collections.abc import Sequence
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy

MOST = 2_000
"""States that are remembered; then it begins again."""


class RuleLookup:
    """Stands in for `RulePolicy._get_possible_keys` of one policy, with the same outcome."""

    def __init__(self, policy: RulePolicy) -> None:
        self._fits = policy._is_rule_applicable
        self._known: dict[tuple[int, str], frozenset[str]] = {}

    def __call__(self, lookup: dict[str, str], states: Sequence[dict[str, Any]]) -> set[str]:
        """The keys of *lookup*, one of the policy's own tables, whose rules fit *states*, the newest last."""
        fitting = set(self._for_newest(lookup, states[-1]) if states else lookup)
        for back, state in enumerate(reversed(states)):
            if back and fitting:
                fitting = {key for key in fitting if self._fits(key, back, state)}
        return fitting

    def _for_newest(self, lookup: dict[str, str], state: dict[str, Any]) -> frozenset[str]:
        asked = (id(lookup), json.dumps(state, sort_keys=True))
        if asked not in self._known:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[asked] = frozenset(key for key in lookup if self._fits(key, 0, state))
        return self._known[asked]
