"""A clinic of another trade on the same code and the same model: what is said is its own."""
from collections.abc import AsyncIterator

import pytest_asyncio

from bootstrap import House
from clinic.settings import Settings
from tests.conftest import Pigeonhole
from tests.talk import Talk
from tests.talks.clinics import opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def physio(tmp_path_factory, settings: Settings) -> AsyncIterator[House]:
    """Millpond Physiotherapy, with the safety rules that every clinic starts from."""
    async with opened(settings, tmp_path_factory.mktemp("physio")) as house:
        yield house


def talk_to(house: House) -> Talk:
    return Talk(house, Pigeonhole())


async def test_it_tells_its_own_facts(physio: House) -> None:
    talk = talk_to(physio)
    await talk.says("how much is it")
    assert talk.kinds == ["clinic_fact"]
    assert "£62.50" in talk.last.text
    await talk.says("do you sell gift vouchers?")
    assert "desk" in talk.last.text  # a fact that the other clinic has left out


async def test_it_answers_from_its_own_article(physio: House) -> None:
    talk = talk_to(physio)
    await talk.says("my shoulder is stiff, can you help with that?")
    assert talk.kinds == ["answer"]
    assert talk.last.citations[0]["article"] == "stiff-shoulders"


async def test_a_request_goes_through_with_its_own_services(physio: House) -> None:
    talk = talk_to(physio)
    await talk.says("can i book an appointment")
    await talk.taps("Physiotherapy assessment")
    await talk.says("thursday after 2")
    await talk.picks()
    await talk.says("Jo Hill")
    await talk.says("07700 900123")
    await talk.passes_check()
    await talk.says("yes")
    assert [request.service for request in await talk.appointments()] == ["assessment"]


async def test_danger_is_danger_anywhere(physio: House) -> None:
    talk = talk_to(physio)
    await talk.says("ive got crushing chest pain going down my left arm right now")
    assert talk.kinds == ["safety"]
    assert "999" in talk.last.text
