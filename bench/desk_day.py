"""Visitors and colleagues of a made-up autumn, played through the doors of a real server by its clock."""
import random
import re
import time as clock
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from bench.clocked import ClockedServer
from bench.plane_posts import whatsapp
from bench.server import PASSWORD
from tests.channels.kit.specs import payload

ZONE = ZoneInfo("Europe/London")
PAUSE = timedelta(seconds=40)
"""Between two messages of somebody."""
REFERENCE = re.compile(r"[Rr]eference (\w{6})")


class Colleague:
    """Somebody at the desk, without a browser."""

    def __init__(self, url: str, name: str) -> None:
        self._client, self._name = httpx.Client(base_url=url, timeout=30, follow_redirects=True), name

    def sees(self, path: str) -> str:
        """A page, signed in anew where that has run out."""
        page = self._client.get(path)
        if "/sign-in" not in page.url.path:
            return page.text
        return self._client.post("/desk/sign-in", data={"name": self._name, "password": PASSWORD, "to": path}).text

    def does(self, path: str, **fields: str) -> bool:
        """Send a form; whether it was taken."""
        found = re.search(r'name="csrf" value="(\w+)"', self.sees("/desk"))
        assert found, "nobody is let in"
        return self._client.post(path, data={"csrf": found[1], **fields}).status_code == 200


class Day:
    """What happens, in its order. `talks`: the conversations of those who are named."""

    def __init__(self, server: ClockedServer, plan: dict[str, Any], seed: int = 1) -> None:
        self._server, self._plan, self._chance = server, plan, random.Random(seed)
        self._client = httpx.Client(base_url=server.url, timeout=60)
        self._robin = Colleague(server.url, "Robin")
        self._now, self._coming = datetime(2026, 1, 1, tzinfo=ZONE), set[str]()
        self.talks: dict[str, Visitor] = {}

    def goes_on_to(self, moment: datetime) -> None:
        """The clock never goes back."""
        self._now = max(self._now, moment)
        self._server.is_now(self._now)

    def play(self, first: date, weeks: int) -> None:
        """All that the plan has: *weeks* from the Monday *first*, and the days that it names."""
        named = [(_moment(one["at"]), one) for one in self._plan["days"]]
        for moment, one in sorted([*self._weeks(first, weeks), *named], key=lambda event: event[0]):
            self.goes_on_to(moment)
            self._enquiry(one)

    def _weeks(self, first: date, weeks: int) -> Iterator[tuple[datetime, dict[str, Any]]]:
        """More of them from week to week, at any time of the day."""
        for week in range(weeks):
            for _ in range(8 + 2 * week + self._chance.randint(0, 4)):
                day = first + timedelta(days=7 * week + self._chance.randint(0, 5))
                minute = timedelta(minutes=self._chance.randint(8 * 60, 21 * 60))
                yield datetime.combine(day, time.min, ZONE) + minute, self._chance.choice(self._plan["weeks"])

    def _enquiry(self, one: dict[str, Any]) -> None:
        if "whatsapp" in one:
            post = whatsapp(one["whatsapp"], one["says"][0], payload("whatsapp/pywa/message__text.json"))
            self._client.post(post.path, content=post.body, headers=post.headers).raise_for_status()
            while one["says"][0] not in self._robin.sees("/desk"):
                clock.sleep(0.2)  # what is written within seconds is read as one
            return
        if "looks" in one:
            Colleague(self._server.url, one["looks"]).sees("/desk")
            return
        visitor = Visitor(self._client, one.get("source", ""))
        for text in one["says"]:
            if not visitor.does(self._filled(text)):
                assert "at" not in one, (text, visitor.replies)
                break  # they think better of it
            self.goes_on_to(self._now + PAUSE)
        self._coming.update(REFERENCE.findall(visitor.last))
        if "name" in one:
            self.talks[one["name"]] = visitor
        if one.get("taken"):
            self._taken_care_of(visitor)

    def _filled(self, text: str) -> str:
        phone = f"07700 900{self._chance.randint(200, 999)}"
        return text.format(soon=self._chance.choice(self._plan["soon"]), phone=phone,
                           name=self._chance.choice(self._plan["names"]))

    def _taken_care_of(self, visitor: "Visitor") -> None:
        """Robin takes it over after a while, and closes it; and notes who came meanwhile."""
        self.goes_on_to(self._now + timedelta(minutes=self._chance.randint(3, 50)))
        self._robin.does(f"/desk/threads/{visitor.conversation}/take")
        self._robin.does(f"/desk/threads/{visitor.conversation}/close", closing="answered")
        self.note_who_came()

    def note_who_came(self) -> None:
        for reference in sorted(self._coming):
            step = "missed" if self._chance.random() < 0.08 else "attended"
            if self._robin.does(f"/desk/book/{reference}/{step}"):
                self._coming.remove(reference)


class Visitor:
    """One conversation on the website."""

    def __init__(self, client: httpx.Client, source: str) -> None:
        opened = client.post("/v1/conversations", params={"source": source} if source else {}).json()
        self._client, self.conversation = client, opened["conversation"]
        self._headers = {"authorization": f"Bearer {opened['token']}"}
        self.replies: Sequence[dict[str, Any]] = ()

    @property
    def last(self) -> str:
        return str(self.replies[-1]["text"]) if self.replies else ""

    def does(self, text: str) -> bool:
        """Write *text*, or tap what begins with what follows its >; whether there was something to tap."""
        body = {"id": uuid4().hex, "text": text}
        if text.startswith(">"):
            there = [choice["token"] for reply in self.replies[-1:] for choice in reply["choices"]
                     if choice["label"].startswith(text[1:])]
            if not there:
                return False
            body = {"id": body["id"], "choice": there[0]}
        answer = self._client.post(f"/v1/conversations/{self.conversation}/messages", params={"wait": 20}, json=body,
                                   headers=self._headers).raise_for_status().json()
        self.replies = answer.get("replies", ())
        return True


def _moment(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=ZONE)
