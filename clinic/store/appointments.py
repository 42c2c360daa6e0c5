"""Appointments as they are read from their table, for whoever reads the book."""
from typing import Any

from sqlalchemy import Row, Select, not_, select

from clinic.booking.appointment import Appointment
from clinic.store.booking_tables import AppointmentRow, ResourceRow
from clinic.store.tables import table_of

ROW, RESOURCE = table_of(AppointmentRow), table_of(ResourceRow)
REHEARSAL = "cli/"
"""Before a therapist's name: what the command line books for itself takes nobody's time."""
REAL = not_(RESOURCE.c.key.startswith(REHEARSAL))
"""Without what the command line booked for itself."""


def appointments() -> Select[Any]:
    """Rows that `appointment_of` reads."""
    return select(ROW, RESOURCE.c.key).join(RESOURCE, RESOURCE.c.id == ROW.c.resource)


def appointment_of(row: Row[Any]) -> Appointment:
    return Appointment(row.id, row.reference or "", row.state, row.service, row.key.removeprefix(REHEARSAL),
                       row.starts, row.ends, row.name, row.contact, row.conversation, row.held_until, row.wish,
                       row.screening, row.version, row.place or "")
