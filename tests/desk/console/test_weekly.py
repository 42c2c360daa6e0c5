"""The weekly mail: true, once, with nothing in it that a visitor wrote; its links lead to where answers are written."""
import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import text

from bootstrap import House
from clinic.errors import SettingsError
from clinic.figures.week import Spread, Week
from clinic.figures.weekly import Report, in_words
from clinic.knowledge.content import load
from clinic.settings import Settings
from clinic.store.weekly import Weekly
from desk import weekly
from tests.conftest import MONDAY_NOON, StoppedClock
from tests.desk.console.conftest import Desk
from tests.desk.console.test_gap_loop import ANSWER, ASKED, writes
from tests.mail_server import MailServer, text_of
from tests.talk import Talk

WEEK = date(2026, 11, 23)
NEXT = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)
"""Seven on the Monday after, at the clinic."""
TO = ("morgan@clinic.example", "robin@clinic.example")
LOOSE = "my left knee zzkwx hurts, Eve Jones, 07700 900123"


@pytest_asyncio.fixture
async def managers(house: House, talk: Talk, mails: MailServer, monkeypatch: pytest.MonkeyPatch,
                   clock: StoppedClock) -> AsyncIterator[House]:
    """A clinic whose managers get the mail; it was never sent, and nobody has written yet."""
    async with house.store.begin() as unit:
        for table in ("conversation", "week_figure", "warning"):
            await unit.connection.execute(text(f"delete from {table}"))
    monkeypatch.setattr(house.rounds.weekly, "to", TO)
    mails.received.clear()
    yield house
    clock.now = MONDAY_NOON


def another(house: House) -> Weekly:
    """The same in another process, or after a restart."""
    mine = house.rounds.weekly
    return Weekly(house.store, house.library, house.jobs, mine._mailbox, house.clock,
                  house.settings.public_url, TO)


async def test_it_is_sent_once_a_week_whoever_looks(managers: House, talk: Talk, mails: MailServer,
                                                    clock: StoppedClock) -> None:
    """Not before Monday at seven; once, though several processes look at once (the running one too), and after a
    restart."""
    await talk.says("hello")
    clock.now = NEXT - timedelta(minutes=1)
    assert not await another(managers).send_due()
    clock.now = NEXT
    await asyncio.gather(*(another(managers).send_due() for _ in range(5)))
    mail = await mails.one()
    assert mail["To"] == ", ".join(TO)
    assert "from 23 to 29 November" in mail["Subject"]
    clock.now = NEXT + timedelta(days=3)
    assert not await another(managers).send_due()
    clock.now = NEXT + timedelta(days=9)
    await asyncio.gather(*(another(managers).send_due() for _ in range(5)))
    assert "from 30 November to 6 December" in (await mails.one(2))["Subject"]
    async with managers.store.begin() as unit:
        waiting = await unit.connection.scalar(text(
            "select count(*) from procrastinate_jobs where task_name = 'weekly' and status = 'todo'"))
    assert (len(mails.received), waiting) == (2, 0)


async def test_nobody_is_told_of_a_week_in_which_there_was_no_clinic_yet(managers: House, talk: Talk,
                                                                         clock: StoppedClock) -> None:
    await talk.says("hello")
    clock.now = MONDAY_NOON + timedelta(days=2)
    assert not await another(managers).send_due()


async def test_it_says_what_is_true_and_nothing_that_a_visitor_wrote(managers: House, talk: Talk, mails: MailServer,
                                                                     clock: StoppedClock) -> None:
    """The clinic's own words for what waits, or what it is about; the tag of a link is a visitor's word too."""
    talks = [talk, *(Talk(managers, talk.post) for _ in range(4))]
    await talks[0].says(ASKED)
    await talks[1].says(ASKED)
    await talks[2].says("can i talk to a person please")
    await talks[3].says("does massage help runners recover")
    talks[4].conversation, _ = await managers.inbox.open("website", "i-am-eve-jones")
    await talks[4].says(LOOSE)
    async with managers.store.begin() as unit:
        assert talks[4].conversation
        await unit.cases.note_gap(talks[4].conversation, 1, "injury", None, managers.clock(), "misunderstood")
        opened = [gap.text for gap in await unit.gaps.open()]
    assert sorted(opened) == sorted([ASKED, ASKED, LOOSE])
    clock.now = NEXT
    await another(managers).send_due()
    said = text_of(await mails.one())
    faq = load(managers.settings.content).faq("before-a-race")
    assert faq
    assert f"1. Asked 2 times: {faq.question}" in said
    assert "2. Asked once: about “Help with an injury or ache”" in said
    assert "there were 5 enquiries." in said
    assert "- 1 was put before a person" in said
    assert "- 1 was answered or booked; whether it needs somebody" in said
    assert "By a link with a tag: 1." in said
    for word in (ASKED, "knee", "zzkwx", "Eve", "eve-", "07700"):
        assert word not in said


async def test_its_link_leads_to_where_the_answer_is_written(own: House, own_desk: Desk, managers: House, talk: Talk,
                                                             clock: StoppedClock) -> None:
    """By way of the door, for whoever isn't signed in; what is confirmed there is live, and the link then says so."""
    await talk.says(ASKED)
    other = Talk(managers, talk.post)
    await other.says(ASKED)
    clock.now = NEXT
    said = text_of(await managers.rounds.weekly.mail(WEEK))
    link = re.search(r"http://localhost:8000(/desk/gaps/answer/\d+)", said)
    assert link
    morgan = await own_desk.at_work("manager")
    stranger = own_desk.browser()
    sent = await stranger.opens(link[1])
    assert sent.headers["location"] == f"/desk/sign-in?to={link[1]}"
    theo = await own_desk.at_work("therapist")
    assert (await theo.opens(link[1])).status_code == 403
    assert await writes(morgan, link[1]) == 200
    last = Talk(managers, talk.post)
    await last.says(ASKED)
    assert ANSWER in last.last.text
    assert (await morgan.opens(link[1])).status_code == 410
    assert "answered or put away meanwhile" in morgan.page
    said = text_of(await managers.rounds.weekly.mail(WEEK))
    assert "No question waits for an answer." in said


async def test_the_command_shows_it_and_sends_it_now(managers: House, talk: Talk, mails: MailServer,
                                                     clock: StoppedClock, capsys: pytest.CaptureFixture[str]) -> None:
    await talk.says("hello")
    settings = replace(managers.settings, database_url=managers.store.dsn, smtp_url=mails.url,
                       notify_to="desk@clinic.example")
    await weekly.show(settings, WEEK + timedelta(days=3), False)
    assert "there was one enquiry." in capsys.readouterr().out
    assert mails.received == []
    with pytest.raises(weekly.NobodyToTell):
        await weekly.show(settings, WEEK, True)
    await weekly.show(replace(settings, weekly_to=TO), WEEK, True)
    assert "From 23 to 29 November" in text_of(mails.received[0])


def test_the_week_before_is_judged_beside_what_is_mostly_reported() -> None:
    fates = dict.fromkeys(("deflected", "too_fresh", "person", "safety", "unanswered", "dead_end", "small_talk"), 0)
    before = Week(10, {**fates, "deflected": 4, "too_fresh": 2, "person": 1, "dead_end": 3}, 9)
    last = Week(8, {**fates, "too_fresh": 7, "safety": 1}, 8, answering=Spread(8, 0.4, 2.0))
    said = in_words(Report(WEEK, last, before, {"website": 8}, 0, []), "https://clinic.example/desk")
    assert "there were 8 enquiries, 2 fewer than in the week before." in said
    assert "4 of 8 enquiries (50%) needed nobody. What is mostly reported would be 90%" in said
    assert "Of 2 more it can't be said yet." in said
    assert "- 1 was told to get help" in said
    assert "within 0.4 seconds" in said


@pytest.mark.parametrize("given", [{"WEEKLY_TO": "morgan@clinic.example"},
                                   {"WEEKLY_TO": "morgan", "SMTP_URL": "smtp://a", "NOTIFY_TO": "a@b.example"}])
def test_an_address_that_nothing_can_be_sent_to_is_told_at_once(given: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="WEEKLY_TO"):
        Settings.read(given)
    assert Settings.read({"WEEKLY_TO": ", ".join(TO), "SMTP_URL": "smtp://a", "NOTIFY_TO": "a@b.example"}
                         ).weekly_to == TO
