"""`privacy.yml`: what is kept about whom, why it may be, and for how long. Nothing of it is assumed."""
from dataclasses import dataclass
from datetime import timedelta

from clinic.knowledge.sheet import Sheet

KINDS = ("conversations", "requests", "appointments", "safety", "answers", "work", "staff", "log", "receipts")
"""What the program keeps about people; which tables each is in stands in `clinic/store/holdings.py`."""
BASES = ("consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interests")
"""Lawful bases: UK GDPR, article 6(1)."""
CONDITIONS = ("none", "explicit_consent", "health_care", "vital_interests", "legal_claims")
"""What allows health data to be kept: UK GDPR, article 9(2). `none`: there is no health data in it."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """One kind of record. `told`: how a visitor is told of it, in a line; empty where it is not about visitors."""

    id: str
    what: str
    why: str
    basis: str
    condition: str
    days: int
    on_request: str
    told: str

    @property
    def time(self) -> timedelta:
        """How long after the last that happened there."""
        return timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Register:
    """All of `privacy.yml`. `elsewhere`: copies that no command of ours reaches, and what becomes of them."""

    checked_by: str
    records: tuple[Keeping, ...]
    elsewhere: tuple[str, ...]

    def of(self, kind: str) -> Keeping:
        return next(record for record in self.records if record.id == kind)

    def told(self) -> list[str]:
        """What a visitor is told is kept, a line each."""
        return [record.told for record in self.records if record.told]


def read_register(sheet: Sheet) -> Register:
    """The register on *sheet*: every kind of record once, and none that the program does not keep."""
    records = sheet.sheet("records")
    for key in records:
        if key not in KINDS:
            records.note(f"`{key}` is not a kind of record that is kept here", f"Known are: {', '.join(KINDS)}",
                         records.line_of(key))
    found = tuple(_keeping(kind, records.sheet(kind)) for kind in KINDS)
    register = Register(sheet.text("checked_by", required=False), found, sheet.words("elsewhere", required=True))
    sheet.done()
    return register


def _keeping(kind: str, sheet: Sheet) -> Keeping:
    days = sheet.number("keep_days")
    if days != int(days):
        sheet.note("`keep_days` should be whole days", "Write a number such as 365", sheet.line_of("keep_days"))
    keeping = Keeping(kind, sheet.text("what"), sheet.text("why"), sheet.one_of("basis", BASES),
                      sheet.one_of("condition", CONDITIONS), int(days), sheet.text("on_request"),
                      sheet.text("told", required=False).replace("{days}", str(int(days))))
    sheet.done()
    return keeping
