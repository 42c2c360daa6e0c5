"""Mail to a visitor about their appointment: one sentence, the calendar's invitation, how to reach the clinic.
Nothing of what they told, and not even what they come for."""
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from clinic.booking import ical, spoken
from clinic.booking.appointment import Appointment
from clinic.booking.contact import for_mail
from clinic.knowledge.content import Content

BODY = ("confirmed", "booked", "requested", "declined", "moved", "moved_request", "cancelled", "reminder")
"""What a mail can be about: `appointment_...` in words.yml."""


def sentence(content: Content, about: str, appointment: Appointment) -> str:
    """What there is to say of an appointment, in the clinic's words; *about* is one of BODY."""
    clinic = content.clinic
    who = next((person.role for person in clinic.people if person.id == appointment.therapist), "")
    return content.words.said[f"appointment_{about}"].format(
        when=spoken.when_and_where(clinic, appointment), who=who, address=clinic.address_of(appointment.place),
        clinic=clinic.name, reference=appointment.reference, phone=clinic.phone, mail=clinic.mail,
        terms=clinic.texts.get("cancellation", "")).strip()


def letter(content: Content, about: str, appointment: Appointment, *, sender: str, link: str, now: datetime,
           was_booked: bool) -> EmailMessage:
    """The mail to `appointment.contact`, an address. *was_booked*: it stood once, so that a calendar may have it."""
    clinic, said = content.clinic, content.words.said
    mail = EmailMessage()
    mail["From"] = formataddr((clinic.name, sender))
    mail["To"] = for_mail(appointment.contact or "")
    mail["Subject"] = said["mail_subject"].format(clinic=clinic.name, when=spoken.when_and_where(clinic, appointment))
    mail["Date"] = format_datetime(now)
    # The same again where it is sent a second time because nobody knows whether it got there.
    mail["Message-ID"] = f"<{appointment.reference}.{appointment.version}.{about}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine answers it
    text = [sentence(content, about, appointment)]
    if appointment.stands:
        text.append(said["calendar_link"].format(link=link))
    text.append(said["mail_close"].format(clinic=clinic.name, address=clinic.address_of(appointment.place),
                                          phone=clinic.phone, mail=clinic.mail))
    mail.set_content("\n\n".join(part.strip() for part in text) + "\n")
    if method := _method(about, appointment, was_booked):
        invitation = ical.invitation(appointment, content, sender, method, now).decode()
        mail.add_alternative(invitation, subtype="calendar", params={"method": method}, cte="base64")
    return mail


def _method(about: str, appointment: Appointment, was_booked: bool) -> str | None:
    """What the mail does to the visitor's calendar; None for nothing."""
    if appointment.state == "booked" and about != "reminder":
        return ical.REQUEST
    return ical.CANCEL if was_booked and not appointment.stands else None
