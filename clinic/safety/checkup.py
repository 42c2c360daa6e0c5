"""The short check between choosing a time and confirming it (SAFETY 3): one question at a time, state in, state out."""
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from clinic.safety.reader import Screen
from clinic.safety.rules import ACTIONS, Action, Group

Step = Literal["consent", "seen_by", "list", "detail", "done"]
Outcome = Literal["fine", "adapt", "clearance", "decline", "refused"]
YOUNG = "young"
"""The group after which nothing more is asked about health: a guardian arranges it (SAFETY 7)."""
SEEN_BY = "seen_by"
LONGEST = 500
"""Characters of an answer that are kept."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: `value` comes back to `Checkup.take`."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class State:
    """How far the check is. Plain values only, so that it can wait in a slot between two messages."""

    step: Step = "consent"
    known: tuple[str, ...] = ()
    """Contraindications that were told before, and are not asked about again."""
    to_see: bool = False
    """Whether a GP was to see something first (level gp)."""
    asked: str = ""
    """The group whose details are asked for."""
    queue: tuple[str, ...] = ()
    answers: tuple[Mapping[str, Any], ...] = ()
    refused: bool = False
    consent: Mapping[str, str] = field(default_factory=dict)
    unread: bool = False
    """The last message held no answer."""

    def as_slot(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_slot(cls, slot: Mapping[str, Any]) -> "State":
        given: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in slot.items()}
        return cls(**given)


class Checkup:
    """Asks what `screen:` in safety.yml says. Keeps nothing."""

    def __init__(self, screen: Screen) -> None:
        self._screen, self._check = screen, screen.rules.check
        self._known = screen.rules.contraindications

    def begin(self, told: Collection[str], to_see: bool) -> State:
        """*told*: rules of contraindications that showed in the conversation; *to_see*: its level is gp."""
        return State(known=tuple(rule for rule in self._known if rule in told), to_see=to_see)

    @property
    def person(self) -> str:
        """The label of the way to a person instead."""
        return self._check.lines["person"]

    def knowing(self, state: State, told: Collection[str]) -> State:
        """*state* with the contraindications *told* elsewhere, as far as it was not told about them."""
        if state.refused:
            return state
        asked = {rule for answer in state.answers for rule in answer["rules"]}
        return replace(state, known=tuple(rule for rule in self._known if rule in told and rule not in asked))

    def question(self, state: State) -> tuple[str, tuple[Choice, ...]]:
        """What is asked next, and what can be tapped. Not for a state that is done."""
        lines = self._check.lines
        person = Choice(lines["person"], "person")
        if state.step == "consent":
            return lines["consent"], (Choice(lines["agree"], "agree"), person)
        if state.step == "seen_by":
            return lines["seen_by"], (Choice(lines["not_seen"], "not_seen"), person)
        if state.step == "detail":
            return self._check.groups[state.asked].ask, (person,)
        left = self._left(state)
        said = [lines["unread"]] if state.unread else []
        if state.answers:
            said.append(lines["another"])
        else:
            if state.known:
                said.append(lines["known"].format(names=self._names(state.known)))
            said.append(lines["question"])
            said += [f"{number}. {group.about}" for number, group in enumerate(left, 1)]
        ends = Choice(lines["no_more"] if state.answers else lines["none"], "none")
        return "\n".join(said), (*(Choice(group.label, group.id) for group in left), ends, person)

    def take(self, state: State, values: Sequence[str], text: str, yes: bool | None, now: datetime) -> State:
        """The state after a message: the *values* tapped, else its *text*; *yes* where it was a plain yes or no."""
        state = replace(state, unread=False)
        if "person" in values:
            return replace(state, step="done", refused=True, answers=(), known=())
        if state.step == "consent":
            return self._consent(state, values, yes, now)
        if state.step == "seen_by":
            not_yet = "not_seen" in values or yes is False
            seen = {"group": SEEN_BY, "rules": [], "action": "decline" if not_yet else "adapt", "said": text[:LONGEST]}
            return replace(state, step="list", answers=(*state.answers, seen))
        if state.step == "detail":
            return self._next(self._answered(state, state.asked, text))
        return self._from_list(state, values, text, yes)

    def _consent(self, state: State, values: Sequence[str], yes: bool | None, now: datetime) -> State:
        if "agree" in values or yes:
            return replace(state, step="seen_by" if state.to_see else "list",
                           consent={"wording": self._check.version, "at": now.isoformat(timespec="seconds")})
        if yes is False:
            return replace(state, step="done", refused=True, answers=(), known=())
        return replace(state, unread=True)

    def _from_list(self, state: State, values: Sequence[str], text: str, yes: bool | None) -> State:
        if "none" in values or yes is False:
            return replace(state, step="done")
        groups = tuple(value for value in values if value in self._check.groups)
        if groups:
            return self._next(replace(state, queue=(*state.queue, *groups)))
        told = [self._known[rule] for rule in self._screen.read(text).rules if rule in self._known]
        for group in dict.fromkeys(one.group for one in told):
            state = self._answered(state, group, text)
        # a plain yes was understood, and is only not enough: the list stands there once more
        return self._next(state) if told else replace(state, unread=not yes)

    def _next(self, state: State) -> State:
        if any(answer["group"] == YOUNG for answer in state.answers):
            return replace(state, step="done")
        if state.queue:
            return replace(state, step="detail", asked=state.queue[0], queue=state.queue[1:])
        return replace(state, step="list" if self._left(state) else "done", asked="")

    def _answered(self, state: State, group: str, text: str) -> State:
        """*text* told about *group*: by the contraindications that it names, else by what the group says."""
        of_group = [one for one in self._known.values() if one.group == group]
        read = self._screen.read(text).rules
        named = [one for one in of_group if one.id in read] or (of_group if len(of_group) == 1 else [])
        action = _most_careful([one.action for one in named] or [self._check.groups[group].action])
        answer = {"group": group, "rules": [one.id for one in named], "action": action, "said": text[:LONGEST]}
        return replace(state, answers=(*state.answers, answer))

    def _left(self, state: State) -> list[Group]:
        """Groups that were not told about yet."""
        told = {answer["group"] for answer in state.answers} | {self._known[rule].group for rule in state.known}
        return [group for group in self._check.groups.values() if group.id not in told]

    # -- what it comes to --------------------------------------------------------------------------------

    def outcome(self, state: State) -> Outcome:
        if state.refused:
            return "refused"
        actions = [*(answer["action"] for answer in state.answers), *(self._known[rule].action for rule in state.known)]
        return _most_careful(actions) if actions else "fine"

    def says(self, state: State) -> str:
        """What the visitor hears about the outcome before everything is read back; empty if nothing applies."""
        outcome, lines = self.outcome(state), self._check.lines
        if outcome in ("fine", "refused"):
            return "" if outcome == "fine" else lines["refused"]
        if outcome == "decline" and any(a["group"] == SEEN_BY and a["action"] == "decline" for a in state.answers):
            return lines["declined"].format(then=lines["see_first"])
        applies = [self._known[rule] for rule in self._rules_of(state) if self._known[rule].action == outcome]
        then = " ".join(dict.fromkeys(one.then for one in applies)) or lines[f"{outcome}_unknown"]
        return lines[{"decline": "declined"}.get(outcome, outcome)].format(then=then)

    def record(self, state: State) -> dict[str, Any]:
        """What goes with the request to staff: structured, complete, and never into a log."""
        return {"wording": self._check.version, "consent": dict(state.consent), "outcome": self.outcome(state),
                "told_before": list(state.known), "answers": [dict(answer) for answer in state.answers],
                "names": [self._known[rule].name for rule in self._rules_of(state)]}

    def _rules_of(self, state: State) -> list[str]:
        return list(dict.fromkeys([*state.known, *(rule for answer in state.answers for rule in answer["rules"])]))

    def _names(self, told: Sequence[str]) -> str:
        and_ = str(self._screen.rules.advice["lines"]["and"])
        return and_.join(dict.fromkeys(self._known[rule].name for rule in told))


def _most_careful(actions: Sequence[Action]) -> Action:
    return max(actions, key=ACTIONS.index)
