"""Signing in at the desk, and the ways around it that are closed."""
import asyncio
import io
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest

from bootstrap import House
from clinic.staff import StaffError
from desk import colleagues
from desk.console.passwords import fits
from tests.conftest import StoppedClock
from tests.desk.console.conftest import PASSWORD, Desk
from tests.talk import Talk

PAGES = ("/desk", "/desk/threads", "/desk/book", "/desk/answers", "/desk/people", "/desk/waiting", "/desk/events",
         "/desk/nothing", "/desk/threads/00000000-0000-0000-0000-000000000000")


@pytest.mark.parametrize("path", PAGES)
async def test_without_a_session_every_page_leads_to_the_door(desk: Desk, path: str) -> None:
    answer = await desk.browser().opens(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/desk/sign-in")


async def test_a_right_password_opens(desk: Desk) -> None:
    """The cookie is for the browser alone, and for the desk alone."""
    await desk.employs("Robin", "reception")
    robin = desk.browser()
    answer = await robin.signs_in("robin")
    cookie = answer.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/desk", "max-age"))
    assert "Robin, reception" in (await robin.opens("/desk")).text


async def test_a_wrong_password_and_an_unknown_name_are_answered_alike(desk: Desk) -> None:
    await desk.employs("Robin", "reception")
    wrong = await desk.browser().signs_in("Robin", "something else")
    unknown = await desk.browser().signs_in("Nobody", "something else")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text == unknown.text


async def test_spraying_passwords_is_stopped(desk: Desk) -> None:
    """One name from one address, many names from one address, and one name from many addresses."""
    await desk.employs("Robin", "reception")
    answers = [await desk.browser().signs_in("Robin", f"password number {n}") for n in range(9)]
    assert answers[-1].status_code == 429
    assert (await desk.browser().signs_in("Robin")).status_code == 429
    many = [await desk.browser().signs_in(f"name{n}", "a common password") for n in range(13)]
    assert many[-1].status_code == 429
    crowd = [await desk.browser(f"10.0.0.{n}").signs_in("Robin", "a common password") for n in range(25)]
    assert crowd[-1].status_code == 429


async def test_nobody_is_kept_out_by_whoever_sprays_at_their_name(desk: Desk) -> None:
    """From the same address, and from many: not out of the browser that Robin used before, and by one address alone not
    out of any other."""
    await desk.employs("Robin", "reception")
    robin = desk.browser()
    await robin.signs_in("Robin")
    for n in range(12):
        await desk.browser().signs_in("Robin", f"password number {n}")
    assert (await desk.browser().signs_in("Robin")).status_code == 429
    assert (await desk.browser("10.0.1.1").signs_in("Robin")).status_code == 303
    for n in range(40):
        await desk.browser(f"10.0.2.{n}").signs_in("Robin", f"password number {n}")
    assert (await desk.browser("10.0.3.1").signs_in("Robin")).status_code == 429
    assert (await robin.signs_in("Robin")).status_code == 303


async def test_a_known_browser_has_no_more_tries_than_others(desk: Desk) -> None:
    """Nor for another name, nor with a mark that was made up."""
    await desk.employs("Robin", "reception")
    await desk.employs("Morgan", "manager")
    robin = desk.browser()
    await robin.signs_in("Robin")
    answers = [await robin.signs_in("Robin", f"password number {n}") for n in range(9)]
    assert answers[-1].status_code == 429
    others = [await robin.signs_in("Morgan", f"password number {n}") for n in range(9)]
    assert others[-1].status_code == 429
    thief = desk.browser()
    for n in range(9):
        thief.client.cookies.set("desk-known", f"b{n}.{'0' * 64}", path="/desk/sign-in")
        answer = await thief.signs_in("Robin", f"password number {n}")
    assert answer.status_code == 429


async def test_tries_that_failed_are_logged_without_what_was_typed(desk: Desk, house: House) -> None:
    await desk.employs("Robin", "reception")
    await desk.browser().signs_in("Robin", "something else")
    await desk.browser().signs_in("a password in the wrong field", "x")
    async with house.store.begin() as unit:
        newest = (await unit.audit.entries(limit=2))[0]
        assert "wrong field" not in repr(await unit.audit.entries(limit=20))
    assert (newest.by, newest.did) == ("Robin", "not_let_in")


async def test_a_planted_session_is_worth_nothing(desk: Desk) -> None:
    """Fixation: the token that an attacker set beforehand is not the one that is signed in."""
    await desk.employs("Robin", "reception")
    robin = desk.browser()
    robin.client.cookies.set("desk", "planted", path="/desk")
    await robin.signs_in("Robin")
    attacker = desk.browser()
    attacker.client.cookies.set("desk", "planted", path="/desk")
    assert (await attacker.opens("/desk")).status_code == 303


async def test_a_session_ends_by_itself(desk: Desk, clock: StoppedClock, talk: Talk) -> None:
    robin = await desk.at_work("reception")
    clock.now += timedelta(hours=2, minutes=1)
    assert (await robin.opens("/desk")).status_code == 303


async def test_work_does_not_make_a_session_last_for_ever(desk: Desk, clock: StoppedClock, talk: Talk) -> None:
    robin = await desk.at_work("reception")
    answers = []
    for _ in range(13):
        clock.now += timedelta(hours=1)
        answers.append((await robin.opens("/desk")).status_code)
    assert answers == [200] * 11 + [303] * 2


async def test_signed_out_the_token_is_worth_nothing(desk: Desk) -> None:
    robin = await desk.at_work("reception")
    stolen = robin.client.cookies["desk"]
    await robin.sends("/desk/sign-out")
    thief = desk.browser()
    thief.client.cookies.set("desk", stolen, path="/desk")
    assert (await thief.opens("/desk")).status_code == 303


async def test_whoever_is_let_in_no_more_is_out_at_once(desk: Desk, house: House) -> None:
    robin, morgan = await desk.at_work("reception"), await desk.at_work("manager")
    async with house.store.begin() as unit:
        key = next(one.id for one in await unit.staff.everybody() if one.name == "Robin")
    await morgan.sends(f"/desk/people/{key}", active="no")
    assert (await robin.opens("/desk")).status_code == 303
    assert (await robin.signs_in("Robin")).status_code == 401


@pytest.mark.parametrize("fields", [{}, {"csrf": ""}, {"csrf": "0" * 64}])
async def test_a_form_that_is_not_ours_changes_nothing(desk: Desk, house: House, fields: dict[str, str]) -> None:
    robin = await desk.at_work("reception")
    answer = await robin.client.post("/desk/presence", data={"name": "paused", "on": "yes", **fields})
    assert answer.status_code == 403
    async with house.store.begin() as unit:
        assert await unit.presences.said(house.clock()) == {}


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"},
                                     {"origin": "null"}, {"sec-fetch-site": "same-site"}])
async def test_a_form_from_another_site_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    """Also the one for signing in: nobody is signed in as somebody else without knowing."""
    robin = await desk.at_work("reception")
    data = {"csrf": robin.csrf, "name": "paused", "on": "yes"}
    assert (await robin.client.post("/desk/presence", data=data, headers=headers)).status_code == 403
    answer = await desk.browser().client.post("/desk/sign-in", data={"name": "Robin", "password": PASSWORD},
                                              headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/desk//evil.example", "/desk\\evil",
                                "javascript:alert(1)", "/deskevil", "/"])
async def test_signing_in_leads_nowhere_else(desk: Desk, to: str) -> None:
    await desk.employs("Robin", "reception")
    answer = await desk.browser().client.post("/desk/sign-in", data={"name": "Robin", "password": PASSWORD, "to": to})
    assert answer.headers["location"] == "/desk"


async def test_a_code_is_asked_of_whoever_has_one_and_counts_once(desk: Desk, clock: StoppedClock) -> None:
    secret = pyotp.random_base32()
    await desk.employs("Robin", "reception", secret)
    assert (await desk.browser().signs_in("Robin")).status_code == 401
    assert (await desk.browser().signs_in("Robin", code="000000 ")).status_code == 401
    code = pyotp.TOTP(secret).at(clock.now)
    assert (await desk.browser().signs_in("Robin", code=code)).status_code == 303
    assert (await desk.browser().signs_in("Robin", code=code)).status_code == 401


@pytest.mark.parametrize(("role", "path", "status"), [
    ("therapist", "/desk/book", 403), ("therapist", "/desk/people", 403), ("reception", "/desk/people", 403),
    ("therapist", "/desk/threads", 200), ("reception", "/desk/book", 200), ("manager", "/desk/people", 200)])
async def test_a_role_opens_its_own_pages(desk: Desk, role: str, path: str, status: int) -> None:
    colleague = await desk.at_work(role)  # type: ignore[arg-type]
    assert (await colleague.opens(path)).status_code == status


async def test_a_role_sends_no_forms_of_another(desk: Desk, house: House) -> None:
    """Nor does it give itself more than it has by a field that no form of its own holds."""
    theo = await desk.at_work("therapist")
    assert (await theo.sends("/desk/people", name="Eve", role="manager", password=PASSWORD)).status_code == 403
    await theo.opens("/desk")
    assert (await theo.sends("/desk/book/ABCDEF/cancel")).status_code == 403
    await theo.opens("/desk")
    await theo.sends("/desk/presence", name="away", on="yes", role="manager", id="1")
    async with house.store.begin() as unit:
        await unit.presences.end("away")
        assert [(one.name, one.role) for one in await unit.staff.everybody()] == [("Theo", "therapist")]


async def test_a_form_of_any_size_is_not_read_to_its_end(desk: Desk) -> None:
    robin = await desk.at_work("reception")
    answer = await robin.client.post("/desk/presence", content=b"name=" + b"x" * 100_000,
                                     headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 413


async def test_users_are_made_on_the_command_line(house: House, desk: Desk, monkeypatch: pytest.MonkeyPatch,
                                                  capsys: pytest.CaptureFixture[str]) -> None:
    settings = replace(house.settings, database_url=house.store.dsn)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    await colleagues.add(settings, "Robin", "reception", True)
    assert "otpauth://" in capsys.readouterr().out
    await colleagues.show(settings)
    assert "Robin" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(StaffError):
        await colleagues.add(settings, "Kim", "reception", False)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    with pytest.raises(StaffError):
        await colleagues.add(settings, "robin", "manager", False)


async def test_an_unreadable_hash_opens_nothing() -> None:
    assert not await asyncio.to_thread(fits, "anything", "not a hash")
