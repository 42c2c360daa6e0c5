"""`frontdesk requests`: read, and put away."""
from uuid import uuid4

import pytest

from clinic.settings import Settings
from desk.listing import NothingThere, list_requests, put_away, read_conversation
from tests.talk import Talk


async def test_a_conversation_for_a_person_is_read_and_put_away(
        talk: Talk, beside: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    await talk.says("can i speak to a human please")
    await list_requests(beside, False)
    assert str(talk.conversation) in capsys.readouterr().out
    await read_conversation(beside, talk.conversation)
    assert "can i speak to a human please" in capsys.readouterr().out
    await put_away(beside, str(talk.conversation))
    assert await talk.cases() == []


async def test_a_request_is_put_away_by_its_reference(talk: Talk, beside: Settings) -> None:
    await talk.says("can i book an hour on thursday afternoon, my name is Jo Hill, 07700 900123")
    await talk.taps("Let the clinic")
    await talk.passes_check()
    await talk.says("yes")
    (request,) = await talk.requests()
    await put_away(beside, request.reference.lower())
    assert [r.state for r in await talk.requests()] == ["done"]


async def test_what_is_not_there_is_said(beside: Settings) -> None:
    with pytest.raises(NothingThere):
        await put_away(beside, "XXXXXX")
    with pytest.raises(NothingThere):
        await read_conversation(beside, uuid4())
