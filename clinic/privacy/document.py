"""A copy of all that is kept of one person, with what it is kept for: the document that they are given."""
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from clinic.knowledge.content import Content
from clinic.knowledge.frozen_json import to_plain


def document(content: Content, data: Mapping[str, Sequence[Mapping[str, Any]]], now: datetime) -> str:
    """JSON, which people and other programs can read: why each kind is kept and for how long, then every row."""
    clinic = content.clinic
    return json.dumps({
        "clinic": clinic.name, "made_at": now.isoformat(), "answers_for_it": to_plain(clinic.privacy) or clinic.mail,
        "kept_and_why": [{"kind": record.id, "what": record.what, "why": record.why, "basis": record.basis,
                          "condition": record.condition, "days": record.days} for record in content.privacy.records],
        "elsewhere": list(content.privacy.elsewhere), "data": data}, ensure_ascii=False, indent=1) + "\n"


def public_words(content: Content) -> str:
    """Contacts that are nobody's secret: the clinic's own, and numbers that it tells everybody."""
    clinic = content.clinic
    asked = [contact.contact for contact in (clinic.privacy, clinic.guardian) if contact]
    return " ".join([clinic.phone, clinic.mail, clinic.address, *asked])
