"""Which rules fit is what Rasa finds, remembered or not."""
from itertools import pairwise

import pytest

from bot import slim

slim.install()

from rasa.core.policies.rule_policy import RulePolicy  # noqa: E402 - Rasa loads only after slim

from bootstrap import load_agent  # noqa: E402
from bot.rule_lookup import RuleLookup  # noqa: E402
from clinic.settings import Settings  # noqa: E402


@pytest.fixture(scope="module")
def policy() -> RulePolicy:
    components = load_agent(Settings.read())._processor.graph_runner.components()
    return next(one for one in components if isinstance(one, RulePolicy))


def _states(policy: RulePolicy) -> list[list[dict[str, object]]]:
    """What the rules are made of, and what no rule has: alone, after each other, and within a longer talk."""
    rules = [RulePolicy._rule_key_to_state(key) for table in policy.lookup.values() if isinstance(table, dict)
             for key in table][:400]
    other = {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "nobody_has_this"}}
    return [[], [other], *rules, *([other, *rule] for rule in rules), *([*rule, other] for rule in rules[:50]),
            *([*one, *two] for one, two in pairwise(rules))]


def test_it_finds_what_rasa_finds(policy: RulePolicy) -> None:
    ours = RuleLookup(policy)
    compared = 0
    for table in (table for table in policy.lookup.values() if isinstance(table, dict) and table):
        for states in _states(policy) * 2:  # the second time from memory
            found = ours(table, states)
            assert found == RulePolicy._get_possible_keys(policy, table, states)
            compared += len(found)
    assert compared > 1_000
