"""Openings: a therapist's working hours, minus what is taken, in steps, from the lead time up to the horizon; each at
the place where the therapist works then.

Hours are clock times at the clinic; here they become instants. A day on which the clocks change has an hour more or
less of them, and an appointment lasts as many minutes as any other."""
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from clinic.booking.opening import Opening, Taken
from clinic.knowledge.practice import ClinicFacts, Person, Service, WorksAt

Working = tuple[datetime, datetime, str]
"""From one instant to another, at the place of that id (empty at a clinic with one)."""


class Availability:
    """What can be offered, by the clinic's own facts."""

    def __init__(self, clinic: ClinicFacts) -> None:
        self._clinic = clinic
        self._people = {person.id: person for person in clinic.people}

    def who(self, service: Service, gender: str | None = None) -> list[str]:
        """The therapists who give *service*, by id; only those of *gender* where one is asked for."""
        able = service.by or tuple(self._people)
        return [key for key in able if gender is None or self._people[key].gender == gender]

    def window(self, now: datetime) -> tuple[datetime, datetime]:
        """From when until when anything is offered at *now*."""
        terms = self._clinic.booking
        last = now.astimezone(self._clinic.zone).date() + timedelta(days=terms.horizon_days)
        return now + timedelta(hours=terms.lead_hours), self._instant(last, time.min)

    def openings(self, service: Service, taken: Iterable[Taken], now: datetime, *,
                 days: tuple[date, date] | None = None, therapists: Sequence[str] | None = None,
                 at: Sequence[str] = ()) -> list[Opening]:
        """Every opening for *service* at *now*, the soonest first; of *days*, the last one included, where given; at
        the places of the ids *at*, none for any.

        *taken*: at least what is taken in that time."""
        earliest, latest = self.window(now)
        first, last = (moment.astimezone(self._clinic.zone).date() for moment in (earliest, latest))
        if days:
            first, last = max(first, days[0]), min(last, days[1])
        busy = _by_therapist(taken)
        found = [opening for key in (self.who(service) if therapists is None else therapists)
                 for span in self._working(self._people[key], first, last)
                 if not at or span[2] in at
                 if not service.at or span[2] in service.at
                 for opening in self._in(span, service, key, busy.get(key, ()), earliest, latest)]
        return sorted(found)

    def still_offered(self, service: Service, opening: Opening, now: datetime) -> bool:
        """Whether *opening* is a time at which the clinic works at all, whoever may have it."""
        day = opening.starts.astimezone(self._clinic.zone).date()
        return opening in self.openings(service, (), now, days=(day, day), therapists=[opening.therapist])

    def works(self, therapist: str, starts: datetime, ends: datetime) -> bool:
        """Whether *therapist* works from *starts* to *ends*; somebody who is not in `people` never does."""
        return self.where(therapist, starts, ends) is not None

    def where(self, therapist: str, starts: datetime, ends: datetime) -> str | None:
        """The place at which *therapist* works from *starts* to *ends*, by its id; None where they don't work."""
        person = self._people.get(therapist)
        if person is None:
            return None
        first, last = (moment.astimezone(self._clinic.zone).date() for moment in (starts, ends))
        return next((place for begins, closes, place in self._working(person, first, last)
                     if begins <= starts and ends <= closes), None)

    def _working(self, person: Person, first: date, last: date) -> Iterator[Working]:
        """When *person* works from *first* to *last*, and where: their own hours, within those of the place."""
        for days in range((last - first).days + 1):
            day = first + timedelta(days=days)
            if person.is_off(day):
                continue
            for there in person.at or (WorksAt("", person.hours),):
                place = self._clinic.place(there.place)
                opens = ((place and place.opening_hours) or self._clinic.opening_hours).on(day)
                for span in opens if there.hours is None else there.hours.on(day):
                    for around in opens:
                        begins, ends = max(span.opens, around.opens), min(span.closes, around.closes)
                        if begins < ends:
                            yield self._instant(day, begins), self._instant(day, ends), there.place

    def _instant(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self._clinic.zone).astimezone(UTC)

    def _in(self, span: Working, service: Service, therapist: str, busy: Sequence[Taken],
            earliest: datetime, latest: datetime) -> Iterator[Opening]:
        step = timedelta(minutes=self._clinic.booking.every_minutes)
        length, needed = timedelta(minutes=service.length_minutes), service.takes
        starts, closes, place = span
        n = 0
        while starts + length <= closes:
            until = starts + needed
            while n < len(busy) and busy[n].ends <= starts:
                n += 1
            if n < len(busy) and busy[n].starts < until:
                starts += step * max(1, -(-(busy[n].ends - starts) // step))  # on to the first step after it
                continue
            if earliest <= starts < latest:
                yield Opening(starts, starts + length, therapist, service.id, place)
            starts += step


def _by_therapist(taken: Iterable[Taken]) -> Mapping[str, list[Taken]]:
    busy: dict[str, list[Taken]] = defaultdict(list)
    for one in taken:
        busy[one.therapist].append(one)
    for times in busy.values():
        times.sort(key=lambda one: one.starts)
    return busy
