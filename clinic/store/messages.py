"""Messages of both sides, numbered. A visitor's unanswered ones are the inbox."""
import json
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.conversation import Level, Message, Offer, Reply, Waiting
from clinic.safety.reading import Reading
from clinic.store.conversations import MEMORY, MOST_EARLIER, RECENT
from clinic.store.tables import ConversationRow, MessageRow, TrackerRow, table_of

ROW, TALK, TRACKER = table_of(MessageRow), table_of(ConversationRow), table_of(TrackerRow)
CHANNEL = "conversation"
"""What PostgreSQL's NOTIFY is called when a conversation has something new."""
ARRIVED = " arrived"
"""Behind the conversation's id in what is told of a message that waits: whoever waits for its answer need not look."""

_EARLIER = (select(ROW.c.text).where(ROW.c.conversation == bindparam("key"), ROW.c.n > bindparam("above"),
                                     ROW.c.sender == "visitor", ROW.c.at > bindparam("since"))
            .order_by(ROW.c.n.desc()).limit(MOST_EARLIER))
_OFFER = ROW.alias("offer")
_OPEN = (select(_OFFER.c.n, _OFFER.c.choices)
         .where(_OFFER.c.conversation == bindparam("key"), _OFFER.c.choices_open, _OFFER.c.n > ROW.c.n - RECENT)
         .order_by(_OFFER.c.n.desc()).limit(5).correlate(ROW).lateral("open"))
_NEWEST_FIRST = func.jsonb_agg(aggregate_order_by(func.jsonb_build_array(_OPEN.c.n, _OPEN.c.choices), _OPEN.c.n.desc()))
_OFFERS = (select(func.coalesce(_NEWEST_FIRST, text("'[]'::jsonb"))).select_from(_OPEN).correlate(ROW)
           .scalar_subquery().label("offers"))
_ANSWER = ROW.alias("answer")
_WAITING = (select(_OFFERS, ROW.c.n, ROW.c.text, ROW.c.choice, ROW.c.helped, ROW.c.door_only, TALK.c.channel,
                   TALK.c.held_by_staff, TALK.c.level.label("highest"), TALK.c.raised_by, ROW.c.level, ROW.c.rules,
                   TRACKER.c.events)
            .join(TALK, TALK.c.id == ROW.c.conversation)
            .outerjoin(TRACKER, TRACKER.c.conversation == ROW.c.conversation)
            .where(ROW.c.conversation == bindparam("key"), ROW.c.state == "waiting")
            .order_by(ROW.c.n).limit(1))
_AFTER = (select(ROW.c.n, ROW.c.sender, ROW.c.kind, ROW.c.text, ROW.c.citations, ROW.c.choices, ROW.c.at)
          .where(ROW.c.conversation == bindparam("key"), ROW.c.n > bindparam("after")).order_by(ROW.c.n)
          .limit(200))
_OUTCOME = (select(ROW.c.state, ROW.c.intent, ROW.c.level, ROW.c.rules, _ANSWER.c.n, _ANSWER.c.sender, _ANSWER.c.kind,
                   _ANSWER.c.text, _ANSWER.c.citations, _ANSWER.c.choices, _ANSWER.c.at)
            .outerjoin(_ANSWER, (_ANSWER.c.conversation == bindparam("key")) & (_ANSWER.c.n > ROW.c.n)
                       & (_ANSWER.c.answers == ROW.c.n))
            .where(ROW.c.conversation == bindparam("key"), ROW.c.external_id == bindparam("id")).order_by(_ANSWER.c.n))
# One statement each for the door and for the end of a turn: on the way of every message, the trips between here and the
# database cost more than what it does there.
_RECEIVE = text("""
with arrived as (
    insert into message (conversation, n, sender, external_id, text, choice, level, rules, helped, door_only, state, at)
    values (:key, :n, :sender, :id, :text, :choice, :level, cast(:rules as jsonb), :helped, :door_only, :state, :at)
    on conflict on constraint message_once do nothing returning n),
numbered as (update conversation set last_n = last_n + :count where id = :key and exists (select from arrived))
select n from (select n, pg_notify(:channel, :payload) from arrived) as told
""").bindparams(bindparam("key", type_=Uuid()))
_FINISH = text("""
with settled as (update message set state = :state, intent = cast(:intent as jsonb)
                 where conversation = :key and n = any(cast(:numbers as bigint[]))),
closing as (update message set choices_open = false
            where conversation = :key and n = any(cast(:closed as bigint[]))),
kept as (insert into tracker (conversation, events)
         select :key, cast(:events as text) where cast(:events as text) is not null
         on conflict (conversation) do update set events = excluded.events),
numbered as (update conversation set last_n = last_n + :count where id = :key and :count > 0
             returning last_n - :count as n),
said as (insert into message (conversation, n, sender, answers, kind, text, citations, choices, choices_open, at)
         select :key, numbered.n + reply.place, 'bot', :number, reply.said ->> 'kind', reply.said ->> 'text',
                reply.said -> 'citations', reply.said -> 'choices', (reply.said -> 'choices_open')::boolean, :at
         from numbered, jsonb_array_elements(cast(:replies as jsonb)) with ordinality as reply (said, place))
select (select min(n) from message where conversation = :key and state = 'waiting'
        and n <> all(cast(:numbers as bigint[])))
from (select pg_notify(:channel, :payload)) as told
""").bindparams(bindparam("key", type_=Uuid()))


class Messages:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def earlier(self, conversation: UUID, last: int, released: int, now: datetime) -> list[str]:
        """What the visitor wrote in the last day up to number *last*, oldest first, at most ten messages; nothing up to
        number *released*."""
        rows = await self._connection.scalars(_EARLIER, {"key": conversation, "above": max(last - RECENT, released),
                                                         "since": now - MEMORY})
        return list(rows)[::-1]

    async def receive(self, conversation: UUID, n: int, external_id: str, text: str, choice: str | None,
                      reading: Reading, at: datetime, numbers: int, *, state: str = "waiting",
                      door_only: bool = False) -> bool:
        """Store a visitor's message under *n*, take *numbers* numbers, and tell whoever watches; False, and nothing
        done, if its id was known (the first content stays). *state*: answered where no turn is
        to come; *door_only*: its turn says nothing but what danger asks for."""
        return await self._connection.scalar(_RECEIVE, {
            "key": conversation, "n": n, "sender": "visitor", "id": external_id, "text": text, "choice": choice,
            "level": reading.level, "rules": _json(list(reading.rules)), "helped": reading.helped,
            "door_only": door_only, "state": state, "at": at, "count": numbers, "channel": CHANNEL,
            "payload": f"{conversation}{ARRIVED if state == 'waiting' else ''}"}) is not None

    async def overhear(self, conversation: UUID, n: int, external_id: str, text: str, at: datetime) -> bool:
        """Store what a person at the clinic wrote to the visitor; False, and nothing done, if its id was known."""
        return await self._connection.scalar(_RECEIVE, {
            "key": conversation, "n": n, "sender": "person", "id": external_id, "text": text, "choice": None,
            "level": None, "rules": None, "helped": False, "door_only": False,
            "state": None, "at": at, "count": 1, "channel": CHANNEL,
            "payload": str(conversation)}) is not None

    async def say(self, conversation: UUID, reply: Reply, now: datetime) -> int:
        """Write *reply* to nothing in particular, under the next number: that number. Whoever watches is told."""
        return await self._next(conversation, sender="bot", at=now, **_row(reply))

    async def speak(self, conversation: UUID, text: str, now: datetime) -> int:
        """Write what a person at the clinic says, under the next number: that number. Whoever watches is told."""
        return await self._next(conversation, sender="person", at=now, text=text)

    async def is_here(self, conversation: UUID, external_id: str) -> bool:
        """Whether the message with that id was taken before."""
        return await self._connection.scalar(select(ROW.c.n).where(
            ROW.c.conversation == conversation, ROW.c.external_id == external_id)) is not None

    async def last_said(self, conversation: UUID) -> Reply | None:
        """What the assistant said last there, with its choices as they were."""
        row = (await self._connection.execute(
            select(ROW).where(ROW.c.conversation == conversation, ROW.c.sender == "bot").order_by(ROW.c.n.desc())
            .limit(1))).first()
        if row is None:
            return None
        offers = (Offer(choice["label"], choice["means"]) for choice in row.choices or [])
        return Reply(row.kind, row.text, tuple(row.citations or ()), tuple(offers))

    async def last_sender(self, conversation: UUID) -> str | None:
        """Who spoke last, of visitor and person; the assistant does not count."""
        found = await self._connection.scalar(
            select(ROW.c.sender).where(ROW.c.conversation == conversation, ROW.c.sender != "bot")
            .order_by(ROW.c.n.desc()).limit(1))
        return None if found is None else str(found)

    async def _next(self, conversation: UUID, **values: Any) -> int:
        n = int(await self._connection.scalar(
            update(TALK).where(TALK.c.id == conversation).values(last_n=TALK.c.last_n + 1).returning(TALK.c.last_n)))
        await self._connection.execute(insert(ROW).values(conversation=conversation, n=n, **values))
        await self._connection.execute(select(func.pg_notify(CHANNEL, str(conversation))))
        return n

    async def oldest_waiting(self, conversation: UUID) -> tuple[Waiting, list[tuple[int, list[Offer]]]] | None:
        """The message, and the groups of choices that it can still tap, newest first, by message number."""
        row = (await self._connection.execute(_WAITING, {"key": conversation})).first()
        if row is None:
            return None
        waiting = Waiting(conversation, row.channel, row.n, row.text, row.choice, row.helped, row.highest,
                          row.held_by_staff, row.events, row.level, tuple(row.rules or ()), row.raised_by,
                          row.door_only)
        return waiting, [(n, [Offer.from_row(choice) for choice in choices]) for n, choices in row.offers]

    async def following(self, waiting: Waiting, most: int) -> list[Waiting]:
        """At most *most* messages that wait after *waiting*, in order."""
        rows = await self._connection.execute(
            select(ROW.c.n, ROW.c.text, ROW.c.choice, ROW.c.helped, ROW.c.door_only, ROW.c.level, ROW.c.rules)
            .where(ROW.c.conversation == waiting.conversation, ROW.c.state == "waiting", ROW.c.n > waiting.n)
            .order_by(ROW.c.n).limit(most))
        return [replace(waiting, n=row.n, text=row.text, choice=row.choice, helped=row.helped, level=row.level,
                        rules=tuple(row.rules or ()), door_only=row.door_only) for row in rows]

    async def waiting_after(self, conversation: UUID, n: int) -> tuple[int, int]:
        """How many messages wait in all, and how many of them came after message *n*."""
        row = (await self._connection.execute(
            select(func.count().label("all"), func.count().filter(ROW.c.n > n).label("after"))
            .where(ROW.c.conversation == conversation, ROW.c.state == "waiting"))).one()
        return row.all, row.after

    async def reply(self, conversation: UUID, n: int, answers: int, reply: Reply, now: datetime) -> None:
        """Write *reply* under the number *n*."""
        await self._connection.execute(insert(ROW).values(conversation=conversation, n=n, sender="bot", answers=answers,
                                                          at=now, **_row(reply)))

    async def finish(self, waiting: Waiting, state: str, replies: Sequence[Reply], now: datetime, *,
                     intent: dict[str, Any] | None = None, tracker: str | None = None,
                     closed: Sequence[int] = ()) -> int | None:
        """All that a turn leaves, and whoever watches told of it; the number of the next message that waits.

        *state*: answered or failed. *closed*: numbers of the bot's messages whose choices were used."""
        rows = [_row(reply) for reply in replies]
        return await self._connection.scalar(_FINISH, {
            "key": waiting.conversation, "number": waiting.n, "numbers": [*waiting.with_before, waiting.n],
            "state": state, "intent": _json(intent),
            "events": tracker, "closed": list(closed), "count": len(rows), "replies": _json(rows), "at": now,
            "channel": CHANNEL, "payload": str(waiting.conversation)})

    async def read_again(self, waiting: Waiting, level: Level, rules: Sequence[str], *, helped: bool = True) -> None:
        """The message was found to be of *level*, by *rules* beside those that it met before. *helped*: advice on it is
        the whole answer."""
        await self._connection.execute(
            update(ROW).where(ROW.c.conversation == waiting.conversation, ROW.c.n == waiting.n)
            .values(level=level, rules=[*rules, *waiting.rules], helped=helped))

    async def label_of(self, conversation: UUID, token: str) -> str | None:
        """What the button with *token* says, if it was ever offered in this conversation."""
        rows = await self._connection.scalars(
            select(ROW.c.choices).where(ROW.c.conversation == conversation,
                                        ROW.c.choices.contains([{"token": token}])).limit(1))
        return next((c["label"] for choices in rows for c in choices or [] if c["token"] == token), None)

    async def offered(self, conversation: UUID, intent: str) -> bool:
        """Whether an open choice in *conversation* means *intent*."""
        return await self._connection.scalar(
            select(ROW.c.n).where(ROW.c.conversation == conversation, ROW.c.choices_open,
                                  ROW.c.choices.contains([{"means": {"intent": intent}}])).limit(1)) is not None

    async def token_of(self, conversation: UUID, means: dict[str, Any]) -> str | None:
        """The token of the newest open choice in *conversation* that means just that."""
        row = (await self._connection.execute(
            select(ROW.c.choices).where(ROW.c.conversation == conversation, ROW.c.choices_open,
                                        ROW.c.choices.contains([{"means": means}])).order_by(ROW.c.n.desc()).limit(1)
        )).first()
        return None if row is None else next(str(one["token"]) for one in row.choices if one["means"] == means)

    async def after(self, conversation: UUID, n: int) -> list[Message]:
        """At most 200 messages of both sides above number *n*, ascending."""
        rows = await self._connection.execute(_AFTER, {"key": conversation, "after": n})
        return [as_message(row) for row in rows]

    async def outcome(self, conversation: UUID, external_id: str) -> tuple[bool, dict[str, Any], list[Message]]:
        """Whether a message is dealt with; its intent, level and rules; the replies to it."""
        rows = (await self._connection.execute(_OUTCOME, {"key": conversation, "id": external_id})).all()
        if not rows:  # its thread was taken elsewhere meanwhile, and is answered there
            return True, {"intent": None, "level": "none", "rules": []}, []
        asked = rows[0]
        read = {"intent": asked.intent, "level": asked.level or "none", "rules": asked.rules or []}
        if asked.state == "waiting":
            return False, read, []
        return True, read, [as_message(row) for row in rows if row.n is not None]

    async def failed(self) -> list[tuple[UUID, int, datetime]]:
        """Messages whose turn failed for good, newest first: staff have to look at these."""
        rows = await self._connection.execute(select(ROW.c.conversation, ROW.c.n, ROW.c.at)
                                              .where(ROW.c.state == "failed").order_by(ROW.c.at.desc()).limit(50))
        return [(row.conversation, row.n, row.at) for row in rows]

    async def faults(self, limit: int = 20) -> list[tuple[datetime, list[str]]]:
        """Where the last turns failed that failed for good, newest first: lines of code and kinds of exception."""
        rows = await self._connection.execute(
            select(ROW.c.at, ROW.c.intent["fault"].label("fault"))
            .where(ROW.c.state == "failed").order_by(ROW.c.at.desc()).limit(limit))
        return [(row.at, row.fault or []) for row in rows]


def _row(reply: Reply) -> dict[str, Any]:
    offers = [replace(offer, token=offer.token or secrets.token_urlsafe(12)) for offer in reply.offers]
    return {"kind": reply.kind, "text": reply.text, "citations": list(reply.citations),
            "choices": [offer.as_row() for offer in offers], "choices_open": bool(offers)}


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def as_message(row: Any) -> Message:
    choices = [{"label": c["label"], "token": c["token"]} for c in row.choices or []]
    return Message(row.n, row.sender, row.kind, row.text, row.at, row.citations or [], choices)
