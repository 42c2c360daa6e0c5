"""Facts of the clinic, as values for a sentence of the domain. One left out is None, never a guess."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from clinic.knowledge.complaints import words_of
from clinic.knowledge.content import Content
from clinic.knowledge.dates import asked_day
from clinic.knowledge.hours import WEEKDAYS, Hours, Span
from clinic.knowledge.naming_places import named_places
from clinic.knowledge.practice import ClinicFacts, Person, Place, Service

# A fact that is one text of clinic.yml, under its own name.
_TEXTS = ("parking", "access", "payment", "insurance", "cancellation", "vouchers")


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact by name, which of its wordings fits, and the values to fill into it.

    `form` is the name again where there is only one wording; the domain has a response for each form."""

    name: str
    form: str
    values: dict[str, str]


BY_PLACE = ("address", "parking", "access", "hours")
"""Facts that each place of a clinic has for itself."""


def told_at(content: Content, name: str, text: str, now: datetime) -> list[tuple[str, Fact | None]]:
    """The fact that *text* asks for, at each place that it names, else at all; with what the place is called, empty
    where that makes no difference."""
    clinic = content.clinic
    if name not in BY_PLACE or len(clinic.places) < 2:
        return [("", fact(content, name, text, now))]
    named = named_places(clinic.places, text).places
    told = [(place.name, fact(content, name, text, now, place)) for place in clinic.places
            if not named or place.id in named]
    same = not named and all(one == told[0][1] for _, one in told)
    return [("", told[0][1])] if same else told


def fact(content: Content, name: str, text: str, now: datetime, at: Place | None = None) -> Fact | None:
    """The fact that *text* asks for (*name*: an intent without `fact_`), *at* one place where there are several; None
    where the clinic left it out.

    *now* is an aware instant; days and times in the values are the clinic's own."""
    clinic = content.clinic.at(at) if at else content.clinic
    if name in _TEXTS:
        told = clinic.texts.get(name)
        return Fact(name, name, {name: told}) if told else None
    readers = {
        "prices": _prices,
        "services": _services,
        "address": _address,
        "contact": _contact,
        "therapists": _therapists,
    }
    if name == "hours":
        return _hours(clinic, text, now.astimezone(clinic.zone))
    return readers[name](clinic, text) if name in readers else None


def pounds(pence: int) -> str:
    """45 pounds as \u00a345, and 37 pounds 50 as \u00a337.50."""
    return f"\u00a3{pence // 100}" if pence % 100 == 0 else f"\u00a3{pence / 100:.2f}"


def clock_time(moment: time) -> str:
    """9am, 1.30pm, noon is 12pm."""
    hour, half = (moment.hour % 12 or 12), "am" if moment.hour < 12 else "pm"
    return f"{hour}.{moment.minute:02}{half}" if moment.minute else f"{hour}{half}"


def day_words(day: date) -> str:
    """Friday 1 January, without the year."""
    return f"{WEEKDAYS[day.weekday()].capitalize()} {day.day} {day:%B}"


def named_service(clinic: ClinicFacts, text: str) -> Service | None:
    """The service whose name, or another word for it, *text* has; the longest match where several do."""
    asked = f" {' '.join(words_of(text))} "
    fitting = [
        (len(form), service)
        for service in clinic.services
        for form in (service.name, *service.also)
        if f" {' '.join(words_of(form))} " in asked
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def _prices(clinic: ClinicFacts, text: str) -> Fact | None:
    if not clinic.services:
        return None
    service = named_service(clinic, text)
    if service is not None and len(words_of(service.name)) > 1:
        values = {
            "service": service.name,
            "price": pounds(service.price_pence),
            "minutes": str(service.length_minutes),
        }
        return Fact("prices", "price_of_one", values)
    lines = [f"{service.name}: {pounds(service.price_pence)}" for service in clinic.services]
    return Fact("prices", "prices", {"price_list": "\n".join(lines)})


def _services(clinic: ClinicFacts, _: str) -> Fact | None:
    lines = [
        f"{service.name} ({service.purpose})" if service.purpose else service.name
        for service in clinic.services
    ]
    return Fact("services", "services", {"service_list": "\n".join(lines)}) if lines else None


def _address(clinic: ClinicFacts, _: str) -> Fact | None:
    values = {
        "address": clinic.address,
        "map": clinic.texts.get("map", ""),
        "directions": clinic.texts.get("directions", ""),
    }
    return Fact("address", "address", values) if clinic.address else None


def _contact(clinic: ClinicFacts, _: str) -> Fact | None:
    if not (clinic.phone or clinic.mail):
        return None
    return Fact("contact", "contact", {"phone": clinic.phone, "mail": clinic.mail})


def _therapists(clinic: ClinicFacts, _: str) -> Fact | None:
    lines = [
        ", ".join(part for part in (person.name, person.role, person.qualification, _works_at(clinic, person)) if part)
        for person in clinic.people
    ]
    return Fact("therapists", "therapists", {"therapist_list": "\n".join(lines)}) if lines else None


def _works_at(clinic: ClinicFacts, person: Person) -> str:
    return " / ".join(filter(None, (clinic.name_of(there.place) for there in person.at)))


def _hours(clinic: ClinicFacts, text: str, now: datetime) -> Fact | None:
    if not any(clinic.opening_hours.week):
        return None
    day = asked_day(text, now, clinic.opening_hours.holidays)
    if day is None:
        return Fact(
            "hours",
            "hours",
            {
                "hours_list": "\n".join(week_lines(clinic.opening_hours)),
                "reception_list": "\n".join(week_lines(clinic.reception_hours)),
            },
        )
    spans, holiday = clinic.opening_hours.on(day), clinic.opening_hours.holiday(day)
    values = {
        "day": _near(day, now.date()),
        "hours": spans_words(spans),
        "holiday": holiday.name if holiday else "",
    }
    return Fact("hours", "open_that_day" if spans else "closed_that_day", values)


def _near(day: date, today: date) -> str:
    near = {today: "today", today + timedelta(days=1): "tomorrow"}
    return f"{near[day]}, {day_words(day)}" if day in near else day_words(day)


def spans_words(spans: tuple[Span, ...]) -> str:
    """9am to 1pm, 2pm to 6pm."""
    return ", ".join(f"{clock_time(span.opens)} to {clock_time(span.closes)}" for span in spans)


def week_lines(hours: Hours) -> Iterator[str]:
    """One line a run of days with the same hours: `Monday to Thursday: 9am to 8pm`; none if closed."""
    start = 0
    for day in range(1, 8):
        if day == 7 or hours.week[day] != hours.week[start]:
            first, last = WEEKDAYS[start].capitalize(), WEEKDAYS[day - 1].capitalize()
            if hours.week[start]:
                days = first if start == day - 1 else f"{first} to {last}"
                yield f"{days}: {spans_words(hours.week[start])}"
            start = day
