"""How a visitor can be reached: the phone number or mail address in what they wrote, in the form to keep."""
import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from clinic.errors import ClinicError

HOME_REGION = "GB"
WRITTEN = re.compile(r"\S*@\S+|\+?\d[\d\s().-]{6,}\d(?:[\s,]*(?:ext(?:ension|n)?|x)\.?\s*\d{1,7})?", re.I)
"""What a contact takes up in a message; the rest of it may hold something else."""


class ContactUnusable(ClinicError):
    """What was given is neither a phone number that could ring nor a mail address that could exist."""


def find_contact(text: str) -> str | None:
    """The first usable phone number or mail address in *text*, in the form to keep; None if there is none.

    Raises ContactUnusable where something was plainly meant as one, but can't be used."""
    for word in text.replace(",", " ").replace(";", " ").split():
        if "@" in word.strip("@"):
            return _mail(word.strip("<>().:!?\"'"))
    for match in phonenumbers.PhoneNumberMatcher(text, HOME_REGION, leniency=phonenumbers.Leniency.POSSIBLE):
        return _number(match.number)
    digits = sum(character.isdigit() for character in text)
    if digits >= 7:
        raise ContactUnusable("no phone number in the digits")
    return None


def for_mail(address: str) -> str:
    """A mail address as it stands on a mail: the domain in the form that every mail server takes (`xn--...`). Only
    letters beyond ASCII before the @ ask for more."""
    found = validate_email(address, check_deliverability=False)
    return found.ascii_email or f"{found.local_part}@{found.ascii_domain}"


def _mail(address: str) -> str:
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ContactUnusable("not a mail address") from error


def _number(number: phonenumbers.PhoneNumber) -> str:
    drama = re.fullmatch(r"(?:7700900|1174960|2079460)\d{3}", str(number.national_number)) is not None
    if not phonenumbers.is_valid_number(number) and not drama:  # Ofcom's numbers for drama stay free of callers
        raise ContactUnusable("not a number that could ring")
    usual = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{usual} ext {number.extension}" if number.extension else usual
