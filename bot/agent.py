"""The trained Rasa model, run in this process: one message in, replies and the new dialogue state out."""
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent as RasaAgent
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.choosing import Choosing
from bot.clean import clean
from bot.danger import DANGER
from bot.expecting import as_expected, asked_for
from bot.in_process import RUNNING, SERVED, Collector, LocalActions, RunningTurn, SenderLocks, TurnTrackerStore, quiet
from bot.naming import Naming
from bot.placing import Placing
from bot.questions import Questions
from bot.rule_lookup import RuleLookup
from bot.signs import Signs
from bot.spoken import to_reply
from bot.words_of_clinic import WordsOfClinic
from clinic.conversation import Reply, Waiting
from clinic.errors import NotReady
from clinic.safety.reading import HELPED, Reading
from clinic.visit import Answered, Visit, enter

Parse = dict[str, Any]
NOTHING_SAID: Parse = {"intent": {"name": "nonsense", "confidence": 1.0}, "entities": [], "text": "",
                       "intent_ranking": []}
"""How a message without a single readable character is understood."""


class Agent:
    """Load once; `answer` as often as you like, from any task. Free of state between messages."""

    def __init__(self, rasa: RasaAgent, choosing: Choosing) -> None:
        assert rasa.processor
        self._processor = rasa.processor
        self._choosing, self._naming, self._placing = choosing, Naming.load(), Placing.load()
        self._signs = Signs.load()
        self._questions = Questions.load(self.parse)

    @classmethod
    def load(cls, model: Path) -> "Agent":
        """Raises NotReady where there is no model yet."""
        if not model.is_file():
            raise NotReady(f"There is no trained model at {model}. `frontdesk train` makes one.")
        quiet()
        rasa = RasaAgent.load(str(model), tracker_store=TurnTrackerStore(domain=None),
                              lock_store=SenderLocks(), action_endpoint=LocalActions())
        assert rasa.processor
        rasa.processor.nlg = WordsOfClinic(rasa.processor.domain.responses)
        for policy in rasa.processor.graph_runner.components():
            if isinstance(policy, RulePolicy):
                policy._get_possible_keys = RuleLookup(policy)  # type: ignore[method-assign]
        # Our own model reads what it was trained on. To look, Rasa would make a domain for each message.
        rasa.processor._check_for_unseen_features = lambda parse: None  # type: ignore[method-assign]
        # Rasa wraps the store in one that swallows a failing save and goes on in memory.
        store = TurnTrackerStore(domain=rasa.processor.domain)
        rasa.tracker_store = rasa.processor.tracker_store = store
        return cls(rasa, Choosing.load())

    async def parse(self, text: str) -> Parse:
        """How *text* is understood: intent, ranking, out-of-scope score, entities."""
        text = clean(text)
        return await self._processor.parse_message(UserMessage(text)) if text else dict(NOTHING_SAID)

    async def answer(self, visit: Visit) -> Answered:
        """The replies to the visit's message. Raises whatever an action or the tracker store raised."""
        enter(visit)
        running = RunningTurn(visit.waiting.tracker)
        RUNNING.set(running)
        replies: list[Reply] = []
        whole, parts = await self._understand(visit)
        if danger := self._second_reading(visit, whole):
            return replace(await self.set_aside(visit), danger=danger)
        asks = visit.screen.asks(self._first_reading(visit), whole.get(DANGER, {}))
        for text, parse in parts:
            said = await self._say(visit, text, parse, running)
            replies = [reply for reply in replies if reply not in said] + said  # an open form asks after each part
        return Answered(tuple(replies), _short(whole), running.tracker, asks=asks)

    async def danger(self, visit: Visit) -> Reading | None:
        """What the second reader raises the visit's message to, if it does."""
        if visit.waiting.choice is not None:
            return None
        return self._second_reading(visit, await self.parse(visit.waiting.text))

    async def together(self, visit: Visit, following: Sequence[Waiting]) -> int:
        """How many of the messages *following* the visit's own are one thought with it: at most one of them all asks or
        wants something. Answers to what was asked, choices by their names, and what may be danger stand alone."""
        if asked_for(visit.waiting.tracker):
            return 0
        told, count, heavy = {f"ask_{need}" for need in visit.knowledge.content.words.needs}, 0, 0
        for place, one in enumerate((visit.waiting, *following)):
            parse = await self.parse(one.text)
            if self._choosing.names(one.text, visit) or self._second_reading(replace(visit, waiting=one), parse):
                break
            heavy += self._questions.weighs(clean(one.text), parse, told)
            if heavy > 1:
                break
            count = place
        return count

    async def set_aside(self, visit: Visit) -> Answered:
        """Help came first: close whatever form is open, say nothing."""
        running = RunningTurn(visit.waiting.tracker)
        RUNNING.set(running)
        sender = str(visit.waiting.conversation)
        store = self._processor.tracker_store
        tracker = await store.retrieve(sender) or DialogueStateTracker(sender, self._processor.domain.slots)
        tracker.update_with_events([ActiveLoop(None), SlotSet("requested_slot", None),
                                    ActionExecuted(ACTION_LISTEN_NAME)], self._processor.domain)
        await store.save(tracker)
        if running.failure:
            raise running.failure
        return Answered((), None, running.tracker)

    async def _understand(self, visit: Visit) -> tuple[Parse, list[tuple[str, Parse]]]:
        """How the whole message reads, and the parts that each get an answer."""
        waiting = visit.waiting
        text = self._signs.said(clean(waiting.text))
        meant = self._choosing.meant(replace(waiting, text=text), visit)
        if meant is not None:
            return meant, [(text or meant["text"], meant)]
        whole = await self.parse(text)
        if asked_for(waiting.tracker) == "name":
            whole = self._naming.read(text, whole, visit.knowledge.content.clinic)
        if any(entity["entity"] == "name" for entity in whole["entities"]):
            return whole, [(text, whole)]
        expected = self._placing.read(asked_for(waiting.tracker), text, as_expected(waiting.tracker, text, whole),
                                      visit.knowledge.content.clinic)
        if expected is not whole:
            return expected, [(text, expected)]
        return whole, await self._questions.split(text, whole)

    def _second_reading(self, visit: Visit, parse: Parse) -> Reading | None:
        return visit.screen.second(self._first_reading(visit), parse.get(DANGER, {}))

    def _first_reading(self, visit: Visit) -> Reading:
        return Reading(visit.waiting.level, general=visit.waiting.helped and visit.waiting.level not in HELPED)

    async def _say(self, visit: Visit, text: str, parse: Parse, running: RunningTurn) -> list[Reply]:
        heard = Collector()
        await self._processor.handle_message(UserMessage(
            clean(text), heard, str(visit.waiting.conversation), parse_data=parse, input_channel=SERVED))
        if running.failure:
            raise running.failure
        return [to_reply(said) for said in heard.said]


def _short(parse: Parse) -> dict[str, Any]:
    intent = parse["intent"]
    return {"name": intent.get("name"), "confidence": round(float(intent.get("confidence") or 0), 4)}
