"""`frontdesk book`: what staff type, and what they read."""
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bootstrap import House
from clinic.booking.appointment import Details
from clinic.booking.copies import CopyUnusable
from clinic.booking.importing import Defaults
from clinic.booking.opening import AppointmentUnknown, Opening, OpeningTaken
from clinic.errors import SettingsError
from clinic.settings import ROOT, Settings
from desk import book_checks, booking, copying, waiting
from desk.contents import check
from desk.listing import list_requests
from desk.moments import WhenUnclear, day, moment, span
from tests.clinic.booking.test_staff import requested
from tests.conftest import MONDAY_NOON, StoppedClock
from tests.talk import Talk

LONDON = ZoneInfo("Europe/London")
JO = Details("Jo Hill", "07700 900123")
Said = pytest.CaptureFixture[str]


async def test_a_day_at_the_desk(talk: Talk, beside: Settings, clock: StoppedClock, capsys: Said) -> None:
    """A request is listed, confirmed, read in the day and the week, moved, and its history shown."""
    wanted = await requested(talk)
    await list_requests(beside, False)
    said = capsys.readouterr().out
    assert wanted.reference in said
    assert "Thursday 26 November at 15:00" in said
    await booking.settle(beside, wanted.reference.lower(), "confirm", clock)
    assert "told in the chat" in capsys.readouterr().out
    await booking.show(beside, "thursday", 1, clock=clock)
    said = capsys.readouterr().out
    assert f"Thu 26 Nov, 15:00–16:00 │ booked │ {wanted.reference}" in said
    await booking.move(beside, wanted.reference, "friday at 10am", None, clock)
    await booking.show(beside, None, 7, clock=clock)
    assert "Fri 27 Nov, 10:00–11:00" in capsys.readouterr().out
    await booking.history(beside, wanted.reference)
    assert capsys.readouterr().out.count("staff") == 2


async def test_what_staff_write_in_takes_the_time(talk: Talk, beside: Settings, clock: StoppedClock,
                                                  capsys: Said) -> None:
    await booking.add(beside, "Sports massage, 60 minutes", "therapist-a", "thursday at 3pm", JO, clock)
    with pytest.raises(OpeningTaken, match="booked, Thu 26 Nov, 15:00"):
        await booking.add(beside, "sports-massage-60", "therapist-a", "thursday at 3.30pm", JO, clock)
    await booking.add(beside, "sports-massage-60", "therapist-a", "2026-11-25T22:00", JO, clock)
    assert "does not work then" in capsys.readouterr().out
    with pytest.raises(AppointmentUnknown, match="ZZZZZZ"):
        await booking.settle(beside, "zzzzzz", "cancel", clock)


async def test_blocked_time_is_nobodys_until_it_is_freed(talk: Talk, beside: Settings, clock: StoppedClock,
                                                         capsys: Said) -> None:
    await booking.block(beside, "therapist-a", "2026-12-07", "2026-12-08", "training", clock)
    said = capsys.readouterr().out
    assert "from Monday 7 December at 00:00 to Wednesday 9 December at 00:00" in said
    await booking.settle(beside, said[:6], "unblock", clock)
    await booking.block(beside, "therapist-a", "2026-12-07", "2026-12-08", "again", clock)


@pytest.mark.parametrize("kind", ["csv", "ics"])
async def test_the_book_goes_into_a_file_and_back(talk: Talk, beside: Settings, clock: StoppedClock, capsys: Said,
                                                  tmp_path: Path, kind: str) -> None:
    await booking.add(beside, "sports-massage-60", "therapist-a", "thursday at 3pm", JO, clock)
    file = tmp_path / f"book.{kind}"
    await copying.export(beside, file, None, clock)
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(CopyUnusable, match="already"):
        await copying.export(beside, file, None, clock)
    await copying.take_in(beside, file, Defaults(), clock)
    assert "0 added, 1 were there already" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "content", "why"), [
    ("x.txt", b"", "should end in"), ("x.csv", b"\xff", "UTF-8"), ("x.ics", b"hello", "no calendar"),
    ("x.csv", b"a,b\n1,2\n", "names no starts"), ("x.csv", b"therapist,starts\nnobody,2026-12-03T10:00\n", "x.csv:2:"),
    ("missing/x.csv", None, "can't be read")])
async def test_a_file_that_is_none_is_refused_in_a_line(talk: Talk, beside: Settings, tmp_path: Path, name: str,
                                                        content: bytes | None, why: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CopyUnusable, match=why):
        await copying.take_in(beside, tmp_path / name, Defaults())


async def test_the_check_of_the_content_names_what_a_change_strands(talk: Talk, beside: Settings, clock: StoppedClock,
                                                                    capsys: Said, tmp_path: Path) -> None:
    await booking.add(beside, "sports-massage-60", "therapist-a", "thursday 3 december at 3pm", JO, clock)
    reference = capsys.readouterr().out[:6]
    clinic = talk.house.library.current.content.clinic
    assert await book_checks.stranded_lines(beside, clinic, clock) == []
    away = replace(clinic.people[0], days_off=((datetime(2026, 12, 3).date(), datetime(2026, 12, 3).date()),))  # noqa: DTZ001
    changed = replace(clinic, people=(away, *clinic.people[1:]))
    (line,) = await book_checks.stranded_lines(beside, changed, clock)
    assert line.startswith(reference)
    assert "day off" in line
    await check(beside)
    assert "fine" in capsys.readouterr().out


async def test_addresses_to_subscribe_to(talk: Talk, beside: Settings, capsys: Said) -> None:
    await booking.addresses(beside, False)
    before = capsys.readouterr().out
    await booking.addresses(beside, True)
    after = capsys.readouterr().out
    assert "therapist=therapist-b" in before
    assert before.splitlines()[0] != after.splitlines()[0]


@pytest.mark.parametrize(("written", "instant"), [
    ("2026-07-01T10:00", datetime(2026, 7, 1, 9, tzinfo=UTC)),
    ("2020-01-01 10:00", datetime(2020, 1, 1, 10, tzinfo=UTC)),
    ("thursday at 3pm", datetime(2026, 11, 26, 15, tzinfo=UTC))])
def test_a_moment_is_read_as_people_say_it(written: str, instant: datetime) -> None:
    assert moment(written, MONDAY_NOON, LONDON) == instant


@pytest.mark.parametrize(("written", "shown"), [
    ("next friday at 3pm", "Fri 27 Nov, 15:00; Fri 4 Dec, 15:00"), ("thursday", "span of time"), ("hello", "no time"),
    ("31 february at 3pm", "never comes"), ("2026-03-29T01:30", "clocks leave out"), ("2026-13-01T10:00", "no moment")])
def test_a_doubt_is_shown(written: str, shown: str) -> None:
    with pytest.raises(WhenUnclear, match=shown):
        moment(written, MONDAY_NOON, LONDON)


def test_a_day_begins_at_the_clinics_midnight() -> None:
    assert day(None, datetime(2026, 7, 1, 23, 30, tzinfo=UTC), LONDON).date().isoformat() == "2026-07-02"
    begins, ends = span("7 december", MONDAY_NOON, LONDON)
    assert (begins, ends) == (datetime(2026, 12, 7, tzinfo=UTC), datetime(2026, 12, 8, tzinfo=UTC))


async def test_the_doctor_says_which_calendar_is_not_read(talk: Talk, beside: Settings, clock: StoppedClock,
                                                          tmp_path: Path) -> None:
    assert await book_checks.calendars(beside, clock) is None
    shutil.copytree(ROOT / "content", tmp_path / "content")
    facts = tmp_path / "content" / "clinic.yml"
    text = facts.read_text(encoding="utf-8")
    text = text.replace("  - id: therapist-a\n", "  - id: therapist-a\n    calendar: https://diary.example/secret.ics\n")
    text = text.replace("  - id: therapist-b\n", "  - id: therapist-b\n    caldav: https://diary.example/b/\n")
    facts.write_text(text, encoding="utf-8")
    found = await book_checks.calendars(replace(beside, content=tmp_path / "content"), clock)
    assert found
    assert not found.ok
    assert "never read" in found.said
    assert "CALDAV_THERAPIST_B" in found.said
    assert "secret" not in found.said


def test_what_opens_a_calendar_is_a_setting_that_is_never_shown() -> None:
    settings = Settings.read({"CALDAV_THERAPIST_A": "desk:a:secret"})
    assert settings.login_of("therapist-a") == ("desk", "a:secret")
    assert settings.login_of("therapist-b") is None
    assert "secret" not in repr(settings)
    with pytest.raises(SettingsError, match=r"MAIL_FROM.*CALDAV_X"):
        Settings.read({"CALDAV_X": "secret", "MAIL_FROM": "a@b, c@d"})


async def test_who_waits_is_listed_in_order_with_what_is_kept(talk: Talk, house: House, beside: Settings,
                                                              clock: StoppedClock, capsys: Said) -> None:
    """As `frontdesk book waiting`, without asking for anything that the visitor did not say."""
    await waiting.show(beside)
    assert "nobody" in capsys.readouterr().out
    await talk.says("can i book an hour on wednesday at 9am")
    await talk.taps("Tell me if one comes free")
    await talk.taps("Yes, put me on the list")
    await waiting.show(beside)
    said = capsys.readouterr().out
    assert "sports-massage-60: on wednesday at 9am" in said
    assert "waits until Thu 26 Nov, 00:00" in said
    async with house.store.begin() as unit:
        (place,) = await unit.waiting_list.everybody()
        begins, until = MONDAY_NOON + timedelta(hours=47), MONDAY_NOON + timedelta(hours=2)
        opening = Opening(begins, begins + timedelta(hours=1), "therapist-b", "sports-massage-60")
        # Held as well: a round of the house takes back what is offered and not kept.
        await unit.book.hold(place.conversation, opening, timedelta(minutes=75), until, clock())
        assert await unit.waiting_list.offer(place, opening.key, until)
    await waiting.show(beside)
    said = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert "Wed 25 Nov, 11:00, therapist-b: kept" in said
