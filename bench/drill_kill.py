"""The kill drill: kill -9 at random moments while 200 messages arrive; each acknowledged one gets exactly one turn.

    make drill-kill            or: python -m bench.drill_kill [messages] [seed]
"""
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

import httpx
import psycopg
from rich.console import Console

from bench.server import Server
from clinic.store.embedded import database

SAID = ("hello", "what are your prices", "thanks", "what is sports massage", "are you a bot", "where can I park")
CONVERSATIONS = 20


class Storm:
    """Posts messages until each is acknowledged, however often the server dies meanwhile."""

    def __init__(self, server: Server, messages: int, chance: random.Random) -> None:
        self._server, self._messages, self._chance = server, messages, chance
        self.acknowledged: set[tuple[str, str]] = set()
        self.repeats = 0

    async def run(self) -> None:
        async with httpx.AsyncClient(base_url=self._server.url, timeout=5) as client:
            share = self._messages // CONVERSATIONS
            await asyncio.gather(*(self._talk(client, number, share) for number in range(CONVERSATIONS)))

    async def _talk(self, client: httpx.AsyncClient, number: int, count: int) -> None:
        opened = (await self._insist(client, "/v1/conversations", {}, {})).json()
        headers = {"authorization": f"Bearer {opened['token']}"}
        for n in range(count):
            body = {"id": f"m{number}-{n}", "text": self._chance.choice(SAID)}
            await self._insist(client, f"/v1/conversations/{opened['conversation']}/messages", body, headers)
            self.acknowledged.add((opened["conversation"], body["id"]))
            await asyncio.sleep(self._chance.random() * 2)

    async def _insist(self, client: httpx.AsyncClient, path: str, body: object, headers: dict[str, str]
                      ) -> httpx.Response:
        while True:
            try:
                response = await client.post(path, json=body, headers=headers)
                if response.is_success:
                    return response
            except httpx.HTTPError:
                pass
            self.repeats += 1
            await asyncio.sleep(0.2)


async def _kills(server: Server, chance: random.Random, storm: "asyncio.Task[None]", console: Console) -> int:
    kills = 0
    while not storm.done():
        await asyncio.sleep(0.5 + chance.random() * 4)
        if storm.done():
            break
        await asyncio.to_thread(server.kill)
        kills += 1
        back = await asyncio.to_thread(server.start)
        console.print(f"  kill {kills}: ready again after {back:.1f} s")
    return kills


async def _settled(dsn: str, patience: float = 60) -> None:
    end = time.monotonic() + patience
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        while time.monotonic() < end:
            row = await (await connection.execute("select count(*) from message where state = 'waiting'")).fetchone()
            if row and row[0] == 0:
                return
            await asyncio.sleep(0.2)


async def _judge(dsn: str, acknowledged: set[tuple[str, str]]) -> dict[str, int]:
    query = """select v.conversation::text, v.external_id, v.state,
        (select count(*) from message b where b.conversation = v.conversation and b.answers = v.n)
        from message v where v.sender = 'visitor'"""
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        rows = await (await connection.execute(query)).fetchall()
    turns = {(talk, key): (state, replies) for talk, key, state, replies in rows}
    found = [turns.get(pair) for pair in acknowledged]
    return {"acknowledged": len(acknowledged), "lost": sum(one is None for one in found),
            "unanswered": sum(one is not None and one[1] == 0 for one in found),
            "answered twice": sum(one is not None and one[1] > 1 for one in found),
            "failed": sum(one is not None and one[0] == "failed" for one in found)}


async def drill(messages: int, seed: int, home: Path) -> bool:
    """Run the storm; True if nothing was lost, repeated or left."""
    console, chance = Console(), random.Random(seed)
    server = Server(home)
    console.print(f"first start: {server.start():.1f} s")
    try:
        storm = Storm(server, messages, chance)
        posting = asyncio.create_task(storm.run())
        kills = await _kills(server, chance, posting, console)
        await posting
        async with database(None, home) as dsn:
            await _settled(dsn)
            result = await _judge(dsn, storm.acknowledged)
    finally:
        server.stop()
    console.print({"kills": kills, "posts repeated": storm.repeats, **result})
    return result["acknowledged"] == messages and not any(v for k, v in result.items() if k != "acknowledged")


def main() -> int:
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    print(f"{messages} messages, seed {seed}")
    with tempfile.TemporaryDirectory(prefix="drill-") as home:
        good = asyncio.run(drill(messages, seed, Path(home)))
    print("each acknowledged message got exactly one turn" if good else "NOT every message got exactly one turn")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
