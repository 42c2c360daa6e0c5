"""Every table of the database: which kind of record of `privacy.yml` it holds, and how one person's rows are found."""
from dataclasses import dataclass
from typing import Literal

Fate = Literal["deleted", "emptied", "unlinked", "kept"]
IN_CONVERSATION = "t.conversation = any(cast(:conversations as uuid[]))"
OF_APPOINTMENT = "t.appointment = any(cast(:appointments as bigint[]))"
OF_WORK = ("(t.args->>'conversation' = any(cast(:keys as text[])) or t.args->>'reference' = "
           "any(cast(:references as text[])) "
           "or t.args->>'key' = any(cast(:keys as text[]) || cast(:references as text[])))")


@dataclass(frozen=True, slots=True)
class Holding:
    """`kind`: of record. `rows`: the SQL that is true of a person's rows, named t; empty where there are none by
    design. `fate`: what erasing does to them. `hidden`: columns that no export shows: they are secrets of ours."""

    kind: str
    rows: str
    fate: Fate
    hidden: tuple[str, ...] = ()


def _of_conversation(fate: Fate = "deleted", *hidden: str) -> Holding:
    return Holding("conversations", IN_CONVERSATION, fate, hidden)


HOLDINGS: dict[str, Holding] = {
    "conversation": Holding("conversations", "t.id = any(cast(:conversations as uuid[]))", "deleted", ("token_hash",)),
    "message": _of_conversation(),
    "tracker": _of_conversation(),
    "case": _of_conversation(),
    "gap": _of_conversation(),
    "note": _of_conversation(),
    "outgoing": _of_conversation(),
    "correspondent": _of_conversation(),
    "alias": _of_conversation(),
    "delivery": _of_conversation(),
    "staff_chat_message": _of_conversation("deleted", "chat", "number"),
    "continuation": _of_conversation("deleted", "token_hash"),
    "waiting": Holding("requests", IN_CONVERSATION, "deleted"),
    "screening": Holding("requests", IN_CONVERSATION, "deleted"),
    "request": Holding("requests", f"({IN_CONVERSATION} or t.reference = any(cast(:references as text[])))", "deleted"),
    "appointment": Holding("appointments", "t.id = any(cast(:appointments as bigint[]))", "emptied"),
    "appointment_change": Holding("appointments", OF_APPOINTMENT, "kept"),
    "reminder": Holding("appointments", OF_APPOINTMENT, "kept"),
    "lookup_failure": Holding("appointments", "t.reference = any(cast(:references as text[]))", "deleted"),
    "calendar_copy": Holding("appointments", OF_APPOINTMENT, "kept"),
    "firing": Holding("safety", IN_CONVERSATION, "unlinked"),
    "release": Holding("safety", IN_CONVERSATION, "unlinked"),
    "audit": Holding("log", f"({IN_CONVERSATION} or t.about = any(cast(:references as text[])))", "unlinked"),
    "data_request": Holding("receipts", IN_CONVERSATION, "unlinked", ("key_hash",)),
    "procrastinate_jobs": Holding("work", OF_WORK, "deleted"),
    "procrastinate_events": Holding(
        "work", f"t.job_id in (select t.id from procrastinate_jobs t where {OF_WORK})",  # noqa: S608 - it stands above
        "deleted"),
    "content_version": Holding("answers", "", "kept"),
    "content_change": Holding("answers", "", "kept"),
    "proposal": Holding("answers", "", "kept"),
    "vector": Holding("answers", "", "kept"),
    "staff": Holding("staff", "", "kept"),
    "staff_session": Holding("staff", "", "kept"),
    "staff_chat_link": Holding("staff", "", "kept"),
    "presence": Holding("staff", "", "kept"),
}
NOBODYS = {
    "week_figure": "how often what happened in a week",
    "warning": "what the clinic was warned of, and when",
    "resource": "who can be booked, as a number", "feed": "a hash of a calendar's address", "secret": "keys of ours",
    "busy": "times at which a therapist can't be had, without words", "alembic_version": "which release this is",
    "procrastinate_workers": "processes that run", "procrastinate_periodic_defers": "when something was last begun",
}
"""Tables that hold nothing about anybody, with what they do hold."""
