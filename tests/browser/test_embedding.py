"""The chat on other people's pages: one line, no traces, no quarrel with what is there."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import ACHILLES, EMBED_ORIGIN, PATIENCE, Visitor, embed

HOSTILE = """<style nonce="x">
    html { font-size: 7px !important } body { transform: scale(.4); filter: blur(2px) }
    * { all: unset !important; font-size: 4px !important; color: red !important; position: static !important }
    button, textarea, dialog, clinic-chat, div { display: none !important; opacity: 0 !important }
</style>"""


def test_the_chat_works_under_hostile_styles_and_a_strict_policy(page: Page, server_url: str) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Security Policy" in message.text else None)
    policy = f"default-src 'none'; script-src {server_url}; connect-src {server_url}; style-src 'nonce-x'"
    embed(page, server_url, head=HOSTILE, policy=policy + "; require-trusted-types-for 'script'")
    visitor = Visitor(page)
    assert visitor.launcher.bounding_box()["height"] >= 44
    visitor.opens().asks(ACHILLES)
    assert visitor.panel.bounding_box()["width"] >= 380
    assert visitor.answers.first.evaluate("one => getComputedStyle(one).color") != "rgb(255, 0, 0)"
    assert refused == []


@pytest.mark.parametrize("times", [2, 3])
def test_loaded_more_than_once_there_is_one_chat(page: Page, server_url: str, times: int) -> None:
    embed(page, server_url, times=times)
    expect(Visitor(page).launcher).to_be_visible()
    page.add_script_tag(url=f"{server_url}/widget.js?again")
    page.wait_for_load_state("networkidle")
    expect(page.locator("clinic-chat")).to_have_count(1)
    expect(Visitor(page).launcher).to_have_count(1)


@pytest.mark.parametrize("line", [
    '<script>window.setTimeout(() => {{ const s = document.createElement("script"); s.src = "{url}/widget.js";'
    " document.head.append(s) }})</script>",
    '<script type="module" src="{url}/widget.js"></script>',
    '<script type="text/plain" data-later-src="{url}/widget.js"></script>'
    '<script>fetch("{url}/widget.js").then(r => r.text()).then(text => (0, eval)(text))</script>',
    '<clinic-chat data-api="{url}"></clinic-chat>'
    '<script>fetch("{url}/widget.js").then(r => r.text()).then(text => (0, eval)("/* others */;" + text))</script>',
], ids=["delayed", "module", "moved-by-an-optimiser", "combined"])
def test_the_chat_finds_its_server_however_it_is_loaded(page: Page, server_url: str, line: str) -> None:
    embed(page, server_url, head=line.format(url=server_url), times=0)
    expect(Visitor(page).launcher).to_be_visible(timeout=PATIENCE)
    expect(Visitor(page).opens().chat.locator(".intro")).to_contain_text("automated assistant")


def test_nothing_is_stored_before_the_chat_is_opened(page: Page, server_url: str) -> None:
    embed(page, server_url, attributes="data-open")
    expect(Visitor(page).panel).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert Visitor(page).stored() == {}
    assert page.context.cookies() == []
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 0


def test_only_the_page_and_the_clinics_server_are_spoken_to(page: Page, server_url: str) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    embed(page, server_url)
    Visitor(page).opens().asks(ACHILLES)
    assert hosts <= {urlsplit(EMBED_ORIGIN).netloc, urlsplit(server_url).netloc}
    assert page.context.cookies() == []


def test_a_site_that_is_not_allowed_cannot_start_a_conversation(page: Page, server_url: str) -> None:
    page.route("http://stranger.example/**", lambda route: route.fulfill(body="<p>x", content_type="text/html"))
    page.goto("http://stranger.example/")
    script = "url => fetch(url + '/v1/conversations', {method: 'POST', body: '{}'}).then(r => r.type, () => 'refused')"
    assert page.evaluate(script, server_url) == "refused"


def test_with_the_server_gone_phone_and_mail_are_shown(page: Page, server_url: str) -> None:
    """Gone before anything but the script was loaded: the page's own attributes have to do."""
    page.route("**/v1/**", lambda route: route.abort())
    embed(page, server_url, attributes='data-phone="0117 496 0123" data-mail="hello@site.example"')
    visitor = Visitor(page).opens()
    visitor.writes(ACHILLES)
    trouble = visitor.chat.locator(".trouble")
    expect(trouble.get_by_role("link", name="0117 496 0123")).to_have_attribute("href", "tel:01174960123")
    mail = trouble.get_by_role("link", name="hello@site.example")
    expect(mail).to_have_attribute("href", "mailto:hello@site.example")
    page.unroute("**/v1/**")
    trouble.get_by_role("button").click()
    expect(visitor.answers.first).to_be_visible(timeout=PATIENCE)
    expect(trouble).to_be_hidden()


def test_with_the_server_gone_later_the_clinics_own_details_are_shown(visitor: Visitor) -> None:
    visitor.opens().asks(ACHILLES)
    visitor.page.route("**/v1/**", lambda route: route.abort())
    visitor.writes("How much is an hour?")
    expect(visitor.chat.locator('.trouble a[href^="tel:"]')).to_be_visible(timeout=PATIENCE)
    expect(visitor.chat.locator('.trouble a[href^="mailto:"]')).to_be_visible()
    expect(visitor.own.last).to_contain_text("Not sent yet")
