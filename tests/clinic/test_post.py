"""What the clinic is told by mail: that there is something, and where to answer it; never what somebody wrote."""
from uuid import uuid4

import pytest

from clinic.post import Notice, SmtpPost, post_of
from clinic.settings import Settings
from tests.mail_server import MailServer

KEY = str(uuid4())


async def sent(mails: MailServer, notice: Notice, public_url: str) -> str:
    mails.received.clear()
    post = post_of(Settings.read({"SMTP_URL": mails.url, "NOTIFY_TO": "desk@clinic.example", "PUBLIC_URL": public_url}))
    assert isinstance(post, SmtpPost)
    await post.send(notice)
    (mail,) = mails.received
    return str(mail.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize(("about", "key", "page"), [
    ("asked_for_person", KEY, f"/desk/threads/{KEY}"), ("safety_emergency", KEY, f"/desk/threads/{KEY}"),
    ("request", "K7WQ2M", "/desk")])
async def test_a_mail_leads_to_where_its_visitor_is_answered(mails: MailServer, about: str, key: str,
                                                            page: str) -> None:
    said = await sent(mails, Notice(about, key), "https://clinic.example")
    assert f"https://clinic.example{page}\n" in said
    assert "`frontdesk requests` shows it" in said


@pytest.mark.parametrize(("about", "key", "public_url"), [
    ("asked_for_person", KEY, "http://localhost:8000"), ("channel_token", "whatsapp", "https://clinic.example")])
async def test_it_leads_nowhere_that_no_phone_could_open(mails: MailServer, about: str, key: str,
                                                         public_url: str) -> None:
    assert "/desk" not in await sent(mails, Notice(about, key), public_url)
