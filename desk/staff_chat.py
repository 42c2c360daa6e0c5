"""`frontdesk channels groups`, and whether the staff's Telegram group can be written to."""
from typing import Any

from channels import rooms
from channels.contract import Answer, NotDelivered
from channels.courier import Courier
from channels.parcels import a_map
from channels.telegram import Telegram, write
from clinic.settings import Settings
from desk.listing import NothingThere, book

GROUPS = ("group", "supergroup")


async def groups(settings: Settings) -> None:
    """Print the groups that the bot was put into, with their ids: one of them can be the staff's. Raises
    NothingThere."""
    telegram = rooms.set_up(settings).get("telegram")
    if not isinstance(telegram, Telegram):
        raise NothingThere("Telegram is not set up. `frontdesk channels add telegram` does that.")
    async with book(settings) as unit:
        known = await unit.correspondents.groups(telegram.name)
    found = [(group, chat["title"]) for group in known if (chat := await _chat(telegram, group))]
    for group, title in found:
        print(f"{group}  {title}{'  (the staff chat)' if group == telegram.staff_chat else ''}")
    print("Put the id of the one that only staff are in into .env, as TELEGRAM_STAFF_CHAT, and restart." if found else
          "The bot is in no group that it knows of: put it into one while the server runs, then ask again.")


async def standing(telegram: Telegram) -> str:
    """What the staff's group is called; empty where none is named. Raises NothingThere where it can't be written to."""
    if telegram.staff_chat is None:
        return ""
    if (chat := await _chat(telegram, telegram.staff_chat)) is None:
        raise NothingThere("the bot is not in the group that TELEGRAM_STAFF_CHAT names, or the group has another id "
                           "now: `frontdesk channels groups` lists those that it is in")
    return f"staff are told in {chat['title']}"


async def _chat(telegram: Telegram, group: int) -> dict[str, Any] | None:
    """Its type and title; None where the bot is not in it. Raises NotDelivered where Telegram can't be asked."""
    courier = Courier()
    try:
        answer = await courier.carry(telegram, write.about_chat(group))
    finally:
        await courier.close()
    if answer.status in (400, 403):
        return None
    chat = a_map(_taken(answer).body, "result")
    return {"title": str(chat.get("title", ""))} if chat.get("type") in GROUPS else None


def _taken(answer: Answer) -> Answer:
    """Raises NotDelivered."""
    if answer.status != 200:
        write.outcome(answer)
        raise NotDelivered("an answer that can't be read")
    return answer
