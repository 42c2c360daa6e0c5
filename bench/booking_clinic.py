"""A clinic for the booking drills: the sample with this book as its one diary, so that a yes is an appointment."""
import shutil
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from clinic.booking.availability import Availability
from clinic.booking.opening import Opening
from clinic.knowledge.content import load
from clinic.knowledge.practice import ClinicFacts, Service
from clinic.settings import ROOT

SERVICE = "sports-massage-60"


def write_clinic(folder: Path, people: int, hold_minutes: int) -> ClinicFacts:
    """The sample's content in *folder*, with *people* who work whenever it is open; its facts as they are read."""
    shutil.copytree(ROOT / "content", folder)
    file = folder / "clinic.yml"
    facts: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    facts["booking"] |= {"only_diary": True, "hold_minutes": hold_minutes}
    for service in facts["services"]:
        service["booking"] = "confirm"
    facts["people"] = [{"id": f"therapist-{number}", "role": "a therapist"} for number in range(people)]
    file.write_text(yaml.safe_dump(facts, sort_keys=False), encoding="utf-8")
    return load(folder).clinic


def service_of(clinic: ClinicFacts) -> Service:
    return next(service for service in clinic.services if service.id == SERVICE)


def apart(clinic: ClinicFacts, now: datetime) -> Sequence[Opening]:
    """Openings of the first therapist that leave each other alone, from tomorrow on."""
    service = service_of(clinic)
    tomorrow = datetime.combine(now.astimezone(clinic.zone).date() + timedelta(days=1), time.min, clinic.zone)
    free: list[Opening] = []
    for opening in Availability(clinic).openings(service, (), now, therapists=[clinic.people[0].id]):
        if opening.starts >= tomorrow and (not free or opening.starts >= free[-1].starts + service.takes):
            free.append(opening)
    return free
