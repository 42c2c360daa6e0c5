"""What providers accept, by their own documents: each look gives what is wrong with a call, or nothing."""
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from tests.channels.kit import DATA

KINDS = {"Integer": int, "String": str, "Boolean": bool, "Float": (int, float)}
UNITS = 4096
"""What both messengers allow in a text."""


@cache
def _document(name: str, file: str) -> dict[str, Any]:
    return json.loads((DATA / "specs" / name / file).read_text("utf-8"))


def telegram(method: str, body: Any) -> list[str]:
    """By the methods and types of the Bot API, with the lengths that its text gives."""
    document = _document("telegram", "api.json")
    if method not in document["methods"]:
        return [f"no method {method}"]
    wrong = _fields(document["methods"][method].get("fields", []), body, method)
    if method == "sendMessage" and not 1 <= _units(str(body.get("text", ""))) <= UNITS:
        wrong.append("text has 1 to 4096 characters")
    for row in body.get("reply_markup", {}).get("inline_keyboard", []):
        wrong += [f"callback_data of {len(b['callback_data'].encode())} bytes" for b in row
                  if not 1 <= len(b.get("callback_data", "").encode()) <= 64]
    return wrong


def _fields(fields: list[dict[str, Any]], given: Any, where: str) -> list[str]:
    if not isinstance(given, dict):
        return [f"{where} is no object"]
    known = {field["name"]: field for field in fields}
    wrong = [f"{where} has no {name}" for name in given if name not in known]
    wrong += [f"{where} wants {name}" for name, field in known.items() if field["required"] and name not in given]
    return wrong + [fault for name, value in given.items() if name in known
                    for fault in _of_types(known[name]["types"], value, f"{where}.{name}")]


def _of_types(types: list[str], value: Any, where: str) -> list[str]:
    """What is wrong with *value* by the nearest of *types*."""
    return min((_of_type(kind, value, where) for kind in types), key=len)


def _of_type(kind: str, value: Any, where: str) -> list[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where} is no list"]
        return [fault for one in value for fault in _of_type(kind.removeprefix("Array of "), one, where)]
    if kind in KINDS:
        right = isinstance(value, KINDS[kind]) and (kind == "Boolean" or not isinstance(value, bool))
        return [] if right else [f"{where} is no {kind}"]
    return _fields(_document("telegram", "api.json")["types"][kind].get("fields", []), value, where)


def whatsapp(body: Any) -> list[str]:
    """By Meta's OpenAPI document; the receipt that a message was read is only in its examples."""
    if isinstance(body, dict) and "status" in body:
        right = {"messaging_product": "whatsapp", "status": "read", "message_id": body.get("message_id")}
        return [] if body in (right, {**right, "typing_indicator": {"type": "text"}}) else ["no receipt"]
    if isinstance(body, dict) and "recipient" in body and "to" not in body:  # names for visitors are newer than it
        body = {**{key: value for key, value in body.items() if key != "recipient"}, "to": body["recipient"]}
    name = f"{str(body.get('type', '')).title()}Message" if isinstance(body, dict) else ""
    document = _whatsapp()
    if name not in document["components"]["schemas"]:
        return [f"no type of message: {body}"]
    return _against(document, f"#/components/schemas/{name}", body) + _whatsapp_lengths(body)


@cache
def _whatsapp() -> dict[str, Any]:
    """As its authors meant it: what is closed by `additionalProperties` in a part of an `allOf` admits no message at
    all, not even those of its own examples, so the whole is closed instead."""
    document = json.loads(json.dumps(_document("whatsapp", "openapi.json")))
    for schema in document["components"]["schemas"].values():
        for part in schema.get("allOf", ()):
            if part.pop("additionalProperties", None) is False:
                schema["unevaluatedProperties"] = False
    return document


def _whatsapp_lengths(body: dict[str, Any]) -> list[str]:
    """What the document says in words only."""
    rows = sum(len(section.get("rows", ())) for section in
               body.get("interactive", {}).get("action", {}).get("sections", ()))
    text = body.get("text", {}).get("body", "-")
    return ["more than 10 rows"] * (rows > 10) + ["text has 1 to 4096 characters"] * (not 1 <= _units(text) <= UNITS)


def twilio(form: dict[str, str]) -> list[str]:
    """By Twilio's OpenAPI document; of a form all is text."""
    document = _document("twilio", "openapi.json")
    request = document["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["post"]["requestBody"]
    schema = {**request["content"]["application/x-www-form-urlencoded"]["schema"], "additionalProperties": False}
    wrong = [error.message for error in jsonschema.Draft202012Validator(
        {**schema, "components": document["components"]}).iter_errors(form)]
    if not ("From" in form) ^ ("MessagingServiceSid" in form):
        wrong.append("one of From and MessagingServiceSid")
    return wrong + ["Body has 1 to 1600 characters"] * (not 1 <= _units(form.get("Body", "")) <= 1600)


def _against(document: dict[str, Any], reference: str, body: Any) -> list[str]:
    schema = {"$ref": reference, "components": document["components"]}
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(body)]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def payload(path: str) -> Any:
    """A real body: `channel/origin/name` below tests/data/payloads."""
    text = (DATA / "payloads" / path).read_text("utf-8")
    return json.loads(text) if path.endswith(".json") else text


def payloads(pattern: str) -> list[Path]:
    return sorted((DATA / "payloads").glob(pattern))
