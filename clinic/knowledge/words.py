"""`words.yml`: what is said without Rasa, what people may need to know, and the labels of choices."""

from dataclasses import dataclass
from string import Formatter

from clinic.knowledge.sheet import Sheet

# Said by doors, jobs and mail, so that a folder without one of them can't be published.
REQUIRED = (
    "notice",
    "notice_sample",
    "notice_unsigned",
    "notice_storage",
    "failed_turn",
    "distress",
    "next_read_now",
    "next_read_later",
    "unreachable",
    "empty",
    "too_long",
    "too_many",
    "media",
    "voice",
    "location",
    "contact",
    "edited",
    "crowd",
    "stopped",
    "still_stopped",
    "restarted",
    "continue",
    "continued",
    "continued_there",
    "continue_gone",
    "check_on_page",
    "check_done",
    "check_title",
    "check_send",
    "check_own_words",
    "check_over",
    "check_ended",
    "on_whatsapp",
    "on_telegram",
    "on_twilio",
    "choose",
    "choice_gone",
    "person_joined",
    "person_left",
    "leave_contact",
    "contact_kept",
    "gap_answered",
    "reply_subject",
    "reply_waits",
    "reply_close",
    "offer_subject",
    "offer_waits",
    "paused",
    "closed",
    "appointment_booked",
    "appointment_requested",
    "appointment_confirmed",
    "appointment_declined",
    "appointment_moved",
    "appointment_moved_request",
    "appointment_cancelled",
    "appointment_reminder",
    "waiting_offer",
    "waiting_lapsed",
    "waiting_over",
    "waiting_over_moving",
    "calendar_title",
    "calendar_text",
    "calendar_link",
    "mail_subject",
    "mail_close",
)

BRACES = {
    "appointment_": {"when", "who", "address", "clinic", "reference", "phone", "mail", "terms"},
    "waiting_offer": {"when", "who", "until", "clinic"}, "waiting_": {"clinic"},
    "calendar_title": {"clinic"}, "calendar_text": {"reference", "clinic", "phone", "mail"}, "calendar_link": {"link"},
    "gap_answered": {"clinic", "question", "answer"},
    "offer_": {"clinic", "when", "who", "until", "link", "phone", "mail"},
    "reply_": {"clinic", "link", "phone", "mail", "address"},
    "check_on_page": {"link"}, "mail_subject": {"clinic", "when"}, "mail_close": {"clinic", "address", "phone", "mail"},
}
"""What can be filled in, by how a key begins: where nobody is there to see that a brace is wrong."""

CHOICES = ("affirm", "deny", "stop", "ask_person", "more_times", "another_day", "by_request", "move_it", "cancel_it",
           "keep_it", "wait_for_one", "join_list", "not_listed", "take_it", "not_that", "data_copy", "data_erase",
           "data_erase_yes", "data_person")
"""Labels without which nobody could find their way through a booking, or to their own data."""

OF_PLACES = ("any_place", "other_places")
"""Labels that a clinic with several places needs as well."""


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences by their key; what may be asked for; a label for each intent that may be offered."""

    said: dict[str, str]
    needs: tuple[str, ...]
    choices: dict[str, str]
    of_a_complaint: tuple[str, ...] = ()
    """Needs that ask about something that somebody has, so that it matters whether the clinic has a word for it."""
    figures: tuple[str, ...] = ()
    """Figures of speech in which a part of the body is none."""


def read_words(sheet: Sheet) -> Words:
    """The words on *sheet*. Every required key must be there; a clinic may add its own."""
    said = {key: sheet.text(key) for key in REQUIRED}
    for key, text in said.items():
        _check_braces(sheet, key, text)
    needs, others = sheet.sheet("needs"), sheet.sheet("choices")
    for key in CHOICES:
        others.text(key)
    choices = {f"ask_{key}": needs.text(key) for key in needs} | {key: others.text(key) for key in others}
    of_a_complaint = sheet.words("of_a_complaint")
    figures = sheet.words("figures")
    others_read = ("needs", "choices", "of_a_complaint", "figures")
    said |= {key: sheet.text(key) for key in sheet if key not in (*said, *others_read)}
    return Words(said, tuple(needs), choices, of_a_complaint, figures)


def _check_braces(sheet: Sheet, key: str, text: str) -> None:
    known = next((names for begins, names in BRACES.items() if key.startswith(begins)), None)
    if known is None:
        return
    try:
        used = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        used = {text}
    if not used <= known:
        listed = ", ".join(f"{{{name}}}" for name in sorted(known))
        sheet.note(f"`{key}` has braces that nothing fills in", f"Known here are {listed}", sheet.line_of(key))
