"""A day at the desk: what waits, a conversation taken over, answered, noted, given back."""
import asyncio
import csv
import io
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from bootstrap import House
from channels import takeover
from channels.website.talk import Talk as Website
from clinic.conversation import Message
from clinic.post import Smtp, SmtpMailbox
from clinic.store.unread import Unread
from tests.conftest import MONDAY_NOON, StoppedClock
from tests.desk.console.conftest import Desk
from tests.mail_server import MailServer, text_of
from tests.talk import Talk

DANGER = "crushing pain in my chest and my left arm has gone numb"
XSS = "<img src=x onerror=alert(1)> <script>alert(1)</script> \" ' & sore calf"


def path_of(talk: Talk) -> str:
    return f"/desk/threads/{talk.conversation}"


async def said(talk: Talk) -> list[Message]:
    async with talk.house.store.begin() as unit:
        return await unit.messages.after(talk.conversation, 0)


async def test_what_waits_is_listed_with_danger_first(desk: Desk, talk: Talk) -> None:
    await talk.says("can i talk to a person please")
    alarmed = Talk(talk.house, talk.post)
    await alarmed.says(DANGER)
    robin = await desk.at_work("reception")
    assert robin.page.index(f"threads/{alarmed.conversation}") < robin.page.index(f"threads/{talk.conversation}")
    assert re.search(r'data-alerts="[1-9]', robin.page)


async def test_a_case_is_shown_with_what_put_it_there(desk: Desk, talk: Talk, clock: StoppedClock) -> None:
    """And with what has been said since, but for the contact that stands there anyway."""
    clock.now = MONDAY_NOON + timedelta(hours=9)
    await talk.says("can i talk to a person about my knee please")
    await talk.says("07700 900123")
    robin = await desk.at_work("reception")
    shown = _row(robin.page, talk)
    assert "about my knee" in shown
    assert "reach them at +447700900123" in shown
    assert "07700 900123" not in shown
    await talk.says("is there parking")
    await robin.opens("/desk")
    shown = _row(robin.page, talk)
    assert "about my knee" in shown
    assert "then: <q>is there parking</q>" in shown


def _row(page: str, talk: Talk) -> str:
    """What stands about *talk*'s case on the desk's first page."""
    return next(row for row in page.split("<li")[1:] if f"threads/{talk.conversation}" in row).partition("</li>")[0]


async def test_opening_a_conversation_is_logged(desk: Desk, talk: Talk, house: House) -> None:
    await talk.says("hello")
    theo = await desk.at_work("therapist")
    assert "logged" in theo.page
    await theo.opens(path_of(talk))
    async with house.store.begin() as unit:
        assert [(one.by, one.did) for one in await unit.audit.entries(talk.conversation)] == [("Theo", "read")]


async def test_taken_over_answered_and_given_back(desk: Desk, talk: Talk, house: House,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    """The visitor hears that a person joined, what they say, and that the assistant is back."""
    monkeypatch.setattr(takeover, "UNDO", timedelta(seconds=0))
    await talk.says("can i talk to a person please")
    robin = await desk.at_work("reception")
    await robin.opens(path_of(talk))
    await robin.sends(f"{path_of(talk)}/take")
    assert "Hand back" in robin.page
    with house.watch.follow(str(talk.conversation)) as news:
        await robin.sends(f"{path_of(talk)}/reply", text="Robin here.\r\nHow can I help?")
        while (await said(talk))[-1].sender != "person":
            news.clear()
            await asyncio.wait_for(news.wait(), 10)
    await robin.sends(f"{path_of(talk)}/back")
    assert [(one.sender, one.kind) for one in (await said(talk))[-3:]] == [
        ("bot", "handoff"), ("person", None), ("bot", "handoff")]
    assert (await said(talk))[-2].text == "Robin here.\nHow can I help?"


async def test_a_reply_is_taken_back_into_the_field(desk: Desk, talk: Talk) -> None:
    await talk.says("hello")
    robin = await desk.at_work("reception")
    await robin.opens(path_of(talk))
    await robin.sends(f"{path_of(talk)}/reply", text="To the wrong person")
    written = re.search(r'name="written" value="(\d+)"', robin.page)
    assert written
    await robin.sends(f"{path_of(talk)}/undo", written=written[1])
    assert re.search(r"<textarea id=\"text\"[^>]*>To the wrong person</textarea>", robin.page)
    assert "About to be sent" not in robin.page


async def test_a_note_is_for_colleagues_only(desk: Desk, talk: Talk) -> None:
    await talk.says("hello")
    robin = await desk.at_work("reception")
    await robin.opens(path_of(talk))
    await robin.sends(f"{path_of(talk)}/note", text="Rang before, is hard of hearing")
    assert "is hard of hearing" in robin.page
    assert all("hearing" not in message.text for message in await said(talk))


async def test_a_case_is_closed_with_a_reason_of_ours(desk: Desk, talk: Talk) -> None:
    await talk.says("can i talk to a person please")
    robin = await desk.at_work("reception")
    await robin.opens(path_of(talk))
    assert (await robin.sends(f"{path_of(talk)}/close", closing="whatever i like")).status_code == 400
    await robin.opens(path_of(talk))
    await robin.sends(f"{path_of(talk)}/close", closing="called_back")
    assert "called back" in robin.page
    assert await talk.cases() == []


async def test_a_red_flag_is_released_by_whoever_looked(desk: Desk, talk: Talk, house: House) -> None:
    await talk.says(DANGER)
    theo = await desk.at_work("therapist")
    await theo.opens(path_of(talk))
    await theo.sends(f"{path_of(talk)}/release")
    async with house.store.begin() as unit:
        assert (await unit.conversations.lock(talk.conversation)).level == "none"
        assert talk.conversation not in [key for key, *_ in await unit.firings.raised()]
    await theo.opens(path_of(talk))
    assert (await theo.sends(f"{path_of(talk)}/release")).status_code == 409


async def test_the_summary_is_made_of_facts_and_quotes(desk: Desk, talk: Talk) -> None:
    """The level with its rule, what was asked in the visitor's words, what the form has so far."""
    await talk.says("what are your prices")
    await talk.says("i'd like to book an hour on thursday afternoon, my name is Jo Hill")
    await talk.says(DANGER)
    robin = await desk.at_work("reception")
    page = (await robin.opens(path_of(talk))).text
    beside = page[page.index("In short"):]
    assert "what are your prices" in beside
    assert "clinic fact" in beside
    assert "Jo Hill" in beside
    assert "emergency" in beside


async def test_what_a_visitor_writes_is_shown_and_never_run(desk: Desk, talk: Talk) -> None:
    await talk.says(XSS)
    robin = await desk.at_work("reception")
    for path in (path_of(talk), "/desk", "/desk/threads"):
        page = (await robin.opens(path)).text
        assert "<img src=x" not in page
        assert "<script>alert" not in page
    await robin.opens(path_of(talk))
    assert "&lt;img src=x" in robin.page
    assert "'unsafe" not in (await robin.opens(path_of(talk))).headers["content-security-policy"]


async def test_a_ready_answer_begins_the_reply(desk: Desk, talk: Talk, house: House) -> None:
    """Only a confirmed one: what the clinic has not confirmed is not offered."""
    await talk.says("hello")
    robin = await desk.at_work("reception")
    faqs = house.library.current.content.faqs
    ready = next(faq for faq in faqs if faq.status == "confirmed")
    page = (await robin.opens(f"{path_of(talk)}?ready={ready.id}")).text
    assert ready.text in page[page.index("<textarea"):page.index("</textarea>")]
    unready = next(faq for faq in faqs if faq.status == "to-confirm")
    page = (await robin.opens(f"{path_of(talk)}?ready={unready.id}")).text
    assert page[page.index("<textarea"):page.index("</textarea>")][-1] == ">"


async def test_the_assistants_answer_is_a_draft(desk: Desk, talk: Talk) -> None:
    """It is in the field, and was said to nobody."""
    await talk.says("can i talk to a person please")
    robin = await desk.at_work("reception")
    await robin.opens(path_of(talk))
    await robin.sends(f"{path_of(talk)}/take")
    await talk.says("what should i bring")
    before = await said(talk)
    page = (await robin.opens(f"{path_of(talk)}?draft=1")).text
    assert "shorts" in page[page.index("<textarea"):page.index("</textarea>")]
    assert await said(talk) == before


async def test_a_conversation_that_is_not_there_is_not_found(desk: Desk, house: House) -> None:
    """Nor is one of the command line's, nor a page that does not exist."""
    robin = await desk.at_work("reception")
    asked, _ = await house.inbox.open("cli")
    for key in (uuid4(), asked):
        assert (await robin.opens(f"/desk/threads/{key}")).status_code == 404
    assert (await robin.opens("/desk/threads/1")).status_code == 404


async def test_where_a_channel_closes_its_window_that_is_shown(desk: Desk, house: House, clock: StoppedClock,
                                                               talk: Talk) -> None:
    async with house.store.begin() as unit:
        who = await unit.correspondents.meet("whatsapp", ["447700900321"], clock.now)
        await unit.correspondents.heard(who, clock.now)
    robin = await desk.at_work("reception")
    assert "You can write freely until" in (await robin.opens(f"/desk/threads/{who.conversation}")).text
    clock.now += timedelta(hours=24, minutes=1)
    robin = desk.browser()
    await robin.signs_in("Robin")
    assert "The time to write freely ended" in (await robin.opens(f"/desk/threads/{who.conversation}")).text


async def events_of(desk: Desk, path: str, cookie: str, enough: str) -> str:
    """What a stream says until *enough* stands in it."""
    heard, done = [], asyncio.Event()
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
             "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
             "headers": [(b"host", b"localhost:8000"), (b"cookie", f"desk={cookie}".encode())],
             "client": ("127.0.0.1", 1), "server": ("localhost", 8000)}

    async def receive() -> dict[str, object]:
        await done.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        heard.append(bytes(message.get("body", b"")).decode())  # type: ignore[call-overload]
        if enough in "".join(heard):
            done.set()

    await asyncio.wait_for(desk.app(scope, receive, send), 10)  # type: ignore[arg-type]
    return "".join(heard)


async def test_an_open_thread_hears_of_each_message_once(desk: Desk, talk: Talk) -> None:
    await talk.says("what are your prices")
    robin = await desk.at_work("reception")
    stream = asyncio.create_task(events_of(desk, f"{path_of(talk)}/events", robin.client.cookies["desk"], '"n": 4'))
    await asyncio.sleep(0)
    await talk.says("and where are you")
    heard = await stream
    assert re.findall(r"^id: (\d+)", heard, re.M) == ["1", "2", "3", "4"]


async def test_an_open_desk_hears_of_a_new_case(desk: Desk, talk: Talk) -> None:
    robin = await desk.at_work("reception")
    stream = asyncio.create_task(events_of(desk, "/desk/events", robin.client.cookies["desk"],
                                           "event: changed\ndata: {}\n\nevent: changed"))
    await talk.says("can i talk to a person please")
    assert await stream


async def test_nobody_at_the_desk_today_is_said_by_one_press(desk: Desk, talk: Talk, house: House) -> None:
    robin = await desk.at_work("reception")
    with house.watch.follow("desk") as news:
        await robin.sends("/desk/presence", name="away", on="yes")
        await asyncio.wait_for(news.wait(), 10)
    assert "Nobody is at the desk today" in robin.page
    assert house.handoff.desk_back(house.clock()) == "tomorrow at 09:00"
    with house.watch.follow("desk") as news:
        await robin.sends("/desk/presence", name="away", on="no")
        await asyncio.wait_for(news.wait(), 10)
    assert house.handoff.desk_back(house.clock()) is None


async def test_an_answer_is_looked_up_with_its_proof(desk: Desk, talk: Talk) -> None:
    theo = await desk.at_work("therapist")
    await theo.opens("/desk/answers")
    await theo.sends("/desk/answers", asked="what should i bring")
    assert "Bring shorts" in theo.page
    assert "/faq/what-to-bring" in theo.page


async def test_on_the_phone_danger_is_heard(desk: Desk, talk: Talk, house: House) -> None:
    """With words to read aloud; nothing of it is kept."""
    async with house.store.begin() as unit:
        before = await unit.conversations.count()
    robin = await desk.at_work("reception")
    await robin.opens("/desk/answers?phone=1")
    await robin.sends("/desk/answers", asked=DANGER, phone="yes")
    assert "Read aloud" in robin.page
    assert "999" in robin.page
    async with house.store.begin() as unit:
        assert await unit.conversations.count() == before


async def test_an_answer_goes_on_into_the_conversation(desk: Desk, talk: Talk) -> None:
    await talk.says("hello")
    robin = await desk.at_work("reception")
    await robin.opens(f"/desk/answers?thread={talk.conversation}")
    await robin.sends("/desk/answers", asked="what should i bring", thread=str(talk.conversation))
    assert f"/desk/threads/{talk.conversation}/compose" in robin.page
    await robin.sends(f"{path_of(talk)}/compose", text="Bring shorts.")
    assert "Bring shorts." in robin.page
    assert [one.sender for one in await said(talk)] == ["visitor", "bot"]


async def asked_for(talk: Talk) -> str:
    """A request with a time of ours; its reference."""
    await talk.says("can i book an hour on thursday afternoon, my name is Jo Hill, 07700 900123")
    await talk.passes_check()
    await talk.says("yes")
    (made,) = await talk.appointments()
    return str(made.reference)


async def state_of(house: House, reference: str) -> tuple[str, datetime, UUID | None]:
    async with house.store.begin() as unit:
        found = await unit.ledger.get(reference)
        return found.state, found.starts, found.conversation


async def test_a_request_is_confirmed(desk: Desk, talk: Talk, house: House) -> None:
    reference = await asked_for(talk)
    robin = await desk.at_work("reception")
    await robin.opens("/desk/book")
    assert reference in robin.page
    await robin.sends(f"/desk/book/{reference}/confirm")
    assert (await state_of(house, reference))[0] == "booked"
    answer = await robin.sends(f"/desk/book/{reference}/decline")
    assert answer.status_code == 409
    assert (await state_of(house, reference))[0] == "booked"


async def test_an_appointment_is_moved_to_a_time_that_is_free(desk: Desk, talk: Talk, house: House) -> None:
    reference = await asked_for(talk)
    before = await state_of(house, reference)
    robin = await desk.at_work("reception")
    page = (await robin.opens(f"/desk/book/{reference}/move")).text
    key = re.findall(r'name="opening" value="([^"]+)"', page)[0]
    assert (await robin.sends(f"/desk/book/{reference}/move", opening="one-hour@nobody@2026-11-26T14:00+00:00")
            ).status_code == 409
    await robin.opens(f"/desk/book/{reference}/move")
    await robin.sends(f"/desk/book/{reference}/move", opening=key.replace("&#43;", "+"))
    after = await state_of(house, reference)
    assert after[1] != before[1]
    async with house.store.begin() as unit:
        assert (await unit.ledger.history(reference))[-1][1] == "staff: Robin"


async def test_an_appointment_is_written_into_the_book(desk: Desk, talk: Talk, house: House) -> None:
    robin = await desk.at_work("reception")
    page = (await robin.opens("/desk/book/add")).text
    key = re.findall(r'name="opening" value="([^"]+)"', page)[0].replace("&#43;", "+")
    service = key.split("@")[0]
    assert (await robin.sends("/desk/book/add", service=service, opening=key, name="Jo Hill", contact="none")
            ).status_code == 400
    await robin.opens("/desk/book/add")
    await robin.sends("/desk/book/add", service=service, opening=key, name="Jo Hill", contact="07700 900123")
    async with house.store.begin() as unit:
        kept = await unit.book.between(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert [(one.name, one.state) for one in kept] == [("Jo Hill", "booked")]


async def test_an_appointment_is_written_in_from_a_conversation(desk: Desk, talk: Talk, house: House) -> None:
    """What is known is in the form; the visitor hears of it where it was agreed on, and can call it off there."""
    await talk.says("can i book an hour on thursday afternoon, my name is Jo Hill, 07700 900123")
    robin = await desk.at_work("reception")
    page = (await robin.opens(f"/desk/book/add?thread={talk.conversation}")).text
    assert 'value="Jo Hill"' in page
    key = re.findall(r'name="opening" value="([^"]+)"', page)[0].replace("&#43;", "+")
    await robin.sends("/desk/book/add", service=key.split("@")[0], opening=key, name="Jo Hill", contact="07700 900123",
                      thread=str(talk.conversation))
    (made,) = await talk.appointments()
    assert (made.name, made.state) == ("Jo Hill", "booked")
    told = (await said(talk))[-1]
    assert made.reference in told.text
    assert [choice["label"] for choice in told.choices] == ["Move it", "Cancel it"]


@pytest.mark.parametrize("thread", ["nonsense", "00000000-0000-4000-8000-000000000000"])
async def test_an_appointment_from_a_conversation_that_is_not_there_is_not_written(desk: Desk, talk: Talk, house: House,
                                                                                   thread: str) -> None:
    robin = await desk.at_work("reception")
    assert (await robin.opens(f"/desk/book/add?thread={thread}")).status_code == 404
    page = (await robin.opens("/desk/book/add")).text
    key = re.findall(r'name="opening" value="([^"]+)"', page)[0].replace("&#43;", "+")
    answer = await robin.sends("/desk/book/add", service=key.split("@")[0], opening=key, name="Jo Hill",
                               contact="07700 900123", thread=thread)
    assert answer.status_code == 404
    async with house.store.begin() as unit:
        assert await unit.book.between(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)) == []


@pytest.mark.parametrize("way", ["release", "back", "close", "take", "note", "reply", "undo", "compose"])
async def test_what_is_sent_to_a_conversation_that_is_not_there_is_no_fault(desk: Desk, way: str) -> None:
    robin = await desk.at_work("reception")
    answer = await robin.sends(f"/desk/threads/{uuid4()}/{way}", text="x", written="1", closing="answered")
    assert answer.status_code in (404, 409)


async def test_a_new_case_is_seen_whatever_was_left_lying(desk: Desk, talk: Talk, house: House) -> None:
    """A clinic that closes nothing: its hundred oldest cases are no reason to hide today's."""
    before = [(await house.inbox.open("website"))[0] for _ in range(101)]
    async with house.store.begin() as unit:
        for conversation in before:
            await unit.cases.hand_over(conversation, 1, "not_answered", house.clock())
    await talk.says("can i talk to a person please")
    robin = await desk.at_work("reception")
    try:
        assert f"threads/{talk.conversation}" in robin.page
        async with house.store.begin() as unit:
            assert (await unit.cases.waiting(5))[-1].conversation == talk.conversation
    finally:
        async with house.store.begin() as unit:
            for conversation in before:
                await unit.cases.close(conversation, "Robin", "no_reply", house.clock())


async def test_who_waits_for_a_time_is_in_the_book(desk: Desk, talk: Talk) -> None:
    await talk.says("can i book an hour on wednesday at 9am")
    await talk.taps("Tell me if one comes free")
    await talk.taps("Yes, put me on the list")
    robin = await desk.at_work("reception")
    page = (await robin.opens("/desk/book")).text
    assert "Waiting list" in page
    assert "<q>on wednesday at 9am</q>" in page
async def left_a_mail(talk: Talk, clock: StoppedClock) -> None:
    """Somebody asks for a person out of hours and leaves an address."""
    clock.now = MONDAY_NOON.replace(hour=22)
    await talk.says("can i talk to a person about my sore hip please")
    await talk.says("pat@else.example")
    assert "pat@else.example" in talk.last.text


async def replied(desk: Desk, talk: Talk, words: str = "Your hip can wait until Tuesday.") -> None:
    """A colleague's reply is said."""
    robin = await desk.at_work("reception")
    await robin.opens(path_of(talk))
    await robin.sends(f"{path_of(talk)}/reply", text=words)
    async with talk.house.store.begin() as unit:
        written = await unit.outgoing.waiting(talk.conversation)
    await talk.house.takeover.say(str(talk.conversation), written[-1].id)


def unread_of(house: House, mails: MailServer) -> Unread:
    mailbox = SmtpMailbox(Smtp(mails.url), "desk@clinic.example")
    return Unread(house.store, house.library, mailbox, house.clock, house.settings.public_url)


async def test_a_reply_that_nobody_read_is_mailed_once_without_a_word_of_it(
        desk: Desk, talk: Talk, house: House, clock: StoppedClock, mails: MailServer) -> None:
    await left_a_mail(talk, clock)
    await replied(desk, talk)
    for _ in range(2):
        await unread_of(house, mails).run(str(talk.conversation))
    mail = await mails.one()
    assert mail["to"] == "pat@else.example"
    assert house.settings.public_url in text_of(mail)
    assert not any(word in mail.as_string().lower() for word in ("hip", "tuesday", "robin", "sore"))
    assert len(mails.received) == 1
    clock.now = MONDAY_NOON


async def test_a_reply_that_was_read_is_not_mailed(desk: Desk, talk: Talk, house: House, clock: StoppedClock,
                                                   mails: MailServer) -> None:
    """Whoever has the chat open has seen it."""
    await left_a_mail(talk, clock)
    await replied(desk, talk)
    await Website(house.store, house.inbox, house.watch, house.library, house.messengers.continuing, house.clock,
                  public_url="http://here", unsigned=True)._after(talk.conversation, 0)
    await unread_of(house, mails).run(str(talk.conversation))
    assert mails.received == []
    clock.now = MONDAY_NOON


async def test_whoever_left_no_address_is_not_written_to(desk: Desk, talk: Talk, house: House,
                                                         mails: MailServer) -> None:
    await talk.says("can i talk to a person please")
    await replied(desk, talk)
    await unread_of(house, mails).run(str(talk.conversation))
    await unread_of(house, mails).run(str(uuid4()))
    assert mails.received == []


async def test_confirmed_answers_are_quick_replies(desk: Desk, house: House) -> None:
    """What waits for the clinic's word is not among them; each shortcut is one that the app takes, and once."""
    robin = await desk.at_work("reception")
    rows = list(csv.DictReader(io.StringIO((await robin.opens("/desk/quick-replies.csv")).text, newline="")))
    content = house.library.current.content
    spoken = [faq.text for faq in content.faqs if faq.spoken(house.clock().date())]
    assert [row["message"] for row in rows] == spoken
    shortcuts = [row["shortcut"] for row in rows]
    assert len(set(shortcuts)) == len(shortcuts)
    assert all(re.fullmatch(r"[a-z0-9]{1,25}", shortcut) for shortcut in shortcuts)


async def test_that_replies_have_stopped_is_seen_before_anything_else(desk: Desk, talk: Talk, house: House) -> None:
    """An open page hears of it, and of its end."""
    robin = await desk.at_work("reception")
    with house.watch.follow("desk") as news:
        async with house.store.begin() as unit:
            assert await unit.flow.stops("telegram", house.clock())
            await unit.cases.tell_desk()
        await asyncio.wait_for(news.wait(), 20)
    for path in ("/desk", "/desk/waiting"):
        page = (await robin.opens(path)).text
        assert page.index("Replies wait to get out on Telegram") < page.index("For a person")
    async with house.store.begin() as unit:
        assert await unit.flow.flows("telegram")
    assert "not getting through" not in (await robin.opens("/desk")).text
