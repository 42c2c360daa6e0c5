"""Meta's error codes, as what they mean for a message (developers.facebook.com, Cloud API error codes)."""
from typing import Any

from channels.contract import Refusal

LATER = frozenset({1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 131057, 133004, 133016})
"""Too fast, or something on their side: it may be tried again."""
REASONS: dict[int, Refusal] = {
    0: "token", 3: "token", 10: "token", 102: "token", 190: "token", 131005: "token",
    131026: "address", 131021: "address", 131030: "address",
    131047: "window", 131050: "blocked",
}
PERMISSIONS = range(200, 300)
"""All of them: ours were withdrawn."""


def reason_of(code: Any) -> Refusal:
    """Why a message with error *code* will never get there."""
    if not isinstance(code, int):
        return "refused"
    return "token" if code in PERMISSIONS else REASONS.get(code, "refused")
