"""The wire in OpenAPI's words."""
from typing import Any

from channels.inbox import LONGEST


def _answer(what: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"description": what, **({"content": {"application/json": {"schema": schema}}} if schema else {})}


_REF = "#/components/schemas/"
_PROBLEM = {"description": "Problem details (RFC 9457)",
            "content": {"application/problem+json": {"schema": {"$ref": _REF + "Problem"}}}}
_BEARER: list[dict[str, list[str]]] = [{"token": []}]
_TALK = [{"name": "conversation", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}]
_STRING = {"type": "string"}
_NO_NUL = r"^[^\u0000]*$"
_A_WORD = r"[^\s\u001c-\u001f\u0085]"
"""Something that is no blank: browsers' blanks and Python's."""


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": _REF + name}}


DESCRIPTION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "The clinic's chat", "version": "1", "description": "See docs/wire.md."},
    "paths": {
        "/v1/clinic": {"get": {"responses": {"200": _answer("What the chat shows before anything was said")}}},
        "/v1/conversations": {"post": {
            "parameters": [{"name": "source", "in": "query", "schema": _STRING}], "responses": {
            "201": _answer("A new conversation", {"$ref": _REF + "Conversation"}), "429": _PROBLEM}}},
        "/v1/conversations/{conversation}/messages": {
            "post": {
                "security": _BEARER,
                "parameters": [*_TALK, {"name": "wait", "in": "query", "schema": {"type": "number", "minimum": 0}}],
                "requestBody": {"required": True, "content": {"application/json": {
                    "schema": {"$ref": _REF + "Posted"}}}},
                "responses": {"202": _answer("Stored; the replies come by `events` or `messages`",
                                             {"$ref": _REF + "Accepted"}),
                              "200": _answer("With `wait`: the replies", {"$ref": _REF + "Replies"}),
                              **dict.fromkeys(("400", "401", "413", "422", "429"), _PROBLEM)}},
            "get": {
                "security": _BEARER,
                "parameters": [*_TALK, {"name": "after", "in": "query", "schema": {"type": "integer", "minimum": 0}}],
                "responses": {"200": _answer("Messages of both sides above `after`, ascending",
                                             _object(["messages"], messages=_list("Message"))),
                              "401": _PROBLEM, "422": _PROBLEM}}},
        "/v1/conversations/{conversation}/messages/{n}/dislike": {"post": {
            "security": _BEARER,
            "parameters": [*_TALK, {"name": "n", "in": "path", "required": True,
                                    "schema": {"type": "integer", "minimum": 0}}],
            "responses": {"204": _answer("Noted: the answer was of no use"),
                          **dict.fromkeys(("401", "404", "429"), _PROBLEM)}}},
        "/v1/conversations/{conversation}/links": {"post": {
            "security": _BEARER, "parameters": _TALK,
            "responses": {"201": _answer("Ways to go on on a messenger, by whoever sends what they open with, once",
                                         _object(["until", "links"], until={"type": "string", "format": "date-time"},
                                                 links=_list("Link"))), "401": _PROBLEM, "429": _PROBLEM}}},
        "/v1/conversations/{conversation}/events": {"get": {
            "security": _BEARER,
            "parameters": [*_TALK, {"name": "Last-Event-ID", "in": "header",
                                    "schema": {"type": "integer", "minimum": 0}}],
            "responses": {"200": {"description": "Server-sent events: `message` with its number as id, and `typing`",
                                  "content": {"text/event-stream": {"schema": _STRING}}}, "401": _PROBLEM,
                          "422": _PROBLEM}}},
    },
    "components": {
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        "schemas": {
            "Conversation": _object(["conversation", "token", "notice"], conversation=_STRING, token=_STRING,
                                    notice=_STRING),
            "Posted": {"type": "object", "required": ["id"], "properties": {
                "id": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": _NO_NUL},
                "text": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": _A_WORD},
                "choice": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": _NO_NUL}},
                "oneOf": [{"required": ["text"]}, {"required": ["choice"]}]},
            "Accepted": _object(["id", "accepted"], id=_STRING, accepted={"type": "boolean"}),
            "Replies": _object(["id", "replies"], id=_STRING, replies=_list("Message")),
            "Message": _object(
                ["n", "from", "kind", "text", "citations", "choices", "at"], n={"type": "integer"},
                **{"from": {"enum": ["visitor", "bot", "person"]}}, kind={"type": ["string", "null"]}, text=_STRING,
                citations=_list("Citation"), choices=_list("Choice"), at={"type": "string", "format": "date-time"}),
            "Citation": _object(["article", "section", "heading", "quote", "url", "version"], article=_STRING,
                                section=_STRING, heading=_STRING, quote=_STRING, url=_STRING, version=_STRING),
            "Link": _object(["channel", "label", "url"], channel=_STRING, label=_STRING, url=_STRING),
            "Choice": _object(["label", "token"], label=_STRING, token=_STRING),
            "Problem": _object(["title", "status"], type=_STRING, title=_STRING, status={"type": "integer"},
                               detail=_STRING),
        },
    },
}
