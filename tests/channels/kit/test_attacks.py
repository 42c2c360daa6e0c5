"""What a provider would never send is refused cheaply, and nothing of it is stored."""
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from bootstrap import House
from channels.telegram.verify import HEADER, secret_of
from tests.channels.kit.provider import Provider
from tests.channels.kit.visitor import TELEGRAM_TOKEN, WA_SECRET, OnTelegram, OnWhatsapp

WA = "x-hub-signature-256"
DEEP = b'{"a":' * 5_000 + b"1" + b"}" * 5_000


def signed(channel: str, body: bytes) -> dict[str, str]:
    if channel == "telegram":
        return {HEADER: secret_of(TELEGRAM_TOKEN)}
    return {WA: "sha256=" + hmac.new(WA_SECRET.encode(), body, hashlib.sha256).hexdigest()}


async def count(house: House) -> int:
    async with house.store.begin() as unit:
        return int(await unit.connection.scalar(text("select count(*) from message")) or 0)


async def test_unsigned_is_refused(house: House, provider: Provider, door: httpx.AsyncClient) -> None:
    before = await count(house)
    someone = OnWhatsapp(house, provider, door)
    body = someone.body("text")
    answers = [
        await door.post("/webhooks/whatsapp", json=body),
        await someone.post(body, "sha256=" + "0" * 64),
        await someone.post(body, "sha1=" + "0" * 40),
        await door.post("/webhooks/whatsapp", json=body, headers={WA.encode(): "sha256=é".encode()}),
        await OnTelegram(house, provider, door).post(OnTelegram(house, provider, door).update(text="hi"), "wrong"),
        await door.post("/webhooks/telegram", json={}),
    ]
    assert [answer.status_code for answer in answers] == [401] * 6
    assert await count(house) == before


async def test_a_signature_for_another_channel_is_none(house: House, provider: Provider,
                                                       door: httpx.AsyncClient) -> None:
    body = json.dumps(OnTelegram(house, provider, door).update(text="hi")).encode()
    assert (await door.post("/webhooks/telegram", content=body, headers=signed("whatsapp", body))).status_code == 401
    assert (await door.post("/webhooks/whatsapp", content=body, headers=signed("telegram", body))).status_code == 401


async def test_a_signed_body_that_was_changed_is_refused(house: House, provider: Provider,
                                                         door: httpx.AsyncClient) -> None:
    body = json.dumps(OnWhatsapp(house, provider, door).body("text")).encode()
    sent = await door.post("/webhooks/whatsapp", content=body[:-1] + b" }", headers=signed("whatsapp", body))
    assert sent.status_code == 401


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a":1,"a":2}', DEEP, b'{"message":7,"entry":7}',
    b'{"message":{"chat":[]},"entry":[7]}', b'{"message":{"chat":{"id":{}}},"entry":[{"changes":{}}]}',
    b'{"message":{"chat":{"id":1,"type":"private"},"text":{"a":1},"message_id":1},"entry":[{"changes":[7]}]}'])
async def test_what_is_signed_but_no_message_is_malformed(door: httpx.AsyncClient, house: House, channel: str,
                                                          body: bytes) -> None:
    before = await count(house)
    answer = await door.post(f"/webhooks/{channel}", content=body, headers=signed(channel, body))
    assert answer.status_code == 400
    assert await count(house) == before


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
async def test_what_is_too_large_is_refused_unread(door: httpx.AsyncClient, channel: str) -> None:
    """By its own word before anything is read, else as soon as it is over."""
    large = b" " * (4 * 1024 * 1024)
    told = await door.post(f"/webhooks/{channel}", content=b"{}", headers={
        **signed(channel, b"{}"), "content-length": "999999999"})
    chunks = 0

    async def drip() -> AsyncIterator[bytes]:
        nonlocal chunks
        for _ in range(64):
            chunks += 1
            yield large[:256 * 1024]

    untold = await door.post(f"/webhooks/{channel}", content=drip(), headers=signed(channel, b""))
    assert (told.status_code, untold.status_code) == (413, 413)


async def test_one_who_goes_on_knocking_is_put_off(door: httpx.AsyncClient) -> None:
    answers = [(await door.post("/webhooks/whatsapp", content=b"{}")).status_code for _ in range(50)]
    assert (answers[0], answers[-1]) == (401, 429)


async def test_a_channel_that_is_not_set_up_is_not_there(door: httpx.AsyncClient) -> None:
    assert [(await door.post(f"/webhooks/{name}", content=b"{}")).status_code for name in ("signal", "website")] == [
        404, 404]


@pytest.mark.parametrize(("query", "expected"), [
    ({"hub.mode": "subscribe", "hub.verify_token": "wa-verify", "hub.challenge": "1158201444"}, (200, "1158201444")),
    ({"hub.mode": "subscribe", "hub.verify_token": "wrong", "hub.challenge": "1"}, (403, None)),
    ({"hub.mode": "subscribe", "hub.verify_token": "é", "hub.challenge": "1"}, (403, None)),
    ({"hub.verify_token": "wa-verify", "hub.challenge": "1"}, (403, None)), ({}, (403, None))])
async def test_metas_question_is_answered_for_its_token_only(door: httpx.AsyncClient, query: dict[str, str],
                                                             expected: Any) -> None:
    answer = await door.get("/webhooks/whatsapp", params=query)
    assert answer.status_code == expected[0]
    assert expected[1] is None or answer.text == expected[1]


async def test_telegram_asks_no_such_question(door: httpx.AsyncClient) -> None:
    assert (await door.get("/webhooks/telegram")).status_code == 403
