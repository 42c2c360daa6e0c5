"""Choices under a reply, in the clinic's words for what each means."""
from typing import Any

from clinic.visit import Visit

BOOKING = "book_appointment"


def offers(visit: Visit, *intents: str) -> list[dict[str, Any]]:
    """A choice for each of *intents* that the clinic has a label for.

    None to book where a red flag was raised: a person arranges that (SAFETY 4.2)."""
    labelled = [intent for intent in intents if intent in visit.knowledge.content.words.choices]
    return [offer(visit, intent) for intent in labelled if intent != BOOKING or not visit.alarmed]


def offer(visit: Visit, label: str, intent: str | None = None, **entities: str) -> dict[str, Any]:
    """A choice with the clinic's words for *label*: it means the intent of that name, or *intent*, with *entities*."""
    words = visit.knowledge.content.words.choices[label]
    return {"label": words, "means": {"intent": intent or label, "entities": entities}}
