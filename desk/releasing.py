"""A person has dealt with a red flag: the conversation goes on. For the command line and the console alike."""
from datetime import datetime
from uuid import UUID

from clinic.errors import ClinicError
from clinic.safety.reading import ALARMS
from clinic.store.unit import Unit


class NothingRaised(ClinicError):
    """No red flag waits in that conversation."""


async def release_level(unit: Unit, conversation: UUID, by: str, now: datetime) -> None:
    """What was said until now raises nothing any more. Raises NothingRaised, ConversationUnknown."""
    locked = await unit.conversations.lock(conversation)
    if locked.level not in ALARMS:
        raise NothingRaised(f"No red flag waits in conversation {conversation}.")
    await unit.firings.released(locked, by, now)
    await unit.conversations.release(locked)
    await unit.cases.close_alarms(conversation, by, now)
