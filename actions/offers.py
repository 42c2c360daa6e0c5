"""Choices under a reply, in the clinic's words for what each means."""
from typing import Any

from clinic.visit import Visit

BOOKING = "book_appointment"


def offers(visit: Visit, *intents: str) -> list[dict[str, Any]]:
    """A choice for each of *intents* that the clinic has a label for.

    None to book where a red flag was raised: a person arranges that (SAFETY 4.2)."""
    labelled = [intent for intent in intents if intent in visit.knowledge.content.words.choices]
    return [offer(visit, intent) for intent in labelled if intent != BOOKING or not visit.alarmed]


def offer(visit: Visit, intent: str, **entities: str) -> dict[str, Any]:
    """A choice that means *intent* with *entities*."""
    return {"label": visit.knowledge.content.words.choices[intent], "means": {"intent": intent, "entities": entities}}
