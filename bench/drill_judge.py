"""What a drill of channels left in the database and at the providers, held against what was acknowledged."""
import asyncio
import hashlib
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import psycopg

_OPEN = """select (select count(*) from message where state = 'waiting')
    + (select count(*) from delivery where state in ('waiting', 'sending'))"""
_TURNS = """select a.address, v.external_id, v.state, v.n,
    (select count(*) from message b where b.conversation = v.conversation and b.answers = v.n)
    from message v join correspondent a on a.conversation = v.conversation where v.sender = 'visitor'"""
_SENT = """select a.address, d.state, d.provider_id, d.attempts from delivery d
    join correspondent a on a.conversation = d.conversation order by d.conversation, d.n, d.part"""


async def settled(dsn: str, patience: float = 600) -> None:
    """Wait until nothing is to be answered or sent any more."""
    end = time.monotonic() + patience
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        while time.monotonic() < end:
            row = await (await connection.execute(_OPEN)).fetchone()
            if row and row[0] == 0:
                return
            await asyncio.sleep(0.5)


async def judged(dsn: str, order: Mapping[Any, Sequence[str]], taken: Sequence[Any], light: Collection[str]
                 ) -> dict[str, int]:
    """*order*: what each visitor was acknowledged, in that order. *taken*: what providers took, in order. *light*: what
    asks nothing by itself, so that it may be one thought with what stands beside it, and be answered with that."""
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        turns = await (await connection.execute(_TURNS)).fetchall()
        sent = await (await connection.execute(_SENT)).fetchall()
    stored = {(address, key): (state, n, replies) for address, key, state, n, replies in turns}
    expected = {visitor: [(visitor.address, _as_stored(visitor, key)) for key in keys]
                for visitor, keys in order.items()}
    carried = _carried(turns, {(visitor.address, _as_stored(visitor, key)) for visitor, keys in order.items()
                               for key in keys if key in light})
    found = [stored.get(pair) for pairs in expected.values() for pair in pairs]
    silent = [pair for pairs in expected.values() for pair in pairs
              if pair in stored and stored[pair][2] == 0 and pair not in carried]
    shuffled = sum([stored[pair][1] for pair in pairs if pair in stored]
                   != sorted(stored[pair][1] for pair in pairs if pair in stored) for pairs in expected.values())
    return {"acknowledged": len(found), "lost": sum(one is None for one in found),
            "unanswered": len(silent), "read together": len(carried),
            "answered twice": sum(one is not None and one[2] > 1 for one in found),
            "failed": sum(one is not None and one[0] == "failed" for one in found),
            "out of order": shuffled + _overtaken(sent, taken),
            "not sent": sum(state not in ("sent", "delivered", "read", "parked") for _, state, *_ in sent),
            "parked": sum(state == "parked" for _, state, *_ in sent), **_repeats(sent, taken)}


def _carried(turns: Sequence[Any], light: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Messages without a reply of their own that are one thought with the next one that has: at most one of them all is
    not *light*, so that no question is lost among others."""
    carried: set[tuple[str, str]] = set()
    thought: list[tuple[str, str]] = []
    of = ""
    for address, key, state, _, replies in sorted(turns, key=lambda turn: (turn[0], turn[3])):
        thought = [*(thought if address == of else []), (address, key)]
        of = address
        if replies and state == "answered":
            if sum(one not in light for one in thought) <= 1:
                carried.update(thought[:-1])
            thought = []
    return carried


def _repeats(sent: Sequence[Any], taken: Sequence[Any]) -> dict[str, int]:
    """How often a visitor got something twice; never where the first time was acknowledged and tried but once."""
    once = {provider_id for _, _, provider_id, attempts in sent if attempts == 1}
    ids = [_as_kept(one) for one in taken]
    return {"sent out": len(ids), "sent out twice": len(ids) - len({one for *_, one, _ in sent if one}),
            "sent twice though answered": sum(ids.count(one) > 1 for one in once) if len(ids) != len(set(ids)) else 0}


def _overtaken(sent: Sequence[Any], taken: Sequence[Any]) -> int:
    """Visitors to whom something was sent before what was said earlier."""
    place = {_as_kept(one): index for index, one in enumerate(taken)}
    last: dict[str, int] = {}
    wrong = set()
    for address, _, provider_id, _ in sent:
        if provider_id in place:
            if place[provider_id] < last.get(address, -1):
                wrong.add(address)
            last[address] = place[provider_id]
    return len(wrong)


def _as_stored(visitor: Any, key: str) -> str:
    """The id under which a message of *visitor*'s is kept."""
    if visitor.name == "telegram":
        return str(int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]))
    return f"wamid.{key}.{visitor.address}" if visitor.name == "whatsapp" else f"SM{key}{visitor.address}"


def _as_kept(one: Any) -> str:
    """The provider's id of a message that it took."""
    return {"telegram": one.id, "whatsapp": f"wamid.{one.id}", "twilio": f"SM{int(one.id):032x}"}[one.channel]
