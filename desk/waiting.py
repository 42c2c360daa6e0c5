"""`frontdesk book waiting`: the waiting list as staff read it."""
from zoneinfo import ZoneInfo

from clinic.booking import spoken
from clinic.booking.opening import read_key
from clinic.booking.waiting import InLine
from clinic.settings import Settings
from desk.booking import at_desk
from desk.listing import console_for, table


async def show(settings: Settings) -> None:
    """Print it, whoever is first in line first."""
    async with at_desk(settings) as desk:
        places, zone = await desk.unit.waiting_list.everybody(), desk.clinic.zone
    console = console_for()
    listed = table("Waiting for a time", "Since", "For", "State", "Name", "Contact", "Conversation")
    for place in places:
        wanted = place.wanted
        whom = f", with a {wanted.gender}" if wanted.gender else ""
        where = f" (at {', '.join(wanted.at)})" if wanted.at else ""
        instead = f", instead of {wanted.moving}" if wanted.moving else ""
        listed.add_row(spoken.in_short(place.since, zone), f"{wanted.service}: {wanted.words}{whom}{where}{instead}",
                       _state(place, zone), wanted.name or "", wanted.contact or "", str(place.conversation))
    console.print(listed)
    if not places:
        console.print("  nobody")


def _state(place: InLine, zone: ZoneInfo) -> str:
    if place.alarmed:
        return "a person arranges it (red flag)"
    if place.opening and place.offered_until:
        named = read_key(place.opening)
        when = spoken.there(spoken.in_short(named.starts, zone), named.place)
        return f"{when}, {named.therapist}: kept until {place.offered_until.astimezone(zone):%H:%M}"
    return f"waits until {spoken.in_short(place.until, zone)}"
