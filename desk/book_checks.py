"""What the book makes of the clinic's facts: appointments that a change strands, calendars elsewhere unread."""
from clinic.booking import spoken
from clinic.booking.elsewhere import lacking
from clinic.booking.stranded import stranded
from clinic.clock import Clock, utc_now
from clinic.errors import ClinicError
from clinic.knowledge.content import load
from clinic.knowledge.practice import ClinicFacts
from clinic.settings import Settings, login_name
from desk.checks import Finding
from desk.listing import book


async def stranded_lines(settings: Settings, clinic: ClinicFacts, clock: Clock = utc_now) -> list[str]:
    """A line for each appointment that stands, and would not be given by *clinic* as it is. None where there is no
    book yet."""
    if not settings.database_url and not (settings.home / "database").is_dir():
        return []
    async with book(settings) as unit:
        standing = await unit.ledger.standing(clock())
    return [f"{one.reference}, {spoken.there(spoken.in_full(one.starts, clinic.zone), one.place)}, "
            f"{one.name or 'no name'} ({one.contact or 'no contact'}): {why}"
            for one, why in stranded(standing, clinic)]


async def calendars(settings: Settings, clock: Clock = utc_now) -> Finding | None:
    """Whether the therapists' calendars elsewhere are known as they are now; None where nobody has one."""
    try:
        people = [person for person in load(settings.content).clinic.people if person.elsewhere]
        if not people:
            return None
        async with book(settings) as unit:
            lines = lacking([person.id for person in people], await unit.feeds.looks(), clock())
        lines += [f"{login_name(person.id)} is not set, and {person.id} has `caldav`" for person in people
                  if person.caldav and settings.login_of(person.id) is None]
    except ClinicError as error:
        return Finding("Calendars", False, f"can't be looked at: {str(error).splitlines()[0]}", "Mend what is named "
                       "above first.")
    return Finding("Calendars", not lines, "; ".join(lines) or f"{len(people)} read within the hour",
                   "A running server reads each every ten minutes. Check `calendar` in clinic.yml: it is a secret iCal "
                   "address. Until it is read again, times that were given away there may still be offered.")
