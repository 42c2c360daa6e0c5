"""Fills what the clinic is called, and how to reach it, into any response of the domain."""
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker

from clinic.visit import current


class WordsOfClinic(TemplatedNaturalLanguageGenerator):
    """{clinic}, {phone}, {mail}, {next_read}, {privacy_role} and {privacy_contact} stand in every response; {where} is
    empty unless an action fills it."""

    async def generate(self, utter_action: str, tracker: DialogueStateTracker, output_channel: str,
                       **kwargs: Any) -> dict[str, Any] | None:
        async with current(tracker.sender_id) as visit:
            facts = visit.knowledge.content.clinic
            words = {"where": "", "clinic": facts.name, "phone": facts.phone, "mail": facts.mail,
                     "next_read": visit.handoff.next_read(visit.now),
                     "privacy_role": facts.privacy.role if facts.privacy else facts.name,
                     "privacy_contact": facts.privacy.contact if facts.privacy else facts.mail}
        return await super().generate(utter_action, tracker, output_channel, **{**words, **kwargs})
