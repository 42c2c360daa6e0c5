"""What a visitor is told before the first answer: that this is a machine, and what it is not for."""
from clinic.knowledge.content import Content


def notice(content: Content, unsigned: bool) -> str:
    """The whole notice, in the clinic's words; *unsigned*: no clinician has signed the safety wording."""
    said = content.words.said
    parts = [said["notice"].format(clinic=content.clinic.name)]
    if content.clinic.sample:
        parts.append(said["notice_sample"])
    if unsigned:
        parts.append(said["notice_unsigned"])
    return " ".join(part.strip() for part in parts)


def notice_parts(content: Content) -> dict[str, str]:
    """Further words that a chat may show."""
    clinic = content.clinic
    return {"unreachable": content.words.said["unreachable"].format(phone=clinic.phone, mail=clinic.mail)}
