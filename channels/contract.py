"""What a channel is: it verifies, reads and writes, and declares what fits. All else is shared (docs/channels.md)."""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from clinic.errors import ClinicError

Style = Literal["text", "buttons", "list"]
Refusal = Literal["address", "blocked", "window", "token", "refused"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel can carry. Lengths are in UTF-16 units, the strictest way in which providers count."""

    body: int
    """Bytes that a post of the provider's may have."""
    text: int
    with_choices: int
    """How long a text may be that has choices under it."""
    buttons: int = 0
    button: int = 0
    """How many choices may be buttons, and how long a label may be; 0: there are none."""
    rows: int = 0
    row: int = 0
    """The same for choices in a list."""
    settle: float = 0.0
    """Seconds that a visitor is given for the next message of one thought, before an answer to the last one begins; 0:
    each message is a thought of its own."""
    window: timedelta | None = None
    """How long after a visitor's message we may write freely."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to send: a text, and its choices as (label, token)."""

    text: str
    style: Style = "text"
    choices: tuple[tuple[str, str], ...] = ()
    choose: str = ""
    """What opens a list."""

    def as_row(self) -> dict[str, Any]:
        return {"text": self.text, "style": self.style, "choices": [list(choice) for choice in self.choices],
                "choose": self.choose}

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Part":
        return cls(row["text"], row["style"], tuple((label, token) for label, token in row["choices"]), row["choose"])


@dataclass(frozen=True, slots=True)
class Incoming:
    """A visitor's message: text as typed, the token of a tapped choice, or *aside*: something that we can't read, by
    its key in words.yml. A caption is the text of an aside; it is answered as well if *answered*."""

    id: str
    addresses: tuple[str, ...]
    """Where to write to, then other names of the same visitor."""
    text: str | None = None
    choice: str | None = None
    aside: str | None = None
    answered: bool = True
    receipt: str | None = None
    """What the channel needs to show that it was seen."""
    set_on: str | None = None
    """The text is an emoji that they set on the message of ours with this id."""
    tag: str | None = None
    """What the link by which they came brings along, where the channel has a place of its own for that."""


@dataclass(frozen=True, slots=True)
class Status:
    """What became of a message of ours. *reason* of a failed one."""

    id: str
    state: Literal["sent", "delivered", "read", "failed"]
    reason: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """A visitor blocked us."""

    address: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A visitor has a new address."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Echo:
    """A person at the clinic wrote to a visitor by other means than ours."""

    id: str
    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Crowd:
    """We were spoken to where several people read along."""

    address: str


@dataclass(frozen=True, slots=True)
class FromStaff:
    """Somebody wrote to us in the chat that the clinic named as its staff's, or tapped there under message *id* of
    ours. Whether they are one of the staff is yet to be seen."""

    chat: str
    id: str
    by: str | None
    """The provider's number of their account; None where it does not say whose."""
    text: str | None
    """As typed, or what was tapped; None: a picture, a voice note."""
    to: str | None
    """The message of ours that it answers."""
    edited: bool = False
    tapped: str | None = None
    """What the provider calls the tap."""


Event = Incoming | Status | Gone | Moved | Echo | Crowd | FromStaff


@dataclass(frozen=True, slots=True)
class Call:
    """A request to the provider. *path* is below the channel's base address."""

    path: str
    json: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider answered; {} where that was no JSON object. *retry_after*: seconds, if it said so."""

    status: int
    body: Mapping[str, Any]
    retry_after: float | None = None


class Channel(Protocol):
    """One provider. Holds its settings and no state; nothing here connects. What has an answer here, only those
    channels say that know a better one."""

    name: str
    limits: Limits
    base_url: str
    headers: Mapping[str, str]
    """Sent with every call: who we are."""

    def verify(self, headers: Mapping[str, str], body: bytes | None) -> bool:
        """Whether a post is the provider's. With no body yet: whether it is worth reading at all."""

    def read(self, body: bytes) -> Sequence[Event]:
        """What a verified body says; what concerns nobody is left out. Raises Malformed."""

    def handshake(self, query: Mapping[str, str]) -> str | None:
        """The answer to a provider that looks whether we are there; None where it is not ours."""
        return None

    def write(self, address: str, part: Part) -> Call:
        """How *part* is sent to *address*."""

    def outcome(self, answer: Answer) -> str:
        """The provider's own id of what was sent. Raises NotDelivered."""

    def seen(self, incoming: Incoming) -> Sequence[Call]:
        """How to show that a message was seen and is being answered."""
        return ()

    def introduce(self) -> Call:
        """A call that changes nothing and tells whether the provider accepts us."""

    def known_as(self, answer: Answer) -> str:
        """Who we are there, in a provider's words: a bot's name, a number. Raises NotDelivered."""

    def settings_from(self, answer: Answer) -> Mapping[str, str]:
        """Settings that follow from who we are there: what a link to us needs."""
        return {}

    def token_state(self) -> Call | None:
        """A call that tells how long our token is good for; None where it does not end."""
        return None

    def token_ends(self, answer: Answer) -> datetime | None:
        """When it ends, by the answer to that; None where it doesn't, or nobody says."""
        return None

    def link(self, tag: str, text: str) -> str | None:
        """An address that opens a conversation with us there: *tag* comes back with the first message, or stands in
        *text*, which is typed already. None where there is none, or it is not set."""

    def knock(self, address: str) -> Call | None:
        """What may be sent after the window has closed, so that the visitor writes again; None: nothing."""
        return None


class Malformed(ClinicError):
    """A body that its provider would not send."""


class NotDelivered(ClinicError):
    """A message did not certainly get there.

    NotDelivered
    ├── TryLater   the provider has not taken it, and may later
    ├── NoAnswer   nobody can tell whether it was taken
    └── Refused    it never will be, and why
    """


class TryLater(NotDelivered):
    """*after*: seconds that the provider asks for, if it does."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


class NoAnswer(NotDelivered):
    """The line broke after the request was out."""


class Refused(NotDelivered):
    """*reason* is address (nobody is there), blocked (by the visitor), window (too long since they wrote), token (ours
    is not accepted) or refused."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason
