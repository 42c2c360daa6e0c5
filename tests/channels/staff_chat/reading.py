"""What a visitor asks, and what came of it at the clinic."""


from clinic.conversation import Message
from tests.channels.kit.member import told
from tests.channels.kit.provider import Taken
from tests.channels.kit.visitor import (
    OnAMessenger,
)

WISH = "can i talk to a person please, my groin is sore"
"""What a visitor writes; the group is not to read of it."""


async def asks(visitor: OnAMessenger, said: str = WISH) -> Taken:
    """The visitor asks for a person; the notice of it."""
    before = len(await told(visitor.house, visitor.provider))
    await visitor.says(said)
    await visitor.heard()
    return (await told(visitor.house, visitor.provider))[before]


async def said(visitor: OnAMessenger) -> list[Message]:
    async with visitor.house.store.begin() as unit:
        return await unit.messages.after(await visitor.conversation(), 0)


async def from_people(visitor: OnAMessenger) -> list[str]:
    return [one.text for one in await said(visitor) if one.sender == "person"]


async def held(visitor: OnAMessenger) -> bool:
    async with visitor.house.store.begin() as unit:
        return (await unit.conversations.lock(await visitor.conversation())).held_by_staff


async def log_of(visitor: OnAMessenger) -> list[tuple[str, str, str]]:
    async with visitor.house.store.begin() as unit:
        return [(one.by, one.did, one.page) for one in await unit.audit.entries(await visitor.conversation())]
