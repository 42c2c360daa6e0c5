"""What a safety reading leaves behind, whoever made it: a trail, the conversation's level, somebody told."""
from collections.abc import Sequence
from datetime import datetime

from clinic.handoff import Handoff
from clinic.records import Locked, Records
from clinic.safety.reading import ALARMS
from clinic.safety.rules import Rule


async def keep(records: Records, handoff: Handoff, locked: Locked, n: int, met: Sequence[Rule], now: datetime) -> None:
    """Message *n* of the *locked* conversation met the rules *met*, the most urgent first; in this transaction."""
    if not met:
        return
    await records.firings.record(locked.id, locked.channel, n, met, now)
    await records.conversations.raise_level(locked, met[0].level, met[0].id)
    if met[0].level in ALARMS:
        await handoff.raise_alarm(records, locked.id, locked.channel, n, met[0].level, now)
