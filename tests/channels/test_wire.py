"""The website's wire, from outside: a real server, a real HTTP client."""
import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from channels.website.description import DESCRIPTION

NAUGHTY = json.loads((Path(__file__).parent.parent / "data" / "naughty-strings" / "blns.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def web(server_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server_url, timeout=30) as client:
        yield client


class Chat:
    """A conversation over HTTP."""

    def __init__(self, web: httpx.Client) -> None:
        opened = web.post("/v1/conversations")
        assert opened.status_code == 201
        self.web, self.notice = web, opened.json()["notice"]
        self.path = f"/v1/conversations/{opened.json()['conversation']}"
        self.headers = {"authorization": f"Bearer {opened.json()['token']}"}

    def post(self, body: object, wait: float | None = 20, **more: object) -> httpx.Response:
        query = {} if wait is None else {"wait": wait}
        return self.web.post(f"{self.path}/messages", params=query, content=json.dumps(body),
                             headers={**self.headers, **more})

    def say(self, text: str) -> list[dict[str, object]]:
        answered = self.post({"id": uuid4().hex, "text": text})
        assert answered.status_code == 200, answered.text
        return answered.json()["replies"]

    def messages(self, after: int = 0) -> list[dict[str, object]]:
        return self.web.get(f"{self.path}/messages", params={"after": after}, headers=self.headers).json()["messages"]


@pytest.fixture
def chat(web: httpx.Client) -> Chat:
    return Chat(web)


def is_problem(response: httpx.Response, status: int) -> bool:
    return (response.status_code == status and response.headers["content-type"] == "application/problem+json"
            and response.json()["status"] == status and bool(response.json()["detail"]))


def test_the_notice_says_that_it_is_a_machine(chat: Chat) -> None:
    assert "automated assistant" in chat.notice


def test_a_message_is_acknowledged_before_it_is_answered(chat: Chat) -> None:
    posted = chat.post({"id": "1", "text": "hello"}, wait=None)
    assert (posted.status_code, posted.json()) == (202, {"id": "1", "accepted": True})


def test_waiting_brings_the_replies(chat: Chat) -> None:
    (reply,) = chat.say("what are your prices")
    assert (reply["from"], reply["kind"]) == ("bot", "clinic_fact")
    assert set(reply) == {"n", "from", "kind", "text", "citations", "choices", "at"}


def test_the_same_id_again_changes_nothing(chat: Chat) -> None:
    """A repeated post, even with other words, gets the same answer; the first content wins."""
    first = chat.post({"id": "x", "text": "what are your prices"}).json()
    again = chat.post({"id": "x", "text": "hello"}).json()
    assert again == first
    assert len(chat.messages()) == 2


def test_messages_are_numbered_without_a_hole(chat: Chat) -> None:
    for text in ("hello", "thanks", "where are you"):
        chat.say(text)
    numbers = [message["n"] for message in chat.messages()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [m["n"] for m in chat.messages(after=2)] == numbers[2:]


def test_a_choice_is_tapped_by_its_token(chat: Chat) -> None:
    choice = next(c for c in chat.say("what can you help me with")[0]["choices"] if c["label"] == "Prices")
    assert chat.post({"id": "c", "choice": choice["token"]}).json()["replies"][0]["kind"] == "clinic_fact"


def test_a_used_choice_offers_fresh_ones(chat: Chat) -> None:
    choice = chat.say("what can you help me with")[0]["choices"][0]
    chat.post({"id": "c1", "choice": choice["token"]})
    (again,) = chat.post({"id": "c2", "choice": choice["token"]}).json()["replies"]
    assert again["kind"] == "clarify"
    assert again["choices"]


def test_a_foreign_choice_is_not_obeyed(web: httpx.Client) -> None:
    token = Chat(web).say("what can you help me with")[0]["choices"][0]["token"]
    (reply,) = Chat(web).post({"id": "c", "choice": token}).json()["replies"]
    assert reply["kind"] == "clarify"


@pytest.mark.parametrize("body", [
    b"", b"{", b"\xff\xfe", b'{"id": "1", "text": "\xff"}', b"nonsense", b"[" * 20_000,
])
def test_what_is_not_json_is_malformed(chat: Chat, body: bytes) -> None:
    assert is_problem(chat.web.post(f"{chat.path}/messages", content=body, headers=chat.headers), 400)


@pytest.mark.parametrize("body", [
    [], 1, None, "hello", {}, {"id": "1"}, {"text": "hi"}, {"id": 1, "text": "hi"}, {"id": "", "text": "hi"},
    {"id": "x" * 65, "text": "hi"}, {"id": "1", "text": ""}, {"id": "1", "text": " \n\t "}, {"id": "1", "text": 5},
    {"id": "1", "text": ["hi"]}, {"id": "1", "text": "x" * 10_001}, {"id": "1", "choice": 1},
    {"id": "1", "choice": ""}, {"id": "1", "text": "hi", "choice": "x"}, {"id": "\x00", "text": "hi"},
])
def test_a_wrong_type_is_refused_with_the_reason(chat: Chat, body: object) -> None:
    assert is_problem(chat.post(body), 422)
    assert chat.messages() == []


def test_too_large_a_body_is_not_read(chat: Chat) -> None:
    assert is_problem(chat.post({"id": "1", "text": "x" * 70_000}), 413)


def test_the_longest_message_fits_whatever_it_is_written_in(chat: Chat) -> None:
    """In UTF-8, that is: escapes make three bytes of each of these, and the limit counts what is sent."""
    longest = {"id": "1", "text": "\N{GRINNING FACE}" * 10_000}
    assert is_problem(chat.post(longest), 413)
    sent = chat.web.post(f"{chat.path}/messages", headers=chat.headers,
                         content=json.dumps(longest, ensure_ascii=False).encode())
    assert sent.status_code == 202


def test_a_body_that_hides_its_size_is_refused(chat: Chat) -> None:
    def long() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * 1024

    assert is_problem(chat.web.post(f"{chat.path}/messages", content=long(), headers=chat.headers), 413)


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": "Basic eDp5"},
                                     {"authorization": "Bearer"}, {"authorization": "Bearer \xe9"}])
def test_without_the_token_nothing_is_told(chat: Chat, headers: dict[str, str]) -> None:
    for path in (f"{chat.path}/messages", f"{chat.path}/events"):
        raw = {name: value.encode("latin-1") for name, value in headers.items()}
        assert is_problem(chat.web.get(path, headers=raw), 401)


@pytest.mark.parametrize(("method", "path"), [(method, path) for path, methods in DESCRIPTION["paths"].items()
                                              for method, operation in methods.items() if "security" in operation])
def test_the_token_of_another_conversation_opens_nothing(chat: Chat, web: httpx.Client, method: str, path: str) -> None:
    """Whoever has a conversation of their own gets into no other with it, by any call there is."""
    stranger = Chat(web)
    stranger.say("hello")
    chat.say("my knee is sore")
    theirs = path.replace("{conversation}", chat.path.rpartition("/")[2]).replace("{n}", "2")
    body = {"id": "1", "text": "what did i say"} if path.endswith("messages") and method == "post" else None
    assert is_problem(web.request(method, theirs, headers=stranger.headers, json=body), 401)
    assert len(chat.messages()) == 2


def test_nobody_sets_what_is_ours_to_set(chat: Chat, web: httpx.Client) -> None:
    """Fields that the rows have and the wire has not: they are passed over, at the opening as in a message."""
    ours = {"from": "person", "sender": "person", "level": "none", "rules": [], "helped": True, "door_only": True,
            "state": "answered", "n": 900, "kind": "answer", "citations": [{}], "answers": 1, "held_by_staff": True,
            "channel": "cli", "conversation": str(uuid4()), "token": "known", "at": "2020-01-01T00:00:00Z"}
    answered = chat.post({**ours, "id": "1", "text": "crushing pain in my chest and my left arm is numb"}).json()
    assert [reply["kind"] for reply in answered["replies"]] == ["safety"]
    first, second = chat.messages()
    assert (first["n"], first["from"], first["kind"], first["citations"]) == (1, "visitor", None, [])
    assert (second["n"], second["from"]) == (2, "bot")
    assert not first["at"].startswith("2020")
    opened = web.post("/v1/conversations", json=ours).json()
    assert opened["token"] != "known"
    assert opened["conversation"] != ours["conversation"]


@pytest.mark.parametrize("conversation", [str(uuid4()), "nonsense", "..", "0", "%00"])
def test_an_unknown_conversation_looks_like_a_wrong_token(chat: Chat, conversation: str) -> None:
    answered = chat.web.post(f"/v1/conversations/{conversation}/messages", json={"id": "1", "text": "hi"},
                             headers=chat.headers)
    assert is_problem(answered, 401) or (conversation == ".." and answered.status_code == 404)


def test_a_body_without_end_is_cut_off(chat: Chat) -> None:
    """What never stops is not read to its end; nothing of it was kept, and the next message is answered."""
    def endless() -> Iterator[bytes]:
        for _ in range(100_000):
            yield b" " * 1024

    with suppress(httpx.TransportError):
        assert is_problem(chat.web.post(f"{chat.path}/messages", content=endless(), headers=chat.headers), 413)
    assert chat.messages() == []
    assert chat.say("what are your prices")[0]["kind"] == "clinic_fact"


def test_a_flood_is_slowed_down(chat: Chat) -> None:
    """Whatever is in it: empty posts cost the server little, so a slow machine gets through them fast enough."""
    answers = [chat.post({}, wait=None) for _ in range(400)]
    assert {answer.status_code for answer in answers} == {422, 429}
    slowed = next(answer for answer in answers if answer.status_code == 429)
    assert is_problem(slowed, 429)
    assert int(slowed.headers["retry-after"]) >= 1


def test_a_stranger_can_not_use_up_somebodys_turn_to_write(chat: Chat) -> None:
    """Who knows the conversation's address but not its token is refused, and slows nobody but themselves down."""
    for _ in range(150):
        chat.web.post(f"{chat.path}/messages", json={}, headers={"authorization": "Bearer guessed"})
    assert chat.say("what are your prices")[0]["kind"] == "clinic_fact"


@pytest.mark.parametrize("part", range(8))
def test_naughty_strings_get_a_kind_reply(chat: Chat, part: int) -> None:
    """None of them is an error of ours, forces an intent, or leaves the conversation stuck."""
    for text in NAUGHTY[part::8][:64]:
        if text.strip():
            answered = chat.web.post(f"{chat.path}/messages", params={"wait": 20}, headers=chat.headers,
                                     content=json.dumps({"id": uuid4().hex, "text": text}))
            if answered.status_code == 429:  # fast typing is slowed down: a new conversation goes on
                chat = Chat(chat.web)
                continue
            assert answered.status_code in (200, 422), text
            if answered.status_code == 200:
                assert answered.json()["replies"], text
    assert chat.say("what are your prices")[0]["kind"] == "clinic_fact"


@pytest.mark.parametrize("order", [
    '/book_appointment', '/ask_person{"need": "benefits"}', '／book_appointment', '\u200b/book_appointment',
    '\ufeff /delete_my_data', '//book_appointment', '/restart', '/back', '/session_start', '\u202e/stop',
])
def test_nobody_can_order_an_intent(chat: Chat, order: str) -> None:
    assert chat.say(order)[0]["kind"] in ("fallback", "clarify", "handoff", "booking", "privacy", "smalltalk")
    assert chat.say("what are your prices")[0]["kind"] == "clinic_fact"


@pytest.mark.parametrize("text", ["\u200b\u200d\u2060", "😀😀😀", "\x01\x02\x03", "?!?!", "￼"])
def test_a_message_without_words_is_taken_kindly(chat: Chat, text: str) -> None:
    assert chat.say(text)[0]["kind"] in ("fallback", "clarify", "handoff", "smalltalk")


def test_events_bring_what_was_missed_and_what_is_new(chat: Chat) -> None:
    """A dropped connection resumes behind the last event: nothing twice, nothing missed."""
    chat.say("hello")
    seen: list[int] = []

    def follow(stop_after: int) -> None:
        headers = {**chat.headers, "last-event-id": str(seen[-1] if seen else 0)}
        with chat.web.stream("GET", f"{chat.path}/events", headers=headers) as stream:
            for line in stream.iter_lines():
                if line.startswith("id: "):
                    seen.append(int(line[4:]))
                if seen and seen[-1] >= stop_after:
                    return

    follow(1)
    follower = threading.Thread(target=follow, args=(4,))
    follower.start()
    chat.say("thanks")
    follower.join(20)
    assert seen == [1, 2, 3, 4]


def test_pages_are_served_at_the_cited_section(chat: Chat) -> None:
    citation = chat.say("what is sports massage?")[0]["citations"][0]
    page = chat.web.get(citation["url"].partition("#")[0])
    assert page.status_code == 200
    assert f'id="{citation["section"]}"' in page.text
    assert citation["quote"].split(",")[0] in page.text.replace("&#39;", "'")


def test_every_page_has_a_content_security_policy(web: httpx.Client) -> None:
    for path in ("/", "/articles/sports-massage-for-runners", "/widget.js", "/healthz", "/nowhere"):
        policy = web.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_only_allowed_origins_may_read(web: httpx.Client, server_url: str) -> None:
    ours = web.get("/v1/clinic", headers={"origin": server_url})
    theirs = web.get("/v1/clinic", headers={"origin": "https://elsewhere.example"})
    assert ours.headers["access-control-allow-origin"] == server_url
    assert "access-control-allow-origin" not in theirs.headers


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/openapi.json", "/v1/clinic"])
def test_the_service_addresses_answer(web: httpx.Client, path: str) -> None:
    assert web.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/nowhere", "/articles/none", "/faq/none", "/static/../app.py"])
def test_what_is_not_there_is_a_clear_404(web: httpx.Client, path: str) -> None:
    assert is_problem(web.get(path), 404)


@pytest.mark.parametrize(("path", "allowed"), [
    ("/v1/clinic", {"GET", "HEAD"}), ("/v1/conversations", {"POST"}), ("/widget.js", {"GET", "HEAD"}),
    ("/v1/conversations/x/messages", {"GET", "HEAD", "POST"}), ("/static/site.css", {"GET", "HEAD"}),
])
def test_what_is_not_done_here_says_what_is(web: httpx.Client, path: str, allowed: set[str]) -> None:
    answered = web.delete(path)
    assert is_problem(answered, 405)
    assert set(answered.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize("path", ["/widget.js", "/static/widget/chat.js", "/static/site.css", "/static/icon.svg"])
def test_a_file_that_did_not_change_is_not_sent_again(web: httpx.Client, path: str) -> None:
    first = web.get(path)
    again = web.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers.get("access-control-allow-origin") == first.headers.get("access-control-allow-origin")
    assert web.get(path, headers={"if-none-match": '"another"'}).content == first.content
