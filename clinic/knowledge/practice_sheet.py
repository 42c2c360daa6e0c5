"""`clinic.yml`, read: what is wrong in it is noted on its sheet, with line and remedy."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from clinic.knowledge.hours import NATIONS, Holiday, Hours, read_holidays, read_hours
from clinic.knowledge.places_sheet import TEXTS, read_at, read_places, read_works_at
from clinic.knowledge.practice import LOOPBACK, ClinicFacts, Complaint, Contact, Person, Place, Service, Terms
from clinic.knowledge.sheet import Sheet

_TEXTS = (
    *TEXTS,
    "payment",
    "insurance",
    "cancellation",
    "vouchers",
    "website",
)

BOOKED_BY = ("request", "confirm", "link")


def read_clinic(sheet: Sheet) -> ClinicFacts:
    """The facts on *sheet*; whatever is wrong is noted there, and stands in the result as empty."""
    holidays = read_holidays(sheet.sheets("holidays"))
    nation = sheet.one_of("bank_holidays", tuple(NATIONS)) if "bank_holidays" in sheet else ""
    terms = _terms(sheet)
    places = tuple(read_places(_named(sheet, "places"), holidays, nation))
    people = tuple(_people(sheet, tuple(place.id for place in places)))
    facts = ClinicFacts(
        sample=sheet.switch("sample"),
        name=sheet.text("name"),
        scope=sheet.text("scope"),
        timezone=_timezone(sheet),
        address=sheet.text("address", required=not places) or _addresses(places),
        phone=sheet.text("phone"),
        mail=sheet.text("mail"),
        opening_hours=(Hours(((),) * 7, holidays, nation) if _each_has_hours(sheet, places)
                       else _hours(sheet, "opening_hours", holidays, nation)),
        reception_hours=_hours(sheet, "reception_hours", holidays, nation),
        services=tuple(_services(sheet, terms, {person.id for person in people}, [place.id for place in places])),
        people=people,
        places=places,
        booking=terms,
        two_for_health=sheet.switch("two_for_health"),
        complaints=tuple(_complaints(sheet)),
        guardian=_contact(sheet, "guardian"),
        privacy=_contact(sheet, "privacy"),
        texts={key: text for key in _TEXTS if (text := sheet.text(key, required=False))},
    )
    sheet.done()
    return facts


def _addresses(places: tuple[Place, ...]) -> str:
    """All of them in one line, for a letter that is about none."""
    return "; ".join(f"{place.name}, {place.address}" for place in places)


def _each_has_hours(sheet: Sheet, places: tuple[Place, ...]) -> bool:
    return "opening_hours" not in sheet and bool(places) and all(place.opening_hours for place in places)


def _timezone(sheet: Sheet) -> str:
    name = sheet.text("timezone")
    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        sheet.note(
            f"{name!r} is not a time zone", "Write one such as Europe/London", sheet.line_of("timezone")
        )
        return "UTC"
    return name or "UTC"


def _hours(sheet: Sheet, key: str, holidays: tuple[Holiday, ...], nation: str) -> Hours:
    if key not in sheet:
        sheet.sheet(key)
        return Hours(week=((),) * 7)
    return read_hours(sheet.sheet(key), holidays, nation)


def _services(sheet: Sheet, terms: Terms, people: set[str], places: list[str]) -> Iterator[Service]:
    for entry in _named(sheet, "services"):
        service = Service(
            id=entry.text("id"),
            name=entry.text("name"),
            also=entry.words("also"),
            length_minutes=round(entry.number("length_minutes")),
            price_pence=round(100 * entry.number("price_gbp")),
            purpose=entry.text("for", required=False),
            buffer_minutes=_whole(entry, "buffer_minutes", 0),
            booking=entry.one_of("booking", BOOKED_BY) if "booking" in entry else "request",
            link=entry.text("link", required=False),
            by=entry.words("by"),
            at=read_at(entry, places),
        )
        _check_booking(entry, service, terms, people)
        entry.done()
        yield service


def _check_booking(entry: Sheet, service: Service, terms: Terms, people: set[str]) -> None:
    for key in service.by:
        if key not in people:
            entry.note(f"`by` names {key!r}, who is not in `people`", "Use an id from there", entry.line_of("by"))
    if service.booking == "link" and not service.link.startswith("https://"):
        entry.note("`booking: link` needs an address", "Add `link: https://...`", entry.line_of("booking"))
    if service.booking == "confirm" and not terms.only_diary:
        entry.note(
            "`booking: confirm` promises times that another diary may have given away",
            "Set `only_diary: true` under `booking` once this book is the clinic's one diary, or use request",
            entry.line_of("booking"),
        )


def _terms(sheet: Sheet) -> Terms:
    if "booking" not in sheet:
        sheet.text("booking", required=False)
        return Terms()
    entry, usual = sheet.sheet("booking"), Terms()
    terms = Terms(
        lead_hours=_number(entry, "lead_hours", usual.lead_hours),
        horizon_days=_whole(entry, "horizon_days", usual.horizon_days),
        hold_minutes=_whole(entry, "hold_minutes", usual.hold_minutes),
        waiting_minutes=max(15, _whole(entry, "waiting_minutes", usual.waiting_minutes)),
        every_minutes=max(5, _whole(entry, "every_minutes", usual.every_minutes)),
        change_hours=_number(entry, "change_hours", usual.change_hours),
        only_diary=entry.switch("only_diary"),
        wear=entry.text("wear", required=False),
        companion=entry.text("companion", required=False),
        calendar_names=entry.switch("calendar_names"),
    )
    entry.done()
    return terms


def _number(entry: Sheet, key: str, usual: float) -> float:
    found = entry.value(key)
    return usual if found is None else 0.0 if found == 0 else entry.number(key)


def _whole(entry: Sheet, key: str, usual: int) -> int:
    return round(_number(entry, key, usual))


def _people(sheet: Sheet, places: tuple[str, ...]) -> Iterator[Person]:
    for entry in _named(sheet, "people"):
        at = read_works_at(entry, places) if places else ()
        yield Person(
            id=entry.text("id"),
            role=entry.text("role"),
            qualification=entry.text("qualification", False),
            gender=entry.text("gender", False),
            name=entry.text("name", False),
            hours=read_hours(entry.sheet("hours"), ()) if "hours" in entry and not places else None,
            days_off=tuple(_absences(entry)),
            calendar=_calendar(entry, "calendar"),
            caldav=_calendar(entry, "caldav"),
            at=at,
        )
        entry.done()


def _calendar(entry: Sheet, key: str) -> str:
    address = entry.text(key, required=False)
    parts = urlsplit(address)
    if address and not (parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and
                                                                        parts.hostname in LOOPBACK))):
        entry.note(f"`{key}` needs an address that begins with https://",
                   "Use the one that the calendar's settings show", entry.line_of(key))
    if key == "caldav" and address and entry.value("calendar"):
        entry.note("a calendar is either read (`calendar`) or read and written (`caldav`)", "Keep one of the two",
                   entry.line_of(key))
    return address


def _absences(sheet: Sheet) -> Iterator[tuple[date, date]]:
    for entry in sheet.sheets("days_off"):
        first = entry.day("from", required=True)
        last = entry.day("to") or first
        entry.done()
        if first and last and last < first:
            entry.note(f"{last} is before {first}", "Put the first day under `from`, the last under `to`")
        elif first and last:
            yield first, last


def _complaints(sheet: Sheet) -> Iterator[Complaint]:
    for key in ("sees", "does_not_see"):
        for entry in _named(sheet, key):
            yield Complaint(
                id=entry.text("id"),
                name=entry.text("name"),
                also=entry.words("also"),
                general=entry.switch("general"),
                seen=key == "sees",
                in_passing=entry.words("in_passing"),
            )
            entry.done()


def _contact(sheet: Sheet, key: str) -> Contact | None:
    if key not in sheet:
        sheet.text(key, required=False)
        return None
    entry = sheet.sheet(key)
    contact = Contact(role=entry.text("role"), contact=entry.text("contact"))
    entry.done()
    return contact


def _named(sheet: Sheet, key: str) -> Iterator[Sheet]:
    seen: set[str] = set()
    for entry in sheet.sheets(key):
        name = str(entry.value("id") or "")
        if name in seen:
            entry.note(f"the id {name!r} is used twice in `{key}`", "Give each its own id")
        seen.add(name)
        yield entry
