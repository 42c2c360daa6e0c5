"""What can go wrong that the clinic expects. Callers catch the family, tests the leaf.

ClinicError
├── SettingsError         the settings don't make sense; says all that is wrong, with the remedy
├── ConversationUnknown   no such conversation, or the token is not its own (alike, so that nobody can probe)
├── MessageRejected       a message that can't be taken: empty, or far too long
└── NotReady              a part that an answer needs is missing (no model yet, no content)
"""


class ClinicError(Exception):
    """Something the clinic expects to happen. Anything else is a bug, and stays loud."""


class SettingsError(ClinicError):
    """The environment or `.env` holds something that can't be used."""


class ConversationUnknown(ClinicError):
    """No conversation by that id, or its token is another."""


class MessageRejected(ClinicError):
    """A message that can't be taken as it is; the text says why."""


class NotReady(ClinicError):
    """A part that an answer needs is missing; the text says which, and what to do."""
