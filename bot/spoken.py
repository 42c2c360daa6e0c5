"""What Rasa said, as a reply: the kind and the words from the domain, proof and choices from the action."""
from typing import Any

from clinic.conversation import Offer, Reply


class KindMissing(ValueError):
    """A response in the domain has no `metadata: {kind: ...}`, so nobody can tell what it is."""


def to_reply(said: dict[str, Any]) -> Reply:
    """*said* as Rasa hands it to a channel. Raises KindMissing."""
    extra = said.get("custom") or {}
    kind = extra.get("kind") or (said.get("metadata") or {}).get("kind")
    if kind is None:
        raise KindMissing(said.get("utter_action") or "a reply without a name")
    offers = [Offer(o["label"], o["means"]) for o in extra.get("offers", ())]
    offers += [Offer(b["title"], {"intent": b["payload"].lstrip("/")}) for b in said.get("buttons") or ()]
    text = "\n".join(line.rstrip() for line in (said.get("text") or "").strip().splitlines())
    return Reply(kind, text, tuple(extra.get("citations", ())), tuple(offers))
