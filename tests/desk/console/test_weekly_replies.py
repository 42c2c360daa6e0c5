"""A reply to the weekly mail is a draft of the first question's answer, and live only by a person who is signed in."""
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from email.message import EmailMessage
from html import unescape

import pytest
import pytest_asyncio
from sqlalchemy import text

from bootstrap import House
from clinic.settings import Settings
from clinic.store.replies import own_words
from desk.weekly import LARGEST, LATER, take_reply
from tests.conftest import StoppedClock
from tests.desk.console.conftest import Colleague, Desk
from tests.desk.console.test_gap_loop import ANSWER, ASKED, writes
from tests.desk.console.test_weekly import NEXT, TO, WEEK, another, managers
from tests.mail_server import MailServer, text_of
from tests.talk import Talk

__all__ = ["managers"]
REPLIES = "answers@clinic.example"


@pytest_asyncio.fixture
async def weekly(own: House, managers: House, talk: Talk, mails: MailServer, clock: StoppedClock,
                 monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[EmailMessage]:
    """The mail about a week in which one question waits; it went, and replies to it are read."""
    await talk.says(ASKED)
    async with managers.store.begin() as unit:
        await unit.connection.execute(text("delete from proposal"))
    clock.now = NEXT
    monkeypatch.setattr(managers.rounds.weekly, "reply_to", REPLIES)
    await another(managers).send_due()
    weekly = await mails.one()
    mails.received.clear()
    yield weekly


@pytest.fixture
def at(managers: House, mails: MailServer) -> Settings:
    return replace(managers.settings, database_url=managers.store.dsn, smtp_url=mails.url, weekly_to=TO,
                   notify_to="desk@clinic.example", weekly_reply_to=REPLIES)


def reply(weekly: EmailMessage, said: str, *, sender: str = "Morgan <Morgan@clinic.example>", thread: bool = True,
          **headers: str) -> bytes:
    """*said* above the mail, as mail programs quote it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, weekly["Reply-To"] or REPLIES, f"Re: {weekly['Subject']}"
    if thread:
        mail["In-Reply-To"] = weekly["Message-ID"]
    mail["Message-ID"] = "<theirs@clinic.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    quoted = "\n".join(f"> {line}" for line in weekly.get_content().splitlines())
    mail.set_content(f"{said}\n\n-- \nMorgan, 0117 496 0123\n\nOn Mon, 30 Nov 2026 at 07:00, The clinic wrote:\n"
                     f"{quoted}\n")
    return mail.as_bytes()


async def drafts(house: House) -> list[str]:
    async with house.store.begin() as unit:
        return [str(one) for one in await unit.connection.scalars(
            text("select entry->>'answer' from proposal where state = 'draft'"))]


async def heard(house: House, talk: Talk) -> str:
    other = Talk(house, talk.post)
    await other.says(ASKED)
    return str(other.last.kind)


@pytest.mark.parametrize("thread", [True, False])
async def test_a_reply_is_a_draft_until_somebody_signed_in_confirms_it(
        own: House, own_desk: Desk, managers: House, weekly: EmailMessage, at: Settings, mails: MailServer, talk: Talk,
        thread: bool) -> None:
    """Found by what it refers to, or by what it quotes; nothing is live, nobody is told, before it is confirmed."""
    assert await take_reply(at, reply(weekly, ANSWER, thread=thread)) == 0
    assert await drafts(managers) == [ANSWER]
    assert await heard(managers, talk) == "not_covered"
    told = await mails.one()
    assert (told["To"], told["In-Reply-To"], told["Auto-Submitted"]) == (
        "Morgan@clinic.example", "<theirs@clinic.example>", "auto-replied")
    assert ANSWER not in text_of(told)
    link = re.search(r"http://localhost:8000(/desk/gaps/answer/\d+)", text_of(told))
    assert link
    stranger = own_desk.browser()
    assert "/desk/sign-in" in (await stranger.opens(link[1])).headers["location"]
    morgan = await own_desk.at_work("manager")
    await morgan.opens(link[1])
    assert shown(morgan) == ANSWER
    assert "came by mail" in morgan.page
    assert await writes(morgan, link[1], shown(morgan)) == 200
    assert await heard(managers, talk) == "answer"
    assert await drafts(managers) == []


def shown(colleague: Colleague) -> str:
    """The answer that the form begins with."""
    found = re.search(r'<textarea name="answer"[^>]*>(.*?)</textarea>', colleague.page, re.S)
    assert found
    return unescape(found[1])


async def test_the_last_reply_counts_and_is_only_text(own: House, own_desk: Desk, managers: House, at: Settings,
                                                      weekly: EmailMessage, mails: MailServer) -> None:
    await take_reply(at, reply(weekly, "the first"))
    await take_reply(at, reply(weekly, "</textarea><script>alert(1)</script>\u202e"))
    link = re.search(r"/desk/gaps/answer/\d+", text_of(await mails.one(2)))
    morgan = await own_desk.at_work("manager")
    assert link
    await morgan.opens(link[0])
    assert "<script>alert" not in morgan.page
    assert shown(morgan) == "</textarea><script>alert(1)</script>"


async def test_what_is_answered_meanwhile_makes_no_draft(managers: House, at: Settings, weekly: EmailMessage,
                                                         mails: MailServer) -> None:
    async with managers.store.begin() as unit:
        await unit.gaps.settle([one.id for one in await unit.gaps.open()], "not_ours", "Robin", managers.clock())
    assert await take_reply(at, reply(weekly, ANSWER)) == 0
    assert await drafts(managers) == []
    assert "answered or put away meanwhile" in text_of(await mails.one())


@pytest.mark.parametrize("wrong", ["sender", "stamp", "no stamp", "machine", "list", "size", "empty"])
async def test_what_is_no_reply_of_theirs_makes_no_draft(managers: House, at: Settings, weekly: EmailMessage,
                                                         mails: MailServer, wrong: str) -> None:
    """Somebody else's, a stamp that was made up, a machine's, a mountain of text. Nobody is answered, but for whoever
    only forgot to write something."""
    mail = reply(weekly, ANSWER)
    if wrong == "sender":
        mail = reply(weekly, ANSWER, sender="eve@elsewhere.example")
    elif wrong == "stamp":
        mail = re.sub(rb"(desk-)(\d+)-", lambda found: found[1] + str(int(found[2]) + 1).encode() + b"-", mail)
    elif wrong == "no stamp":
        mail = re.sub(rb"desk-\d+-\w+", b"", mail)
    elif wrong == "machine":
        mail = reply(weekly, ANSWER, Auto_Submitted="auto-replied")
    elif wrong == "list":
        mail = reply(weekly, ANSWER, List_Id="<everybody.clinic.example>")
    elif wrong == "size":
        mail += b"x" * LARGEST
    else:
        mail = reply(weekly, "")
    assert await take_reply(at, mail) == 0
    assert await drafts(managers) == []
    told = ["There were no words of yours"] if wrong == "empty" else []
    assert [text_of(one)[:28] for one in mails.received] == told


async def test_where_nobody_can_be_told_the_mail_server_tries_again(managers: House, at: Settings,
                                                                    weekly: EmailMessage, mails: MailServer) -> None:
    mails.busy = 1
    assert await take_reply(at, reply(weekly, ANSWER)) == LATER
    assert await take_reply(at, reply(weekly, ANSWER)) == 0
    assert await drafts(managers) == [ANSWER]
    assert len(mails.received) == 1


async def test_nobody_is_asked_to_reply_where_nobody_reads_it(managers: House, weekly: EmailMessage,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    assert "You can reply" in weekly.get_content()
    monkeypatch.setattr(managers.rounds.weekly, "reply_to", None)
    mail = await managers.rounds.weekly.mail(WEEK)
    assert "reply" not in mail.get_content()
    assert mail["Reply-To"] is None


@pytest.mark.parametrize(("written", "words"), [
    ("Three days.\n\nOn Mon, 30 Nov 2026 at 07:00, The Clinic\n<a@b.example> wrote:\n> all", "Three days."),
    ("Three days.\r\n\r\n-----Original Message-----\r\nFrom: The clinic", "Three days."),
    ("On the day, bring:\n- water\n- shorts\n\nFrom: The clinic", "On the day, bring:\n- water\n- shorts"),
    ("Three days.\n--\nMorgan", "Three days."), ("Three days.\n________________\nFrom", "Three days."), ("> all", "")])
def test_what_is_quoted_is_no_part_of_an_answer(written: str, words: str) -> None:
    assert own_words(written) == words
