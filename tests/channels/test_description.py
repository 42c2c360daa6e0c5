"""What `/openapi.json` says, held against the server by requests made from it.

Hypothesis makes the requests: some as the description wants them, some nearly so, some nothing of the kind."""
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from channels.website.description import DESCRIPTION

OPERATIONS = [(method, path) for path, methods in DESCRIPTION["paths"].items() for method in methods]
OFTEN = trying(max_examples=60, deadline=None, suppress_health_check=[
    HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much])
SURROGATES = re.compile("[\ud800-\udfff\0]")
WILD = st.one_of(st.text(max_size=20), st.integers().map(str), st.floats().map(str), st.uuids().map(str),
                 st.sampled_from(["", "0", "-1", "9" * 30, "NaN", "1e400", "true", "null", "\0", "%", "'\"", "{}"]))
JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
                    max_leaves=6)


def made_from(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values as *schema* wants them: as much of JSON schema as our description speaks."""
    if "$ref" in schema:
        return made_from(DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if schema.get("type") == "object":
        ways = [set(schema["required"]) | set(way["required"]) for way in schema.get("oneOf", [{"required": []}])]
        return st.one_of([st.fixed_dictionaries({name: made_from(schema["properties"][name]) for name in sorted(way)})
                          for way in ways])
    if schema["type"] == "string" and schema.get("format") == "uuid":
        return st.uuids().map(str)
    if schema["type"] == "string":
        pattern = re.compile(schema.get("pattern", ""))
        return st.text(min_size=schema.get("minLength", 0), max_size=min(schema.get("maxLength", 30), 300)).filter(
            lambda said: pattern.search(said) is not None)
    least = schema.get("minimum")
    return st.integers(min_value=least) if schema["type"] == "integer" else st.floats(
        min_value=least, max_value=2, allow_nan=False)


def spoiled(value: dict[str, Any]) -> st.SearchStrategy[Any]:
    """A JSON object with one part left out, put in, or of another kind."""
    names = sorted(value)
    put_in = st.tuples(st.sampled_from([*names, "more"]), JSON).map(lambda change: {**value, change[0]: change[1]})
    left_out = st.sampled_from(names).map(lambda name: {key: value[key] for key in names if key != name})
    return st.one_of(JSON, put_in, left_out)


class Caller:
    """Sends requests as an operation describes them, more or less."""

    def __init__(self, server_url: str) -> None:
        self.web = httpx.Client(base_url=server_url, timeout=40)
        self.opened: dict[str, str] = {}

    def opens(self) -> None:
        self.opened = self.web.post("/v1/conversations").json()

    def calls(self, data: st.DataObject, method: str, path: str) -> tuple[httpx.Response, Any, bool, bool]:
        """The answer, the body that was sent, whether the request came from whom the conversation is, and whether its
        query was as described."""
        draw, operation = data.draw, DESCRIPTION["paths"][path][method]
        ours = draw(st.sampled_from([True, True, True, False]), label="ours")
        known: dict[str, Any] = {"conversation": self.opened["conversation"]} if ours else {}
        query: dict[str, Any] = {}
        orderly = True
        headers = {"authorization": f"Bearer {self.opened['token'] if ours else draw(st.uuids())}"}
        for parameter in operation.get("parameters", []):
            name, place = parameter["name"], parameter["in"]
            fits = made_from(parameter["schema"]).map(str)
            if place == "path":
                wild = WILD.filter(lambda said: said not in ("", ".", "..") and "/" not in said
                                   and not SURROGATES.search(said))
                value = known.get(name) or draw(fits if parameter["schema"].get("type") == "integer" else fits | wild)
                path = path.replace("{" + name + "}", quote(value, safe=""))
            elif place == "query" and draw(st.booleans()):
                orderly = draw(st.booleans())
                query[name] = draw(fits if orderly else WILD.filter(lambda said: not SURROGATES.search(said)))
            elif place == "header" and draw(st.booleans()):
                headers[name] = draw(fits | st.text("0123456789abc-+. ", max_size=25).map(str.strip))
        body, content = None, b""
        if "requestBody" in operation:
            body = draw(made_from(operation["requestBody"]["content"]["application/json"]["schema"]))
            body = draw(st.just(body) | spoiled(body), label="body")
            content = json.dumps(body).encode()
            headers["content-type"] = "application/json"
        request = self.web.build_request(method, path, params=query, headers=headers, content=content)
        answer = self.web.send(request, stream=True)
        if answer.headers.get("content-type", "").startswith("text/event-stream"):
            answer.close()  # it would go on until somebody writes
        else:
            answer.read()
        return answer, body, ours, orderly


@pytest.fixture(scope="module")
def caller(server_url: str) -> Iterator[Caller]:
    caller = Caller(server_url)
    yield caller
    caller.web.close()


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether *value* is as *schema* has it, in our description."""
    return Draft202012Validator({**schema, "components": DESCRIPTION["components"]}).is_valid(value)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_answers_are_as_they_are_described(caller: Caller, method: str, path: str) -> None:
    """No fault of ours, no status that is not documented, and each body as its schema says."""
    operation = DESCRIPTION["paths"][path][method]
    caller.opens()

    @OFTEN
    @given(st.data())
    def whatever_is_sent(data: st.DataObject) -> None:
        answer, sent, ours, orderly = caller.calls(data, method, path)
        assert answer.status_code < 500
        described = operation["responses"].get(str(answer.status_code))
        assert described, f"{answer.status_code} is not described: {answer.text[:200]}"
        for kind, content in described.get("content", {}).items():
            assert answer.headers["content-type"].partition(";")[0] == kind
            if kind.endswith("json"):
                assert fits(answer.json(), content.get("schema", {})), answer.text
        if "requestBody" in operation and ours and orderly and answer.status_code != 429:
            _is_taken_where_it_fits(sent, answer.status_code,
                                    operation["requestBody"]["content"]["application/json"]["schema"])
        elif not ours and "security" in operation:
            assert 400 <= answer.status_code < 500

    whatever_is_sent()


def _is_taken_where_it_fits(sent: Any, status: int, schema: dict[str, Any]) -> None:
    """What the schema allows is taken, and nothing else is. Null is as if it were left out."""
    said = {name: value for name, value in sent.items() if value is not None} if isinstance(sent, dict) else sent
    if fits(said, schema):
        assert status in (200, 202), sent
    else:
        assert 400 <= status < 500, f"taken, though it is not as described: {sent!r}"


def test_the_description_is_one(caller: Caller) -> None:
    """It is what the server hands out, and whatever it refers to is there."""
    assert caller.web.get("/openapi.json").json() == json.loads(json.dumps(DESCRIPTION))
    assert all(name in DESCRIPTION["components"]["schemas"] for name in
               re.findall(r"#/components/schemas/(\w+)", json.dumps(DESCRIPTION)))
